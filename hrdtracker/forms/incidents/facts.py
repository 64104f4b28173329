"""What is added to an incident later: people and what became of them, sources, perpetrators."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from hrdtracker.core.errors import N_, NotFound
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import LINE, LONG_TEXT, CreateForm, Form, lazy, text_or_none
from hrdtracker.forms.reader import LISTED_PEOPLE, Reader, TickField, read_victims, uids
from hrdtracker.incidents.drafts import InvolvementDraft, SourceDraft, VictimUpdate, ViolationDraft
from hrdtracker.people.drafts import Victim


class PeopleForm(Form):
    """What has happened since to the people who are ticked."""

    version = HiddenField()
    people = TickField(lazy(N_("Whom is this about?")), validate_choice=False)
    status = SelectField(lazy(N_("What has happened to them?")), validate_choice=False)
    arrived = StringField(lazy(N_("Arrived at the police unit")), [Length(max=LONGEST_DATE)])
    arrived_asked = HiddenField()
    held = StringField(lazy(N_("Place held")), [Length(max=LINE)])

    @classmethod
    def begun(cls, address: MultiDict[str, str]) -> dict[str, Any]:
        """Return what the address of the form says already: whom it is about, what happened."""
        return {"people": address.getlist("people"), "status": address.get("status")}

    def offer(self, reader: Reader, people: list[tuple[str, str]]) -> "PeopleForm":
        """Fill the choices."""
        self.people.choices = people
        self.status.choices = reader.choices("victim_status", gettext(N_("No change")))
        return self

    def update(self, reader: Reader) -> VictimUpdate:
        """Return what was ticked and said; raises Refused."""
        return VictimUpdate(
            violations=uids(self.people.data),
            status_at_end=self.status.data or None,
            arrived=reader.past(self, "arrived"),
            place_held=text_or_none(self.held.data),
        )


class ViolationForm(CreateForm):
    """One more type of act, against people of this incident or others."""

    version = HiddenField()
    type = SelectField(lazy(N_("What happened?")), validate_choice=False)
    people = TickField(lazy(N_("To whom?")), validate_choice=False)
    who = TextAreaField(lazy(N_("Or somebody else")), [Length(max=LISTED_PEOPLE)])

    def offer(self, reader: Reader, people: list[tuple[str, str]]) -> "ViolationForm":
        """Fill the choices."""
        self.type.choices = reader.choices("incident_type", gettext(N_("Choose")))
        self.people.choices = people
        return self

    def draft(self, reader: Reader, answers: Mapping[str, str]) -> ViolationDraft:
        """Return what was chosen, and the people ticked and typed; raises Refused."""
        ticked = [Victim(known=uid) for uid in uids(self.people.data)]
        victims = (*ticked, *read_victims(self.who.data, answers, reader.today))
        return ViolationDraft(self.type.data or "", victims, self.sending())


class SourceForm(CreateForm):
    """How we know."""

    version = HiddenField()
    connection = SelectField(lazy(N_("How is the source connected?")), validate_choice=False)
    reliability = SelectField(lazy(N_("How reliable?")), validate_choice=False)
    material = SelectField(lazy(N_("Kind of material")), validate_choice=False)
    supports = TickField(lazy(N_("What does it support?")), validate_choice=False)
    identity = StringField(lazy(N_("Who is it?")), [Length(max=LINE)])
    remarks = TextAreaField(lazy(N_("Remarks that could identify them")), [Length(max=LONG_TEXT)])
    readers = TickField(lazy(N_("Who else may know who it is?")), validate_choice=False)

    def offer(
        self, reader: Reader, supports: list[tuple[str, str]], readers: list[tuple[str, str]]
    ) -> "SourceForm":
        """Fill the choices."""
        empty = gettext(N_("Not said"))
        self.connection.choices = reader.choices("source_connection", gettext(N_("Choose")))
        self.reliability.choices = reader.choices("source_reliability", empty)
        self.material.choices = reader.choices("source_material", empty)
        self.supports.choices, self.readers.choices = supports, readers
        return self

    def draft(self) -> SourceDraft:
        """Return what was typed; raises Refused."""
        return SourceDraft(
            connection=self.connection.data or "",
            reliability=self.reliability.data or None,
            material=self.material.data or None,
            identity=text_or_none(self.identity.data),
            remarks=text_or_none(self.remarks.data),
            supports=uids(self.supports.data),
            readers=uids(self.readers.data),
            sending=self.sending(),
        )


class InvolvementForm(CreateForm):
    """Who is alleged to have done it."""

    version = HiddenField()
    perpetrator_type = SelectField(
        lazy(N_("Who is alleged to have done it?")), validate_choice=False
    )
    words = StringField(
        lazy(N_("Which person, unit, body or company, in words")), [Length(max=LINE)]
    )
    same_as = HiddenField()
    """Who it is of those offered, empty for none of them; not sent where nobody was offered."""
    same_as_words = HiddenField()
    """The words for which somebody was offered."""
    degree = SelectField(lazy(N_("How were they involved?")), validate_choice=False)
    certainty = SelectField(lazy(N_("How certain is that?")), validate_choice=False)

    def offer(self, reader: Reader) -> "InvolvementForm":
        """Fill the choices."""
        empty = gettext(N_("Not said"))
        self.perpetrator_type.choices = reader.choices("perpetrator_type", gettext(N_("Choose")))
        self.degree.choices = reader.choices("degree_of_involvement", empty)
        self.certainty.choices = reader.choices("certainty", empty)
        return self

    @property
    def named(self) -> str:
        """The words that may be the name of somebody on record."""
        return text_or_none(self.words.data) or ""

    @property
    def says_who(self) -> bool:
        """Whether somebody on record was chosen, or nobody of those offered for these words."""
        is_of_these = self.same_as_words.data == self.named
        return bool(self.same_as.data) or (self.same_as.data is not None and is_of_these)

    def draft(self) -> InvolvementDraft:
        """Return what was typed and chosen; raises Refused, and NotFound for what is no uid."""
        return InvolvementDraft(
            perpetrator_type=self.perpetrator_type.data or "",
            words=text_or_none(self.words.data),
            degree=self.degree.data or None,
            certainty=self.certainty.data or None,
            alleged_perpetrator=_uid(self.same_as.data),
            sending=self.sending(),
        )


def _uid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None
