"""What was booked wrongly is reversed: why, seen by whom, and what becomes of the payment."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused, WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import service as books
from hrdtracker.fund.books import witnesses
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget.commitments import cover, payments_of
from hrdtracker.fund.drafts.money import BookDraft
from hrdtracker.fund.model import (
    Booking,
    DonorGrant,
    Payment,
    PaymentStatus,
    ReversalKind,
    SupportRequest,
    Transaction,
    Voucher,
)
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.reversals import asked_of, past_payments, reason_of
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests.content import instalments_of
from tests import fund, make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
CAME_BACK, NEVER_LEFT, MISTYPED = (
    ReversalKind.CAME_BACK, ReversalKind.NEVER_LEFT, ReversalKind.MISTYPED,
)  # fmt: skip


def _entry() -> Transaction:
    booked = select(Transaction).where(Transaction.booking == Booking.PAYMENT)
    return session().scalars(booked.order_by(Transaction.id.desc())).first() or Transaction()


def _prepare(request: SupportRequest) -> Payment:
    one = instalments_of(request)[0]
    return payments.prepare(make.actor("fund"), request, one.uid, Sending(uuid4()))


def _waits_for(login: str) -> set[Action]:
    return {task.verb for task in waiting(make.actor(login))}


def _holds() -> None:
    assert check_fund().faults == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"seen_by": None}, "seen_by"),
        ({"seen_by": uuid4()}, "seen_by"),
        ({"kind": CAME_BACK, "back_on": None}, "back_on"),
        ({"kind": CAME_BACK, "proof": ""}, "proof"),
        ({"kind": CAME_BACK, "back_on": "tomorrow"}, "back_on"),
        ({"kind": CAME_BACK, "back_on": "yesterday"}, "back_on"),
        ({"back_on": "yesterday"}, "back_on"),
    ],
)
def test_a_reversal_says_why_who_saw_it_and_since_when_money_is_back(
    changes: dict[str, Any], field: str
) -> None:
    fund.paid()
    days = {"tomorrow": timedelta(days=1), "yesterday": timedelta(days=-1)}
    if changes.get("back_on") in days:
        changes = {**changes, "back_on": fund.today() + days[changes["back_on"]]}
    with pytest.raises(Refused) as refused:
        fund.take_back(_entry(), **changes)
    assert set(refused.value.reasons) == {field}
    _holds()


def test_nobody_sees_their_own_correction_nor_names_who_knows_no_figures() -> None:
    fund.paid()
    for login in ("finance", "monitor"):
        with pytest.raises(Refused) as refused:
            fund.take_back(_entry(), seen_by=make.user(login).uid)
        assert set(refused.value.reasons) == {"seen_by"}
    fund.take_back(_entry())
    assert len(asked_of(make.actor("auditor"))) == 1


def test_nobody_sees_their_own_correction_of_what_is_no_payment_either() -> None:
    fee = BookDraft(Booking.FEE, 5_00, "USD", fund.today())
    wrong = books.book(make.actor("finance"), make.organisation(), fee)
    with pytest.raises(Refused) as refused:
        fund.take_back(wrong, seen_by=make.user("finance").uid)
    assert set(refused.value.reasons) == {"seen_by"}


def test_a_transfer_that_came_back_is_prepared_anew_only_once_somebody_looked_again() -> None:
    line = fund.line()
    request = fund.paid(100_00, line)
    fund.take_back(_entry(), CAME_BACK)
    assert (request.status, line.spent) == ("committed", 0)
    with pytest.raises(WrongStatus, match="looks again"):
        _prepare(request)
    assert Action.FUND_CHECK in _waits_for("monitor")
    one = instalments_of(request)[0]
    payments.check(
        make.actor("monitor"),
        request,
        one.uid,
        still_there=True,
        still_needed=True,
        version=request.version,
    )
    fund.release(_prepare(request))
    assert (request.status, line.spent) == ("paid", 100_00)
    _holds()


def test_as_long_as_money_is_not_back_its_instalment_is_not_prepared_again() -> None:
    request = fund.paid()
    with pytest.raises(Refused):
        fund.take_back(_entry(), CAME_BACK, back_on=None)
    with pytest.raises(WrongStatus):
        _prepare(request)


def test_what_left_and_was_recorded_wrongly_is_recorded_anew_and_neither_paid_nor_dropped() -> None:
    request = fund.committed(100_00, fund.line(2_000_00))
    payment = fund.release(fund.prepared(request), 1_000_00)
    fund.take_back(_entry())
    assert (payment.status, payment.amount, payment.over) == (PaymentStatus.PREPARED, 100_00, 0)
    assert Action.FUND_RELEASE in _waits_for("finance")
    with pytest.raises(WrongStatus):
        _prepare(request)
    with pytest.raises(WrongStatus, match="It has left"):
        payments.drop(make.actor("finance"), payment, payment.version)
    with pytest.raises(WrongStatus, match="It has left"):
        payments.reveal(make.actor("finance"), payment)
    _holds()
    fund.release(payment)
    assert (payment.status, payment.over, request.status) == (PaymentStatus.PAID, 0, "paid")
    _holds()


def test_a_reversed_payment_stays_to_be_seen_with_why_and_by_whom() -> None:
    request = fund.paid()
    (payment,) = payments_of(request)
    opposite = fund.take_back(_entry(), CAME_BACK, reason="The account was closed.")
    (past,) = past_payments([payment])
    assert (str(past.amount), past.left_on, past.kind) == ("100.00 USD", fund.today(), CAME_BACK)
    assert (past.reason, past.proof, past.back_on) == (
        "The account was closed.", "Line 12", fund.today(),
    )  # fmt: skip
    for login, words in (("finance", "The account was closed."), ("auditor", None)):
        reason = reason_of(make.actor(login), opposite)
        assert reason is not None
        assert (reason.kind, reason.reason) == (CAME_BACK, words), login


@pytest.mark.parametrize("method", ["mobile_money", "cash"])
@pytest.mark.parametrize("kind", [MISTYPED, CAME_BACK])
def test_what_was_covered_is_promised_no_more_once_the_payment_is_reversed(
    kind: ReversalKind, method: str
) -> None:
    carrier = make.user("colleague").uid if method == "cash" else None
    fund.set_up()
    line = fund.line(10_000_00)
    request = fund.committed(100_00, line, method=method, carrier_colleague=carrier)
    for _ in range(2):
        payment = fund.release(fund.prepared(request), 5_000_00)
        cover(make.actor("board"), payment, fund.WHY, payment.version)
        _holds()
        fund.take_back(_entry(), kind)
        assert (request.committed, line.committed, line.over) == (100_00, 100_00, 0)
        _holds()
        if kind == MISTYPED:
            break
    payment = payment if kind == MISTYPED else fund.prepared(request)
    fund.release(payment, 5_000_00)
    cover(make.actor("board"), payment, fund.WHY, payment.version)
    fund.receive(payment)
    _holds()
    assert (request.committed, line.committed, line.spent) == (5_000_00, 5_000_00, 5_000_00)


@pytest.mark.parametrize("kind", list(ReversalKind))
def test_an_advance_that_is_reversed_is_undone_in_one_entry(kind: ReversalKind) -> None:
    colleague = make.user("colleague").uid
    request = fund.paid(100_00, fund.line(500_00), method="cash", carrier_colleague=colleague)
    (payment,) = payments_of(request)
    about = select(Transaction.booking).where(Transaction.payment_id == payment.id)
    fund.take_back(_entry(), kind)
    if kind == ReversalKind.NEVER_LEFT:
        voucher = session().scalars(select(Voucher)).one()
        witnesses.answer(make.actor("auditor"), voucher, voucher.version, witnessed=True)
    assert sorted(session().scalars(about)) == [Booking.PAYMENT, Booking.REVERSAL]
    assert (request.committed, request.status) == (100_00, "committed")
    _holds()


def test_what_was_carried_is_covered_after_it_arrived_as_well_as_before() -> None:
    colleague, line = make.user("colleague").uid, fund.line(500_00)
    request = fund.committed(100_00, line, method="cash", carrier_colleague=colleague)
    payment = fund.receive(fund.release(fund.prepared(request), 150_00))
    cover(make.actor("fund"), payment, fund.WHY, payment.version)
    assert (request.committed, line.committed, line.over, line.spent) == (150_00, 150_00, 0, 150_00)
    _holds()


def test_the_proof_of_what_was_given_back_stands_beside_why_that_is_reversed() -> None:
    grant = session().get_one(DonorGrant, fund.line().grant_id)
    _, wrong = (
        books.book(
            make.actor("finance"),
            make.organisation(),
            BookDraft(booking, 5_00, "USD", fund.today(), grant.uid, proof="Line 9"),
        )
        for booking in (Booking.INCOME, Booking.REFUND)
    )
    opposite = fund.take_back(wrong)
    vouchers = session().scalars(select(Voucher).order_by(Voucher.id)).all()
    assert [(row.transaction_id, row.proof, row.reason) for row in vouchers] == [
        (wrong.id, "Line 9", None), (opposite.id, None, fund.WHY),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [CAME_BACK, NEVER_LEFT])
def test_only_a_payment_comes_back_or_never_left(kind: ReversalKind) -> None:
    fee = BookDraft(Booking.FEE, 5_00, "USD", fund.today())
    wrong = books.book(make.actor("finance"), make.organisation(), fee)
    with pytest.raises(Refused) as refused:
        fund.take_back(wrong, kind)
    assert set(refused.value.reasons) == {"kind"}


def test_why_a_payment_is_reversed_is_locked_with_its_case_and_each_payment_has_its_own() -> None:
    requests = [fund.paid() for _ in range(2)]
    entries = select(Transaction).where(Transaction.booking == Booking.PAYMENT)
    for entry in session().scalars(entries.order_by(Transaction.id)).all():
        fund.take_back(entry, NEVER_LEFT)
    vouchers = session().scalars(select(Voucher).order_by(Voucher.id)).all()
    paid = [payments_of(request)[0] for request in requests]
    assert [(one.payment_id, one.data_key_id, one.scope_id) for one in vouchers] == [
        (one.id, one.data_key_id, one.scope_id) for one in paid
    ]
