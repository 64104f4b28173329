"""Who was helped already: asked of every request, told without showing what is hidden."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, false, func, or_, select, true

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, WrongStatus
from hrdtracker.core.money import Money
from hrdtracker.fund.model import FundSettings, RequestStatus, SupportRequest
from hrdtracker.fund.model.request import ON_A_LINE, STOPPED
from hrdtracker.fund.rules.same_people import HELPED, adds_up, adds_up_since, same_people, worth_of
from hrdtracker.fund.rules.settings import settings_of

YEAR = timedelta(days=365)
GONE = (RequestStatus.DRAFT, RequestStatus.WITHDRAWN, RequestStatus.REFUSED)
HIDDEN = N_("A request for the same household exists; ask the national director.")
COUNTS = N_("Other support to the same people or payee counts: the level is that of %(sum)s.")
SPLIT = N_("%(count)s requests of this case in %(days)s days: together %(sum)s.")
SPLIT_AMONG = N_(
    "%(count)s requests of this case in %(days)s days: together %(sum)s. The others are %(codes)s."
)


def overlaps(actor: Actor, request: SupportRequest) -> list[Message]:
    """Return what a decider should know of other requests of the last 12 months.

    It looks at all of them, for the beneficiary, the payee, the carrier and the household. Those
    that the actor may open are named by code; of others only that there is one, and what they come
    to where that counts: which they are is never said, and nothing to whoever asked.
    """
    settings = settings_of(request.organisation_id)
    rows = _others(request, settings)
    ids = [other.id for other, _, _ in rows]
    seen = policy.allowed_ids(actor, Action.FUND_REQUEST_READ, SupportRequest, ids)
    others = [other for other, shares, _ in rows if shares]
    says = N_("Request %(code)s is for some of the same people.")
    messages = [Message(says, {"code": other.code}) for other in others if other.id in seen]
    if any(other.id not in seen for other in others):
        messages.append(Message(HIDDEN))
    if actor.id != request.requested_by_id:
        messages += _counted(request)
    in_case = [other for other, _, of_case in rows if of_case]
    messages += _split(request, settings, in_case, seen)
    return messages + _ceiling(request, settings, others)


def _others(request: SupportRequest, settings: FundSettings) -> Sequence[Any]:
    """Return other requests of a year, and of each whether it shares people, and is of this case.

    Of the case are only those of the days in which support adds up, as far as they ask still.
    """
    sent_at = func.coalesce(SupportRequest.submitted_at, SupportRequest.asked_at)
    shares = or_(same_people(request), adds_up(request))
    of_case = (
        SupportRequest.case_id == request.case_id,
        SupportRequest.id != request.id,
        SupportRequest.plan_id.is_(None),  # its plan counts
        true() if request.plan_id is None else false(),
        SupportRequest.status.not_in([str(status) for status in STOPPED]),
        sent_at > adds_up_since(settings),
    )
    query = (
        select(SupportRequest, shares.label("shares"), and_(*of_case).label("of_case"))
        .where(
            or_(shares, and_(*of_case)),
            SupportRequest.status.not_in([str(status) for status in GONE]),
            sent_at > clock.now() - YEAR,
        )
        .order_by(SupportRequest.id)
    )
    return session().execute(query).all()


def _counted(request: SupportRequest) -> list[Message]:
    """Return the sentence that others count for the level, with the sum and nothing else."""
    if not request.other_amount or request.reference_currency is None:
        return []
    total = Money(request.counted_amount, request.reference_currency)
    return [Message(COUNTS, {"sum": total})]


def _split(
    request: SupportRequest,
    settings: FundSettings,
    others: Sequence[SupportRequest],
    seen: set[int],
) -> list[Message]:
    """Return the sentence that one case asks several times, and what for together."""
    if not others:
        return []
    try:
        total = sum(worth_of(row, settings.currency) for row in (request, *others))
    except WrongStatus as unknown:
        return [unknown.reason]
    codes = ", ".join(other.code for other in others if other.id in seen)
    values = {
        "count": len(others) + 1,
        "days": settings.adding_days,
        "sum": Money(total, settings.currency),
    }
    if not codes:
        return [Message(SPLIT, values)]
    return [Message(SPLIT_AMONG, {**values, "codes": codes})]


def _ceiling(
    request: SupportRequest, settings: FundSettings, others: Sequence[SupportRequest]
) -> list[Message]:
    """Return the sentence that a household would have more than the settings let it."""
    if settings.household_most is None:
        return []
    theirs = _of_household(request, [other.id for other in others if other.status in ON_A_LINE])
    counted = [request, *(other for other in others if other.id in theirs)]
    try:
        total = sum(worth_of(other, settings.currency) for other in counted)
    except WrongStatus as unknown:
        return [unknown.reason]
    if total <= settings.household_most:
        return []
    most = Money(settings.household_most, settings.currency)
    says = N_("With this the household would have had more than %(most)s in twelve months.")
    return [Message(says, {"most": most})]


def _of_household(request: SupportRequest, ids: Sequence[int]) -> set[int]:
    """Return those of some requests that helped the same beneficiary or household."""
    query = select(SupportRequest.id).where(
        SupportRequest.id.in_(ids), same_people(request, HELPED)
    )
    return set(session().scalars(query))
