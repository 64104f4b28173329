"""What must hold in the fund’s life, worked out beside the program: levels, and who may decide."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, worker
from hrdtracker.access.model import Role
from hrdtracker.core.db import session
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.capacity import COLUMN
from hrdtracker.fund.model import Capacity, Decision, Delegation, SupportRequest
from hrdtracker.fund.reading.stuck import stuck
from hrdtracker.fund.requests import passing_on
from hrdtracker.fund.rules.settings import FundSettingsDraft
from hrdtracker.fund.rules.stuck import stuck_requests
from hrdtracker.fund.workflow import PAYMENT, REQUEST
from tests import make

ORDER = list(Capacity)
NEVER = {Role.ADMINISTRATOR, Role.AUDITOR, Role.FINANCE_OFFICER, Role.SECOND, None}
"""In what roles nobody stands in for anybody."""
GOES_ON = (
    Action.FUND_SUBMIT, Action.FUND_VERIFY, Action.FUND_RECOMMEND, Action.FUND_APPROVE,
    Action.FUND_EMERGENCY, Action.FUND_COMMIT, Action.FUND_CHECK, Action.FUND_PREPARE,
    Action.FUND_OUTCOME, Action.FUND_CLOSE, Action.FUND_CANCEL, Action.FUND_REFUSE,
)  # fmt: skip
PAYS_ON = (
    Action.FUND_RELEASE, Action.FUND_RECEIVE, Action.FUND_ACQUIT, Action.FUND_DECLARE_SPENT,
    Action.FUND_REVIEW, Action.FUND_BACK, Action.FUND_COVER,
)  # fmt: skip
"""What moves a request or a payment on, to its end or to a good one."""


@dataclass(frozen=True)
class Standing:
    """How a request stands: what an act may not change by the way."""

    status: str
    edition: int
    amount: int
    currency: str
    level: int
    others: int

    @classmethod
    def of(cls, request: SupportRequest) -> "Standing":
        level = ORDER.index(Capacity(request.level)) if request.level else -1
        return cls(
            str(request.status),
            request.edition,
            request.amount,
            request.currency,
            level,
            request.other_amount,
        )


@dataclass(frozen=True)
class Agreed:
    """How the fund decides, as two people wanted it last: a rate, the settings, who stands in."""

    number: int = 0
    riel: int = 4000
    settings: FundSettingsDraft = field(default_factory=FundSettingsDraft)

    def level(self, standing: Standing) -> int:
        """Return how high an amount must go with what else counts, by these alone."""
        amount, limits = Decimal(standing.amount), self.settings
        if standing.currency != limits.currency:
            amount = amount / self.riel if limits.currency == "USD" else amount * self.riel
        amount += standing.others
        return (amount > limits.officer_most) + (amount > limits.director_most)


def signed(*requests: SupportRequest | None) -> set[Capacity]:
    """Return as what somebody approved any of these."""
    given = (request for request in requests if request is not None)
    return {
        capacity
        for request in given
        for capacity, column in COLUMN.items()
        if getattr(request, column)
    }


def check_who_decided(
    request: SupportRequest, agreed: set[int], everybody: dict[str, Actor]
) -> None:
    """Check that each approval is of somebody who decides so, or whom two people put there."""
    part = {request.requested_by_id, request.verified_by_id}
    standing = select(Decision).where(Decision.request_id == request.id, Decision.stands())
    logins = {actor.id: login for login, actor in everybody.items()}
    for decision in session().scalars(standing):
        assert decision.decided_by_id not in part, "they asked for it, or verified it"
        assert decision.decided_by_id != request.carrier_id, "they carry its money"
        if decision.stands_in_for_id is None:
            if not request.emergency:
                assert _holds(logins[decision.decided_by_id], decision.capacity)
            continue
        assert decision.stands_in_for_id not in part, "for somebody who had a part in it"
        assert decision.stands_in_for_id != request.carrier_id, "for who carries its money"
        assert any(_gives(given, decision, logins, agreed) for given in _stand_ins(decision))


def _holds(login: str, capacity: str | None) -> bool:
    """Tell whether somebody of the cast decides so in our office themself."""
    role, place = make.NAMES[login]
    if capacity == Capacity.BOARD:
        return login == "board"
    wanted = Role.FUND_OFFICER if capacity == Capacity.OFFICER else Role.DIRECTOR
    return role == wanted and place in {None, make.HERE}


def _stand_ins(decision: Decision) -> Iterator[Delegation]:
    yield from session().scalars(
        select(Delegation).where(
            Delegation.from_id == decision.stands_in_for_id,
            Delegation.to_id == decision.decided_by_id,
            Delegation.capacity == decision.capacity,
            Delegation.starts_at <= decision.at,
            Delegation.ends_at > decision.at,
        )
    )


def _gives(given: Delegation, decision: Decision, logins: dict[int, str], agreed: set[int]) -> bool:
    """Tell whether a stand-in counted: of somebody who decides so, agreed by a second person."""
    absent, there = logins[given.from_id], logins[given.to_id]
    known = given.id in agreed or _holds(there, decision.capacity)
    return _holds(absent, decision.capacity) and known and make.NAMES[there][0] not in NEVER


def check_somebody_goes_on(request: SupportRequest, everybody: dict[str, Actor]) -> None:
    """Check that somebody can go on with a request that has not ended, or is told nobody can."""
    if request.ended_at is not None or not request.edition or _is_open_plan(request):
        return
    if stuck_requests(request.organisation_id, [request.id]):
        passing_on.look_after(worker(request.organisation_id))
        if stuck_requests(request.organisation_id, [request.id]):
            assert request.stuck_since is not None
            assert stuck(everybody["admin"]), "nobody is told"
            return
    paid = commitments.payments_of(request)
    for actor in everybody.values():
        if REQUEST.offers(actor, GOES_ON, request).may:
            return
        if any(offer.may for offer in PAYMENT.offers_each(actor, PAYS_ON, paid).values()):
            return
    raise AssertionError(f"nobody goes on with what is {request.status}")


def _is_open_plan(request: SupportRequest) -> bool:
    return request.households is not None and request.status == "approved"
