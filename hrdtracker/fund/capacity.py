"""As what somebody may sign a request: by their role, for the board, or in place of a colleague."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, or_, select

from hrdtracker.access.actor import Actor
from hrdtracker.access.rule import Condition, Model, for_few
from hrdtracker.access.rules import FUNDS_IT, ON_DIRECTED_CASE
from hrdtracker.core.db import present, session
from hrdtracker.core.errors import NotAllowed
from hrdtracker.fund.model import Capacity, Delegation, FundSettings, SupportRequest

COLUMN = {
    Capacity.OFFICER: "approved_by_id",
    Capacity.DIRECTOR: "director_approved_by_id",
    Capacity.BOARD: "board_approved_by_id",
}
NEEDS = {
    Capacity.OFFICER: "needs_officer",
    Capacity.DIRECTOR: "needs_director",
    Capacity.BOARD: "needs_board",
}
ROLES = {Capacity.OFFICER: for_few(FUNDS_IT), Capacity.DIRECTOR: for_few(ON_DIRECTED_CASE)}


def needs(request: SupportRequest) -> list[Capacity]:
    """Return as what somebody must approve a request, in their order."""
    return [capacity for capacity in Capacity if getattr(request, NEEDS[capacity])]


def missing_approvals(request: SupportRequest) -> list[Capacity]:
    """Return as what somebody must still approve."""
    return [capacity for capacity in needs(request) if getattr(request, COLUMN[capacity]) is None]


def capacity_for(actor: Actor, request: SupportRequest) -> tuple[Capacity, int | None]:
    """Return as what the actor signs what is still wanted, and for whom; raises NotAllowed."""
    missing = missing_approvals(request)
    ways = [holds(actor, SupportRequest, capacity).label(capacity) for capacity in missing]
    query = select(SupportRequest.id, *ways).where(SupportRequest.id == request.id)
    _, *answers = session().execute(query).one()
    own = [capacity for capacity, yes in zip(missing, answers, strict=True) if yes]
    if own:
        return own[0], None
    absent = _absent(actor, SupportRequest).where(
        SupportRequest.id == request.id,
        Delegation.capacity.in_([str(capacity) for capacity in missing]),
    )
    given = session().scalars(absent.order_by(Delegation.id)).first()
    if given is None:
        raise NotAllowed
    return Capacity(given.capacity), given.from_id


def wanted(model: Model, capacity: Capacity) -> Condition:
    """Return the condition that a request still needs somebody to approve it so."""
    return and_(getattr(model, NEEDS[capacity]), getattr(model, COLUMN[capacity]).is_(None))


def holds(actor: Actor, model: Model, capacity: Capacity) -> Condition:
    """Return the condition that the actor decides so themself."""
    if capacity in ROLES:
        return ROLES[capacity].where(actor, model)
    return select(FundSettings.id).where(FundSettings.board_id == actor.id).exists()


def can_sign(actor: Actor, model: Model) -> Condition:
    """Return the condition that the actor decides as one of those who are still wanted."""
    return signs(actor, model, {capacity: wanted(model, capacity) for capacity in Capacity})


def signs(actor: Actor, model: Model, ways: Mapping[Capacity, Condition]) -> Condition:
    """Return the condition that the actor decides in one of the ways whose condition holds.

    They decide so themself, or stand in for somebody who does.
    """
    own = (and_(condition, holds(actor, model, way)) for way, condition in ways.items())
    given = (and_(Delegation.capacity == way, condition) for way, condition in ways.items())
    absent = _absent(actor, model).with_only_columns(Delegation.id).where(or_(*given))
    return or_(*own, absent.correlate(model).exists())


def _absent(actor: Actor, model: Model) -> Any:
    """Return the query of the delegations by which the actor may decide on a request."""
    return select(Delegation).where(
        Delegation.counts(actor.id, present()), Delegation.serves(model, present())
    )
