"""What is typed about requests of the defence, and what became of each."""

from flask_babel import gettext
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.core.errors import N_
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import LONG_TEXT, CreateForm, Form, lazy, member, text_or_none
from hrdtracker.forms.proceedings.proceeding import WHEN_NEEDED, Choices, needed, told
from hrdtracker.forms.reader import Reader, TickField, uids
from hrdtracker.proceedings.drafts.requests import DefenceRequestDraft, DefenceRequestUpdate
from hrdtracker.proceedings.model import DefenceRequest, RequestKind, RequestStanding


class DefenceRequestForm(CreateForm):
    """The same request in favour of several accused."""

    parties = TickField(lazy(N_("For whom?")), validate_choice=False)
    kind = SelectField(
        lazy(N_("What was asked for?")),
        [InputRequired(lazy(N_("Choose what was asked for.")))],
        validate_choice=False,
    )
    filed = StringField(
        lazy(N_("When was it filed?")),
        [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)],
    )
    filed_by = SelectField(lazy(N_("Who filed it?")), validate_choice=False)
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])

    def offer(self, reader: Reader, parties: Choices) -> "DefenceRequestForm":
        """Fill the choices."""
        unsaid = gettext(N_("Not said"))
        self.parties.choices = parties
        self.kind.choices = reader.choices("request_kind", gettext(N_("Choose")))
        self.filed_by.choices = reader.choices("request_filer", unsaid)
        self.known_by.choices = reader.choices("how_known", unsaid)
        return self

    def draft(self, reader: Reader) -> DefenceRequestDraft:
        """Return what was typed; raises Refused."""
        return DefenceRequestDraft(
            parties=uids(self.parties.data),
            kind=member(RequestKind, self.kind.data, RequestKind.OTHER),
            filed=needed(reader, self.filed.data, "filed"),
            filed_by=self.filed_by.data or None,
            note=text_or_none(self.note.data),
            known_by=self.known_by.data or None,
            sending=self.sending(),
        )


class DefenceUpdateForm(Form):
    """What became of a request."""

    version = HiddenField()
    opinion = SelectField(lazy(N_("What does the prosecutor think of it?")), validate_choice=False)
    opinion_received = StringField(
        lazy(N_("When did the judge receive that opinion?")), [Length(max=LONGEST_DATE)]
    )
    standing = RadioField(lazy(N_("What was decided?")), validate_choice=False)
    decided = StringField(lazy(N_("When was it decided?")), [Length(max=LONGEST_DATE)])
    decided_by = SelectField(lazy(N_("Who decided it?")), validate_choice=False)
    notified = StringField(
        lazy(N_("When were they told of the decision?")), [Length(max=LONGEST_DATE)]
    )
    appealed = StringField(lazy(N_("When was it appealed?")), [Length(max=LONGEST_DATE)])
    known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])

    @staticmethod
    def values(row: DefenceRequest) -> dict[str, object]:
        """Return what a request says now, as the form shows it."""
        dates = {name: getattr(row, name) for name in DATES}
        return {
            "version": str(row.version),
            "standing": row.status,
            "opinion": row.opinion or "",
            "decided_by": row.decided_by or "",
            "known_by": row.known_by or "",
            "note": row.note or "",
            **{name: when.as_told if when else "" for name, when in dates.items()},
        }

    def offer(self, reader: Reader) -> "DefenceUpdateForm":
        """Fill the choices."""
        unsaid = gettext(N_("Not said"))
        self.opinion.choices = reader.choices("prosecutor_opinion", unsaid)
        self.standing.choices = reader.choices("request_standing")
        self.decided_by.choices = reader.choices("deciding_body", unsaid)
        self.known_by.choices = reader.choices("how_known", unsaid)
        return self

    def draft(self, reader: Reader, row: DefenceRequest) -> DefenceRequestUpdate:
        """Return what was typed; a date whose words did not change stays. Raises Refused."""
        dates = {name: told(reader, self[name].data, getattr(row, name)) for name in DATES}
        return DefenceRequestUpdate(
            standing=member(RequestStanding, self.standing.data, RequestStanding.UNDECIDED),
            opinion=self.opinion.data or None,
            decided_by=self.decided_by.data or None,
            note=text_or_none(self.note.data),
            known_by=self.known_by.data or None,
            **dates,
        )


DATES = ("opinion_received", "decided", "notified", "appealed")
