"""Whoever carries the cash of a request neither verifies, decides on, covers nor reviews it."""

from uuid import uuid4

import pytest

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import UserState
from hrdtracker.core.errors import WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.model import Capacity, Payment, SupportRequest
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of
from tests import fund, make
from tests.fund_stand_ins import delegates

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]


def _carried(login: str, amount: int = 100_00) -> SupportRequest:
    return fund.sent(amount, method="cash", carrier_colleague=make.user(login).uid)


def _prepared(login: str) -> Payment:
    request = fund.approve(fund.recommend(_carried(login), "director2"), "fund2")
    officer, (part,) = make.actor("fund2"), instalments_of(request)
    commitments.commit(officer, request, fund.line().uid, request.version)
    payments.check(
        officer, request, part.uid, still_there=True, still_needed=True, version=request.version
    )
    return payments.prepare(officer, request, part.uid, Sending(uuid4()))


def _allowed(login: str, verb: Action, record: SupportRequest | Payment) -> bool:
    return policy.allows(make.actor(login), verb, record)


@pytest.mark.parametrize(
    ("login", "verbs"),
    [
        ("director", "VERIFY RECOMMEND REFUSE APPROVE EMERGENCY RATIFY"),
        ("national", "VERIFY RECOMMEND REFUSE APPROVE EMERGENCY RATIFY"),
        ("fund", "REFUSE APPROVE EMERGENCY RATIFY"),
    ],
)
def test_whoever_carries_the_money_does_nothing_that_another_is_to_do(
    login: str, verbs: str
) -> None:
    fund.set_up()
    other, carried = _carried("colleague"), _carried(login)
    wanted = [Action[f"FUND_{verb}"] for verb in verbs.split()]
    assert [verb for verb in wanted if not _allowed(login, verb, other)] == []
    assert [verb for verb in wanted if _allowed(login, verb, carried)] == []


@pytest.mark.parametrize(
    ("login", "verbs"),
    [
        ("director", "COVER DECLARE_SPENT RECEIVE"),
        ("fund", "COVER REVIEW RECEIVE"),
        ("finance", "BACK"),
    ],
)
def test_whoever_carried_it_neither_covers_reviews_nor_confirms_it(login: str, verbs: str) -> None:
    other, carried = _prepared("colleague"), _prepared(login)
    wanted = [Action[f"FUND_{verb}"] for verb in verbs.split()]
    assert [verb for verb in wanted if not _allowed(login, verb, other)] == []
    assert [verb for verb in wanted if _allowed(login, verb, carried)] == []


def test_where_the_only_fund_officer_carries_it_another_holds_the_fund_for_it() -> None:
    fund.set_up()
    make.bring(make.user("fund2"), UserState.LOCKED)
    request = _carried("fund")
    assert request.passed_to_id == make.user("national").id
    assert needs(request) == [Capacity.BOARD]


def test_nobody_decides_in_the_place_of_whoever_carries_the_money() -> None:
    fund.set_up()
    delegates("fund", "colleague")
    other, carried = (fund.recommend(_carried(who), "director2") for who in ("fund2", "fund"))
    assert _allowed("colleague", Action.FUND_APPROVE, other)
    assert not _allowed("colleague", Action.FUND_APPROVE, carried)


def test_whom_the_board_named_does_not_decide_for_it_on_what_they_carry() -> None:
    fund.set_up()
    request = fund.drafted(4_000_00, method="cash", carrier_colleague=make.user("board").uid)
    with pytest.raises(WrongStatus, match="named nobody"):
        requests.submit(make.actor("monitor"), request, request.version)
