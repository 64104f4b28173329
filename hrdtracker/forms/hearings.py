"""What is typed about hearings: when, where, who goes, and what became of each."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.accounts.assignments import NO_COLLEAGUE
from hrdtracker.cases.planning import read_near
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import When
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.core.when.say import say_when
from hrdtracker.forms.base import (
    LINE,
    LONG_TEXT,
    CreateForm,
    Form,
    lazy,
    member,
    text_or_none,
    uid_chosen,
    unchanged,
    yes_no_or_none,
    yes_or_no,
)
from hrdtracker.forms.cases.case import VersionForm, is_moment
from hrdtracker.forms.reader import Reader, TickField, uids
from hrdtracker.proceedings.drafts.hearings import (
    NO_COURT_DAY,
    NO_KIND,
    ConclusionDraft,
    HearingDraft,
)
from hrdtracker.proceedings.model import Hearing, HearingStatus

NOT_SAID = N_("Not said")


def court_day(reader: Reader, text: str | None) -> When | None:
    """Return the day, or the hour of it, that was typed; None where nothing was; raises Refused."""
    typed = text_or_none(text)
    if typed is None:
        return None
    when = read_near(typed, reader.today, reader.zone)
    if not is_moment(when):
        raise Refused({"when": NO_COURT_DAY})
    return when


class _Facts(Form):
    """When and where a hearing is, as somebody was told."""

    when = StringField(lazy(N_("When is the hearing?")), [Length(max=LONGEST_DATE)])
    kind = SelectField(
        lazy(N_("What kind of hearing?")), [InputRequired(lazy(NO_KIND))], validate_choice=False
    )
    court = SelectField(lazy(N_("Court")), validate_choice=False)
    room = StringField(lazy(N_("Room")), [Length(max=LINE)])
    judge = StringField(lazy(N_("Judge")), [Length(max=LINE)])
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])
    known_by = SelectField(lazy(N_("How we know")), validate_choice=False)

    def _offer(self, reader: Reader) -> None:
        self.kind.choices = reader.choices("hearing_kind", gettext(N_("Choose")))
        self.court.choices = reader.choices("court", gettext(NOT_SAID))
        self.known_by.choices = reader.choices("how_known", gettext(NOT_SAID))

    def facts(self, reader: Reader, present: When | None = None) -> HearingDraft:
        """Return what was typed; a day that still stands there as it was said is the same day."""
        same = unchanged(present, said(present, reader.locale), self.when.data)
        starts = same or court_day(reader, self.when.data)
        return HearingDraft(
            starts or When.unknown("", reader.zone),
            self.kind.data or "",
            text_or_none(self.court.data),
            text_or_none(self.room.data),
            text_or_none(self.judge.data),
            text_or_none(self.note.data),
            text_or_none(self.known_by.data),
        )


def said(when: When | None, locale: str) -> str:
    """Return a day as the form shows it; nothing where it is not set."""
    return say_when(when, locale) if when is not None and when.is_known else ""


class HearingForm(CreateForm, _Facts):
    """A hearing that is recorded, and who goes there."""

    monitors = TickField(lazy(N_("Who goes there?")), validate_choice=False)

    def offer(self, reader: Reader, colleagues: Iterable[tuple[str, str]]) -> "HearingForm":
        """Fill the choices in the reader's language, and who can open the case."""
        self._offer(reader)
        self.monitors.choices = list(colleagues)
        return self

    def draft(self, reader: Reader) -> HearingDraft:
        """Return what was typed; raises Refused."""
        facts = self.facts(reader)
        values = {name: getattr(facts, name) for name in COMMON}
        return HearingDraft(**values, monitors=uids(self.monitors.data), sending=self.sending())


COMMON = ("starts", "kind", "court", "room", "judge", "note", "known_by")


class HearingEditForm(VersionForm, _Facts):
    """A hearing whose day, place or kind is another."""

    @staticmethod
    def values(row: Hearing, locale: str) -> dict[str, object]:
        """Return what a hearing says now, as the form shows it."""
        facts = {name: getattr(row, name) or "" for name in COMMON if name != "starts"}
        return {**facts, "when": said(row.starts, locale), "version": str(row.version)}

    def offer(self, reader: Reader) -> "HearingEditForm":
        """Fill the choices in the reader's language."""
        self._offer(reader)
        return self


class ConclusionForm(VersionForm):
    """What became of a hearing."""

    status = RadioField(lazy(N_("What became of it?")), validate_choice=False)
    asked_by = SelectField(lazy(N_("Who asked for the adjournment?")), validate_choice=False)
    defence_agreed = RadioField(lazy(N_("Did the defence agree?")), validate_choice=False)
    reason = TextAreaField(lazy(N_("Why was it adjourned or cancelled?")), [Length(max=LONG_TEXT)])
    when = StringField(lazy(N_("When does it go on?")), [Length(max=LONGEST_DATE)])

    def offer(self, reader: Reader) -> "ConclusionForm":
        """Fill the choices in the reader's language."""
        ends = reader.choices("hearing_status")
        self.status.choices = [one for one in ends if one[0] != HearingStatus.SCHEDULED]
        self.asked_by.choices = reader.choices("adjournment_request", gettext(N_("Choose")))
        self.defence_agreed.choices = [*yes_or_no(), ("", gettext(N_("Not known")))]
        return self

    def draft(self, reader: Reader, task: str) -> ConclusionDraft:
        """Return what was chosen; `task` is what asking the clerk is called; raises Refused."""
        return ConclusionDraft(
            member(HearingStatus, self.status.data, HearingStatus.SCHEDULED),
            text_or_none(self.asked_by.data),
            yes_no_or_none(self.defence_agreed.data),
            text_or_none(self.reason.data),
            court_day(reader, self.when.data),
            task,
        )


class MonitorForm(Form):
    """Who goes to a hearing."""

    monitor = SelectField(
        lazy(N_("Who goes there?")), [InputRequired(lazy(NO_COLLEAGUE))], validate_choice=False
    )
    instead_of = StringField()

    def offer(self, colleagues: Iterable[tuple[str, str]]) -> "MonitorForm":
        """Fill who can open the case."""
        self.monitor.choices = [("", gettext(N_("Choose"))), *colleagues]
        return self

    def chosen(self) -> UUID:
        """Return who was chosen; raises Refused."""
        return uid_chosen(self.monitor.data, NO_COLLEAGUE, "monitor")
