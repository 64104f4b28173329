"""What is typed about a proceeding: its facts, who stands in it, their lawyers, how it ended."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import When
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import LONG_TEXT, CreateForm, Form, lazy, member, text_or_none, unchanged
from hrdtracker.forms.reader import LISTED_PEOPLE, Reader, TickField, read_victims, uids
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings.drafts.proceedings import (
    NAME_MOST,
    NAMES_MOST,
    EndDraft,
    LawyerDraft,
    OpeningDraft,
    PartiesDraft,
    ProceedingDraft,
)
from hrdtracker.proceedings.model import ACCUSED_ROLES, PartyRole, Proceeding

WHEN_NEEDED = N_("Write when it happened, roughly. “Not known” is an answer too.")
NO_CASE = N_("Choose a case.")
Choices = list[tuple[str, str]]


def told(reader: Reader, text: str | None, stored: When | None = None) -> When | None:
    """Return the date that was typed, or the `stored` one in the same words; None for nothing."""
    words = text_or_none(text)
    same = unchanged(stored, stored.as_told if stored else "", words)
    return same or (reader.when(words) if words else None)


def needed(reader: Reader, text: str | None, field: str) -> When:
    """Return the date that was typed; raises Refused where nothing was."""
    when = told(reader, text)
    if when is None:
        raise Refused({field: WHEN_NEEDED})
    return when


class FactFields(Form):
    """The facts of a proceeding."""

    stage = SelectField(lazy(N_("How far is it?")), validate_choice=False)
    court = SelectField(lazy(N_("Court")), validate_choice=False)
    court_number = StringField(lazy(N_("Number at the court")), [Length(max=NAME_MOST)])
    prosecutor = StringField(lazy(N_("Prosecutor")), [Length(max=NAME_MOST)])
    judges = StringField(lazy(N_("Judges")), [Length(max=NAMES_MOST)])
    note = TextAreaField(lazy(N_("Note")), [Length(max=LONG_TEXT)])

    def fill(self, reader: Reader) -> None:
        """Fill the choices of the facts in the reader's language."""
        self.stage.choices = reader.choices("proceeding_stage", gettext(N_("Choose")))
        self.court.choices = reader.choices("court", gettext(N_("Not said")))

    def facts(self) -> ProceedingDraft:
        """Return what was typed; raises Refused."""
        return ProceedingDraft(
            stage=self.stage.data or "",
            court=self.court.data or None,
            court_number=text_or_none(self.court_number.data),
            prosecutor=text_or_none(self.prosecutor.data),
            judges=text_or_none(self.judges.data),
            note=text_or_none(self.note.data),
        )


class OpeningForm(CreateForm, FactFields):
    """A proceeding as it is first recorded in a case."""

    accused = TickField(lazy(N_("Against whom?")), validate_choice=False)
    role = RadioField(lazy(N_("As what?")), validate_choice=False, default=PartyRole.ACCUSED)

    def offer(self, reader: Reader, people: Choices) -> "OpeningForm":
        """Fill the choices."""
        self.fill(reader)
        self.accused.choices = people
        roles = reader.choices("party_role")
        self.role.choices = [(code, label) for code, label in roles if code in ACCUSED_ROLES]
        return self

    def draft(self) -> OpeningDraft:
        """Return what was typed; raises Refused."""
        return OpeningDraft(
            facts=self.facts(),
            accused=uids(self.accused.data),
            role=member(PartyRole, self.role.data, PartyRole.ACCUSED),
            sending=self.sending(),
        )


class ProceedingForm(FactFields):
    """The facts of a proceeding as they are changed."""

    version = HiddenField()

    @staticmethod
    def values(proceeding: Proceeding) -> dict[str, object]:
        """Return what a proceeding says now, as the form shows it."""
        return {
            "version": str(proceeding.version),
            "stage": proceeding.stage,
            "court": proceeding.court or "",
            "court_number": proceeding.court_number or "",
            "prosecutor": proceeding.prosecutor or "",
            "judges": proceeding.judges or "",
            "note": proceeding.note or "",
        }

    def offer(self, reader: Reader) -> "ProceedingForm":
        """Fill the choices."""
        self.fill(reader)
        return self


class EndForm(Form):
    """When a proceeding ended, and how."""

    version = HiddenField()
    ended = StringField(
        lazy(N_("When did it end?")),
        [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)],
    )
    end_kind = SelectField(lazy(N_("How did it end?")), validate_choice=False)
    end_known_by = SelectField(lazy(N_("How do you know?")), validate_choice=False)

    def offer(self, reader: Reader) -> "EndForm":
        """Fill the choices."""
        self.end_known_by.choices = reader.choices("how_known", gettext(N_("Not said")))
        self.end_kind.choices = reader.choices("proceeding_end", gettext(N_("Choose")))
        return self

    def draft(self, reader: Reader) -> EndDraft:
        """Return what was typed; raises Refused."""
        return EndDraft(
            needed(reader, self.ended.data, "ended"),
            self.end_kind.data or "",
            self.end_known_by.data or None,
        )


class PartiesForm(CreateForm):
    """Several people who stand in a proceeding as the same."""

    role = RadioField(lazy(N_("As what?")), validate_choice=False, default=PartyRole.ACCUSED)
    people = TickField(lazy(N_("Who of the case?")), validate_choice=False)
    who = TextAreaField(lazy(N_("Or somebody else")), [Length(max=LISTED_PEOPLE)])

    def offer(self, reader: Reader, people: Choices) -> "PartiesForm":
        """Fill the choices."""
        self.role.choices = reader.choices("party_role")
        self.people.choices = people
        return self

    def draft(self, reader: Reader, answers: Mapping[str, str]) -> PartiesDraft:
        """Return what was chosen, and the people ticked and typed; raises Refused."""
        ticked = [Victim(known=uid) for uid in uids(self.people.data)]
        return PartiesDraft(
            role=member(PartyRole, self.role.data, PartyRole.ACCUSED),
            people=(*ticked, *read_victims(self.who.data, answers, reader.today)),
            sending=self.sending(),
        )


class LawyerForm(CreateForm):
    """A lawyer of several people, from and until."""

    parties = TickField(lazy(N_("Whose lawyer?")), validate_choice=False)
    name = StringField(lazy(N_("Name of the lawyer")), [Length(max=NAME_MOST)])
    began = StringField(lazy(N_("Since when?")), [Length(max=LONGEST_DATE)])

    def offer(self, parties: Choices) -> "LawyerForm":
        """Fill the choices."""
        self.parties.choices = parties
        return self

    def draft(self, reader: Reader) -> LawyerDraft:
        """Return what was typed; raises Refused."""
        return LawyerDraft(
            parties=uids(self.parties.data),
            name=self.name.data or "",
            began=told(reader, self.began.data),
            sending=self.sending(),
        )


class LawyerEndForm(Form):
    """Until when somebody was a lawyer."""

    ended = StringField(
        lazy(N_("Until when?")),
        [InputRequired(lazy(WHEN_NEEDED)), Length(max=LONGEST_DATE)],
    )

    def day(self, reader: Reader) -> When:
        """Return what was typed; raises Refused."""
        return needed(reader, self.ended.data, "ended")


class TieForm(Form):
    """A further case that a proceeding concerns."""

    case = SelectField(lazy(N_("Which case?")), validate_choice=False)

    def offer(self, cases: Choices) -> "TieForm":
        """Fill the choices."""
        self.case.choices = cases
        return self

    def chosen(self) -> UUID:
        """Return which case was chosen; raises Refused."""
        chosen = uids([self.case.data or ""])
        if not chosen:
            raise Refused({"case": NO_CASE})
        return chosen[0]
