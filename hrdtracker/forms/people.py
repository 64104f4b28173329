"""A person or group, and how to reach them, as forms ask for them."""

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from typing import ParamSpec, TypeVar

from flask_babel import gettext
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.core.when.model import local_days, months_after
from hrdtracker.core.when.parse import LONGEST_DATE
from hrdtracker.forms.base import (
    LINE,
    LONG_TEXT,
    CreateForm,
    Form,
    lazy,
    member,
    number_or_none,
    text_or_none,
)
from hrdtracker.forms.reader import Reader, TickField
from hrdtracker.people.drafts import (
    NAME_MOST,
    NAMES_MOST,
    NO_AGE,
    NO_COUNT,
    NO_FAMILIES,
    Birth,
    ContactDraft,
    NameDraft,
    PersonDraft,
)
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import Contact, CountingUnit
from hrdtracker.people.queries import Card

HIDDEN_AGAIN = N_(
    "The names are hidden again: your reason no longer holds. Show them on the page of this "
    "person, and save here once more."
)
YEAR = re.compile(r"\d{4}")
P = ParamSpec("P")
Answer = TypeVar("Answer")


class NameForm(Form):
    """One name and its kind."""

    name = StringField(lazy(N_("Name, family name first")), [Length(max=NAME_MOST)])
    kind = SelectField(lazy(N_("Kind of name")), validate_choice=False)


class SearchForm(Form):
    """A name to look for."""

    name = StringField(
        lazy(N_("Name, in either script")),
        [DataRequired(lazy(N_("Write the name to look for."))), Length(max=NAME_MOST)],
    )


class NameReasonForm(Form):
    """What a name is needed for of somebody who may have been under 18."""

    reason = SelectField(lazy(N_("What do you need it for?")), validate_choice=False)

    def offer(self, reader: Reader) -> "NameReasonForm":
        """Fill the choices in the reader's language."""
        self.reason.choices = reader.choices("name_reason", gettext(N_("Choose")))
        return self


class PersonForm(CreateForm):
    """What is known of a person or a group; no answer is required."""

    version = HiddenField()
    names_shown = HiddenField()
    """Whether the names stood in the form: of who may have been under 18 they take a reason.

    Names that did not stand there stay; that they did is believed only where they may be shown.
    """
    unit = SelectField(lazy(N_("Who is this?")), validate_choice=False)
    names = FieldList(FormField(NameForm), min_entries=1, max_entries=NAMES_MOST)
    sex = RadioField(lazy(N_("Sex, as they state it")), validate_choice=False)
    age = StringField(lazy(N_("Age in years")), [Length(max=LINE)])
    age_on = StringField(lazy(N_("On which day was that their age?")), [Length(max=LONGEST_DATE)])
    birth = StringField(lazy(N_("Born")), [Length(max=LONGEST_DATE)])
    head_count = StringField(lazy(N_("How many people")), [Length(max=LINE)])
    head_count_about = BooleanField(lazy(N_("This number is rough")))
    family_count = StringField(lazy(N_("How many families")), [Length(max=LINE)])
    family_count_about = BooleanField(lazy(N_("This number of families is rough")))
    categories = TickField(lazy(N_("What they defend")), validate_choice=False)
    interpreter_language = SelectField(
        lazy(N_("Interpreter needed: which language?")), validate_choice=False
    )
    remarks = TextAreaField(lazy(N_("Remarks")), [Length(max=LONG_TEXT)])

    @staticmethod
    def values(card: Card, *, names_shown: bool = True) -> dict[str, object]:
        """Return what is kept of a person, as the form shows it."""
        person = card.person
        names = card.names if names_shown else ()
        return {
            "version": str(person.version),
            "unit": person.unit,
            "names_shown": "1" if names_shown else "",
            "names": [{"name": name.name or "", "kind": name.kind} for name in names],
            "sex": person.sex or "",
            "age": "" if person.age is None else str(person.age),
            "age_on": _day_text(person.age_on),
            "birth": birth_text(card.birth),
            "head_count": "" if person.head_count is None else str(person.head_count),
            "head_count_about": person.head_count_about,
            "family_count": "" if person.family_count is None else str(person.family_count),
            "family_count_about": person.family_count_about,
            "categories": list(card.categories),
            "interpreter_language": person.interpreter_language or "",
            "remarks": person.remarks or "",
        }

    def offer(self, reader: Reader) -> "PersonForm":
        """Fill the choices in the reader's language, and leave room for one more name."""
        groups = reader.choices("group_kind")
        self.unit.choices = [(CountingUnit.PERSON.value, gettext(N_("One person"))), *groups]
        self.sex.choices = [
            (Sex.FEMALE.value, gettext(N_("Female"))),
            (Sex.MALE.value, gettext(N_("Male"))),
            (Sex.OTHER.value, gettext(N_("Other, as stated"))),
            ("", gettext(N_("Not known"))),
        ]
        self.sex.data = self.sex.data or ""
        self.categories.choices = reader.choices("defender_category")
        none = ("", gettext(N_("None is needed, or not known")))
        self.interpreter_language.choices = [none, *reader.choices("language")]
        if self.names[-1].data["name"] and len(self.names) < NAMES_MOST:
            self.names.append_entry()
        for entry in self.names:
            entry.form.kind.choices = reader.choices("name_kind")
        return self

    def name_drafts(self) -> tuple[NameDraft, ...]:
        """Return the names that were filled in; an emptied one is taken away."""
        return tuple(
            NameDraft(name, entry["kind"] or "as_told")
            for entry in self.names.data
            if (name := text_or_none(entry["name"]))
        )

    def draft(
        self, reader: Reader, card: Card | None = None, *, names_shown: bool = True
    ) -> PersonDraft:
        """Return what was typed as it is meant; raises Refused with every reason at once.

        Of a person on record, `card`, the names stay that did not stand in the form. `names_shown`
        says whether they may be shown now.
        """
        if self.names_shown.data and not names_shown:
            raise Refused({"names": HIDDEN_AGAIN})
        reasons = Reasons()
        kept = () if card is None or self.names_shown.data else card.drafts
        draft = reasons.of(
            PersonDraft,
            names=tuple(dict.fromkeys((*kept, *self.name_drafts()))),
            unit=member(CountingUnit, self.unit.data, CountingUnit.PERSON),
            sex=next((sex for sex in Sex if sex == self.sex.data), None),
            age=reasons.of(number_or_none, self.age.data, NO_AGE, "age"),
            age_on=reasons.of(read_day, reader, self.age_on.data, "age_on"),
            birth=reasons.of(read_birth, reader, self.birth.data),
            head_count=reasons.of(number_or_none, self.head_count.data, NO_COUNT, "head_count"),
            head_count_about=bool(self.head_count_about.data),
            family_count=reasons.of(
                number_or_none, self.family_count.data, NO_FAMILIES, "family_count"
            ),
            family_count_about=bool(self.family_count_about.data),
            categories=frozenset(self.categories.data or ()),
            interpreter_language=text_or_none(self.interpreter_language.data),
            remarks=text_or_none(self.remarks.data),
        )
        return reasons.settle(draft)


class ContactForm(CreateForm):
    """How somebody can be reached, and what keeps them safe."""

    version = HiddenField()
    kind = SelectField(lazy(N_("How?")), [InputRequired()], validate_choice=False)
    value = StringField(lazy(N_("Number or address")), [Length(max=LINE)])
    hours = StringField(lazy(N_("At which hours")), [Length(max=LINE)])
    name_to_use = StringField(lazy(N_("Name to ask for")), [Length(max=LINE)])
    code_word = StringField(lazy(N_("Code word")), [Length(max=LINE)])
    who_may_answer = StringField(lazy(N_("Who may answer")), [Length(max=LINE)])
    never = StringField(lazy(N_("Never")), [Length(max=LINE)])
    checked_on = StringField(lazy(N_("Last checked on")), [Length(max=LONGEST_DATE)])

    @staticmethod
    def values(contact: Contact) -> dict[str, object]:
        """Return what is kept of a contact, as the form shows it."""
        names = [field.name for field in fields(ContactDraft) if field.name != "checked_on"]
        kept: dict[str, object] = {name: getattr(contact, name) or "" for name in names}
        return {
            **kept,
            "version": str(contact.version),
            "checked_on": _day_text(contact.checked_on),
        }

    def offer(self, reader: Reader) -> "ContactForm":
        """Fill the choices in the reader's language."""
        self.kind.choices = reader.choices("contact_kind")
        return self

    def draft(self, reader: Reader) -> ContactDraft:
        """Return what was typed as it is meant; raises Refused."""
        names = ("value", "hours", "name_to_use", "code_word", "who_may_answer", "never")
        reasons = Reasons()
        draft = reasons.of(
            ContactDraft,
            kind=self.kind.data or "",
            checked_on=reasons.of(read_day, reader, self.checked_on.data, "checked_on"),
            **{name: text_or_none(self[name].data) for name in names},
        )
        return reasons.settle(draft)


class Reasons:
    """The reasons against several answers, so that all are told at once."""

    def __init__(self) -> None:
        self._found: dict[str, Message | str] = {}

    def of(self, read: Callable[P, Answer], *args: P.args, **kwargs: P.kwargs) -> Answer | None:
        """Return what `read` makes of an answer; None, and the reason kept, where it refuses."""
        try:
            return read(*args, **kwargs)
        except Refused as refused:
            self._found |= refused.reasons
            return None

    def settle(self, draft: Answer | None) -> Answer:
        """Return the draft, or raise Refused with every reason that was found."""
        if self._found or draft is None:
            raise Refused(self._found)
        return draft


def read_day(reader: Reader, text: str | None, field: str) -> date | None:
    """Return the one day that was typed, None for nothing; raises Refused for anything else."""
    if not text_or_none(text):
        return None
    days = local_days(reader.when(text))
    if days is None or days[1] > days[0] + timedelta(days=1):
        raise Refused({field: N_("Write one day, such as 16 November 2026.")})
    return days[0]


def read_birth(reader: Reader, text: str | None) -> Birth | None:
    """Return a day, month or year of birth, None for nothing; raises Refused for anything else.

    The year must have been typed: a birthday without one is of no year that we know.
    """
    if not text_or_none(text):
        return None
    days = local_days(reader.when(text))
    born = _whole(*days) if days and YEAR.search(text or "") else None
    if born is None:
        raise Refused(
            {"birth": N_("Write a day, a month or a year; or leave it and write the age.")}
        )
    return born


def birth_text(birth: Birth | None) -> str:
    """Return a date of birth as it can be typed: 12/03/1990, 03/1990 or 1990."""
    if birth is None:
        return ""
    parts = [f"{part:02}" for part in (birth.day, birth.month) if part]
    return "/".join([*parts, f"{birth.year:04}"])


def _whole(first: date, after: date) -> Birth | None:
    """Return the very day, month or year that reaches from `first` to before `after`."""
    if after == first + timedelta(days=1):
        return Birth(first.year, first.month, first.day)
    if first.day == 1 and after == months_after(first, 1):
        return Birth(first.year, first.month)
    if first.day == first.month == 1 and after == months_after(first, 12):
        return Birth(first.year)
    return None


def _day_text(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
