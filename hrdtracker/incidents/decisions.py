"""Deciding on an incident: returning it, reviewing it, letting somebody in who may review it."""

from collections.abc import Sequence

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Grant, Scope, Sensitivity, User
from hrdtracker.accounts.assignments import actor_of
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.sharing import let_in
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused
from hrdtracker.core.text import unfit
from hrdtracker.incidents.drafts import Assessment
from hrdtracker.incidents.model import Finding, Incident
from hrdtracker.incidents.reviewers import case_of_stuck
from hrdtracker.incidents.service import violations_of
from hrdtracker.incidents.workflow import INCIDENT

REASON_MOST = 4000
NOT_ONESELF = N_("Choose somebody else: nobody appoints themself.")
SECRET = N_("This case is secret: only its own director lets somebody in.")
COULD_NOT = N_("Even then they could not review it: choose a director who wrote no part of it.")


def return_incident(actor: Actor, incident: Incident, reason: str, version: int) -> None:
    """Return an incident to its author with a reason, which the author reads first."""
    with authorised(actor, Action.INCIDENT_RETURN, on=incident, version=version):
        if not reason.strip():
            raise Refused({"reason": N_("Write what is missing or unclear.")})
        if wrong := unfit({"reason": reason}, REASON_MOST):
            raise Refused(wrong)
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
                raise Refused({"": N_("This incident has changed. Open it again.")})
            row = rows[uid]
            row.independent_sources = assessment.independent_sources
            row.finding = assessment.finding
            row.right = assessment.right if assessment.finding != Finding.NO else None
            row.assessed_by_id, row.assessed_at = actor.id, clock.now()
            row.established = assessment.established


@idempotent
def appoint_reviewer(actor: Actor, incident: Incident, draft: MemberDraft) -> Grant:
    """Let a colleague into a case who may then review an incident that nobody could.

    Nobody appoints themself: that would be one person widening what they can read; and nobody from
    outside opens a secret case alone. Raises NotFound where somebody may review it already, and
    Refused for whom it would not help.
    """
    with authorised(
        actor, Action.INCIDENT_APPOINT, on=incident, sending=draft.sending
    ) as signature:
        if draft.user == actor.uid:
            raise Refused({"user": NOT_ONESELF})
        if session().get_one(Scope, incident.scope_id).sensitivity == Sensitivity.SECRET:
            raise Refused({"": SECRET})
        signature.made = grant = let_in(actor, case_of_stuck(actor, incident), draft)
        chosen = session().get_one(User, grant.user_id)
        if not policy.allows(actor_of(chosen), Action.INCIDENT_REVIEW, incident):
            raise Refused({"user": COULD_NOT})
    return grant
