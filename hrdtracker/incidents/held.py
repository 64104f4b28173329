"""Where people are held, an incident a line, for the first page: the most urgent first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, case, func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.page import AnySelect
from hrdtracker.core.seal import ring
from hrdtracker.incidents.custody import Confirmation, HeldCount
from hrdtracker.incidents.headcount import (
    KNOWN_AFTER,
    heard_first,
    held_in,
    held_since,
    is_held,
    people_of,
)
from hrdtracker.incidents.model import IS_CONFIRMED, Incident, IncidentStatus, Violation


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
    chosen = _first(actor, most).subquery()
    latest = (
        select(Violation.id)
        .where(Violation.incident_id == Incident.id, IS_CONFIRMED, is_held())
        .order_by(Violation.confirmed_at.desc(), Violation.id)
        .limit(1)
        .correlate(Incident)
        .scalar_subquery()
    )
    query = (
        select(
            Incident.uid,
            Incident.type,
            Incident.province,
            Case.code,
            people_of(),
            *(held_in(state) for state in Confirmation),
            heard_first(Confirmation.LAPSED),
            heard_first(Confirmation.FRESH),
            chosen.c.held_since,
            Violation.confirmed_at,
            User,
        )
        .select_from(chosen)
        .join(Incident, Incident.id == chosen.c.number)
        .join(Case, Case.id == Incident.case_id)
        .join(Violation, Violation.id == latest)
        .join(User, User.id == Violation.confirmed_by_id)
        .order_by(*_order(chosen))
    )
    rows = [HeldIncident._make(row) for row in session().execute(query)]
    ring().load({row.confirmer.data_key_id for row in rows})
    return rows


def _first(actor: Actor, most: int) -> AnySelect:
    """Return the query of what comes first: the number of each incident, and what orders them."""
    heard = select(func.max(Violation.confirmed_at)).where(
        Violation.incident_id == Incident.id, IS_CONFIRMED, is_held()
    )
    ever_confirmed = select(Violation.incident_id).where(IS_CONFIRMED)
    rows = (
        policy.visible(actor, Action.INCIDENT_READ, Incident)
        .with_only_columns(
            Incident.id.label("number"),
            Incident.urgency_rank,
            heard.correlate(Incident).scalar_subquery().label("heard_at"),
            held_in().label("held"),
            held_since().label("held_since"),
        )
        .where(Incident.id.in_(ever_confirmed), Incident.status != IncidentStatus.DRAFT)
        .subquery()
    )
    query = select(rows).where(rows.c.heard_at.is_not(None))
    return query.order_by(*_order(rows)).limit(most)


def _order(rows: Subquery) -> list[ColumnElement[Any]]:
    is_known = case((rows.c.heard_at > KNOWN_AFTER, 0), else_=1)
    urgency, held = rows.c.urgency_rank.desc(), rows.c.held.desc()
    return [is_known, urgency, held, rows.c.held_since, rows.c.number]
