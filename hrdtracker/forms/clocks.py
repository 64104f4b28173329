"""What is typed about a limit: that it ends otherwise, that an extension was seen."""

from flask_babel import gettext
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.cases.planning import read_near
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import Precision
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import (
    LONG_TEXT,
    CreateForm,
    Form,
    lazy,
    yes_no_or_none,
    yes_or_no,
)
from hrdtracker.forms.proceedings.proceeding import WHEN_NEEDED, needed
from hrdtracker.forms.reader import Reader
from hrdtracker.proceedings.clocks.drafts import (
    NO_DISPUTE_REASON,
    NO_END,
    DisputeDraft,
    ReplacementDraft,
    SeenExtension,
)


class DisputeForm(CreateForm):
    """When a limit ends according to the legal officer, and why."""

    ends = StringField(
        lazy(N_("When does it end?")), [InputRequired(lazy(NO_END)), Length(max=LONGEST_DATE)]
    )
    reason = TextAreaField(
        lazy(N_("Why then?")), [InputRequired(lazy(NO_DISPUTE_REASON)), Length(max=LONG_TEXT)]
    )

    def draft(self, reader: Reader) -> DisputeDraft:
        """Return what was typed; raises Refused for what is no day with an hour."""
        when = read_near(self.ends.data or "", reader.today, reader.zone)
        if when.precision is not Precision.MINUTE or when.earliest is None:
            raise Refused({"ends": NO_END})
        return DisputeDraft(when.earliest, self.reason.data or "", self.sending())


class ReplaceForm(Form):
    """Why the end of a disputed limit is to replace the one that is counted."""

    reason = RadioField(lazy(N_("Why does it end then?")), validate_choice=False)

    def offer(self, reader: Reader) -> "ReplaceForm":
        """Fill the choices."""
        choices = reader.choices("limit_replacement", "")
        self.reason.choices = [choice for choice in choices if choice[0]]
        return self

    def draft(self) -> ReplacementDraft:
        """Return what was chosen; raises Refused."""
        return ReplacementDraft(self.reason.data or "")


class ExtensionForm(CreateForm):
    """An extension that somebody saw: when, by whom, in writing or not."""

    rows = HiddenField()
    ordered = StringField(
        lazy(N_("When was it ordered?")),
        [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)],
    )
    ordered_by = SelectField(lazy(N_("By whom?")), validate_choice=False)
    in_writing = RadioField(lazy(N_("In writing?")), validate_choice=False)
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    def offer(self, reader: Reader) -> "ExtensionForm":
        """Fill the choices."""
        unsaid = gettext(N_("Not said"))
        self.ordered_by.choices = reader.choices("deciding_body", unsaid)
        self.in_writing.choices = yes_or_no()
        self.known_by.choices = reader.choices("how_known", unsaid)
        return self

    def draft(self, reader: Reader) -> SeenExtension:
        """Return what was typed; raises Refused."""
        return SeenExtension(
            ordered=needed(reader, self.ordered.data, "ordered"),
            ordered_by=self.ordered_by.data or None,
            in_writing=yes_no_or_none(self.in_writing.data),
            known_by=self.known_by.data or None,
            sending=self.sending(),
        )

    def shown(self) -> int:
        """Return of how many people the page spoke; 0 where that was tampered with."""
        rows = self.rows.data or ""
        return int(rows) if rows.isdecimal() and len(rows) < len("100000") else 0
