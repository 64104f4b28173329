"""What a request says: what is still missing, and the digest to which each decision is bound."""

import json
from collections.abc import Sequence

from sqlalchemy import select

from hrdtracker.access.calendar import today
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message
from hrdtracker.core.money import Money
from hrdtracker.core.seal import ring
from hrdtracker.core.text import Reasons
from hrdtracker.fund.drafts.requests import IN_FULL, WORDS
from hrdtracker.fund.model import (
    Instalment,
    RequestItem,
    RequestPerson,
    RequestRole,
    SupportRequest,
)
from hrdtracker.fund.rules.approval_levels import worth_today
from hrdtracker.fund.rules.plans import most_for_one, plan_of
from hrdtracker.fund.rules.rates import tier_worth
from hrdtracker.fund.rules.settings import settings_of

NO_COST = N_("Say what it costs.")
LATER = (*WORDS, "risk_level")
"""What a short request may say after it was sent."""
PURPOSE = "fund/decided"
IS_PAST = N_("This day is past: write a later one.")
OUTSIDE = "relocation"
"""The type of support that needs a way back."""
ALWAYS: dict[str, str] = {
    "need": N_("Write what the money is for, and why."),
    "needed_by": N_("Say by when it is needed."),
    "method": N_("Choose how it is to be paid."),
    "consented_on": N_("Say when the person agreed that the fund keeps and uses this."),
}

OF_PLAN = {"need": ALWAYS["need"]}
"""What a plan says; of each household the rest is said when it draws."""


def items_of(request: SupportRequest) -> Sequence[RequestItem]:
    """Return the lines of a request in their order."""
    query = select(RequestItem).where(RequestItem.request_id == request.id)
    return session().scalars(query.order_by(RequestItem.position)).all()


def instalments_of(request: SupportRequest) -> Sequence[Instalment]:
    """Return the instalments of a request in their order."""
    query = select(Instalment).where(Instalment.request_id == request.id)
    return session().scalars(query.order_by(Instalment.number)).all()


def parts_of(request: SupportRequest) -> dict[RequestRole, list[int]]:
    """Return the numbers of the people of a request by what they are in it."""
    query = select(RequestPerson.part, RequestPerson.person_id).where(
        RequestPerson.request_id == request.id
    )
    people: dict[RequestRole, list[int]] = {}
    for part, person_id in session().execute(query.order_by(RequestPerson.person_id)):
        people.setdefault(RequestRole(part), []).append(person_id)
    return people


def what_is_missing(request: SupportRequest) -> Reasons:
    """Return a sentence for each field that must be said before a request is sent."""
    is_plan, items = request.households is not None, items_of(request)
    reasons = missing_words(request, OF_PLAN if is_plan else ALWAYS)
    if not request.short:
        reasons |= missing_words(request, IN_FULL)
    reasons |= _past(request)
    if not is_plan:
        reasons |= _missing_people(request)
    if not items:
        reasons["items"] = NO_COST
    if any(item.support_type == OUTSIDE for item in items) and not (
        request.short or request.exit_plan
    ):
        reasons["exit_plan"] = N_("Write how the person comes back, or what comes after.")
    return reasons | _wrong_lumps(items) | _wrong_total(request) | _too_much(request)


def _past(request: SupportRequest) -> Reasons:
    """Refuse what was needed before it is sent: nobody can decide on it in time."""
    day = request.needed_by
    if day is None or day >= today(request.organisation_id):
        return {}
    return {"plan_until" if request.households is not None else "needed_by": IS_PAST}


def _missing_people(request: SupportRequest) -> Reasons:
    parts, reasons = parts_of(request), Reasons()
    if RequestRole.BENEFICIARY not in parts:
        reasons["beneficiary"] = N_("Say whom it is for.")
    if RequestRole.PAYEE not in parts and not request.reimburses:
        reasons["payee"] = N_("Say who is to be paid.")
    return reasons


def missing_words(request: SupportRequest, sentences: dict[str, str]) -> Reasons:
    """Return those of the sentences whose field says nothing."""
    ring().load([request.data_key_id])
    return {name: reason for name, reason in sentences.items() if not getattr(request, name)}


def due_later(request: SupportRequest) -> Reasons:
    """Return what a short request still owes; for what draws from a plan, the plan has said it."""
    owes = request.short and request.plan_id is None
    return missing_words(request, IN_FULL) if owes else {}


def _wrong_lumps(items: Sequence[RequestItem]) -> Reasons:
    vocabulary = terms()
    return {
        f"items.{item.position}.lump": N_("This type of support is not paid as a lump sum.")
        for item in items
        if item.lump and not _allows(vocabulary.find("support_type", item.support_type), "lump")
    }


def _allows(word: object, name: str) -> bool:
    return bool(getattr(word, "extra", {}).get(name))


def _wrong_total(request: SupportRequest) -> Reasons:
    """Refuse instalments in several currencies that are worth more than the total today.

    By the rate of the levels: the total says who must decide, and what is paid is the instalments.
    """
    day = today(request.organisation_id)
    total = sum(
        tier_worth(
            Money(instalment.amount, instalment.currency),
            request.currency,
            request.organisation_id,
            day,
        )
        for instalment in instalments_of(request)
    )
    if total <= request.amount:
        return {}
    return {"instalments": N_("The instalments come to more than the total.")}


def beyond_share(request: SupportRequest) -> Reasons:
    """Return the reason against a draw that is beyond what one household has of its plan."""
    plan = plan_of(request)
    if plan is None:
        return {}
    most = Money(most_for_one(plan), plan.currency)
    if request.currency == most.currency and request.amount <= most.amount:
        return {}
    return {"items": Message(N_("One household draws %(most)s at most."), {"most": most})}


def _too_much(request: SupportRequest) -> Reasons:
    """Refuse what is beyond a short request, or beyond what one household draws from a plan."""
    if request.plan_id is not None:
        return beyond_share(request)
    settings = settings_of(request.organisation_id)
    if not request.short or worth_today(request, settings)[0] <= settings.short_most:
        return {}
    most = Money(settings.short_most, settings.currency)
    says = N_("A short request is for %(most)s at most: say the rest, too.")
    return {"short": Message(says, {"most": most})}


def later_of(request: SupportRequest) -> list[str]:
    """Return the names of what a short request said after it was sent."""
    return (request.said_later or "").split()


def digest_of(request: SupportRequest) -> str:
    """Return a keyed digest of everything a request says; nobody can test a guess against it.

    What a short request said later is left out: who decided before did not see it.
    """
    ring().load([request.data_key_id])
    later = later_of(request)
    said = {name: None if name in later else getattr(request, name) for name in LATER}
    content = [
        dict(parts_of(request)),
        request.payee_details, request.carrier_id, request.reimburses, request.currency,
        request.amount, request.method, str(request.needed_by), request.urgency,
        said["risk_level"], request.short,
        *(said[name] for name in WORDS),
        [
            (item.support_type, item.what, item.quantity, item.each, item.lump)
            for item in items_of(request)
        ],
        [
            (row.number, str(row.due_on), row.currency, row.amount, row.recoverable)
            for row in instalments_of(request)
        ],
        *([request.households, str(request.plan_until)] if request.households else ()),
    ]  # fmt: skip
    return ring().vault.fingerprint(
        PURPOSE, json.dumps(content, ensure_ascii=False, sort_keys=True)
    )
