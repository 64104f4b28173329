"""From which plans the households of a case can draw now, for whoever may ask there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.money import Money
from hrdtracker.core.page import ListPart
from hrdtracker.fund.model import RequestItem, RequestStatus, SupportRequest
from hrdtracker.fund.rules.plans import most_for_one


@dataclass(frozen=True)
class OpenPlan:
    """What whoever draws must know of a plan; why it was asked for is its readers’ alone."""

    uid: UUID
    code: str
    support_type: str
    most: Money
    households: int
    left: int
    until: date


def open_plans(case: Case) -> list[OpenPlan]:
    """Return the plans of a case from which a household can still draw, the next to end first."""
    query = (
        select(SupportRequest, RequestItem.support_type)
        .join(RequestItem, RequestItem.request_id == SupportRequest.id)
        .where(
            SupportRequest.case_id == case.id,
            SupportRequest.status == RequestStatus.APPROVED,
            SupportRequest.plan_until >= today(case.organisation_id),
            SupportRequest.drawn < SupportRequest.households,
            RequestItem.position == 0,
        )
        .order_by(SupportRequest.plan_until, SupportRequest.id)
    )
    return [
        OpenPlan(
            uid=plan.uid,
            code=plan.code,
            support_type=support_type,
            most=Money(most_for_one(plan), plan.currency),
            households=plan.households or 0,
            left=(plan.households or 0) - plan.drawn,
            until=plan.plan_until or date.max,
        )
        for plan, support_type in session().execute(query)
    ]


def open_plan(case: Case, uid: UUID) -> OpenPlan:
    """Return one of the plans from which a household of a case can draw; raises NotFound."""
    for plan in open_plans(case):
        if plan.uid == uid:
            return plan
    raise NotFound


def draws_from(
    actor: Actor, plan: SupportRequest, skip: str | None
) -> tuple[Sequence[SupportRequest], ListPart]:
    """Return what draws from a plan and the actor may open, the first first, and which part."""
    query = policy.visible(actor, Action.FUND_REQUEST_READ, SupportRequest).where(
        SupportRequest.plan_id == plan.id
    )
    total = session().scalar(query.with_only_columns(func.count())) or 0
    part = ListPart.at(skip, total)
    rows = part.cut(query.order_by(SupportRequest.asked_at, SupportRequest.id))
    return session().scalars(rows).all(), part
