"""How many people an incident is about, how many of them are held, and since when: as SQL."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, select

from hrdtracker.core.db import session
from hrdtracker.core.page import AnySelect
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import Confirmation, has_word, heads, is_held
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.people.sizes import SIZED, Count, Size, size_of

SOMEBODY = Size(people=Count(1))


def victims_in() -> ColumnElement[int]:
    """Return how many victims an incident has; somebody unknown is one, and so is a group."""
    victims = func.count(func.distinct(func.coalesce(Violation.victim_id, 0)))
    query = select(victims).where(Violation.incident_id == Incident.id)
    return query.correlate(Incident).scalar_subquery()


def has_groups() -> ColumnElement[bool]:
    """Return the condition that some victims of an incident are no single people."""
    groups = (
        select(Violation.id)
        .join(Person, Person.id == Violation.victim_id)
        .where(Violation.incident_id == Incident.id, Person.unit != CountingUnit.PERSON)
    )
    return groups.correlate(Incident).exists()


VICTIMS = (
    select(Violation.incident_id, Person.id, *SIZED)
    .outerjoin(Person, Person.id == Violation.victim_id)
    .where(Violation.incident_id.in_(bindparam("incidents", expanding=True)))
    .distinct()
)


def sizes_of(incidents: Iterable[int]) -> dict[int, Size]:
    """Return how many each of these incidents was done to; somebody unknown is one person too.

    One statement, whatever the number of incidents.
    """
    single, groups = Counter[int](), defaultdict[int, list[Any]](list)
    for row in session().execute(VICTIMS, {"incidents": list(incidents)}):
        if row.unit is None or row.unit == CountingUnit.PERSON:
            single[row.incident_id] += 1
        else:
            groups[row.incident_id].append(row)
    people = {number: Size(people=Count(count)) for number, count in single.items()}
    return people | {
        number: people.get(number, Size()) + size_of(rows) for number, rows in groups.items()
    }


def people_of() -> ColumnElement[int]:
    """Return how many people an incident names as victims, those of its groups with them.

    A family of which nobody counted the people is one: so many they are at least.
    """
    victims = select(Violation.victim_id).where(Violation.incident_id == Incident.id)
    heads = func.coalesce(func.sum(func.coalesce(Person.head_count, Person.family_count, 1)), 0)
    return (
        select(heads)
        .where(Person.id.in_(victims.correlate(Incident)))
        .correlate(Incident)
        .scalar_subquery()
    )


def _held_in() -> Select[Any]:
    """Return the query of the stays of those who are held, of the incident that is read outside."""
    return (
        select()
        .select_from(Stay)
        .join(Violation, Violation.id == Stay.violation_id)
        .where(Violation.incident_id == Incident.id, is_held())
        .correlate(Incident)
    )


def held_in() -> ColumnElement[int]:
    """Return how many people an incident says are held; of those nobody named, each stay is one."""
    of_whom = _held_in().outerjoin(Person, Person.id == Stay.person_id)
    return of_whom.add_columns(func.coalesce(func.sum(heads()), 0)).scalar_subquery()


def held_since() -> ColumnElement[datetime]:
    """Return since when the first of them is held."""
    return _held_in().add_columns(func.min(Stay.since)).scalar_subquery()


def held_counts(*conditions: ColumnElement[bool]) -> AnySelect:
    """Return the query of how many are held in each incident, by how good the word for it is.

    With the oldest word of each kind, the latest of all, and since when the first is held.
    """
    fresh, lapsed, unknown = (
        func.sum(case((has_word(state), heads()), else_=0)) for state in Confirmation
    )
    fresh_since, unheard_since = (
        func.min(case((has_word(state), Stay.confirmed_at)))
        for state in (Confirmation.FRESH, Confirmation.LAPSED)
    )
    return (
        select(
            Violation.incident_id,
            fresh.label("fresh"),
            lapsed.label("lapsed"),
            unknown.label("unknown"),
            fresh_since.label("fresh_since"),
            unheard_since.label("unheard_since"),
            func.max(Stay.confirmed_at).label("heard_at"),
            func.min(Stay.since).label("held_since"),
        )
        .select_from(Stay)
        .join(Violation, Violation.id == Stay.violation_id)
        .outerjoin(Person, Person.id == Stay.person_id)
        .where(is_held(), *conditions)
        .group_by(Violation.incident_id)
    )
