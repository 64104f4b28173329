"""Deciding on an incident: returning it, reviewing it."""

from collections.abc import Sequence

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.text import unfit
from hrdtracker.incidents.drafts import Assessment
from hrdtracker.incidents.model import Finding, Incident, ReviewKind
from hrdtracker.incidents.service import GONE, violations_of
from hrdtracker.incidents.workflow import INCIDENT

REASON_MOST = 4000


def return_incident(
    actor: Actor,
    incident: Incident,
    reason: str,
    version: int,
    half_made: Sequence[Assessment] = (),
) -> None:
    """Return an incident to its author with a reason, which the author reads first.

    What the reviewer assessed so far is kept for when it comes back.
    """
    with authorised(actor, Action.INCIDENT_RETURN, on=incident, version=version):
        if not reason.strip():
            raise Refused({"reason": N_("Write what is missing or unclear.")})
        if wrong := unfit({"reason": reason}, REASON_MOST):
            raise Refused(wrong)
        assess(actor, incident, half_made)
        INCIDENT.take(incident, Action.INCIDENT_RETURN)
        incident.returned_reason = reason.strip()
        incident.changed_at = clock.now()


def review_incident(
    actor: Actor, incident: Incident, assessments: Sequence[Assessment], version: int
) -> None:
    """Mark an incident as reviewed, with what was found about each of its violations."""
    with authorised(actor, Action.INCIDENT_REVIEW, on=incident, version=version):
        assess(actor, incident, assessments)
        INCIDENT.take(incident, Action.INCIDENT_REVIEW)
        reviewed(actor, incident, ReviewKind.EACH)


def reviewed(actor: Actor, incident: Incident, kind: ReviewKind) -> None:
    """Note when an incident was reviewed, by whom and how. Inside an open door."""
    incident.review_kind = kind
    incident.reviewed_at, incident.reviewed_by_id = clock.now(), actor.id
    incident.returned_reason = None
    incident.changed_at = clock.now()


def assess(actor: Actor, incident: Incident, assessments: Sequence[Assessment]) -> None:
    """Write down how far violations are established and whether they are any. In an open door."""
    rows = violations_of(incident)
    for assessment in assessments:
        check_terms({"right": ("right", assessment.right)})
        for uid in assessment.violations:
            if uid not in rows:
                raise Refused({"": GONE})
            row = rows[uid]
            row.independent_sources = assessment.independent_sources
            row.finding = assessment.finding
            row.right = assessment.right if assessment.finding != Finding.NO else None
            row.assessed_by_id, row.assessed_at = actor.id, clock.now()
            row.established = assessment.established
