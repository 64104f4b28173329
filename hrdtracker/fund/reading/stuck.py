"""Which requests nobody can go on with, for whoever can do something about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Scope
from hrdtracker.core.db import session
from hrdtracker.fund.capacity import missing_approvals
from hrdtracker.fund.model import Capacity, SupportRequest
from hrdtracker.fund.rules.approval_levels import passing_on_helps
from hrdtracker.fund.rules.stuck import stuck_requests

HOME = aliased(Scope)
"""Under another name, so that the policy’s own conditions keep theirs."""
STUCK_MOST = 20


@dataclass(frozen=True)
class StuckRequest:
    """What nobody can do next, on which request; `code` and `uid` for whoever directs its office.

    `capacity` is as what somebody would have to approve it, or to cover what is over.
    """

    verb: Action
    office: Office
    since: datetime
    uid: UUID | None
    code: str | None
    capacity: Capacity | None


def stuck(actor: Actor) -> list[StuckRequest]:
    """Return what nobody can go on with, for who is told of it; what waits longest first.

    What was noted as such is asked anew: somebody may have been named since.
    """
    if not policy.could(actor, Action.FUND_STUCK):
        return []
    theirs = policy.condition(actor, Action.FUND_PASS_ON, SupportRequest, of_few=True)
    query = (
        select(SupportRequest, Office, theirs)
        .join(HOME, HOME.id == SupportRequest.scope_id)
        .join(Office, Office.id == HOME.office_id)
        .where(
            SupportRequest.stuck_since.is_not(None),
            policy.condition(actor, Action.FUND_STUCK, SupportRequest, of_few=True),
        )
        .order_by(SupportRequest.stuck_since, SupportRequest.id)
        .limit(STUCK_MOST)
    )
    rows = session().execute(query).all()
    ids = [request.id for request, _, _ in rows]
    still = stuck_requests(actor.organisation_id, ids) if rows else {}
    return [
        StuckRequest(
            still[request.id],
            office,
            request.stuck_since or request.changed_at,
            request.uid if may else None,
            request.code if may else None,
            _missing(request, still[request.id]),
        )
        for request, office, may in rows
        if request.id in still
    ]


def _missing(request: SupportRequest, verb: Action) -> Capacity | None:
    """Return as what somebody is missing who decides: on all that left, or on the request."""
    if verb == Action.FUND_COVER:
        return Capacity(request.level or Capacity.BOARD)
    return next(iter(missing_approvals(request)), None)


def helped_by_passing_on(requests: Iterable[StuckRequest]) -> set[UUID]:
    """Return those that somebody else could go on with, or decide, if they were passed on now."""
    uids = [request.uid for request in requests if request.uid]
    query = select(SupportRequest).where(SupportRequest.uid.in_(uids))
    rows = session().scalars(query).all() if uids else ()
    return {request.uid for request in rows if passing_on_helps(request)}
