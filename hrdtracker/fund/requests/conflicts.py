"""Whoever knows the people of a request is shut out at once; others go on with it."""

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Block
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_
from hrdtracker.core.seal import ring
from hrdtracker.fund.drafts.requests import check_reason
from hrdtracker.fund.model import Declaration, SupportRequest
from hrdtracker.fund.requests.passing_on import settle_hands
from hrdtracker.fund.requests.service import void
from hrdtracker.fund.workflow import REQUEST


def declare(actor: Actor, request: SupportRequest, *, knows: bool, reason: str = "") -> None:
    """Say whether one knows the people of a request; a yes needs a reason and shuts one out.

    What whoever says yes had a part in is void, as long as no money is promised. Raises Refused.
    """
    if knows:
        check_reason(reason, N_("Write how you know them."))
    with authorised(actor, Action.FUND_DECLARE, on=request):
        declaration = _declaration(actor, request)
        if declaration is None:
            declaration = Declaration(
                scope_id=request.scope_id, request_id=request.id, user_id=actor.id
            )
            session().add(declaration)
        declaration.knows, declaration.at = knows, clock.now()
        if knows:
            _shut_out(actor, request, reason)
            _take_away(actor, request)


def has_declared(actor: Actor, request: SupportRequest) -> bool | None:
    """Return what the actor answered: True for yes, False for no, None where not asked yet."""
    declaration = _declaration(actor, request)
    return None if declaration is None else declaration.knows


def _declaration(actor: Actor, request: SupportRequest) -> Declaration | None:
    query = select(Declaration).where(
        Declaration.request_id == request.id, Declaration.user_id == actor.id
    )
    return session().scalar(query)


def _shut_out(actor: Actor, request: SupportRequest, reason: str) -> None:
    ring().load([request.data_key_id])
    moment = clock.now()
    session().add(
        Block(
            scope_id=request.scope_id,
            data_key_id=request.data_key_id,
            user_id=actor.id,
            blocked_by_id=actor.id,
            starts_at=moment,
            reason=reason.strip(),
        )
    )
    session().flush()


def _take_away(actor: Actor, request: SupportRequest) -> None:
    """Void what the actor had a part in, and say anew who must decide; what is promised stays."""
    took_part = actor.id in request.approvers() | {request.verified_by_id}
    if took_part and Action.FUND_DECLARE in REQUEST.open_to(request):
        void(request)
        REQUEST.take(request, Action.FUND_DECLARE)
    settle_hands(request)
