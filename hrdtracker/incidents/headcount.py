"""How many people an incident is about, how many of them are held, and since when: as SQL."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from hrdtracker.core.db import session
from hrdtracker.core.page import AnySelect
from hrdtracker.core.when.model import Precision
from hrdtracker.custody.states import Confirmation, has_word
from hrdtracker.incidents.custody import arrival, is_said_held
from hrdtracker.incidents.model import Incident, IncidentStatus, Violation
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.people.sizes import SIZED, Count, Size, size_of

SOMEBODY = Size(people=Count(1))
Later, LaterIncident = aliased(Violation), aliased(Incident)
"""What else the case says of the same person."""


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
    """Return since when the first of them is held."""
    first = select(_first_held()).where(Violation.incident_id == Incident.id, is_held())
    return first.correlate(Incident).scalar_subquery()


def _first_held() -> ColumnElement[datetime]:
    """Return the first day of those held: that of a known arrival, else that of the incident.

    An arrival in some month, or about a day, is not taken for a day.
    """
    is_known = arrival(Violation, "precision").in_([Precision.MINUTE, Precision.DAY])
    return func.min(
        func.coalesce(case((is_known, arrival(Violation, "earliest"))), Incident.occurred_sort)
    )


def held_counts(*conditions: ColumnElement[bool]) -> AnySelect:
    """Return the query of how many are held in each incident, by how good the word for it is.

    With the oldest word of each kind, the latest of all, and since when the first is held.
    """
    heads = func.coalesce(Person.head_count, Person.family_count, 1)
    fresh, lapsed, unknown = (
        func.sum(case((has_word(state, Violation), heads), else_=0)) for state in Confirmation
    )
    fresh_since, unheard_since = (
        func.min(case((has_word(state, Violation), Violation.confirmed_at)))
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
            func.max(Violation.confirmed_at).label("heard_at"),
            _first_held().label("held_since"),
        )
        .join(Incident, Incident.id == Violation.incident_id)
        .outerjoin(Person, Person.id == Violation.victim_id)
        .where(is_held(), *conditions)
        .group_by(Violation.incident_id)
    )


def is_held() -> ColumnElement[bool]:
    """Return the condition that somebody is held: a violation says so, and nothing later of them.

    The query reads the violation’s incident beside it.
    """
    return and_(is_said_held(), not_(_is_superseded()))


def _is_superseded() -> ColumnElement[bool]:
    """Return the condition that the case says something later of how the same person is.

    Of one incident a status is the last word, else what was added last; what somebody only drafted
    says nothing. So of each person one violation is the last word.
    """
    says_more = or_(
        and_(Violation.status_at_end.is_(None), Later.status_at_end.is_not(None)),
        and_(
            Violation.status_at_end.is_(None) == Later.status_at_end.is_(None),
            Later.id > Violation.id,
        ),
    )
    comes_after = or_(
        LaterIncident.occurred_sort > Incident.occurred_sort,
        and_(LaterIncident.occurred_sort == Incident.occurred_sort, LaterIncident.id > Incident.id),
        and_(LaterIncident.id == Incident.id, says_more),
    )
    later = (
        select(Later.id)
        .join(LaterIncident, LaterIncident.id == Later.incident_id)
        .where(
            Later.victim_id == Violation.victim_id,
            LaterIncident.case_id == Incident.case_id,
            LaterIncident.status != IncidentStatus.DRAFT,
            or_(Later.status_at_end.is_not(None), is_said_held(Later)),
            comes_after,
        )
    )
    return later.correlate(Violation, Incident).exists()
