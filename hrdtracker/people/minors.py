"""Who may have been under 18 at something that is recorded: their names are hidden everywhere."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from hrdtracker.access.calendar import zone_of
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.clock import day_of
from hrdtracker.core.db import session
from hrdtracker.core.page import AnySelect
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import When, local_days
from hrdtracker.people.ages import Born, SaidAge, WhyMasked, why_masked
from hrdtracker.people.drafts import Birth
from hrdtracker.people.model import AgeStatement, CountingUnit, Person

REACHES_BACK = timedelta(days=5 * 365)
"""How long before it was recorded something may have been of which no day is known.

Five years: after them a misdemeanour is not prosecuted (Code of Criminal Procedure, art. 10;
reported by a source, reviewed by no lawyer).
"""
Column = InstrumentedAttribute[Any] | ColumnElement[Any]
Events = AnySelect
"""Four columns: the number of a person, the earliest instant of an event, where that is not known
an instant before which it was, and whether somebody of no known age is asked about for it."""
_events: list[Events] = []


def happens_to_people(*events: Events) -> None:
    """Let what is recorded of people say when it happened to them: lines that `events` makes."""
    _events.extend(events)


def events(
    who: Column,
    known: Column,
    before: Column,
    *,
    asks: bool = True,
) -> Events:
    """Return events: of whom, their earliest instant, and one before which they were.

    The last counts where no day is known. `asks`: see `First`.
    """
    undated = case((known.is_(None), before), else_=null())
    return select(who, known.label("known"), undated.label("before"), literal(int(asks)))


def may_have_been_minors(people: Collection[int]) -> dict[int, WhyMasked]:
    """Return, of these people, who may have been under 18 at any event, and why that is open.

    Charged or not, whoever may see the event. A group has no age. Three statements, and one for the
    keys, whatever their number.
    """
    if not people:
        return {}
    query = select(Person).where(Person.id.in_(people), Person.unit == CountingUnit.PERSON)
    persons = list(session().scalars(query))
    ages = said_of(persons)
    first = _first_instants(persons)
    found = {
        person.id: why_masked(ages[person.id], _first_day(person, first.get(person.id), ages))
        for person in persons
    }
    return {number: why for number, why in found.items() if why is not None}


def is_masked_by(person: Person, said: SaidAge) -> bool:
    """Tell whether somebody may have been a minor if nothing were said but this."""
    first = _first_instants([person]).get(person.id)
    ages = {person.id: [said.born()]}
    return why_masked(ages[person.id], _first_day(person, first, ages)) is not None


def may_have_been_minor_at(person: Person, when: When | None) -> bool:
    """Tell whether somebody may have been under 18 when something happened.

    That is as early as it may have been; whatever is known of it, where its day is not known.
    """
    if person.unit != CountingUnit.PERSON:
        return False
    days = local_days(when) if when is not None else None
    if days is None:
        return person.id in may_have_been_minors([person.id])
    return why_masked(said_of([person])[person.id], days[0]) is not None


def said_of(people: Iterable[Person]) -> dict[int, list[Born]]:
    """Return all that is said of the ages of people; it is compared, and shown to nobody.

    One statement, and one for the keys.
    """
    every = list(people)
    kept = _statements([person.id for person in every])
    sealed = [person for person in every if Person.birth_date.ciphertext(person)]
    ring().load({row.data_key_id for row in (*sealed, *kept)})
    ages = {person.id: _recorded(person) for person in every}
    for row in kept:
        ages[row.person_id].append(_stated(row))
    return ages


def _statements(people: Collection[int]) -> list[AgeStatement]:
    query = select(AgeStatement).where(
        AgeStatement.person_id.in_(people), AgeStatement.taken_back_at.is_(None)
    )
    return list(session().scalars(query.order_by(AgeStatement.id))) if people else []


def recorded_age(person: Person) -> SaidAge | None:
    """Return the age or birth that stands on a person’s record; compared, and shown to nobody.

    The key must be there where a birth is recorded.
    """
    sealed = Person.birth_date.ciphertext(person)
    if sealed is not None:
        kept = Person.birth_date.unseal_to_compare(Person, person.uid, person.data_key_id, sealed)
        return SaidAge(Birth.read(kept))
    if person.age is None or person.age_on is None:
        return None
    return SaidAge(None, person.age, person.age, person.age_on)


def _recorded(person: Person) -> list[Born]:
    said = recorded_age(person)
    return [said.born()] if said else []


def _stated(row: AgeStatement) -> Born:
    kept = AgeStatement.said.unseal_to_compare(
        AgeStatement, row.uid, row.data_key_id, AgeStatement.said.ciphertext(row) or b""
    )
    return SaidAge.read(kept).born(is_proven=is_document(row.known_by))


def is_document(known_by: str) -> bool:
    """Tell whether an age is known by a document of birth or identity, which outweighs words."""
    term = terms().find("age_evidence", known_by)
    return term is not None and DOCUMENT in {term.code, term.parent}


DOCUMENT = "document"
"""The term under which `age_evidence` gathers every document of birth or identity."""


# When something first happened to them ------------------------------------------------------------


@dataclass(frozen=True)
class First:
    """The first instant at which something may have happened to somebody.

    `asks` says that it is something for which an unknown age is masked: not what somebody is only
    alleged to have done.
    """

    instant: datetime
    asks: bool


def _first_day(person: Person, first: First | None, ages: Mapping[int, list[Born]]) -> date | None:
    """Return the first day that counts: of an event, or that of the record where an age is said.

    A child whom nothing happened to, a witness’s son, is a minor as well; somebody of whom neither
    an age nor an event is known is not asked about.
    """
    is_known = bool(ages[person.id])
    instants = [first.instant] if first is not None and (is_known or first.asks) else []
    if is_known:
        instants.append(person.recorded_at)
    zone = zone_of(person.organisation_id)
    return min((day_of(instant, zone) for instant in instants), default=None)


def _first_instants(people: Collection[Person]) -> dict[int, First]:
    """Return when something may have happened first to each; one statement."""
    if not people:
        return {}
    numbers = [person.id for person in people]
    theirs = (events.where(events.selected_columns[0].in_(numbers)) for events in _events)
    happened = union_all(*theirs).subquery()
    who, known, before, asks = happened.columns
    query = select(who, func.min(known), func.min(before), func.max(asks)).group_by(who)
    return {
        number: First(_earliest(earliest, latest), bool(asks))
        for number, earliest, latest, asks in session().execute(query)
    }


def _earliest(known: datetime | None, before: datetime | None) -> datetime:
    """Return the first instant at which the earlier of two events may have been."""
    instants = [known, before - REACHES_BACK if before is not None else None]
    return min(instant for instant in instants if instant is not None)
