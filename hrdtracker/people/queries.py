"""People as lists and pages show them; every query begins at whom the actor may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core.db import session
from hrdtracker.core.page import AnySelect, Listing, Page
from hrdtracker.core.seal import ring
from hrdtracker.people.drafts import Birth, NameDraft
from hrdtracker.people.model import (
    Contact,
    CountingUnit,
    Person,
    PersonCategory,
    PersonName,
    PersonScope,
)
from hrdtracker.people.search import categories_of

UNKNOWN = "unknown"
GROUP = "group"


@dataclass(frozen=True)
class PersonFilter:
    """What the list of people is narrowed to; `sex` may be "unknown", `unit` person or group."""

    category: str | None = None
    sex: str | None = None
    unit: str | None = None


LISTED = (
    Person.id,
    Person.uid,
    Person.unit,
    Person.sex,
    Person.age,
    Person.age_on,
    Person.head_count,
    Person.head_count_about,
    Person.family_count,
    Person.family_count_about,
    Person.recorded_at,
)


class ListedPerson(NamedTuple):
    """A person or group as a list shows them: the columns in `LISTED`, no name."""

    id: int
    uid: UUID
    unit: str
    sex: str | None
    age: int | None
    age_on: date | None
    head_count: int | None
    head_count_about: bool
    family_count: int | None
    family_count_about: bool
    recorded_at: datetime


@dataclass(frozen=True)
class ListedPeople:
    """A part of the list of people, without names; `categories` by the person's number."""

    page: Page[ListedPerson]
    categories: Mapping[int, tuple[str, ...]]


def people(actor: Actor, criteria: PersonFilter, token: str | None) -> ListedPeople:
    """Return a page of the people the actor may see, the latest recorded first."""
    query = policy.visible(actor, Action.PERSON_READ, Person).with_only_columns(*LISTED)
    listing = Listing(_narrowed(query, criteria), Person.recorded_at, Person.id, ListedPerson)
    page = listing.page(token)
    return ListedPeople(page, categories_of(row.id for row in page.rows))


def _narrowed(query: AnySelect, criteria: PersonFilter) -> AnySelect:
    if criteria.category:
        theirs = select(PersonCategory.person_id).where(
            PersonCategory.person_id == Person.id, PersonCategory.category == criteria.category
        )
        query = query.where(theirs.exists())
    if criteria.sex:
        is_unknown = criteria.sex == UNKNOWN
        query = query.where(Person.sex.is_(None) if is_unknown else Person.sex == criteria.sex)
    if criteria.unit:
        is_one = Person.unit == CountingUnit.PERSON
        query = query.where(~is_one if criteria.unit == GROUP else is_one)
    return query


@dataclass(frozen=True)
class Card:
    """What is known of one person apart from any case. Names stay sealed until they are read."""

    person: Person
    names: tuple[PersonName, ...]
    categories: tuple[str, ...]

    @property
    def drafts(self) -> tuple[NameDraft, ...]:
        """The names as they stand, to keep them so."""
        return tuple(NameDraft(name.name or "", name.kind) for name in self.names)

    @property
    def birth(self) -> Birth | None:
        """When the person was born, as finely as it is known."""
        return Birth.read(self.person.birth_date)


def card_of(person: Person) -> Card:
    """Return names and categories of a person who was fetched, with the key to read them."""
    query = select(PersonName).where(PersonName.person_id == person.id)
    names = session().scalars(query.order_by(PersonName.position, PersonName.id))
    card = Card(person, tuple(names), categories_of([person.id]).get(person.id, ()))
    ring().load([person.data_key_id])
    return card


def sent_contacts(contacts: Iterable[UUID]) -> set[UUID]:
    """Return those of some contacts whose person something that was sent names in their case."""
    query = (
        select(Contact.uid)
        .join(
            PersonScope,
            (PersonScope.person_id == Contact.person_id)
            & (PersonScope.scope_id == Contact.scope_id),
        )
        .where(Contact.uid.in_(set(contacts)), PersonScope.is_told)
    )
    return set(session().scalars(query))
