"""What is typed about why somebody is held or supervised, and what was ordered."""

from uuid import UUID

from flask_babel import gettext
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.core.errors import N_
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.core.when.say import say_day
from hrdtracker.forms.base import (
    LONG_TEXT,
    CreateForm,
    Form,
    lazy,
    member,
    text_or_none,
    unchanged,
    yes_no_or_none,
    yes_or_no,
)
from hrdtracker.forms.cases.case import coming_day
from hrdtracker.forms.proceedings.proceeding import WHEN_NEEDED, Choices, needed, told
from hrdtracker.forms.reader import Reader, TickField, uids
from hrdtracker.proceedings.drafts.titles import OrderDraft, OrderUpdate, TitleDraft, TitleUpdate
from hrdtracker.proceedings.model import CourtOrder, LegalTitle, OrderKind, TitleKind


class TitleForm(CreateForm):
    """Why several people of a case are held or supervised."""

    people = TickField(lazy(N_("Whom is this about?")), validate_choice=False)
    kind = RadioField(
        lazy(N_("By what right?")), [InputRequired(lazy(N_("Choose by what right.")))]
    )
    began = StringField(
        lazy(N_("Since when?")), [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)]
    )
    ordered = StringField(lazy(N_("When was it ordered?")), [Length(max=LONGEST_DATE)])
    ended = StringField(lazy(N_("Until when, where it has ended?")), [Length(max=LONGEST_DATE)])
    next_report_on = StringField(lazy(N_("Next day to report")), [Length(max=LONGEST_DATE)])
    proceeding = SelectField(lazy(N_("In which proceeding?")), validate_choice=False)
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    def offer(self, reader: Reader, people: Choices, proceedings: Choices) -> "TitleForm":
        """Fill the choices."""
        self.people.choices = people
        self.kind.choices = reader.choices("legal_title")
        self.proceeding.choices = [("", gettext(N_("In none yet"))), *proceedings]
        self.known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        return self

    def draft(self, reader: Reader) -> TitleDraft:
        """Return what was typed; raises Refused."""
        return TitleDraft(
            people=uids(self.people.data),
            kind=member(TitleKind, self.kind.data, TitleKind.POLICE_CUSTODY),
            began=needed(reader, self.began.data, "began"),
            ended=told(reader, self.ended.data),
            proceeding=first_uid(self.proceeding.data),
            ordered=told(reader, self.ordered.data),
            next_report_on=coming_day(reader, self.next_report_on.data, "next_report_on"),
            note=text_or_none(self.note.data),
            known_by=self.known_by.data or None,
            sending=self.sending(),
        )


class TitleUpdateForm(Form):
    """Until when somebody was held, and when they report next."""

    version = HiddenField()
    ended = StringField(lazy(N_("Until when, where it has ended?")), [Length(max=LONGEST_DATE)])
    next_report_on = StringField(lazy(N_("Next day to report")), [Length(max=LONGEST_DATE)])
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    @staticmethod
    def values(title: LegalTitle, locale: str) -> dict[str, object]:
        """Return what a title says now, as the form shows it."""
        reports, ended = title.next_report_on, title.ended
        return {
            "version": str(title.version),
            "ended": ended.as_told if ended else "",
            "next_report_on": say_day(reports, locale) if reports else "",
            "note": title.note or "",
            "known_by": title.known_by or "",
        }

    def offer(self, reader: Reader) -> "TitleUpdateForm":
        """Fill the choices."""
        self.known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        return self

    def draft(self, reader: Reader, title: LegalTitle) -> TitleUpdate:
        """Return what was typed; a date whose words did not change stays, "yesterday" too."""
        present, typed = title.next_report_on, text_or_none(self.next_report_on.data)
        same = unchanged(present, say_day(present, reader.locale) if present else "", typed)
        reports = same or coming_day(reader, typed, "next_report_on")
        return TitleUpdate(
            ended=told(reader, self.ended.data, title.ended),
            next_report_on=reports,
            note=text_or_none(self.note.data),
            known_by=self.known_by.data or None,
        )


class OrderForm(CreateForm):
    """What was ordered about several people of a case."""

    people = TickField(lazy(N_("Whom is this about?")), validate_choice=False)
    kind = SelectField(
        lazy(N_("What was ordered?")),
        [InputRequired(lazy(N_("Choose what was ordered.")))],
        validate_choice=False,
    )
    ordered = StringField(
        lazy(N_("When?")), [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)]
    )
    ordered_by = SelectField(lazy(N_("By whom?")), validate_choice=False)
    in_writing = RadioField(lazy(N_("In writing?")), validate_choice=False)
    keeps_detained = RadioField(
        lazy(N_("Does it keep them detained until the trial?")), validate_choice=False
    )
    title = SelectField(lazy(N_("What does it extend or end?")), validate_choice=False)
    due = StringField(lazy(N_("Appear on, or until")), [Length(max=LONGEST_DATE)])
    proceeding = SelectField(lazy(N_("In which proceeding?")), validate_choice=False)
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    def offer(
        self, reader: Reader, people: Choices, titles: Choices, proceedings: Choices
    ) -> "OrderForm":
        """Fill the choices."""
        unsaid = gettext(N_("Not said"))
        self.people.choices = people
        self.kind.choices = reader.choices("court_order", gettext(N_("Choose")))
        self.ordered_by.choices = reader.choices("deciding_body", unsaid)
        self.in_writing.choices = self.keeps_detained.choices = yes_or_no()
        self.title.choices = [("", gettext(N_("Nothing"))), *titles]
        self.proceeding.choices = [("", gettext(N_("In none yet"))), *proceedings]
        self.known_by.choices = reader.choices("how_known", unsaid)
        return self

    def draft(self, reader: Reader) -> OrderDraft:
        """Return what was typed; raises Refused."""
        return OrderDraft(
            people=uids(self.people.data),
            kind=member(OrderKind, self.kind.data, OrderKind.SUMMONS),
            ordered=needed(reader, self.ordered.data, "ordered"),
            ordered_by=self.ordered_by.data or None,
            in_writing=yes_no_or_none(self.in_writing.data),
            keeps_detained=yes_no_or_none(self.keeps_detained.data),
            due=told(reader, self.due.data),
            proceeding=first_uid(self.proceeding.data),
            title=first_uid(self.title.data),
            note=text_or_none(self.note.data),
            known_by=self.known_by.data or None,
            sending=self.sending(),
        )


class OrderUpdateForm(Form):
    """What became of an order."""

    version = HiddenField()
    due = StringField(lazy(N_("Appear on, or until")), [Length(max=LONGEST_DATE)])
    executed = StringField(lazy(N_("When was it carried out?")), [Length(max=LONGEST_DATE)])
    withdrawn = StringField(lazy(N_("When was it withdrawn?")), [Length(max=LONGEST_DATE)])
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    @staticmethod
    def values(order: CourtOrder) -> dict[str, object]:
        """Return what an order says now, as the form shows it."""
        dates = {name: getattr(order, name) for name in ORDER_DATES}
        return {
            "version": str(order.version),
            "note": order.note or "",
            "known_by": order.known_by or "",
            **{name: when.as_told if when else "" for name, when in dates.items()},
        }

    def offer(self, reader: Reader) -> "OrderUpdateForm":
        """Fill the choices."""
        self.known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        return self

    def draft(self, reader: Reader, order: CourtOrder) -> OrderUpdate:
        """Return what was typed; a date whose words did not change stays."""
        dates = {name: told(reader, self[name].data, getattr(order, name)) for name in ORDER_DATES}
        return OrderUpdate(
            note=text_or_none(self.note.data), known_by=self.known_by.data or None, **dates
        )


ORDER_DATES = ("due", "executed", "withdrawn")


def first_uid(text: str | None) -> UUID | None:
    """Return the uid that was chosen, if any was."""
    return next(iter(uids([text or ""])), None)
