"""Who was helped already: asked of every request, told without showing what is hidden."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, WrongStatus
from hrdtracker.core.money import Money
from hrdtracker.fund.model import RequestPerson, RequestRole, RequestStatus, SupportRequest
from hrdtracker.fund.rules.rates import tier_worth
from hrdtracker.fund.rules.settings import settings_of

YEAR = timedelta(days=365)
GONE = (RequestStatus.DRAFT, RequestStatus.WITHDRAWN, RequestStatus.REFUSED)
WON = (
    RequestStatus.COMMITTED, RequestStatus.PART_PAID, RequestStatus.PAID,
    RequestStatus.ACQUITTED, RequestStatus.CLOSED,
)  # fmt: skip
HIDDEN = N_("A request for the same household exists; ask the national director.")


def overlaps(actor: Actor, request: SupportRequest) -> list[Message]:
    """Return what a decider should know of other requests of the last 12 months.

    It looks at all of them, for the beneficiary, the payee, the carrier and the household. Those
    that the actor may open are named by code; of others only that there is one.
    """
    others = _others(request)
    ids = [other.id for other in others]
    seen = policy.allowed_ids(actor, Action.FUND_REQUEST_READ, SupportRequest, ids)
    says = N_("Request %(code)s is for some of the same people.")
    messages = [Message(says, {"code": other.code}) for other in others if other.id in seen]
    if len(seen) < len(others):
        messages.append(Message(HIDDEN))
    return messages + _ceiling(request, others)


def _others(request: SupportRequest) -> Sequence[SupportRequest]:
    mine = select(RequestPerson.person_id).where(RequestPerson.request_id == request.id)
    shared = select(RequestPerson.request_id).where(
        RequestPerson.person_id.in_(mine), RequestPerson.request_id != request.id
    )
    query = select(SupportRequest).where(
        SupportRequest.id.in_(shared),
        SupportRequest.organisation_id == request.organisation_id,
        SupportRequest.status.not_in([str(status) for status in GONE]),
        func.coalesce(SupportRequest.submitted_at, SupportRequest.asked_at) > clock.now() - YEAR,
    )
    return session().scalars(query.order_by(SupportRequest.id)).all()


def _ceiling(request: SupportRequest, others: Sequence[SupportRequest]) -> list[Message]:
    """Return the sentence that a household would have more than the settings let it."""
    settings = settings_of(request.organisation_id)
    if settings.household_most is None:
        return []
    theirs = _of_household(request, [other.id for other in others if other.status in WON])
    counted = [request, *(other for other in others if other.id in theirs)]
    try:
        total = sum(_worth(other, settings.currency) for other in counted)
    except WrongStatus as unknown:
        return [unknown.reason]
    if total <= settings.household_most:
        return []
    most = Money(settings.household_most, settings.currency)
    says = N_("With this the household would have had more than %(most)s in twelve months.")
    return [Message(says, {"most": most})]


def _worth(request: SupportRequest, currency: str) -> int:
    """Return what a request came to when it was sent; in another currency, what it does today."""
    if request.reference_amount is not None and request.reference_currency == currency:
        return request.reference_amount
    money, day = Money(request.amount, request.currency), today(request.organisation_id)
    return tier_worth(money, currency, request.organisation_id, day)


def _of_household(request: SupportRequest, ids: Sequence[int]) -> set[int]:
    """Return those of some requests that helped the same beneficiary or household."""
    parts = [str(RequestRole.BENEFICIARY), str(RequestRole.HOUSEHOLD)]
    mine = select(RequestPerson.person_id).where(
        RequestPerson.request_id == request.id, RequestPerson.part.in_(parts)
    )
    query = select(RequestPerson.request_id).where(
        RequestPerson.request_id.in_(ids),
        RequestPerson.person_id.in_(mine),
        RequestPerson.part.in_(parts),
    )
    return set(session().scalars(query))
