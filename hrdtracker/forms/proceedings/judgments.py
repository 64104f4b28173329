"""What is typed about judgments: the sentence, who was there, when they were notified, appeals."""

from flask_babel import gettext
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.core.errors import N_
from hrdtracker.core.money import Money
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import (
    LONG_TEXT,
    CreateForm,
    Form,
    lazy,
    member,
    number_or_none,
    text_or_none,
)
from hrdtracker.forms.fund.amounts import AMOUNT_MOST, amount_or_none, currencies, known_currency
from hrdtracker.forms.proceedings.proceeding import WHEN_NEEDED, Choices, needed, told
from hrdtracker.forms.reader import Reader, TickField, uids
from hrdtracker.proceedings.counting.model import Length as TermLength
from hrdtracker.proceedings.drafts.judgments import (
    AppealDraft,
    JudgmentDraft,
    NotificationDraft,
    Sentence,
)
from hrdtracker.proceedings.model import Appellant, Presence

NO_NUMBER = N_("Write a whole number.")
NUMBER_MOST = 4
MONTHS_IN_YEAR = 12
COURTS = ("first_instance", "court_of_appeal", "supreme_court")
"""Those of the bodies that decide which pronounce judgments."""


class PrisonFields(Form):
    """How long somebody is to be in prison, and how much of it is suspended."""

    for_life = BooleanField(lazy(N_("Prison for life")))
    prison_years = StringField(lazy(N_("Prison, years")), [Length(max=NUMBER_MOST)])
    prison_months = StringField(lazy(N_("Prison, months")), [Length(max=NUMBER_MOST)])
    prison_days = StringField(lazy(N_("Prison, days")), [Length(max=NUMBER_MOST)])
    suspended_years = StringField(lazy(N_("Of that suspended, years")), [Length(max=NUMBER_MOST)])
    suspended_months = StringField(lazy(N_("Of that suspended, months")), [Length(max=NUMBER_MOST)])
    suspended_days = StringField(lazy(N_("Of that suspended, days")), [Length(max=NUMBER_MOST)])

    def length(self, name: str) -> TermLength | None:
        """Return a length in years, months and days; None where nothing was typed."""
        fields = [f"{name}_{unit}" for unit in ("years", "months", "days")]
        counts = [number_or_none(self[field].data, NO_NUMBER, field) for field in fields]
        if not any(counts):
            return None
        years, months, days = (count or 0 for count in counts)
        return TermLength(years * MONTHS_IN_YEAR + months, days)


class JudgmentForm(CreateForm, PrisonFields):
    """The same judgment about several accused."""

    parties = TickField(lazy(N_("About whom?")), validate_choice=False)
    pronounced = StringField(
        lazy(N_("When was it pronounced?")),
        [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)],
    )
    pronounced_by = SelectField(lazy(N_("By which court?")), validate_choice=False)
    presence = RadioField(lazy(N_("Were they there?")), validate_choice=False)
    fine = StringField(lazy(N_("Fine")), [Length(max=AMOUNT_MOST)])
    fine_currency = SelectField(lazy(N_("Currency of the fine")), validate_choice=False)
    damages = StringField(lazy(N_("Damages")), [Length(max=AMOUNT_MOST)])
    damages_currency = SelectField(lazy(N_("Currency of the damages")), validate_choice=False)
    confiscated = TextAreaField(lazy(N_("Confiscated")), [Length(max=LONG_TEXT)])
    notified = StringField(lazy(N_("When were they notified?")), [Length(max=LONGEST_DATE)])
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])

    def offer(self, reader: Reader, parties: Choices) -> "JudgmentForm":
        """Fill the choices."""
        self.parties.choices = parties
        bodies = dict(reader.choices("deciding_body"))
        courts = [(code, bodies[code]) for code in COURTS if code in bodies]
        self.pronounced_by.choices = [("", gettext(N_("Choose"))), *courts]
        self.presence.choices = reader.choices("presence_at_judgment")
        self.fine_currency.choices = self.damages_currency.choices = currencies()
        self.known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        return self

    def draft(self, reader: Reader) -> JudgmentDraft:
        """Return what was typed; raises Refused."""
        presence = self.presence.data
        return JudgmentDraft(
            parties=uids(self.parties.data),
            pronounced=needed(reader, self.pronounced.data, "pronounced"),
            pronounced_by=self.pronounced_by.data or "",
            presence=member(Presence, presence, Presence.PRESENT) if presence else None,
            sentence=Sentence(
                for_life=bool(self.for_life.data),
                prison=self.length("prison"),
                suspended=self.length("suspended"),
                fine=self._money("fine"),
                damages=self._money("damages"),
                confiscated=text_or_none(self.confiscated.data),
            ),
            notified=told(reader, self.notified.data),
            note=text_or_none(self.note.data),
            known_by=self.known_by.data or None,
            sending=self.sending(),
        )

    def _money(self, name: str) -> Money | None:
        """Return an amount in the currency beside it; None where nothing was typed."""
        if text_or_none(self[name].data) is None:
            return None
        currency = known_currency(self[f"{name}_currency"].data, f"{name}_currency")
        amount = amount_or_none(self[name].data, currency, name)
        return None if amount is None else Money(amount, currency)


class NotificationForm(Form):
    """When somebody was notified of a judgment."""

    version = HiddenField()
    notified = StringField(
        lazy(N_("When were they notified?")),
        [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)],
    )

    def draft(self, reader: Reader) -> NotificationDraft:
        """Return what was typed; raises Refused."""
        return NotificationDraft(needed(reader, self.notified.data, "notified"))


class JudgmentAppealForm(CreateForm):
    """Somebody appealed some judgments."""

    judgments = TickField(lazy(N_("Which judgments?")), validate_choice=False)
    appellant = RadioField(
        lazy(N_("Who appeals?")), [InputRequired(lazy(N_("Choose who appeals.")))]
    )
    filed = StringField(
        lazy(N_("When was it filed?")),
        [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)],
    )
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])

    def offer(self, reader: Reader, judgments: Choices) -> "JudgmentAppealForm":
        """Fill the choices."""
        self.judgments.choices = judgments
        self.appellant.choices = reader.choices("appellant")
        self.known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        return self

    def draft(self, reader: Reader) -> AppealDraft:
        """Return what was typed; raises Refused."""
        return AppealDraft(
            judgments=uids(self.judgments.data),
            appellant=member(Appellant, self.appellant.data, Appellant.ACCUSED),
            filed=needed(reader, self.filed.data, "filed"),
            note=text_or_none(self.note.data),
            known_by=self.known_by.data or None,
            sending=self.sending(),
        )
