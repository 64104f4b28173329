"""What nobody of an office can go on with is passed on as the rules say, or waits for a name."""

from sqlalchemy import or_, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.rules.approval_levels import (
    needs_are_open,
    passing_on_helps,
    set_needs_anyway,
)
from hrdtracker.fund.rules.passing_on import pass_on
from hrdtracker.fund.rules.stuck import stuck_requests

NOBODY = N_("Nobody can go on with it. Ask an administrator to name somebody.")


def pass_on_now(actor: Actor, request: SupportRequest) -> None:
    """Pass on what nobody of its office can go on with; raises WrongStatus where nobody can.

    To whom, the rules say: nobody chooses.
    """
    with authorised(actor, Action.FUND_PASS_ON, on=request):
        before = _in_whose_hands(request)
        settle_hands(request)
        if request.stuck_since is not None and _in_whose_hands(request) == before:
            raise WrongStatus(NOBODY)


def look_after(worker: Actor) -> int:
    """Pass on whatever nobody can go on with, and note what is left so; return how much that is.

    What was left so before is passed on once the rules name somebody for it. Each request is a
    transaction of its own.
    """
    still = stuck_requests(worker.organisation_id)
    noted = SupportRequest.stuck_since.is_not(None)
    query = select(SupportRequest).where(
        SupportRequest.organisation_id == worker.organisation_id,
        or_(SupportRequest.id.in_(still), noted),
    )
    left = 0
    for request in list(session().scalars(query)):
        was_so_before = request.stuck_since is not None and request.id in still
        if not was_so_before or passing_on_helps(request):
            with authorised(worker, Action.FUND_PASS_ON, on=request):
                settle_hands(request)
        left += request.stuck_since is not None
    return left


def settle_hands(request: SupportRequest) -> None:
    """Say who holds a request and who must decide on it, and since when nobody can. In a door."""
    if needs_are_open(request):
        set_needs_anyway(request)
    elif request.ended_at is None:
        pass_on(request)
    _note_stuck(request)


def _note_stuck(request: SupportRequest) -> None:
    """Note since when nobody can go on with a request, or that somebody can. In an open door."""
    session().flush()
    if not stuck_requests(request.organisation_id, [request.id]):
        request.stuck_since = None
    elif request.stuck_since is None:
        request.stuck_since = clock.now()


def _in_whose_hands(request: SupportRequest) -> tuple[object, ...]:
    return request.passed_to_id, *needs(request)
