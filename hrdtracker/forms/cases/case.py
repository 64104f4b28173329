"""What is typed about a case: its title and areas, tasks, follow-ups, how it ends."""

from datetime import date

from flask_babel import gettext
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.accounts.assignments import NO_COLLEAGUE
from hrdtracker.cases.case_file import Standing
from hrdtracker.cases.drafts import (
    NO_CLOSING_REASON,
    NO_TASK,
    REASON_MOST,
    TITLE_MOST,
    WHAT_MOST,
    CaseDraft,
    ClosingDraft,
    FollowUpDraft,
    TaskDraft,
)
from hrdtracker.cases.planning import read_coming, read_near
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import DAY, Precision, When
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import LONG_TEXT, CreateForm, Form, lazy, text_or_none, uid_chosen
from hrdtracker.forms.reader import Reader, TickField

NO_DAY = N_("Write one day, such as “10 December” or “in 3 months”.")
NO_MOMENT = N_("Write a day, or a day and an hour, such as “yesterday 11:20”.")
PAST = N_("This day is past.")


def coming_day(reader: Reader, text: str | None, field: str) -> date | None:
    """Return the day to come that was typed, None where nothing was; raises Refused."""
    typed = text_or_none(text)
    if typed is None:
        return None
    day = read_coming(typed, reader.today, reader.zone)
    if day is None:
        raise Refused({field: NO_DAY})
    if day < reader.today:
        raise Refused({field: PAST})
    return day


def is_moment(when: When) -> bool:
    """Tell whether a date is one day, or one minute of it."""
    if when.earliest is None or when.latest is None:
        return False
    fine = when.precision in {Precision.DAY, Precision.MINUTE}
    return fine and when.latest - when.earliest <= DAY


class VersionForm(Form):
    """A decision about a case as the person saw it."""

    version = HiddenField()


class CaseForm(VersionForm):
    """What may be said of a case at any time."""

    title = StringField(lazy(N_("Title")), [Length(max=TITLE_MOST)])
    areas = TickField(lazy(N_("Thematic area")), validate_choice=False)
    next_look_on = StringField(lazy(N_("When to look at it again")), [Length(max=LONGEST_DATE)])

    @staticmethod
    def values(standing: Standing, locale: str) -> dict[str, object]:
        """Return what a case says now, as the form shows it."""
        look = standing.case.next_look_on
        return {
            "version": str(standing.case.version),
            "title": standing.case.title or "",
            "areas": list(standing.areas),
            "next_look_on": say_day(look, locale) if look else "",
        }

    def offer(self, reader: Reader) -> "CaseForm":
        """Fill the choices in the reader's language."""
        self.areas.choices = reader.choices("thematic_area")
        return self

    def draft(self, reader: Reader, present: date | None) -> CaseDraft:
        """Return what was typed; the day that stands there already may be past."""
        typed = text_or_none(self.next_look_on.data)
        same = present is not None and typed == say_day(present, reader.locale)
        return CaseDraft(
            title=text_or_none(self.title.data),
            areas=frozenset(self.areas.data or ()),
            next_look_on=present if same else coming_day(reader, typed, "next_look_on"),
        )


class CloseForm(VersionForm):
    """How a case ended, and why it is closed."""

    outcome = SelectField(lazy(N_("How it ended")), validate_choice=False)
    reason = TextAreaField(
        lazy(N_("Why you close it")),
        [InputRequired(lazy(NO_CLOSING_REASON)), Length(max=REASON_MOST)],
    )
    areas = TickField(lazy(N_("Thematic area")), validate_choice=False)

    def offer(self, reader: Reader) -> "CloseForm":
        """Fill the choices in the reader's language."""
        self.outcome.choices = reader.choices("case_outcome", gettext(N_("Choose")))
        self.areas.choices = reader.choices("thematic_area")
        return self

    def draft(self) -> ClosingDraft:
        """Return what was typed; raises Refused."""
        return ClosingDraft(
            outcome=self.outcome.data or "",
            reason=self.reason.data or "",
            areas=frozenset(self.areas.data or ()),
        )


class TaskForm(CreateForm):
    """Something to do."""

    what = StringField(
        lazy(N_("What is to be done?")),
        [InputRequired(lazy(NO_TASK)), Length(max=WHAT_MOST)],
    )
    due_on = StringField(lazy(N_("By when?")), [Length(max=LONGEST_DATE)])
    assignee = SelectField(lazy(N_("Who does it?")), validate_choice=False)

    def offer(self, colleagues: list[tuple[str, str]]) -> "TaskForm":
        """Fill the colleagues who can open the case."""
        self.assignee.choices = colleagues
        return self

    def draft(self, reader: Reader) -> TaskDraft:
        """Return what was typed; raises Refused."""
        assignee = self.assignee.data
        return TaskDraft(
            what=self.what.data or "",
            assignee=uid_chosen(assignee, NO_COLLEAGUE, "assignee") if assignee else None,
            due_on=coming_day(reader, self.due_on.data, "due_on"),
            sending=self.sending(),
        )


class FollowUpForm(CreateForm):
    """A call, visit, hearing or meeting, past or planned."""

    kind = RadioField(lazy(N_("What is it?")), validate_choice=False)
    when = StringField(
        lazy(N_("When was it, or when will it be?")),
        [InputRequired(lazy(NO_MOMENT)), Length(max=LONGEST_DATE)],
    )
    note = TextAreaField(lazy(N_("In your words")), [Length(max=LONG_TEXT)])

    def offer(self, reader: Reader) -> "FollowUpForm":
        """Fill the choices in the reader's language."""
        self.kind.choices = reader.choices("follow_up_kind")
        return self

    def draft(self, reader: Reader) -> FollowUpDraft:
        """Return what was typed; raises Refused for what is no day and no hour."""
        when = read_near(self.when.data or "", reader.today, reader.zone)
        if not is_moment(when) or when.earliest is None:
            raise Refused({"when": NO_MOMENT})
        return FollowUpDraft(
            kind=self.kind.data or "",
            at=when.earliest,
            timed=when.precision is Precision.MINUTE,
            note=text_or_none(self.note.data),
            sending=self.sending(),
        )
