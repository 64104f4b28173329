"""What is typed by whoever works on a request: verifies, decides, commits, confirms, accounts."""

from uuid import UUID

from flask_babel import gettext
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import (
    LINE,
    LONG_TEXT,
    NO,
    YES,
    CreateForm,
    Form,
    lazy,
    number_or_none,
    uid_chosen,
    yes_no_or_none,
    yes_or_no,
)
from hrdtracker.forms.fund.amounts import AMOUNT_MOST, amount_or_none, typed_amount
from hrdtracker.forms.fund.requests.request import past_day, read_all
from hrdtracker.forms.reader import Reader
from hrdtracker.fund.drafts.money import NO_COUNT, AcquittalDraft, ComplaintDraft, ReceiptDraft
from hrdtracker.fund.drafts.requests import VerificationDraft
from hrdtracker.fund.model import Acquittal, Payment

NOT_SAID = N_("Choose yes or no.")
NO_DAY = N_("Say on which day.")
NO_LINE = N_("Choose a line.")


def said_yes(value: str | None, field: str) -> bool:
    """Tell whether yes was chosen; raises Refused where nothing was."""
    answer = yes_no_or_none(value)
    if answer is None:
        raise Refused({field: NOT_SAID})
    return answer


class ReasonForm(Form):
    """A decision about a request as the person saw it, and why."""

    version = HiddenField()
    reason = TextAreaField(lazy(N_("Why?")), [Length(max=LONG_TEXT)])


class DeclareForm(Form):
    """The question that comes before all work."""

    knows = RadioField(lazy(N_("Do you know any of these people?")), validate_choice=False)
    reason = TextAreaField(lazy(N_("How do you know them?")), [Length(max=LONG_TEXT)])

    def offer(self) -> "DeclareForm":
        """Fill the choices."""
        self.knows.choices = [
            (NO, gettext(N_("No, none of them"))),
            (YES, gettext(N_("Yes, I know somebody"))),
        ]
        return self

    def answer(self) -> bool:
        """Return whether the person knows somebody; raises Refused where nothing was chosen."""
        return said_yes(self.knows.data, "knows")


class VerificationForm(Form):
    """What was found out: who it is, what happens, what is needed."""

    version = HiddenField()
    identity = TextAreaField(lazy(N_("How do you know who it is?")), [Length(max=LONG_TEXT)])
    situation = TextAreaField(lazy(N_("How do you know what happens?")), [Length(max=LONG_TEXT)])
    need = TextAreaField(lazy(N_("How do you know that it is needed?")), [Length(max=LONG_TEXT)])
    referees = TextAreaField(lazy(N_("Whom did you ask?")), [Length(max=LONG_TEXT)])
    documents = TextAreaField(lazy(N_("Which documents did you see?")), [Length(max=LONG_TEXT)])

    def draft(self) -> VerificationDraft:
        """Return what was typed; raises Refused."""
        return VerificationDraft(
            identity=self.identity.data or "",
            situation=self.situation.data or "",
            need=self.need.data or "",
            referees=self.referees.data or "",
            documents=self.documents.data or "",
        )


class RatifyForm(ReasonForm):
    """Whether an emergency release was right."""

    ratified = RadioField(lazy(N_("Was the release right?")), validate_choice=False)

    def offer(self) -> "RatifyForm":
        """Fill the choices."""
        self.ratified.choices = [
            (YES, gettext(N_("Yes, I ratify it"))),
            (NO, gettext(N_("No, I do not ratify it"))),
        ]
        return self

    def answer(self) -> bool:
        """Return the answer; raises Refused where nothing was chosen."""
        return said_yes(self.ratified.data, "ratified")


class CommitmentForm(ReasonForm):
    """The line on which money is promised; why, where it moves there from another."""

    line = RadioField(lazy(N_("On which line?")), validate_choice=False)

    def offer(self, lines: list[tuple[str, str]]) -> "CommitmentForm":
        """Fill the choices."""
        self.line.choices = lines
        return self

    def chosen(self) -> UUID:
        """Return the uid of the line; raises Refused where none was chosen."""
        return uid_chosen(self.line.data, NO_LINE, "line")


class CheckForm(Form):
    """A second look before an instalment."""

    version = HiddenField()
    still_there = RadioField(lazy(N_("Is the person still there?")), validate_choice=False)
    still_needed = RadioField(lazy(N_("Is it still needed?")), validate_choice=False)

    def offer(self) -> "CheckForm":
        """Fill the choices."""
        self.still_there.choices = self.still_needed.choices = yes_or_no()
        return self

    def answers(self) -> dict[str, bool]:
        """Return both answers; raises Refused where one is missing."""
        return read_all(
            still_there=lambda: said_yes(self.still_there.data, "still_there"),
            still_needed=lambda: said_yes(self.still_needed.data, "still_needed"),
        )


class ReceiptForm(Form):
    """That money arrived: on which day, and how the payee said so."""

    version = HiddenField()
    received_on = StringField(lazy(N_("On which day did it arrive?")), [Length(max=LONGEST_DATE)])
    channel = SelectField(lazy(N_("How did they tell you?")), validate_choice=False)

    def offer(self, reader: Reader) -> "ReceiptForm":
        """Fill the choices in the reader’s language."""
        self.channel.choices = reader.choices("contact_kind", gettext(N_("Choose")))
        return self

    def draft(self, reader: Reader) -> ReceiptDraft:
        """Return what was typed; raises Refused."""
        day = past_day(reader, self.received_on.data, "received_on")
        if day is None:
            raise Refused({"received_on": NO_DAY})
        return ReceiptDraft(day, self.channel.data or "")


class AsSeenForm(Form):
    """That somebody accepts or declares an account as they saw it."""

    version = HiddenField()


class AcquittalForm(CreateForm):
    """What accounts for a payment, in its currency."""

    version = HiddenField()
    spent = StringField(lazy(N_("How much was spent?")), [Length(max=AMOUNT_MOST)])
    returned = StringField(lazy(N_("How much came back?")), [Length(max=AMOUNT_MOST)])
    document = SelectField(lazy(N_("Which document shows it?")), validate_choice=False)
    reference = StringField(lazy(N_("Its number or reference")), [Length(max=LINE)])
    dated = StringField(lazy(N_("Its date")), [Length(max=LONGEST_DATE)])
    alternative = BooleanField(lazy(N_("A document would endanger somebody")))
    danger = TextAreaField(lazy(N_("Whom would it endanger, and how?")), [Length(max=LONG_TEXT)])
    head_count = StringField(lazy(N_("How many people did it help?")), [Length(max=AMOUNT_MOST)])

    @classmethod
    def values(
        cls, acquittal: Acquittal | None, payment: Payment, locale: str
    ) -> dict[str, object]:
        """Return what was said already; at first, that all was spent."""
        if acquittal is None:
            return {"spent": typed_amount(payment.amount, payment.currency)}
        return {
            "spent": typed_amount(acquittal.spent, payment.currency),
            "returned": typed_amount(acquittal.returned or None, payment.currency),
            "document": acquittal.document or "",
            "reference": acquittal.reference or "",
            "dated": say_day(acquittal.dated, locale) if acquittal.dated else "",
            "alternative": acquittal.alternative,
            "danger": acquittal.danger or "",
            "head_count": str(acquittal.head_count) if acquittal.head_count else "",
        }

    def offer(self, documents: list[tuple[str, str]]) -> "AcquittalForm":
        """Fill the choices: the documents that this support is accounted for by."""
        self.document.choices = [("", gettext(N_("None"))), *documents]
        return self

    def draft(self, reader: Reader, payment: Payment) -> AcquittalDraft:
        """Return what was typed; raises Refused."""
        read = read_all(
            spent=lambda: self._amount("spent", payment.currency),
            returned=lambda: self._amount("returned", payment.currency),
            dated=lambda: past_day(reader, self.dated.data, "dated"),
            head_count=lambda: number_or_none(self.head_count.data, NO_COUNT, "head_count"),
        )
        return AcquittalDraft(
            **read,
            document=self.document.data or None,
            reference=self.reference.data or "",
            alternative=bool(self.alternative.data),
            danger=self.danger.data or "",
            sending=self.sending(),
        )

    def _amount(self, name: str, currency: str) -> int:
        """Return an amount; nothing, or 0, is none."""
        return amount_or_none(self[name].data, currency, name, least=0) or 0


class OutcomeForm(Form):
    """Whether it helped."""

    outcome = RadioField(lazy(N_("Did it help?")), validate_choice=False)
    words = TextAreaField(lazy(N_("In their words")), [Length(max=LONG_TEXT)])

    def offer(self, reader: Reader) -> "OutcomeForm":
        """Fill the choices in the reader’s language."""
        self.outcome.choices = reader.choices("support_outcome")
        return self


class ComplaintForm(CreateForm):
    """What somebody complains of."""

    kind = RadioField(lazy(N_("What is it about?")), validate_choice=False)
    words = TextAreaField(lazy(N_("What were you told?")), [Length(max=LONG_TEXT)])

    def offer(self, reader: Reader) -> "ComplaintForm":
        """Fill the choices in the reader’s language."""
        self.kind.choices = reader.choices("complaint_kind")
        return self

    def draft(self) -> ComplaintDraft:
        """Return what was typed; raises Refused."""
        return ComplaintDraft(
            kind=self.kind.data or "", words=self.words.data or "", sending=self.sending()
        )


class AnswerForm(Form):
    """What was done about a complaint."""

    answer = TextAreaField(lazy(N_("What was done about it?")), [Length(max=LONG_TEXT)])
