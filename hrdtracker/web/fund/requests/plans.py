"""A plan in words: how far it is drawn, who drew, and the ways to draw from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.money import Money
from hrdtracker.core.when.say import say_day
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.reading.plans import OpenPlan, draws_from, open_plans
from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.fund.rules.plans import most_for_one
from hrdtracker.web.shell.context import locale, number, today
from hrdtracker.web.shell.paging import Paging, paging
from hrdtracker.web.words.requests import Badge, money, status_badge


@dataclass(frozen=True)
class PlanChoice:
    """A plan from which one may draw: what for, how much and until when."""

    uid: UUID
    title: str
    meta: str
    code: str


@dataclass(frozen=True)
class Draws:
    """What draws from a plan: a part of it, how many there are, and the ways to the other parts."""

    lines: Sequence["DrawLine"]
    total: int
    paging: Paging | None


@dataclass(frozen=True)
class DrawLine:
    """What one household draws from a plan."""

    code: str
    url: str
    amount: str
    status: Badge


def choices(case: Case) -> list[PlanChoice]:
    """Return the plans of a case from which a household can draw now."""
    return [
        PlanChoice(
            plan.uid,
            terms().label("support_type", plan.support_type, locale()),
            say_plan(plan),
            plan.code,
        )
        for plan in open_plans(case)
    ]


def say_plan(plan: OpenPlan) -> str:
    """Return how much a household draws, until when, and how many still can."""
    return str(
        gettext(
            "%(most)s for a household, until %(day)s; %(left)s of %(all)s can still draw.",
            most=number(plan.most),
            day=say_day(plan.until, locale(), today()),
            left=number(plan.left),
            all=number(plan.households),
        )
    )


def plan_facts(details: RequestDetails) -> list[tuple[str, str]]:
    """Return how far a plan is drawn, or from which plan a request draws; nothing for the rest."""
    plan = details.plan or details.request
    if plan.households is None:
        return []
    drawn = say_drawn(plan)
    if details.plan is not None:
        return [(gettext("From the plan"), plan.code), (gettext("Households that drew"), drawn)]
    most = Money(most_for_one(plan), plan.currency)
    until = say_day(plan.plan_until, locale(), today()) if plan.plan_until else ""
    return [
        (gettext("For each household"), number(most)),
        (gettext("Households that drew"), drawn),
        (gettext("Last day to draw"), until),
    ]


def say_drawn(plan: SupportRequest) -> str:
    """Return how many households have drawn from a plan, of how many."""
    values = {"drawn": number(plan.drawn), "all": number(plan.households or 0)}
    return str(gettext("%(drawn)s of %(all)s", **values))


def draws_of(actor: Actor, plan: SupportRequest, skip: str | None) -> Draws | None:
    """Return what draws from a plan, as far as the reader may open it; None where nothing does."""
    rows, part = draws_from(actor, plan, skip) if plan.households is not None else ((), None)
    if not rows or part is None:
        return None
    turning = paging(part, "fund.story", "drawn", uid=plan.uid, _anchor="draws")
    return Draws(_draw_lines(rows), part.total, turning)


def _draw_lines(rows: Sequence[SupportRequest]) -> list[DrawLine]:
    return [
        DrawLine(
            draw.code,
            url_for("fund.story", uid=draw.uid),
            money(draw.amount, draw.currency),
            status_badge(draw.status),
        )
        for draw in rows
    ]


def may_draw(actor: Actor, details: RequestDetails) -> bool:
    """Tell whether the reader may draw from a plan: it is open, and they may ask in its case."""
    if details.request.households is None:
        return False
    is_open = any(plan.uid == details.request.uid for plan in open_plans(details.case))
    return is_open and policy.allows(actor, Action.FUND_ASK, details.case)
