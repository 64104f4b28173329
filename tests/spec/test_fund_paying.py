"""Promising, paying, accounting: no riel leaves a line that has it not, nor the books unnoticed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy
from sqlalchemy import func, select, update

from hrdtracker.access.action import Action
from hrdtracker.audit import trail
from hrdtracker.audit.model import AuditEntry
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget import commitments, grants
from hrdtracker.fund.drafts.money import AcquittalDraft, LineDraft, ReceiptDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft, ItemDraft
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    Decision,
    GrantState,
    LedgerAccount,
    Payment,
    Posting,
    Restriction,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.worklist import waiting
from hrdtracker.fund.requests.content import instalments_of
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")


def _holds() -> None:
    assert check_fund().faults == ()


def _only(request: SupportRequest) -> Payment:
    (found,) = commitments.payments_of(request)
    return found


# Promises ----------------------------------------------------------------------------------------


def test_a_commitment_beyond_the_line_is_refused_and_takes_nothing() -> None:
    line = fund.line(100_00)
    fund.committed(60_00, line)
    request = fund.approved(40_01)
    with pytest.raises(Refused, match="correct") as refused:
        commitments.commit(make.actor("fund"), request, line.uid, request.version)
    assert "line" in refused.value.reasons
    session().expire_all()
    assert (line.committed, request.status) == (60_00, "approved")
    _holds()


def test_the_database_itself_holds_commitments_within_the_line() -> None:
    fund.line(100_00)
    connection = session().connection(execution_options={"write": True})
    with pytest.raises(sqlalchemy.exc.IntegrityError, match="never_exceed"), trail.writing():
        connection.execute(update(BudgetLine.__table__).values(committed=100_01))  # type: ignore[arg-type]


def test_a_promise_stands_on_the_trail_with_what_the_line_had_before() -> None:
    line = fund.line(100_00)
    fund.committed(60_00, line)
    entry = select(AuditEntry.payload).where(AuditEntry.action == Action.FUND_COMMIT)
    assert b'"committed":[0,6000]' in session().scalars(entry).one()


NOT_ALLOWED = (
    ({"request_most": 99_99}, "at most"),
    ({"terms": {Restriction.SUPPORT_TYPE: frozenset({"legal"})}}, "types of support"),
    ({"terms": {Restriction.PROVINCE: frozenset({"01"})}}, "provinces"),
    ({"terms": {Restriction.AREA: frozenset({"judiciary"})}}, "areas"),
)


@pytest.mark.engines("sqlite")
def test_what_a_grant_does_not_allow_is_refused_at_commitment() -> None:
    request = fund.approved(100_00)
    ended = {"ends_on": fund.today() - timedelta(days=1)}
    for changes, says in (*NOT_ALLOWED, (ended, "not running")):
        line = fund.line(**changes)
        with pytest.raises(Refused) as refused:
            commitments.commit(make.actor("fund"), request, line.uid, request.version)
        assert says in str(refused.value.reasons["line"])


def test_a_suspended_grant_promises_nothing_more() -> None:
    grant = fund.grant()
    line = grants.add_line(make.actor("fund"), grant, LineDraft("L", "Rent", 100_00))
    grants.set_grant_state(make.actor("fund"), grant, GrantState.SUSPENDED, grant.version)
    request = fund.approved(10_00)
    with pytest.raises(Refused):
        commitments.commit(make.actor("fund"), request, line.uid, request.version)


def test_paying_back_a_colleague_is_refused_where_the_grant_forbids_it() -> None:
    request = fund.approved(reimburses=True, payee=None)
    assert request.payee_code == f"U-{request.requested_by_id}"
    with pytest.raises(Refused) as refused:
        commitments.commit(make.actor("fund"), request, fund.line().uid, request.version)
    assert "paid already" in str(refused.value.reasons["line"])
    allowed = fund.line(retroactive=True)
    commitments.commit(make.actor("fund"), request, allowed.uid, request.version)


def test_the_lines_of_a_grant_come_to_no_more_than_the_grant() -> None:
    grant = fund.grant(100_00)
    grants.add_line(make.actor("fund"), grant, LineDraft("A", "Rent", 60_00))
    with pytest.raises(Refused):
        grants.add_line(make.actor("fund"), grant, LineDraft("B", "Food", 40_01))


def test_a_promise_is_moved_to_another_line_and_given_back_when_it_is_cancelled() -> None:
    first, second = fund.line(100_00), fund.line(100_00)
    request = fund.committed(60_00, first)
    commitments.move(make.actor("fund"), request, second.uid, "A better donor.", request.version)
    assert (first.committed, second.committed) == (0, 60_00)
    commitments.cancel(make.actor("fund"), request, "Somebody else paid.", request.version)
    assert (second.committed, request.status) == (0, "cancelled")
    _holds()


def test_a_promise_is_not_moved_to_a_line_that_has_not_enough() -> None:
    first, second = fund.line(100_00), fund.line(59_99)
    request = fund.committed(60_00, first)
    with pytest.raises(Refused) as refused:
        commitments.move(
            make.actor("fund"), request, second.uid, "A better donor.", request.version
        )
    assert set(refused.value.reasons) == {"line"}
    session().expire_all()
    assert (first.committed, second.committed) == (60_00, 0)
    _holds()


def test_what_becomes_of_a_promise_is_a_decision_with_its_reason_and_voids_what_was_decided() -> (
    None
):
    first, second = fund.line(100_00), fund.line(100_00)
    request = fund.committed(60_00, first)
    commitments.move(make.actor("fund"), request, second.uid, "A better donor.", request.version)
    commitments.cancel(make.actor("fund"), request, "Somebody else paid.", request.version)
    ring().load([request.data_key_id])
    query = select(Decision).where(Decision.request_id == request.id).order_by(Decision.id.desc())
    last, former, *_ = session().scalars(query)
    assert (last.verdict, last.reason) == ("cancelled", "Somebody else paid.")
    assert (former.verdict, former.reason) == ("moved", "A better donor.")
    assert (request.verified_by_id, request.approved_by_id, request.approved_at) == (None,) * 3


def test_the_lines_of_another_organisation_are_not_there() -> None:
    line, elsewhere = fund.line(100_00), replace(make.actor("fund"), organisation_id=4711)
    assert commitments.line_of(make.actor("fund"), line.uid)[0] is line
    with pytest.raises(NotFound):
        commitments.line_of(elsewhere, line.uid)


# Payments ----------------------------------------------------------------------------------------


def test_nothing_is_prepared_before_somebody_looked_again() -> None:
    request = fund.committed()
    one = instalments_of(request)[0]
    with pytest.raises(WrongStatus, match="looks again"):
        payments.prepare(make.actor("fund"), request, one.uid, Sending(uuid4()))


def test_what_is_no_longer_needed_is_not_paid() -> None:
    day = fund.today()
    halves = (InstalmentDraft(day, 50_00), InstalmentDraft(day, 50_00))
    request = fund.committed(instalments=halves)
    fund.release(fund.prepared(request, 0))
    assert request.status == "part_paid"
    second = instalments_of(request)[1]
    fund.look_again(request, second.uid, needed=False)
    assert request.status == "paid"


def test_a_double_click_pays_once() -> None:
    request, key = fund.committed(), uuid4()
    payment = fund.prepared(request, key=key)
    again = payments.prepare(
        make.actor("fund"), request, instalments_of(request)[0].uid, Sending(key)
    )
    assert again.id == payment.id
    fund.release(payment)
    fund.release(payment)
    booked = select(func.count()).where(Transaction.booking == Booking.PAYMENT)
    assert session().scalar(booked) == 1
    _holds()


def test_the_fund_officer_does_not_release_and_finance_does_not_prepare() -> None:
    request = fund.committed()
    payment = fund.prepared(request)
    with pytest.raises(NotAllowed):
        payments.reveal(make.actor("fund"), payment)
    one = instalments_of(request)[0]
    with pytest.raises(NotAllowed):
        payments.prepare(make.actor("finance"), request, one.uid, Sending(uuid4()))


def test_how_somebody_is_paid_is_shown_to_whoever_releases_and_this_is_recorded() -> None:
    payment = fund.prepared(fund.committed())
    assert str(payments.reveal(make.actor("finance"), payment)).startswith("Wing 097 ")
    acts = select(AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(1)
    assert session().scalar(acts) == Action.FUND_REVEAL


def test_a_payment_says_nothing_of_the_case_but_its_code() -> None:
    payment = fund.prepared(fund.committed())
    case = session().get_one(SupportRequest, payment.request_id)
    assert payment.code.startswith("T-")
    assert case.code not in payment.code


@pytest.mark.engines("sqlite")
def test_the_database_itself_keeps_whoever_releases_apart() -> None:
    payment = fund.release(fund.prepared(fund.committed()))
    connection = session().connection(execution_options={"write": True})
    for person in (payment.requested_by_id, payment.approved_by_id):
        change = update(Payment.__table__).values({"released_by_id": person})  # type: ignore[arg-type]
        refused = pytest.raises(sqlalchemy.exc.IntegrityError, match="is_not_releaser")
        with refused, trail.writing(), connection.begin_nested():
            connection.execute(change)


def test_two_instalments_in_two_currencies_balance_in_each() -> None:
    fund.rate(4000)
    day = fund.today()
    both = (InstalmentDraft(day, 50_00), InstalmentDraft(day, 200_000_00, "KHR"))
    line = fund.line(1_000_00)
    fund.paid(100_00, line, instalments=both)
    assert (line.committed, line.spent, line.over) == (100_00, 100_00, 0)
    sums = select(Posting.currency, func.sum(Posting.amount)).group_by(Posting.currency)
    assert {currency: int(total) for currency, total in session().execute(sums)} == {
        "USD": 0,
        "KHR": 0,
    }
    _holds()


def test_money_that_left_is_always_recorded_and_shown_as_over_the_commitment() -> None:
    line = fund.line(110_00)
    request = fund.committed(100_00, line)
    payment = fund.release(fund.prepared(request), 130_00)
    assert (payment.over, line.over, line.available) == (30_00, 30_00, -20_00)
    _holds()
    with pytest.raises(Refused):
        commitments.cover(make.actor("fund"), payment, "It cost more.", payment.version)


def test_what_is_over_is_covered_by_a_decision_where_the_line_has_it() -> None:
    line = fund.line(200_00)
    payment = fund.release(fund.prepared(fund.committed(100_00, line)), 130_00)
    commitments.cover(make.actor("fund"), payment, "It cost more.", payment.version)
    assert (payment.over, line.over, line.committed, line.available) == (0, 0, 130_00, 70_00)
    assert session().scalars(select(Decision.verdict).where(Decision.verdict == "covered")).one()
    _holds()


# Cash, receipt, accounting -----------------------------------------------------------------------


def _carried(amount: int = 100_00) -> Payment:
    values: dict[str, Any] = {"method": "cash", "carrier_colleague": make.user("colleague").uid}
    return fund.release(fund.prepared(fund.committed(amount, **values)))


def test_cash_is_an_advance_in_the_hands_of_whoever_carries_it_until_it_is_received() -> None:
    payment = _carried()
    held = select(func.sum(Posting.amount)).where(Posting.account == LedgerAccount.ADVANCES)
    assert session().scalar(held) == 100_00
    assert payment.account_by == fund.today() + timedelta(days=30)
    _holds()
    fund.receive(payment, "director")
    assert session().scalar(held) == 0
    _holds()


def test_whoever_carries_cash_does_not_confirm_that_it_arrived() -> None:
    payment = _carried()
    told = ReceiptDraft(fund.today(), "phone")
    with pytest.raises(NotAllowed):
        payments.receive(make.actor("colleague"), payment, told, payment.version)


NO_ACCOUNT = (
    ({"spent": 99_99}, "spent"),
    ({"document": None}, "document"),
    ({"document": "agenda"}, "document"),
    ({"document": "transfer_slip", "reference": "", "dated": None}, "reference"),
    ({"document": None, "alternative": True, "danger": ""}, "danger"),
)


@pytest.mark.engines("sqlite")
def test_what_does_not_account_for_a_payment_is_refused() -> None:
    payment = fund.receive(_only(fund.paid()))
    for changes, field in NO_ACCOUNT:
        with pytest.raises(Refused) as refused:
            fund.account(payment, **changes)
        assert field in refused.value.reasons


def test_a_second_colleague_declares_where_a_document_would_endanger_somebody() -> None:
    payment = fund.receive(_only(fund.paid()))
    without = {"document": None, "alternative": True, "danger": "The landlord talks."}
    told = AcquittalDraft(spent=payment.amount, **without)  # type: ignore[arg-type]
    acquittals.acquit(make.actor("monitor"), payment, told, fund.seen(payment))
    with pytest.raises(WrongStatus, match="second colleague"):
        acquittals.review(make.actor("fund"), payment, fund.seen(payment))
    with pytest.raises(WrongStatus, match="Somebody else"):
        acquittals.declare_spent(make.actor("monitor"), payment, fund.seen(payment))
    acquittals.declare_spent(make.actor("director"), payment, fund.seen(payment))
    acquittals.review(make.actor("fund"), payment, fund.seen(payment))


def test_what_is_to_be_declared_waits_for_a_second_colleague_and_only_then_for_its_review() -> None:
    payment = fund.receive(_only(fund.paid()))
    without = {"document": None, "alternative": True, "danger": "The landlord talks."}
    told = AcquittalDraft(spent=payment.amount, **without)  # type: ignore[arg-type]
    acquittals.acquit(make.actor("fund"), payment, told, fund.seen(payment))
    declare, review = Action.FUND_DECLARE_SPENT, Action.FUND_REVIEW
    assert {declare, review} & _waits_for("fund") == set()
    assert {declare, review} & _waits_for("director") == {declare}
    acquittals.declare_spent(make.actor("director"), payment, fund.seen(payment))
    assert {declare, review} & _waits_for("director") == set()
    assert {declare, review} & _waits_for("fund") == set(), "they have accounted for it"
    assert {declare, review} & _waits_for("fund2") == {review}


def _waits_for(login: str) -> set[Action]:
    return {one.verb for one in waiting(make.actor(login))}


def test_a_donor_that_wants_documents_accepts_no_declaration_above_its_limit() -> None:
    line = fund.line(alternative_most=50_00)
    payment = fund.receive(_only(fund.paid(100_00, line)))
    with pytest.raises(Refused) as refused:
        fund.account(payment, document=None, alternative=True, danger="They watch.")
    assert "up to 50.00 USD" in str(refused.value.reasons["alternative"])


def test_a_lump_sum_by_the_table_needs_no_receipt() -> None:
    items = (ItemDraft("prison_visit", 100_00, lump=True),)
    payment = fund.receive(_only(fund.paid(items=items)))
    fund.account(payment, document=None, head_count=3)


def test_whoever_accounts_for_a_payment_does_not_review_it() -> None:
    payment = fund.receive(_only(fund.paid()))
    slip = {"document": "transfer_slip", "reference": "1", "dated": fund.today()}
    told = AcquittalDraft(spent=payment.amount, **slip)  # type: ignore[arg-type]
    acquittals.acquit(make.actor("fund"), payment, told, fund.seen(payment))
    with pytest.raises(WrongStatus, match="Somebody else"):
        acquittals.review(make.actor("fund"), payment, fund.seen(payment))


def test_what_comes_back_is_in_the_books_and_on_the_line_again() -> None:
    line = fund.line(100_00)
    payment = fund.receive(_only(fund.paid(100_00, line)))
    fund.account(payment, spent=70_00, returned=30_00)
    assert (line.spent, line.committed, line.available) == (70_00, 70_00, 30_00)
    _holds()


def test_a_request_ends_when_everything_is_accounted_for_and_somebody_asked_whether_it_helped() -> (
    None
):
    request = fund.paid()
    account = fund.receive(_only(request))
    fund.account(account)
    assert request.status == "acquitted"
    with pytest.raises(WrongStatus, match="asked yet"):
        acquittals.close(make.actor("fund"), request, request.version)
    with pytest.raises(NotAllowed):
        acquittals.record_outcome(make.actor("monitor"), request, "yes", "")
    acquittals.record_outcome(make.actor("director"), request, "yes", "")
    acquittals.close(make.actor("fund"), request, request.version)
    assert request.status == "closed"
