"""How many people an incident is about, how many of them are held, and since when: as SQL."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.db import session
from hrdtracker.core.when.model import Precision
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.people.model import Person
from hrdtracker.people.sizes import Count, Size, size_of

SOMEBODY = Size(people=Count(1))
SIZED = (
    Person.id,
    Person.unit,
    Person.head_count,
    Person.head_count_about,
    Person.family_count,
    Person.family_count_about,
)
HELD = "held"
"""The status under which `victim_status` gathers everybody who is deprived of liberty."""


def sizes_of(incidents: Iterable[int]) -> dict[int, Size]:
    """Return how many each of these incidents was done to; somebody unknown is one person too.

    One statement, whatever the number of incidents.
    """
    query = (
        select(Violation.incident_id, *SIZED)
        .outerjoin(Person, Person.id == Violation.victim_id)
        .where(Violation.incident_id.in_(list(incidents)))
        .distinct()
    )
    victims: dict[int, Size] = {}
    for row in session().execute(query):
        size = size_of([row]) if row.id else SOMEBODY
        victims[row.incident_id] = victims.get(row.incident_id, Size()) + size
    return victims


def people_of(*against: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many people an incident names as victims, those of its groups with them.

    A family of which nobody counted the people is one: so many they are at least.

    Only those with a violation `against` them for which these conditions hold, where any are given.
    """
    victims = select(Violation.victim_id).where(Violation.incident_id == Incident.id, *against)
    heads = func.coalesce(func.sum(func.coalesce(Person.head_count, Person.family_count, 1)), 0)
    return (
        select(heads)
        .where(Person.id.in_(victims.correlate(Incident)))
        .correlate(Incident)
        .scalar_subquery()
    )


def held_in() -> ColumnElement[int]:
    """Return how many people an incident says are held; of those nobody named, each violation."""
    unnamed = select(func.count()).where(
        Violation.incident_id == Incident.id, Violation.victim_id.is_(None), is_held()
    )
    return people_of(is_held()) + unnamed.correlate(Incident).scalar_subquery()


def held_since() -> ColumnElement[datetime]:
    """Return since when the first of them is held: since a known day of arrival, else the incident.

    An arrival in some month, or about a day, is not taken for a day.
    """
    is_known = arrival("precision").in_([Precision.MINUTE, Precision.DAY])
    arrived = case((is_known, arrival("earliest")))
    since = func.min(func.coalesce(arrived, Incident.occurred_sort))
    first = select(since).where(Violation.incident_id == Incident.id, is_held())
    return first.correlate(Incident).scalar_subquery()


def arrival(part: str) -> Any:
    """Return a column of when somebody arrived at the police unit."""
    return Violation.arrived.part(Violation, part)


def is_held() -> ColumnElement[bool]:
    """Return the condition that a violation says its victim is held.

    By their status; else, where no status is known, by an arrest, an arrival or a place of custody.
    """
    lists, status = terms(), Violation.status_at_end
    held = [HELD, *(word.code for word in lists.below("victim_status", HELD))]
    types = lists.words("incident_type")
    arrests = [word.code for word in types if word.extra.get("opens") == "arrest"]
    implied = or_(
        Violation.type.in_(arrests),
        arrival("latest").is_not(None),
        getattr(Violation, Violation.place_held.column).is_not(None),
    )
    return or_(status.in_(held), and_(status.is_(None), implied))
