"""The books: they balance, are only ever added to, and a closed month stays as it is."""

from datetime import timedelta
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
from hrdtracker.core.errors import Refused, WrongStatus
from hrdtracker.core.sending import Sending
from hrdtracker.fund.books import service as books
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.drafts.money import BookDraft
from hrdtracker.fund.ledger import Leg, TransactionContext, Unbalanced, post
from hrdtracker.fund.model import Booking, LedgerAccount, Posting, Transaction
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.money import LedgerFilter, ledger, lines
from hrdtracker.fund.requests.content import instalments_of
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
    books.reverse(make.actor("finance"), make.organisation(), wrong.uid)
    with pytest.raises(WrongStatus, match="already"):
        books.reverse(make.actor("finance"), make.organisation(), wrong.uid)
    fees = select(func.sum(Posting.amount)).where(Posting.account == LedgerAccount.FEES)
    assert session().scalar(fees) == 0


def test_a_transfer_that_came_back_can_be_paid_anew() -> None:
    line = fund.line()
    request = fund.paid(100_00, line)
    booked = select(Transaction).where(Transaction.booking == Booking.PAYMENT)
    wrong = session().scalars(booked).one()
    books.reverse(make.actor("finance"), make.organisation(), wrong.uid)
    assert (request.status, line.spent) == ("committed", 0)
    _holds()
    one = instalments_of(request)[0]
    fund.release(payments.prepare(make.actor("fund"), request, one.uid, Sending(uuid4())))
    assert (request.status, line.spent) == ("paid", 100_00)
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
    with pytest.raises(Refused):
        books.close_month(finance, organisation, fund.today())
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
