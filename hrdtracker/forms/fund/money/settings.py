"""How the fund decides here, and who decides in one's absence, as they are typed."""

from collections.abc import Iterable
from datetime import timedelta

from flask_babel import gettext
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from hrdtracker.accounts.assignments import NO_COLLEAGUE
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import midnight
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import (
    NEEDED,
    CreateForm,
    Form,
    lazy,
    member,
    number_or_none,
    uid_chosen,
    uid_or_none,
)
from hrdtracker.forms.cases.case import coming_day
from hrdtracker.forms.fund.amounts import (
    AMOUNT_MOST,
    amount_of,
    amount_or_none,
    currencies,
    known_currency,
    typed_amount,
)
from hrdtracker.forms.fund.money.grants import NO_DAY, with_none
from hrdtracker.forms.reader import Reader
from hrdtracker.fund.drafts.requests import ABSENT_MOST, NO_PERIOD, TOO_LONG, DelegationDraft
from hrdtracker.fund.model import Capacity, FundSettings
from hrdtracker.fund.rules.settings import NO_DAYS, NO_HOURS, FundSettingsDraft

Choices = Iterable[tuple[str, str]]


class FundSettingsForm(Form):
    """The tiers, the deadlines, the ceilings, the board's person, and which pairs may meet."""

    version = HiddenField()
    currency = SelectField(lazy(N_("Currency of these amounts")), validate_choice=False)
    officer_most = StringField(
        lazy(N_("Up to this the fund officer decides alone")), [NEEDED, Length(max=AMOUNT_MOST)]
    )
    director_most = StringField(
        lazy(N_("Up to this the fund officer and a director")), [NEEDED, Length(max=AMOUNT_MOST)]
    )
    board = SelectField(lazy(N_("Who decides for the board")), validate_choice=False)
    emergency_most = StringField(
        lazy(N_("The most that an emergency may release")), [NEEDED, Length(max=AMOUNT_MOST)]
    )
    short_most = StringField(
        lazy(N_("Up to this a short request is enough")), [NEEDED, Length(max=AMOUNT_MOST)]
    )
    household_most = StringField(
        lazy(N_("The most that one household may have in 12 months")), [Length(max=AMOUNT_MOST)]
    )
    adding_days = StringField(
        lazy(N_("Days in which support for the same people adds up")), [NEEDED, Length(max=9)]
    )
    critical_hours = StringField(lazy(N_("Critical: hours to decide")), [NEEDED, Length(max=9)])
    high_hours = StringField(lazy(N_("Urgent or high risk: hours")), [NEEDED, Length(max=9)])
    normal_hours = StringField(lazy(N_("All others: hours")), [NEEDED, Length(max=9)])
    ratify_hours = StringField(lazy(N_("Hours to ratify an emergency")), [NEEDED, Length(max=9)])
    account_days = StringField(lazy(N_("Days to account for a payment")), [NEEDED, Length(max=9)])
    rate_days = StringField(lazy(N_("Days a rate for the levels counts")), [NEEDED, Length(max=9)])
    booking_days = StringField(lazy(N_("Days a rate of the bank counts")), [NEEDED, Length(max=9)])
    requester_may_verify = BooleanField(lazy(N_("Whoever asks may also verify")))
    verifier_may_release = BooleanField(lazy(N_("Whoever verifies may also release")))
    preparer_may_release = BooleanField(lazy(N_("Whoever prepares a payment may also release it")))

    @staticmethod
    def values(settings: FundSettings, board: str) -> dict[str, object]:
        """Return what is set now, as the form shows it."""
        amounts = ("officer_most", "director_most", "emergency_most", "short_most")
        counts = (
            "adding_days", "critical_hours", "high_hours", "normal_hours", "ratify_hours",
            "account_days", "rate_days", "booking_days",
        )  # fmt: skip
        pairs = ("requester_may_verify", "verifier_may_release", "preparer_may_release")
        return {
            "version": str(settings.version or 0),
            "currency": settings.currency,
            "board": board,
            "household_most": typed_amount(settings.household_most, settings.currency),
            **{name: typed_amount(getattr(settings, name), settings.currency) for name in amounts},
            **{name: str(getattr(settings, name)) for name in counts},
            **{name: getattr(settings, name) for name in pairs},
        }

    def offer(self, people: Choices) -> "FundSettingsForm":
        """Fill the choices."""
        self.currency.choices = currencies()
        self.board.choices = with_none(people, N_("Nobody yet"))
        return self

    def draft(self) -> FundSettingsDraft:
        """Return the settings as they shall be; raises Refused."""
        currency = known_currency(self.currency.data)
        return FundSettingsDraft(
            currency=currency,
            officer_most=amount_of(self.officer_most.data, currency, "officer_most"),
            director_most=amount_of(self.director_most.data, currency, "director_most"),
            emergency_most=amount_of(self.emergency_most.data, currency, "emergency_most", least=0),
            short_most=amount_of(self.short_most.data, currency, "short_most", least=0),
            household_most=amount_or_none(self.household_most.data, currency, "household_most"),
            adding_days=self._count("adding_days", NO_DAYS),
            critical_hours=self._count("critical_hours"),
            high_hours=self._count("high_hours"),
            normal_hours=self._count("normal_hours"),
            ratify_hours=self._count("ratify_hours"),
            account_days=self._count("account_days", NO_DAYS),
            rate_days=self._count("rate_days", NO_DAYS),
            booking_days=self._count("booking_days", NO_DAYS),
            board=uid_or_none(self.board.data),
            requester_may_verify=self.requester_may_verify.data,
            verifier_may_release=self.verifier_may_release.data,
            preparer_may_release=self.preparer_may_release.data,
        )

    def _count(self, name: str, reason: str = NO_HOURS) -> int:
        return number_or_none(self[name].data, reason, name) or 0


class DelegationForm(CreateForm):
    """Who decides while one is away."""

    to = SelectField(lazy(N_("Who decides in your place?")), validate_choice=False)
    capacity = RadioField(
        lazy(N_("As what?")), [InputRequired(lazy(N_("Choose as what they decide.")))]
    )
    office = SelectField(lazy(N_("For which office?")), validate_choice=False)
    from_day = StringField(lazy(N_("From")), [NEEDED, Length(max=LONGEST_DATE)])
    until_day = StringField(lazy(N_("Up to and with")), [NEEDED, Length(max=LONGEST_DATE)])

    def offer(
        self, people: Choices, capacities: Choices, offices: Choices, *, everywhere: bool
    ) -> "DelegationForm":
        """Fill the colleagues, and as what and where this person decides."""
        self.to.choices = with_none(people, N_("Choose"))
        self.capacity.choices = list(capacities)
        self.office.choices = [*([("", gettext("All offices"))] if everywhere else []), *offices]
        return self

    def draft(self, reader: Reader) -> DelegationDraft:
        """Return what was typed; raises Refused."""
        to = uid_chosen(self.to.data, NO_COLLEAGUE, "to")
        begins = coming_day(reader, self.from_day.data, "from_day")
        ends = coming_day(reader, self.until_day.data, "until_day")
        if begins is None or ends is None:
            raise Refused({"until_day": NO_DAY})
        if ends < begins:
            raise Refused({"until_day": NO_PERIOD})
        if ends - begins >= ABSENT_MOST:
            raise Refused({"until_day": TOO_LONG})
        return DelegationDraft(
            to=to,
            capacity=member(Capacity, self.capacity.data, Capacity.OFFICER),
            starts_at=midnight(begins, reader.zone),
            ends_at=midnight(ends + timedelta(days=1), reader.zone),
            office=uid_or_none(self.office.data),
            sending=self.sending(),
        )
