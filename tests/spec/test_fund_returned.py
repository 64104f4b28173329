"""Money that comes back is booked once finance has seen it; an account can be returned."""

from datetime import timedelta

import pytest

from hrdtracker.access.action import Action
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, Stale, WrongStatus
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.drafts.money import AcquittalDraft, BackDraft
from hrdtracker.fund.model import BudgetLine, Payment
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.reading.worklist import waiting
from tests import fund, make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
ACQUIT, BACK, REVIEW = Action.FUND_ACQUIT, Action.FUND_BACK, Action.FUND_REVIEW


def _accounted(line: BudgetLine | None = None, back: int = 30_00) -> Payment:
    (payment,) = payments_of(fund.paid(100_00, line))
    acquittals.acquit(make.actor("monitor"), fund.receive(payment), _slip(payment, back), 0)
    return payment


def _slip(payment: Payment, back: int = 30_00) -> AcquittalDraft:
    return AcquittalDraft(payment.amount - back, back, "transfer_slip", "No. 1", fund.today())


def _waits_for(login: str) -> set[Action]:
    return {task.verb for task in waiting(make.actor(login))}


def _review(payment: Payment) -> None:
    acquittals.review(make.actor("fund"), payment, fund.seen(payment))


def test_what_came_back_is_booked_when_finance_has_seen_it_and_not_before() -> None:
    line = fund.line(100_00)
    payment = _accounted(line)
    _review(payment)
    assert (line.spent, line.available) == (100_00, 0)
    assert BACK in _waits_for("finance")
    for login in ("fund", "monitor", "director"):
        with pytest.raises(NotAllowed):
            acquittals.confirm_back(
                make.actor(login), payment, BackDraft(fund.today(), "L"), fund.seen(payment)
            )
    for days in (1, -1):
        on = fund.today() + timedelta(days=days)
        with pytest.raises(Refused) as refused:
            acquittals.confirm_back(
                make.actor("finance"), payment, BackDraft(on, "Line 7"), fund.seen(payment)
            )
        assert set(refused.value.reasons) == {"on"}
    fund.back(payment)
    assert (line.spent, line.available) == (70_00, 30_00)
    assert BACK not in _waits_for("finance")
    with pytest.raises(WrongStatus):
        fund.back(payment)
    assert check_fund().faults == ()


def test_a_request_is_accounted_for_only_once_its_money_is_back() -> None:
    (payment,) = payments_of(request := fund.paid())
    acquittals.acquit(make.actor("monitor"), fund.receive(payment), _slip(payment), 0)
    _review(payment)
    assert request.status == "paid"
    fund.back(payment)
    assert request.status == "acquitted"


@pytest.mark.parametrize("login", ["fund", "finance"])
def test_an_account_goes_back_to_who_recorded_it_with_a_reason(login: str) -> None:
    payment = _accounted()
    if login == "finance":
        _review(payment)
    with pytest.raises(Refused):
        acquittals.return_account(make.actor(login), payment, " ", fund.seen(payment))
    acquittals.return_account(
        make.actor(login), payment, "30 are not in the bank.", fund.seen(payment)
    )
    account = acquittals.acquittal_of(payment)
    assert account is not None
    assert (account.sent_back_why, account.reviewed_at) == ("30 are not in the bank.", None)
    assert ACQUIT in _waits_for("monitor")
    assert {REVIEW, BACK} & (_waits_for("fund") | _waits_for("finance")) == set()
    with pytest.raises(WrongStatus):
        _review(payment)
    acquittals.acquit(make.actor("monitor"), payment, _slip(payment, 0), fund.seen(payment))
    assert ACQUIT not in _waits_for("monitor")
    _review(payment)
    assert check_fund().faults == ()


def test_what_finance_has_seen_is_not_returned_any_more() -> None:
    payment = _accounted()
    _review(payment)
    fund.back(payment)
    for login in ("fund", "finance"):
        with pytest.raises(WrongStatus):
            acquittals.return_account(make.actor(login), payment, "Too late.", fund.seen(payment))


def test_nobody_accepts_declares_or_returns_an_account_that_they_have_not_seen() -> None:
    payment = _accounted()
    seen = acquittals.version_of(acquittals.acquittal_of(payment))
    acquittals.acquit(make.actor("monitor"), payment, _slip(payment, 10_00), seen)
    for act in (
        lambda: acquittals.review(make.actor("fund"), payment, seen),
        lambda: acquittals.declare_spent(make.actor("director"), payment, seen),
        lambda: acquittals.return_account(make.actor("fund"), payment, "x", seen),
        lambda: acquittals.confirm_back(
            make.actor("finance"), payment, BackDraft(fund.today(), "x"), seen
        ),
        lambda: acquittals.acquit(make.actor("monitor"), payment, _slip(payment), seen),
    ):
        with pytest.raises(Stale):
            act()
    session().expire_all()
    account = acquittals.acquittal_of(payment)
    assert account is not None
    assert (account.returned, account.reviewed_at) == (10_00, None)
