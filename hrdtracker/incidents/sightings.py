"""What tells people of the same name apart: the case that names them, its areas, where it was."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case, CaseArea, CaseStatus
from hrdtracker.core.db import session
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.people.model import Person, PersonScope

PLACE: tuple[InstrumentedAttribute[str | None], ...] = (
    Incident.province,
    Incident.district,
    Incident.commune,
)


@dataclass(frozen=True)
class Sighting:
    """Where somebody stands on record for a reader: in which case, with which areas, and where.

    Of several cases it is the latest open one that may be added to, else the latest; `places` are
    the codes of the gazetteer of the latest incident against them, the largest first.
    """

    case: UUID | None
    code: str
    may_extend: bool
    areas: tuple[str, ...]
    places: tuple[str | None, ...]


NOWHERE = Sighting(None, "", may_extend=False, areas=(), places=())


def sightings(actor: Actor, people: Collection[UUID]) -> dict[UUID, Sighting]:
    """Return where these people were seen last in what the actor may read; three statements."""
    if not people:
        return {}
    cases = _cases(actor, people)
    areas = _areas({case.id for case, _ in cases.values()})
    places = _places(actor, people)
    return {
        uid: Sighting(
            case.uid if case else None,
            case.code if case else "",
            may_extend,
            areas.get(case.id, ()) if case else (),
            places.get(uid, ()),
        )
        for uid in people
        for case, may_extend in [cases.get(uid, (None, False))]
    }


def _cases(actor: Actor, people: Collection[UUID]) -> dict[UUID, tuple[Case, bool]]:
    may_extend = policy.condition(actor, Action.CASE_EXTEND, Case, of_few=True)
    query = (
        select(Person.uid, Case, may_extend)
        .join(PersonScope, PersonScope.person_id == Person.id)
        .join(Case, Case.scope_id == PersonScope.scope_id)
        .where(
            Person.uid.in_(people),
            PersonScope.told_to(actor.id),
            policy.condition(actor, Action.CASE_READ, Case, of_few=True),
        )
        .order_by(Case.lead_at, Case.id)
    )
    rows = [
        (uid, case, bool(may) and case.status != CaseStatus.CLOSED)
        for uid, case, may in session().execute(query)
    ]
    return {uid: (case, may) for uid, case, may in sorted(rows, key=lambda row: row[2])}


def _areas(cases: Collection[int]) -> dict[int, tuple[str, ...]]:
    query = select(CaseArea.case_id, CaseArea.area).where(CaseArea.case_id.in_(cases))
    return _grouped(session().execute(query.order_by(CaseArea.area))) if cases else {}


def _grouped(rows: Iterable[Any]) -> dict[int, tuple[str, ...]]:
    areas: dict[int, tuple[str, ...]] = {}
    for case_id, area in rows:
        areas[case_id] = (*areas.get(case_id, ()), area)
    return areas


def _places(actor: Actor, people: Collection[UUID]) -> dict[UUID, tuple[str | None, ...]]:
    query = (
        select(Person.uid, *PLACE)
        .join(Violation, Violation.victim_id == Person.id)
        .join(Incident, Incident.id == Violation.incident_id)
        .where(
            Person.uid.in_(people),
            Incident.province.is_not(None),
            policy.condition(actor, Action.INCIDENT_READ, Incident, of_few=True),
        )
        .order_by(Incident.occurred_sort, Incident.id)
    )
    return {uid: tuple(places) for uid, *places in session().execute(query)}
