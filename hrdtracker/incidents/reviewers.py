"""Who may review an incident, and who can help where nobody may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import aliased

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Scope
from hrdtracker.accounts.assignments import candidates
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.incidents.model import Incident, IncidentStatus

HOME = aliased(Scope)
"""Under another name, so that the policy’s own conditions keep theirs."""
STUCK_MOST = 20


@dataclass(frozen=True)
class StuckIncident:
    """What was sent and nobody may review; `code` is there for who may see the case’s outline."""

    id: int
    urgency: str
    submitted_at: datetime
    office: Office
    code: str | None
    case_uid: UUID


@dataclass(frozen=True)
class Helpers:
    """Who can help: those who may add a member to the case, and those who may open it."""

    may_add: frozenset[int]
    may_open: frozenset[int]


def is_stuck(actor: Actor, incident: Incident) -> bool:
    """Tell whether it was sent and nobody at all may review it; asked of the rules for each."""
    if incident.status != IncidentStatus.SUBMITTED:
        return False
    able = candidates(actor.organisation_id, Action.INCIDENT_REVIEW)
    return not policy.who_may(able, Action.INCIDENT_REVIEW, incident)


def stuck(actor: Actor) -> Sequence[StuckIncident]:
    """Return what was sent and nobody may review, for who is told of it; the oldest first."""
    if not policy.could(actor, Action.INCIDENT_STUCK):
        return ()
    outlined = policy.condition(actor, Action.CASE_OUTLINE, Incident, of_few=True)
    query = (
        select(
            Incident.id,
            Incident.urgency,
            Incident.submitted_at,
            Office,
            case((outlined, Case.code)),
            Case.uid,
        )
        .join(Case, Case.id == Incident.case_id)
        .join(HOME, HOME.id == Incident.scope_id)
        .join(Office, Office.id == HOME.office_id)
        .where(policy.condition(actor, Action.INCIDENT_STUCK, Incident))
        .where(Incident.status == IncidentStatus.SUBMITTED, *_nobody_may(actor))
        .order_by(Incident.urgency_rank.desc(), Incident.submitted_at, Incident.id)
        .limit(STUCK_MOST)
    )
    return [StuckIncident(*row) for row in session().execute(query)]


def _nobody_may(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions that one after the other may not; who directs most comes first."""
    able = candidates(actor.organisation_id, Action.INCIDENT_REVIEW)
    first = sorted(able, key=lambda reviewer: not policy.could(reviewer, Action.INCIDENT_STUCK))
    return [
        ~policy.condition(reviewer, Action.INCIDENT_REVIEW, Incident, of_few=True)
        for reviewer in first
    ]


def helpers_of(actor: Actor, incidents: Sequence[StuckIncident]) -> dict[int, Helpers]:
    """Return who can help with each incident, by its number; asked of the rules for everybody."""
    ids = [incident.id for incident in incidents]
    able = candidates(actor.organisation_id, Action.CASE_READ) if ids else []
    add = policy.who_may_each(able, Action.CASE_MEMBERS, Incident, ids)
    read = policy.who_may_each(able, Action.CASE_READ, Incident, ids)
    return {number: Helpers(frozenset(add[number]), frozenset(read[number])) for number in ids}
