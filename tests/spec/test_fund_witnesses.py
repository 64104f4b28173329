"""Whoever is named as having seen a reversal says so themselves; only then money never left."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access.actor import Seat
from hrdtracker.access.model import Role
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale, WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import reversals, witnesses
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.drafts.money import ReversalDraft
from hrdtracker.fund.model import (
    Booking,
    Payment,
    PaymentStatus,
    ReversalKind,
    SupportRequest,
    Transaction,
    Voucher,
)
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.reversals import (
    asked_of,
    past_payments,
    said_never_to_have_left,
    witnessed_entry,
)
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.notices.queries import unseen
from tests import fund, make

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
NEVER_LEFT, CAME_BACK = ReversalKind.NEVER_LEFT, ReversalKind.CAME_BACK


def _entry() -> Transaction:
    booked = select(Transaction).where(Transaction.booking == Booking.PAYMENT)
    return session().scalars(booked.order_by(Transaction.id.desc())).first() or Transaction()


def _said(request: SupportRequest, seen_by: str = "director", reason: str = fund.WHY) -> Voucher:
    """Let finance write that the payment of a request never left."""
    fund.take_back(_entry(), NEVER_LEFT, seen_by=make.user(seen_by).uid, reason=reason)
    (payment,) = payments_of(request)
    query = select(Voucher).where(Voucher.payment_id == payment.id)
    return session().scalars(query.order_by(Voucher.id.desc())).first() or Voucher()


def _answer(voucher: Voucher, who: str = "director", *, witnessed: bool = True) -> None:
    witnesses.answer(make.actor(who), voucher, voucher.version, witnessed=witnessed)


def _prepare(request: SupportRequest) -> None:
    uid = instalments_of(request)[0].uid
    payments.prepare(make.actor("fund"), request, uid, Sending(uuid4()))


def _counts_for_nothing(payment: Payment) -> None:
    """Check that it is said of a payment that it never left, and that this is not awaited."""
    said = said_never_to_have_left(make.actor("finance"), payment)
    assert said is not None
    assert (said.booked, said.waits) == (False, False)


def _holds() -> None:
    assert check_fund().faults == ()


def test_nothing_is_prepared_again_before_the_witness_says_that_it_never_left() -> None:
    line = fund.line()
    request = fund.paid(100_00, line)
    voucher = _said(request)
    (payment,) = payments_of(request)
    assert (payment.status, request.status, line.spent) == (PaymentStatus.PAID, "paid", 100_00)
    with pytest.raises(WrongStatus):
        _prepare(request)
    _answer(voucher)
    assert (payment.status, request.status, line.spent) == ("cancelled", "committed", 0)
    _prepare(request)  # nobody looks again: nothing happened
    fund.release(payments_of(request)[-1])
    _holds()


def test_it_is_booked_in_the_name_of_whoever_wrote_it_and_stands_beside_the_payment() -> None:
    request = fund.paid()
    voucher, (payment,) = _said(request), payments_of(request)
    waits = said_never_to_have_left(make.actor("finance"), payment)
    assert waits is not None
    assert (waits.witnessed, waits.reason, waits.waits) == (None, fund.WHY, True)
    assert past_payments([payment]) == []
    _answer(voucher)
    assert not unseen(make.actor("finance"))
    assert said_never_to_have_left(make.actor("finance"), payment) is None
    (past,) = past_payments([payment])
    assert (past.kind, past.witnessed) == (NEVER_LEFT, True)
    opposite = session().get_one(Transaction, voucher.transaction_id)
    assert opposite.booked_by_id == make.user("finance").id
    assert opposite.reverses_id is not None


@pytest.mark.parametrize("who", ["finance", "fund", "national", "auditor", "monitor", "admin"])
def test_nobody_but_the_colleague_who_is_named_says_it_or_opens_it(who: str) -> None:
    voucher, actor = _said(fund.paid()), make.actor(who)
    assert not asked_of(actor)
    with pytest.raises(NotFound):
        witnessed_entry(actor, voucher.uid)
    with pytest.raises(NotAllowed):
        _answer(voucher, who)


@pytest.mark.parametrize("who", ["director", "fund", "national", "auditor"])
def test_whoever_is_named_finds_it_on_the_first_page_and_opens_it_without_the_books(
    who: str,
) -> None:
    voucher, actor = _said(fund.paid(), who), make.actor(who)
    assert [uid for uid, _ in asked_of(actor)] == [voucher.uid]
    assert not unseen(actor)
    page = witnessed_entry(actor, voucher.uid)
    assert (str(page.amount), page.waits, page.is_asked) == ("100.00 USD", True, True)
    _answer(voucher, who)
    assert not asked_of(actor)


@pytest.mark.parametrize("who", ["finance", "carrier"])
def test_neither_who_books_nor_who_carries_or_released_it_is_the_witness(who: str) -> None:
    carrier = make.user("fund2")
    fund.paid(method="cash", carrier_colleague=carrier.uid)
    named = carrier.uid if who == "carrier" else make.user(who).uid
    with pytest.raises(Refused) as refused:
        fund.take_back(_entry(), NEVER_LEFT, seen_by=named)
    assert set(refused.value.reasons) == {"seen_by"}


def test_whoever_released_it_is_no_witness_of_what_another_finance_officer_books() -> None:
    fund.paid()
    national = make.actor("national")
    also = replace(national, seats=national.seats | {Seat(Role.FINANCE_OFFICER, None)})
    told = ReversalDraft(NEVER_LEFT, fund.WHY, make.user("finance").uid)
    with pytest.raises(Refused) as refused:
        reversals.reverse(also, make.organisation(), _entry().uid, told)
    assert set(refused.value.reasons) == {"seen_by"}


def test_a_no_leaves_the_payment_as_it_is_and_is_told_to_who_reads_the_books() -> None:
    request = fund.paid()
    voucher, (payment,) = _said(request), payments_of(request)
    _answer(voucher, witnessed=False)
    _counts_for_nothing(payment)
    with pytest.raises(WrongStatus):
        _prepare(request)
    for login in ("finance", "auditor"):
        assert [told.kind for told in unseen(make.actor(login))] == ["not_seen"]
    assert not asked_of(make.actor("director"))
    _holds()


def test_after_a_no_or_without_an_answer_finance_names_somebody_else() -> None:
    request = fund.paid()
    _answer(_said(request), witnessed=False)
    again = _said(request, "national")
    assert again.witnessed is None
    other = _said(request, "auditor")
    with pytest.raises(NotAllowed):
        _answer(other, "national")
    _answer(other, "auditor")
    assert request.status == "committed"
    _holds()


def test_what_was_written_anew_meanwhile_is_read_again_before_it_is_confirmed() -> None:
    request = fund.paid()
    first = _said(request)
    version = first.version
    _said(request, reason="The bank says so.")
    with pytest.raises(Stale):
        witnesses.answer(make.actor("director"), first, version, witnessed=True)


def test_the_same_word_twice_is_one_and_another_word_is_refused() -> None:
    voucher = _said(fund.paid())
    seen = voucher.version
    for _ in range(2):
        witnesses.answer(make.actor("director"), voucher, seen, witnessed=True)
    with pytest.raises(Stale):
        witnesses.answer(make.actor("director"), voucher, seen, witnessed=False)
    with pytest.raises(Stale):
        _answer(voucher, witnessed=False)
    _holds()


def test_an_auditor_who_saw_nothing_is_not_told_so_by_themselves() -> None:
    _answer(_said(fund.paid(), "auditor"), "auditor", witnessed=False)
    assert not unseen(make.actor("auditor"))
    assert [told.kind for told in unseen(make.actor("finance"))] == ["not_seen"]


def test_what_arrived_meanwhile_is_no_more_said_never_to_have_left() -> None:
    request = fund.paid()
    voucher, (payment,) = _said(request), payments_of(request)
    fund.receive(payment, "national")
    assert not asked_of(make.actor("director"))
    page = witnessed_entry(make.actor("director"), voucher.uid)
    assert (page.waits, page.is_asked) == (False, False)
    _counts_for_nothing(payment)
    with pytest.raises(WrongStatus, match="meanwhile"):
        _answer(voucher)
    _holds()


def test_once_the_bank_shows_that_it_is_back_nobody_waits_for_the_witness() -> None:
    request = fund.paid()
    voucher = _said(request)
    opposite = fund.take_back(_entry(), CAME_BACK, seen_by=make.user("auditor").uid)
    stands = select(Voucher).where(Voucher.transaction_id == opposite.id, Voucher.stands())
    again = session().scalars(stands).one()
    assert again.kind == CAME_BACK
    assert (voucher.replaced_at is None, request.status) == (False, "committed")
    assert not asked_of(make.actor("director"))
    assert [uid for uid, _ in asked_of(make.actor("auditor"))] == [again.uid]
    _holds()


def test_of_any_other_reversal_the_witness_says_afterwards_whether_they_saw_it() -> None:
    request = fund.paid()
    opposite = fund.take_back(_entry(), seen_by=make.user("director").uid)
    fund.release(payments_of(request)[0])
    query = select(Voucher).where(Voucher.transaction_id == opposite.id)
    voucher = session().scalars(query).one()
    page = witnessed_entry(make.actor("director"), voucher.uid)
    assert (page.waits, page.is_asked) == (False, True)
    _answer(voucher)
    assert (voucher.witnessed, voucher.transaction_id) == (True, opposite.id)
