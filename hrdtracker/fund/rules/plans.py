"""A plan: one decision for many households, from which each draws under a check of its own."""

from uuid import UUID

from sqlalchemy import select, true

from hrdtracker.access.calendar import today
from hrdtracker.audit.guarded_update import add_if
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.fund.guards import PLAN_IS_APPROVED
from hrdtracker.fund.model import RequestStatus, SupportRequest
from hrdtracker.fund.rules.same_people import HELPED, same_people
from hrdtracker.fund.workflow import ALIVE

TOO_LATE = N_("The last day on which households could draw from this plan is past.")
NO_PLACE = N_("As many households as the plan is for have drawn from it already.")
DRAWN_ALREADY = N_("This household has drawn from the plan already.")


def plan_of(draw: SupportRequest) -> SupportRequest | None:
    """Return the plan from which a request draws."""
    if draw.plan_id is None:
        return None
    return session().get_one(SupportRequest, draw.plan_id)


def drawn_from(case_id: int, uid: UUID | None) -> int | None:
    """Return the number of an open plan of a case; raises NotFound, WrongStatus."""
    if uid is None:
        return None
    query = select(SupportRequest).where(
        SupportRequest.uid == uid,
        SupportRequest.case_id == case_id,
        SupportRequest.households.is_not(None),
    )
    plan = session().scalar(query)
    if plan is None:
        raise NotFound
    check_open(plan)
    return plan.id


def most_for_one(plan: SupportRequest) -> int:
    """Return what one household draws at most, in the currency of the plan."""
    return plan.amount // (plan.households or 1)


def check_open(plan: SupportRequest) -> None:
    """Raise WrongStatus where nothing can be drawn from a plan now, whatever is left of it."""
    if plan.status != RequestStatus.APPROVED:
        raise WrongStatus(PLAN_IS_APPROVED.refusal)
    if plan.plan_until is None or today(plan.organisation_id) > plan.plan_until:
        raise WrongStatus(TOO_LATE)


def check_draw(draw: SupportRequest) -> None:
    """Raise WrongStatus where a household cannot draw now, or has drawn. Inside an open door.

    The plan stays locked: of two draws for one household the second waits, and finds the first.
    """
    plan = plan_of(draw)
    if plan is None:
        return
    lock(plan)
    check_open(plan)
    twins = select(SupportRequest.id).where(
        SupportRequest.plan_id == plan.id,
        SupportRequest.status.in_([str(status) for status in ALIVE]),
        same_people(draw, HELPED),
    )
    if session().scalar(twins.limit(1)) is not None:
        raise WrongStatus(DRAWN_ALREADY)


def take_place(draw: SupportRequest) -> None:
    """Take one of the places of a plan, if one is left, in one statement; raises WrongStatus."""
    plan = plan_of(draw)
    left = SupportRequest.drawn < SupportRequest.households
    if plan is not None and not add_if(plan, {"drawn": 1}, left):
        raise WrongStatus(NO_PLACE)


def leave_place(draw: SupportRequest) -> None:
    """Give the place of a draw back that comes to nothing. Inside an open door."""
    plan = plan_of(draw)
    if plan is not None and draw.status in ALIVE:
        add_if(plan, {"drawn": -1}, true())
