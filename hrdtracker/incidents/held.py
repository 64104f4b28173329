"""Where people are held, an incident a line, for the first page: the most urgent first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, case, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.page import AnySelect
from hrdtracker.core.seal import ring
from hrdtracker.custody.model import IS_CONFIRMED, Stay
from hrdtracker.custody.states import KNOWN_AFTER, HeldCount
from hrdtracker.incidents.headcount import held_counts, people_of
from hrdtracker.incidents.model import Incident, IncidentStatus, Violation


class HeldIncident(NamedTuple):
    """An incident of which people are held: how many of how many, since when, who said so last."""

    uid: UUID
    type: str
    province: str | None
    code: str
    people: int
    fresh: int
    lapsed: int
    unknown: int
    unheard_since: datetime | None
    fresh_since: datetime | None
    held_since: datetime
    confirmed_at: datetime
    confirmer: User

    @property
    def held(self) -> HeldCount:
        """How many are held, by how good the word is."""
        return HeldCount(self.fresh, self.lapsed, self.unknown, self.unheard_since)


def held_now(actor: Actor, most: int) -> Sequence[HeldIncident]:
    """Return where people are held, of the incidents that the actor may read; one statement.

    First of whom anything was heard this week, then the most urgent, then where most people are
    held, then where they are held longest. What an import alone says is left out: nobody here ever
    heard of them.
    """
    heard_of = (
        select(Violation.incident_id)
        .join(Stay, Stay.violation_id == Violation.id)
        .where(IS_CONFIRMED)
    )
    counts = held_counts(Violation.incident_id.in_(heard_of))
    chosen = _first(actor, counts.subquery(), most).subquery()
    latest = (
        select(Stay.confirmed_by_id)
        .join(Violation, Violation.id == Stay.violation_id)
        .where(Violation.incident_id == chosen.c.incident_id, IS_CONFIRMED)
        .order_by(Stay.confirmed_at.desc(), Stay.id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            Incident.uid,
            Incident.type,
            Incident.province,
            Case.code,
            people_of(),
            chosen.c.fresh,
            chosen.c.lapsed,
            chosen.c.unknown,
            chosen.c.unheard_since,
            chosen.c.fresh_since,
            chosen.c.held_since,
            chosen.c.heard_at,
            User,
        )
        .select_from(chosen)
        .join(Incident, Incident.id == chosen.c.incident_id)
        .join(Case, Case.id == Incident.case_id)
        .join(User, User.id == latest)
        .order_by(*_order(chosen, chosen.c.urgency_rank))
    )
    rows = [HeldIncident._make(row) for row in session().execute(query)]
    ring().load({row.confirmer.data_key_id for row in rows})
    return rows


def _first(actor: Actor, counts: Subquery, most: int) -> AnySelect:
    """Return the query of what comes first of what the actor may read, with its counts."""
    return (
        policy.visible(actor, Action.INCIDENT_READ, Incident)
        .join(counts, counts.c.incident_id == Incident.id)
        .with_only_columns(counts, Incident.urgency_rank)
        .where(Incident.status != IncidentStatus.DRAFT, counts.c.heard_at.is_not(None))
        .order_by(*_order(counts, Incident.urgency_rank))
        .limit(most)
    )


def _order(counts: Subquery, urgency: Any) -> list[ColumnElement[Any]]:
    is_known = case((counts.c.heard_at > KNOWN_AFTER, 0), else_=1)
    held = counts.c.fresh + counts.c.lapsed + counts.c.unknown
    return [is_known, urgency.desc(), held.desc(), counts.c.held_since, counts.c.incident_id]
