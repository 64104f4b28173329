"""Logging an incident, changing it, and what is added to it later."""

from collections.abc import Mapping

from flask_babel import gettext
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.when.model import When
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import (
    LINE,
    LONG_TEXT,
    CreateForm,
    Form,
    lazy,
    member,
    text_or_none,
    unchanged,
)
from hrdtracker.forms.reader import LISTED_PEOPLE, Reader, TickField, read_victims
from hrdtracker.incidents.drafts import Custody, IncidentDraft, Location
from hrdtracker.incidents.gazetteer import read_place
from hrdtracker.incidents.model import PlaceKind, Urgency

ANOTHER = "another"
OPENS_ARREST = ("arrest", "detention")


def quick_types(locale: str) -> list[tuple[str, str]]:
    """Return the incident types that a phone shows as buttons, in their order."""
    words = [word for word in terms().words("incident_type") if "quick" in word.extra]
    return [(word.code, word.say(locale)) for word in sorted(words, key=lambda w: w.extra["quick"])]


class LogForm(CreateForm):
    """An incident on one screen: two answers are enough."""

    type = RadioField(
        lazy(N_("What happened?")), [InputRequired(lazy(N_("Choose what happened.")))]
    )
    other_type = SelectField(lazy(N_("Which?")), validate_choice=False)
    when = StringField(
        lazy(N_("When, roughly?")),
        [
            InputRequired(
                lazy(N_("Write when it happened, roughly. “Not known” is an answer too."))
            ),
            Length(max=LONGEST_DATE),
        ],
    )
    when_asked = HiddenField()
    where = StringField(lazy(N_("Where?")), [Length(max=LINE)])
    who = TextAreaField(lazy(N_("Who was it done to?")), [Length(max=LISTED_PEOPLE)])
    arrived = StringField(lazy(N_("Arrived at the police unit")), [Length(max=LONGEST_DATE)])
    arrived_asked = HiddenField()
    held = StringField(lazy(N_("Place held")), [Length(max=LINE)])
    lawyer = RadioField(lazy(N_("Lawyer contacted?")), validate_choice=False)
    narrative = TextAreaField(lazy(N_("In your words")), [Length(max=LONG_TEXT)])
    connection = SelectField(lazy(N_("How do you know?")), validate_choice=False)
    urgent = BooleanField(lazy(N_("Urgent")))
    areas = TickField(lazy(N_("Thematic area")), validate_choice=False)
    office = SelectField(lazy(N_("Office")), validate_choice=False)

    def offer(self, reader: Reader) -> "LogForm":
        """Fill the choices in the reader's language."""
        self.type.choices = [*quick_types(reader.locale), (ANOTHER, gettext(N_("Another…")))]
        self.other_type.choices = reader.choices("incident_type", gettext(N_("Choose")))
        self.lawyer.choices = reader.choices("lawyer_contacted")
        self.connection.choices = reader.choices("source_connection", gettext(N_("Not said")))
        self.areas.choices = reader.choices("thematic_area")
        return self

    def chosen_type(self) -> str:
        """Return the type that was chosen, by button or from the list."""
        chosen = self.other_type.data if self.type.data == ANOTHER else self.type.data
        return chosen or ""

    def draft(self, reader: Reader, answers: Mapping[str, str], *, send: bool) -> IncidentDraft:
        """Return what was typed as it is meant; raises Refused."""
        if self.type.data == ANOTHER and not self.other_type.data:
            raise Refused({"other_type": N_("Choose what happened.")})
        kind = self.chosen_type()
        return IncidentDraft(
            type=kind,
            occurred=reader.past(self, "when") or reader.when(""),
            place=read_place(self.where.data),
            victims=read_victims(self.who.data, answers, reader.today),
            custody=self._custody(reader) if kind in OPENS_ARREST else Custody(),
            narrative=text_or_none(self.narrative.data),
            language=reader.locale,
            urgency=Urgency.URGENT if self.urgent.data else Urgency.NORMAL,
            connection=self.connection.data or None,
            areas=frozenset(self.areas.data or ()),
            send=send,
            sending=self.sending(),
        )

    def _custody(self, reader: Reader) -> Custody:
        return Custody(
            arrived=reader.past(self, "arrived"),
            place_held=text_or_none(self.held.data),
            lawyer_contacted=self.lawyer.data or None,
        )


class EditForm(Form):
    """Everything an incident says; the version is the one that the person saw."""

    version = HiddenField()
    type = SelectField(lazy(N_("What happened?")), validate_choice=False)
    when = StringField(lazy(N_("When, roughly?")), [InputRequired(), Length(max=LONGEST_DATE)])
    when_asked = HiddenField()
    urgency = RadioField(lazy(N_("How urgent?")), validate_choice=False)
    place_kind = RadioField(lazy(N_("Where?")), validate_choice=False)
    province = SelectField(lazy(N_("Province")), validate_choice=False)
    district = SelectField(lazy(N_("District")), validate_choice=False)
    commune = SelectField(lazy(N_("Commune")), validate_choice=False)
    village = StringField(lazy(N_("Village")), [Length(max=LINE)])
    country = SelectField(lazy(N_("Country")), validate_choice=False)
    platform = SelectField(lazy(N_("Platform")), validate_choice=False)
    account = StringField(lazy(N_("Account")), [Length(max=LINE)])
    link = StringField(lazy(N_("Link")), [Length(max=LINE)])
    place = StringField(lazy(N_("The place in words")), [Length(max=LINE)])
    who = TextAreaField(lazy(N_("Add people")), [Length(max=LISTED_PEOPLE)])
    lawyer = RadioField(lazy(N_("Lawyer contacted?")), validate_choice=False)
    narrative = TextAreaField(lazy(N_("In your words")), [Length(max=LONG_TEXT)])
    language = SelectField(lazy(N_("Language of these words")), validate_choice=False)
    tie = TextAreaField(
        lazy(N_("Why it is tied to their human-rights work")), [Length(max=LONG_TEXT)]
    )

    def offer(self, reader: Reader) -> "EditForm":
        """Fill the choices; districts are of the province, communes of the district."""
        empty = gettext(N_("Not known"))
        self.type.choices = reader.choices("incident_type")
        self.urgency.choices = reader.choices("urgency")
        self.place_kind.choices = [
            (PlaceKind.CAMBODIA, gettext(N_("In Cambodia"))),
            (PlaceKind.ABROAD, gettext(N_("In another country"))),
            (PlaceKind.ONLINE, gettext(N_("Online"))),
            (PlaceKind.UNKNOWN, empty),
        ]
        self.province.choices = reader.choices("province", empty)
        self.district.choices = [("", empty), *self._below(reader, "district", self.province.data)]
        self.commune.choices = [("", empty), *self._below(reader, "commune", self.district.data)]
        self.country.choices = reader.choices("country", empty)
        self.platform.choices = reader.choices("platform", empty)
        self.lawyer.choices = reader.choices("lawyer_contacted")
        self.language.choices = reader.choices("language", empty)
        return self

    def draft(
        self, reader: Reader, answers: Mapping[str, str], stored: When | None
    ) -> IncidentDraft:
        """Return what was typed; a date whose words did not change stays as it was read then."""
        return IncidentDraft(
            type=self.type.data or "",
            occurred=self._occurred(reader, stored),
            place=self._place(),
            victims=read_victims(self.who.data, answers, reader.today),
            custody=Custody(lawyer_contacted=self.lawyer.data or None),
            narrative=text_or_none(self.narrative.data),
            language=self.language.data or None,
            tie=text_or_none(self.tie.data),
            urgency=member(Urgency, self.urgency.data, Urgency.NORMAL),
        )

    def _occurred(self, reader: Reader, stored: When | None) -> When:
        same = unchanged(stored, stored.as_told if stored else "", self.when.data)
        return same or reader.past(self, "when") or reader.when("")

    def _place(self) -> Location:
        kind = member(PlaceKind, self.place_kind.data, PlaceKind.UNKNOWN)
        words = text_or_none(self.place.data)
        if kind == PlaceKind.CAMBODIA:
            province, district = self.province.data or None, self.district.data or None
            district = district if district and province and district.startswith(province) else None
            commune = self.commune.data or None
            commune = commune if commune and district and commune.startswith(district) else None
            village = text_or_none(self.village.data)
            return Location(kind, province, district, commune, words=words, village=village)
        if kind == PlaceKind.ABROAD:
            return Location(kind, country=self.country.data or None, words=words)
        if kind == PlaceKind.ONLINE:
            return Location(
                kind,
                platform=self.platform.data or None,
                words=words,
                account=text_or_none(self.account.data),
                link=text_or_none(self.link.data),
            )
        return Location(words=words)

    @staticmethod
    def _below(reader: Reader, codelist: str, parent: str | None) -> list[tuple[str, str]]:
        words = terms().below(codelist, parent) if parent else []
        return [(word.code, word.say(reader.locale)) for word in words]
