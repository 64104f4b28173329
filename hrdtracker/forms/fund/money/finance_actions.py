"""What finance types: that money left, what is booked, which month is closed."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from flask_babel import gettext
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import (
    LONG_TEXT,
    NEEDED,
    NO,
    YES,
    CreateForm,
    Form,
    lazy,
    member,
    uid_or_none,
)
from hrdtracker.forms.fund.amounts import (
    AMOUNT_MOST,
    amount_of,
    amount_or_none,
    currencies,
    known_currency,
)
from hrdtracker.forms.fund.money.grants import day_of, with_none
from hrdtracker.forms.fund.requests.decisions import said_yes
from hrdtracker.forms.reader import Reader
from hrdtracker.fund.drafts.money import (
    NO_BOOKING,
    BackDraft,
    BookDraft,
    ReleaseDraft,
    ReversalDraft,
)
from hrdtracker.fund.drafts.requests import LINE_MOST
from hrdtracker.fund.model import Booking, ReversalKind

TO_CASH, TO_BANK = "to_cash", "to_bank"


class ReleaseForm(Form):
    """That money left: on which day, what shows it, and how much where it was another amount."""

    version = HiddenField()
    paid_on = StringField(lazy(N_("Paid on")), [NEEDED, Length(max=LONGEST_DATE)])
    proof = StringField(lazy(N_("What shows that it left")), [NEEDED, Length(max=LINE_MOST)])
    amount = StringField(lazy(N_("Another amount, if another one left")), [Length(max=AMOUNT_MOST)])
    again = StringField(lazy(N_("The amount that left, once more")), [Length(max=AMOUNT_MOST)])
    day_reason = TextAreaField(lazy(N_("Why did it leave on that day?")), [Length(max=LONG_TEXT)])

    def draft(self, reader: Reader, currency: str) -> ReleaseDraft:
        """Return what was typed; raises Refused."""
        return ReleaseDraft(
            day_of(reader, self.paid_on.data, "paid_on"),
            self.proof.data or "",
            self.left(currency),
            amount_or_none(self.again.data, currency, "again"),
            self.day_reason.data or "",
        )

    def left(self, currency: str) -> int | None:
        """Return how much left, where another amount was typed; raises Refused."""
        return amount_or_none(self.amount.data, currency, "amount")


class BookForm(CreateForm):
    """Money that moved outside a request."""

    booking = RadioField(lazy(N_("What is booked?")), [InputRequired(lazy(NO_BOOKING))])
    amount = StringField(lazy(N_("Amount")), [NEEDED, Length(max=AMOUNT_MOST)])
    currency = SelectField(lazy(N_("Currency")), validate_choice=False)
    on = StringField(lazy(N_("On which day")), [NEEDED, Length(max=LONGEST_DATE)])
    grant = SelectField(lazy(N_("Grant")), validate_choice=False)
    proof = StringField(lazy(N_("Line of the bank that shows it")), [Length(max=LINE_MOST)])

    def offer(self, grants: Iterable[tuple[str, str]]) -> "BookForm":
        """Fill the choices."""
        self.booking.choices = [
            (Booking.INCOME.value, gettext("Money came from a donor")),
            (Booking.REFUND.value, gettext("Money was given back to a donor")),
            (Booking.FEE.value, gettext("The bank took a fee")),
            (TO_CASH, gettext("Cash was fetched from the bank")),
            (TO_BANK, gettext("Cash was brought to the bank")),
        ]
        self.currency.choices = currencies()
        self.grant.choices = with_none(grants, N_("No grant"))
        return self

    def draft(self, reader: Reader) -> BookDraft:
        """Return what was typed; raises Refused."""
        currency = known_currency(self.currency.data)
        return BookDraft(
            booking=member(Booking, self._kind(), Booking.TRANSFER),
            amount=amount_of(self.amount.data, currency, "amount"),
            currency=currency,
            on=day_of(reader, self.on.data, "on"),
            grant=uid_or_none(self.grant.data),
            to_cash=self.booking.data == TO_CASH,
            proof=self.proof.data or "",
            sending=self.sending(),
        )

    def _kind(self) -> str:
        moved = self.booking.data in {TO_CASH, TO_BANK}
        return Booking.TRANSFER.value if moved else self.booking.data


class BackForm(Form):
    """That money which came back is there: since which day, and what shows it."""

    version = HiddenField()
    on = StringField(lazy(N_("On which day was it back?")), [NEEDED, Length(max=LONGEST_DATE)])
    proof = StringField(lazy(N_("Line of the bank that shows it")), [NEEDED, Length(max=LINE_MOST)])

    def draft(self, reader: Reader) -> BackDraft:
        """Return what was typed; raises Refused."""
        return BackDraft(day_of(reader, self.on.data, "on"), self.proof.data or "")


class ReversalForm(CreateForm):
    """Why an entry is reversed, who saw it, too, and since when money is back."""

    kind = RadioField(lazy(N_("What happened?")), validate_choice=False)
    back_on = StringField(lazy(N_("On which day was it back?")), [Length(max=LONGEST_DATE)])
    proof = StringField(lazy(N_("Line of the bank that shows it")), [Length(max=LINE_MOST)])
    reason = TextAreaField(lazy(N_("Why?")), [NEEDED, Length(max=LONG_TEXT)])
    seen_by = SelectField(lazy(N_("Which colleague saw it, too?")), validate_choice=False)

    def offer(
        self, kinds: Iterable[ReversalKind], people: Iterable[tuple[str, str]]
    ) -> "ReversalForm":
        """Fill the choices."""
        words = {
            ReversalKind.MISTYPED: gettext("It happened, and the entry is wrong"),
            ReversalKind.NEVER_LEFT: gettext("The money never left"),
            ReversalKind.CAME_BACK: gettext("The money left and is back: it failed, or was twice"),
        }
        self.kind.choices = [(kind.value, words[kind]) for kind in kinds]
        self.seen_by.choices = [("", gettext("Choose a colleague")), *people]
        return self

    def draft(self, reader: Reader) -> ReversalDraft:
        """Return what was typed; raises Refused."""
        only = ReversalKind.MISTYPED.value if len(self.kind.choices) == 1 else None
        chosen = self.kind.data or only
        if chosen not in set(ReversalKind):
            raise Refused({"kind": N_("Choose what happened.")})
        came_back = chosen == ReversalKind.CAME_BACK
        return ReversalDraft(
            kind=ReversalKind(chosen),
            reason=self.reason.data or "",
            seen_by=uid_or_none(self.seen_by.data),
            back_on=day_of(reader, self.back_on.data, "back_on") if came_back else None,
            proof=(self.proof.data or "") if came_back else "",
            sending=self.sending(),
        )


class WitnessForm(Form):
    """Whether somebody saw what a reversal names them for."""

    version = HiddenField()
    seen = RadioField(
        lazy(N_("Is it as written here, and did you see it yourself?")), validate_choice=False
    )

    def offer(self) -> "WitnessForm":
        """Fill the choices."""
        self.seen.choices = [
            (YES, gettext(N_("Yes, I saw it, too"))),
            (NO, gettext(N_("No, I did not see it"))),
        ]
        return self

    def answer(self) -> bool:
        """Return the answer; raises Refused where nothing was chosen."""
        return said_yes(self.seen.data, "seen")


class AskAnotherForm(CreateForm):
    """Which other colleague is asked whether they saw a reversal."""

    seen_by = SelectField(lazy(N_("Which colleague saw it, too?")), validate_choice=False)

    def offer(self, people: Iterable[tuple[str, str]]) -> "AskAnotherForm":
        """Fill the colleagues."""
        self.seen_by.choices = [("", gettext("Choose a colleague")), *people]
        return self

    def chosen(self) -> UUID | None:
        """Return who is asked."""
        return uid_or_none(self.seen_by.data)


class CloseMonthForm(Form):
    """Up to which month the books are closed."""

    until = SelectField(lazy(N_("Up to and with")), validate_choice=False)

    def offer(self, months: Iterable[tuple[str, str]]) -> "CloseMonthForm":
        """Fill the months that have ended and are open."""
        self.until.choices = list(months)
        return self

    def day(self) -> date:
        """Return the last day of the month that was chosen; raises Refused."""
        try:
            return date.fromisoformat(self.until.data or "")
        except ValueError:
            raise Refused({"until": N_("Choose a month.")}) from None
