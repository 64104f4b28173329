"""The books: they balance, are only ever added to, and a closed month stays as it is."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.audit import trail
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound, Refused, WrongStatus
from hrdtracker.fund.books import reversals
from hrdtracker.fund.books import service as books
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.drafts.money import BookDraft, ReversalDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.ledger import Leg, TransactionContext, Unbalanced, post
from hrdtracker.fund.model import Booking, LedgerAccount, Posting, ReversalKind, Transaction
from hrdtracker.fund.reading.money import LedgerFilter, ledger, lines
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")


def _holds() -> None:
    assert check_fund().faults == ()


def test_a_transaction_that_does_not_balance_is_never_kept() -> None:
    legs = (Leg(LedgerAccount.BANK, 5, "USD"), Leg(LedgerAccount.INCOME, -5, "KHR"))
    organisation = make.organisation()
    with (
        pytest.raises(Unbalanced),
        authorised(make.actor("finance"), Action.FUND_BOOK, on=organisation),
    ):
        post(make.actor("finance"), TransactionContext(Booking.INCOME, fund.today()), legs)


def test_the_door_does_not_close_on_postings_that_do_not_balance_whoever_wrote_them() -> None:
    with pytest.raises(Unbalanced):
        _write_one_leg()


def _write_one_leg() -> None:
    organisation, finance = make.organisation(), make.actor("finance")
    with authorised(finance, Action.FUND_BOOK, on=organisation):
        made = Transaction(
            organisation_id=organisation.id,
            booked_by_id=finance.id,
            booking="fee",
            booked_on=fund.today(),
            booked_at=clock.now(),
        )
        session().add(made)
        session().flush()
        session().add(
            Posting(transaction_id=made.id, number=1, account="fees", currency="USD", amount=5)
        )


@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_posting"])
def test_the_books_are_only_ever_added_to(table: str) -> None:
    fund.line()
    connection = session().connection(execution_options={"write": True, "schema": True})
    with pytest.raises(sqlalchemy.exc.DBAPIError, match="only ever added to"):
        connection.exec_driver_sql(f"DELETE FROM {table}")


def _book(booking: Booking = Booking.FEE, **changes: Any) -> Transaction:
    values: dict[str, Any] = {"amount": 5_00, "currency": "USD", "on": fund.today(), **changes}
    return books.book(make.actor("finance"), make.organisation(), BookDraft(booking, **values))


def test_a_mistake_is_reversed_by_another_entry_once() -> None:
    wrong = _book()
    fund.take_back(wrong)
    with pytest.raises(WrongStatus, match="already"):
        fund.take_back(wrong)
    fees = select(func.sum(Posting.amount)).where(Posting.account == LedgerAccount.FEES)
    assert session().scalar(fees) == 0


def _refused(act: Callable[[], object]) -> set[str]:
    with pytest.raises(Refused) as refused:
        act()
    return set(refused.value.reasons)


@pytest.mark.engines("sqlite")
def test_what_is_booked_has_happened_and_belongs_to_a_grant_that_there_is() -> None:
    fund.grant()
    second = fund.grant()
    assert _refused(lambda: _book(on=fund.today() + timedelta(days=1))) == {"on"}
    assert _refused(lambda: _book(Booking.INCOME, grant=uuid4())) == {"grant"}
    made = _book(Booking.INCOME, grant=second.uid)
    of_grant = select(Posting.grant_id).where(Posting.transaction_id == made.id)
    assert set(session().scalars(of_grant)) == {second.id}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("booking", "changes", "bank", "other"),
    [
        (Booking.FEE, {"to_cash": False}, -5_00, (LedgerAccount.FEES, 5_00)),
        (Booking.TRANSFER, {"to_cash": True}, -5_00, (LedgerAccount.CASH, 5_00)),
        (Booking.TRANSFER, {"to_cash": False}, 5_00, (LedgerAccount.CASH, -5_00)),
    ],
)
def test_each_booking_says_where_money_came_from_and_went(
    booking: Booking, changes: dict[str, Any], bank: int, other: tuple[LedgerAccount, int]
) -> None:
    _book(booking, **changes)
    rows = session().execute(select(Posting.account, Posting.amount)).all()
    assert {tuple(row) for row in rows} == {(LedgerAccount.BANK, bank), other}


@pytest.mark.engines("sqlite")
def test_an_entry_that_there_is_not_is_not_reversed() -> None:
    _book()
    told = ReversalDraft(ReversalKind.MISTYPED, "x", make.user("auditor").uid)
    with pytest.raises(NotFound):
        reversals.reverse(make.actor("finance"), make.organisation(), uuid4(), told)


@pytest.mark.engines("sqlite")
def test_the_books_take_back_what_stands_by_itself_and_money_that_nobody_received() -> None:
    _book()
    _book(Booking.TRANSFER)
    _book(Booking.INCOME, grant=fund.grant().uid)
    line = fund.line()
    sent = fund.paid(100_00, line)
    carried = fund.paid(50_00, method="cash", carrier_colleague=make.user("colleague").uid)
    (payment,) = payments_of(carried)
    fund.account(fund.receive(payment), spent=40_00, returned=10_00)
    open_entries = [
        (entry.booking, entry.request_id)
        for entry in session().scalars(select(Transaction))
        if reversals.can_be_reversed(entry)
    ]
    assert sorted(open_entries, key=str) == sorted(
        [("fee", None), ("transfer", None), ("income", None), ("payment", sent.id)], key=str
    )


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("released", "status"), [(1, "committed"), (2, "part_paid")])
def test_a_payment_that_came_back_is_taken_off_its_line_and_its_request_is_as_before(
    released: int, status: str
) -> None:
    line, half = fund.line(), InstalmentDraft(fund.today(), 50_00)
    request = fund.committed(100_00, line, instalments=(half, half))
    first, second = fund.prepared(request, 0), fund.prepared(request, 1)
    for payment in (first, second)[:released]:
        fund.release(payment)
    booked = select(Transaction).where(Transaction.payment_id == first.id)
    wrong = session().scalars(booked).one()
    opposite = fund.take_back(wrong, ReversalKind.CAME_BACK)
    assert (request.status, line.spent) == (status, 50_00 * (released - 1))
    assert (opposite.payment_id, opposite.request_id) == (first.id, request.id)
    of_both = Posting.transaction_id.in_([wrong.id, opposite.id])
    sums = select(func.sum(Posting.amount)).where(of_both)
    by_line = session().scalars(sums.group_by(Posting.account, Posting.line_id, Posting.grant_id))
    assert set(by_line) == {0}
    _holds()


def test_a_closed_month_stays_as_it_is_and_facts_are_booked_after_it() -> None:
    last = fund.today().replace(day=1) - timedelta(days=1)
    books.close_month(make.actor("finance"), make.organisation(), last)
    with pytest.raises(WrongStatus, match="closed"):
        _book(on=last)
    connection = session().connection(execution_options={"write": True})
    values = {
        "organisation_id": make.organisation().id,
        "booking": "fee",
        "booked_on": last,
        "booked_at": clock.now(),
        "booked_by_id": 1,
        "uid": uuid4(),
    }
    with pytest.raises(sqlalchemy.exc.DBAPIError, match="month is closed"), trail.writing():
        connection.execute(Transaction.__table__.insert().values(values))  # type: ignore[attr-defined]


def test_a_month_is_closed_when_it_has_ended_and_once() -> None:
    finance, organisation = make.actor("finance"), make.organisation()
    last = fund.today().replace(day=1) - timedelta(days=1)
    for early in (fund.today(), last - timedelta(days=1)):
        close = partial(books.close_month, finance, organisation, early)
        assert _refused(close) == {"until"}
    books.close_month(finance, organisation, last)
    with pytest.raises(WrongStatus):
        books.close_month(finance, organisation, last)


def test_an_auditor_reads_the_books_but_nothing_of_a_case_they_are_shut_out_of() -> None:
    fund.paid()
    shown = ledger(make.actor("auditor"), LedgerFilter(account=LedgerAccount.SPENT))
    assert [each.transaction.booking for each in shown.entries] == ["payment"]
    assert all(sum(one.amount for one in each.postings) == 0 for each in shown.entries)


def test_the_lines_show_what_is_promised_spent_and_left() -> None:
    line = fund.line(300_00)
    fund.committed(50_00, line)
    fund.paid(100_00, line)
    (shown,) = [each for each in lines(make.actor("auditor")) if each.uid == line.uid]
    assert (shown.committed.amount, shown.spent.amount, shown.available.amount) == (
        50_00,
        100_00,
        150_00,
    )
