"""Builders for plans of the fund: one decision for many households, and what draws from it."""

from datetime import timedelta
from typing import Any

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.fund.drafts.requests import ItemDraft, RequestDraft
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.requests import service as requests
from tests import fund, make


def draft(households: int, each: int, **changes: Any) -> RequestDraft:
    """Return a plan for so many households, each with the same, for a month."""
    until = fund.today() + timedelta(days=30)
    values: dict[str, Any] = {
        "items": (ItemDraft("family", each, quantity=households),),
        "households": households,
        "plan_until": until,
        "needed_by": until,
        "risk_level": "high",
        "words": fund.WORDS,
        **changes,
    }
    return RequestDraft(**values)


def sent(households: int, each: int, case: Case | None = None) -> SupportRequest:
    """Send a plan for the households of a case."""
    asked_in = case or make.case_of(make.incident())
    plan = requests.ask(make.actor("monitor"), asked_in, draft(households, each))
    requests.submit(make.actor("monitor"), plan, plan.version)
    return plan


def approved(households: int, each: int, case: Case | None = None) -> SupportRequest:
    """Return a plan that all who must have approved."""
    return fund.approved_by_all(fund.recommend(sent(households, each, case)))


def drawn(plan: SupportRequest, amount: int | None = None, **changes: Any) -> SupportRequest:
    """Draw from a plan for a household, and send that."""
    case = session().get_one(Case, plan.case_id)
    most = plan.amount // (plan.households or 1)
    told = fund.short(most if amount is None else amount, plan=plan.uid, **changes)
    draw = requests.ask(make.actor("monitor"), case, told)
    requests.submit(make.actor("monitor"), draw, draw.version)
    return draw
