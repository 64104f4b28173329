"""Who may review an incident, and what is done where nobody may."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.assignments import candidates
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.incidents.model import Incident, IncidentStatus

STUCK_MOST = 20


def has_reviewer(actor: Actor, incident: Incident) -> bool:
    """Tell whether anybody at all may review this incident; asked of the rules for each."""
    able = candidates(actor.organisation_id, Action.INCIDENT_REVIEW)
    return bool(policy.who_may(able, Action.INCIDENT_REVIEW, incident))


def stuck(actor: Actor) -> Sequence[Any]:
    """Return what was sent and nobody may review, for who can mend it; the oldest first.

    Only what leads there: its uid, its urgency, when it was sent and the code of its case.
    """
    if not policy.could(actor, Action.INCIDENT_APPOINT):
        return ()
    query = (
        policy.visible(actor, Action.INCIDENT_APPOINT, Incident)
        .join(Case, Case.id == Incident.case_id)
        .with_only_columns(Incident.uid, Incident.urgency, Incident.submitted_at, Case.code)
        .where(Incident.status == IncidentStatus.SUBMITTED, *_nobody_may(actor))
        .order_by(Incident.urgency_rank.desc(), Incident.submitted_at, Incident.id)
        .limit(STUCK_MOST)
    )
    return session().execute(query).all()


def _nobody_may(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions that one after the other may not; who directs most comes first."""
    able = candidates(actor.organisation_id, Action.INCIDENT_REVIEW)
    first = sorted(able, key=lambda reviewer: not policy.could(reviewer, Action.INCIDENT_APPOINT))
    return [
        ~policy.condition(reviewer, Action.INCIDENT_REVIEW, Incident, of_few=True)
        for reviewer in first
    ]


def case_of_stuck(actor: Actor, incident: Incident) -> Case:
    """Return the case of an incident that nobody may review; raises NotFound for any other."""
    if incident.status != IncidentStatus.SUBMITTED or has_reviewer(actor, incident):
        raise NotFound
    return session().get_one(Case, incident.case_id)
