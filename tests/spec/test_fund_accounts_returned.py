"""What accounts for a payment goes back to its author once the payment is reversed."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused, WrongStatus
from hrdtracker.fund.books import witnesses
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.drafts.money import AcquittalDraft, ReleaseDraft
from hrdtracker.fund.model import (
    Acquittal,
    Payment,
    ReversalKind,
    SupportRequest,
    Transaction,
    Voucher,
)
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.payments.service import is_accounted_for
from hrdtracker.fund.reading.reversals import accounts_taken_back
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.rules.passing_on import next_holder
from hrdtracker.fund.rules.stuck import stuck_requests
from hrdtracker.leaving import let_go
from tests import fund, make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
MISTYPED, NEVER_LEFT, CAME_BACK = ReversalKind


def _entry() -> Transaction:
    return session().scalars(select(Transaction).where(Transaction.booking == "payment")).one()


def _says(spent: int, returned: int = 0, **changes: Any) -> AcquittalDraft:
    said = AcquittalDraft(spent, returned, "transfer_slip", "No. 1", fund.today())
    return replace(said, **changes)


def _accounted(draft: AcquittalDraft) -> Payment:
    """Return a payment of 100 that was recorded as 200, and is accounted for so."""
    payment = fund.release(fund.prepared(fund.committed(100_00, fund.line())), 200_00)
    acquittals.acquit(make.actor("monitor"), payment, draft, 0)
    return payment


def _waits_for(login: str) -> set[Action]:
    return {task.verb for task in waiting(make.actor(login))}


def test_what_accounts_for_another_amount_than_left_is_written_anew() -> None:
    payment = _accounted(_says(50_00, 150_00))
    fund.take_back(_entry())
    fund.receive(fund.release(payment))
    with pytest.raises(WrongStatus):
        acquittals.review(make.actor("fund"), payment, fund.seen(payment))
    account = acquittals.acquittal_of(payment)
    assert account is not None
    assert (account.sent_back_why, account.sent_back_by_id) == (fund.WHY, make.user("finance").id)
    assert Action.FUND_ACQUIT in _waits_for("monitor")
    with pytest.raises(Refused):
        fund.account(payment, spent=50_00, returned=150_00)
    fund.account(payment, spent=60_00, returned=40_00)
    request = session().get_one(SupportRequest, payment.request_id)
    assert (request.status, payment.charged, check_fund().faults) == ("acquitted", 60_00, ())


@pytest.mark.parametrize("kind", [NEVER_LEFT, CAME_BACK])
def test_nobody_declares_or_reviews_what_accounts_for_money_that_is_not_gone(
    kind: ReversalKind,
) -> None:
    declared = _says(200_00, document=None, reference="", alternative=True, danger="His.")
    payment = _accounted(declared)
    assert Action.FUND_DECLARE_SPENT in _waits_for("director")
    fund.take_back(_entry(), kind)
    for voucher in session().scalars(select(Voucher).where(Voucher.kind == NEVER_LEFT)):
        witnesses.answer(make.actor("auditor"), voucher, voucher.version, witnessed=True)
    request = session().get_one(SupportRequest, payment.request_id)
    assert (payment.status, payments_of(request)) == ("cancelled", [])
    assert not {Action.FUND_DECLARE_SPENT, Action.FUND_REVIEW} & _waits_for("director")
    assert stuck_requests(make.organisation().id) == {}


def test_what_whoever_reverses_accounted_for_themself_is_taken_back() -> None:
    payment = _accounted(_says(200_00))
    finance = make.actor("finance")
    with authorised(make.actor("monitor"), Action.FUND_ACQUIT, on=payment):
        session().scalars(select(Acquittal)).one().recorded_by_id = finance.id
    fund.take_back(_entry())
    assert acquittals.acquittal_of(payment) is None
    (kept,) = session().scalars(select(Acquittal))
    assert (kept.spent, kept.withdrawn_at is None) == (200_00, False)
    assert accounts_taken_back([payment]) == {payment.id: [kept]}


def _taken_back(by: str = "finance", **says: Any) -> Payment:
    """Return a payment that was recorded wrongly, whose account its author took back."""
    payment = _accounted(_says(200_00, **says))
    with authorised(make.actor("monitor"), Action.FUND_ACQUIT, on=payment):
        session().scalars(select(Acquittal)).one().recorded_by_id = make.user(by).id
    fund.take_back(_entry())
    return payment


def test_what_was_taken_back_counts_nowhere_and_is_written_anew() -> None:
    payment = _taken_back()
    request = session().get_one(SupportRequest, payment.request_id)
    payments.release(
        make.actor("finance"), payment, ReleaseDraft(fund.today(), "No. 2"), payment.version
    )
    assert (check_fund().faults, stuck_requests(make.organisation().id)) == ((), {})
    assert Action.FUND_ACQUIT in _waits_for("monitor")
    assert not {Action.FUND_REVIEW, Action.FUND_DECLARE_SPENT} & _waits_for("fund")
    fund.receive(payment)
    assert Action.FUND_REVIEW not in _waits_for("fund")
    fund.account(payment)
    assert (request.status, check_fund().faults) == ("acquitted", ())
    assert len(session().scalars(select(Acquittal)).all()) == 2


def test_what_was_taken_back_after_its_review_settles_nothing() -> None:
    payment = _accounted(_says(200_00))
    with authorised(make.actor("monitor"), Action.FUND_ACQUIT, on=payment):
        account = session().scalars(select(Acquittal)).one()
        account.recorded_by_id = make.user("finance").id
        account.reviewed_by_id, account.reviewed_at = make.user("fund").id, clock.now()
    fund.take_back(_entry())
    request = session().get_one(SupportRequest, payment.request_id)
    told = ReleaseDraft(fund.today(), "No. 2")
    payments.release(make.actor("finance"), payment, told, payment.version)
    assert (is_accounted_for(request), request.status) == (False, "paid")
    assert Action.FUND_ACQUIT in _waits_for("monitor")


def test_an_account_that_does_not_come_to_what_left_is_found_in_the_books() -> None:
    payment = _accounted(_says(200_00))
    assert check_fund().faults == ()
    with authorised(make.actor("monitor"), Action.FUND_ACQUIT, on=payment):
        session().scalars(select(Acquittal)).one().spent = 199_99
    (fault,) = check_fund().faults
    assert fault.what == "what accounts for it is not what left"


def test_whoever_wrote_what_was_returned_holds_the_fund_where_nobody_else_may() -> None:
    payment = _accounted(_says(200_00))
    with authorised(make.actor("monitor"), Action.FUND_ACQUIT, on=payment):
        session().scalars(select(Acquittal)).one().recorded_by_id = make.user("national").id
    request = session().get_one(SupportRequest, payment.request_id)
    for login in ("fund", "fund2"):
        conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    held = next_holder(request)
    acquittals.return_account(make.actor("finance"), payment, fund.WHY, fund.seen(payment))
    assert (held, next_holder(request)) == (None, make.user("national").id)


def test_whoever_declared_what_was_taken_back_holds_the_fund_where_nobody_else_may() -> None:
    payment = _accounted(
        _says(200_00, document=None, reference="", alternative=True, danger="His.")
    )
    with authorised(make.actor("monitor"), Action.FUND_ACQUIT, on=payment):
        account = session().scalars(select(Acquittal)).one()
        account.recorded_by_id = make.user("finance").id
        account.declared_by_id, account.declared_at = make.user("national").id, clock.now()
    request = session().get_one(SupportRequest, payment.request_id)
    for login in ("fund", "fund2"):
        conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    held = next_holder(request)
    fund.take_back(_entry())
    assert (held, next_holder(request)) == (None, make.user("national").id)


def test_what_somebody_who_left_owes_an_account_of_is_the_task_of_whoever_may_give_it() -> None:
    payment = fund.release(fund.prepared(fund.committed(100_00, fund.line())))
    assert Action.FUND_ACQUIT not in _waits_for("director")
    let_go(make.actor("admin"), make.user("monitor"))
    assert Action.FUND_ACQUIT in _waits_for("director")
    acquittals.acquit(make.actor("director"), payment, _says(100_00), 0)
    assert Action.FUND_ACQUIT not in _waits_for("director2")
    acquittals.return_account(make.actor("finance"), payment, fund.WHY, fund.seen(payment))
    assert Action.FUND_ACQUIT not in _waits_for("director2")
    let_go(make.actor("admin"), make.user("director"))
    assert Action.FUND_ACQUIT in _waits_for("director2")
