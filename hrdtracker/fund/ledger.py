"""Writing in the books: every transaction sums to nothing in each currency, and stays for good."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from hrdtracker.access.actor import Actor
from hrdtracker.authorised import before_closing
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.core.locks import Queue, queue_for
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    ClosedMonth,
    ExchangeRate,
    LedgerAccount,
    Payment,
    Posting,
    SupportRequest,
    Transaction,
)

CLOSED = N_("The books of that month are closed: use a later day.")


class Unbalanced(Exception):
    """A transaction was about to be kept that does not sum to nothing; a fault of the program."""


@dataclass(frozen=True)
class Leg:
    """One amount on one account: a debit is positive, a credit negative."""

    account: LedgerAccount
    amount: int
    currency: str
    line: BudgetLine | None = None
    grant_id: int | None = None
    holder_id: int | None = None

    @property
    def of_grant(self) -> int | None:
        """Return the grant to which the leg belongs."""
        return self.line.grant_id if self.line is not None else self.grant_id


@dataclass(frozen=True)
class TransactionContext:
    """What a transaction stands for, on which day, and to what it belongs."""

    booking: Booking
    on: date
    request: SupportRequest | None = None
    payment: Payment | None = None
    rate: ExchangeRate | None = None
    reverses: Transaction | None = None


def post(actor: Actor, about: TransactionContext, legs: Iterable[Leg]) -> Transaction:
    """Write a transaction; legs of nothing are left out. Inside an open door.

    Raises WrongStatus where the month is closed, Unbalanced where it is written wrong.
    """
    kept = [leg for leg in legs if leg.amount]
    sums: Counter[str] = Counter()
    for leg in kept:
        sums[leg.currency] += leg.amount
    if not kept or any(sums.values()):
        raise Unbalanced(dict(sums))
    check_is_open(actor.organisation_id, about.on)
    transaction = _transaction(actor, about)
    session().add(transaction)
    session().flush()
    session().add_all(
        Posting(
            transaction_id=transaction.id,
            number=number,
            account=leg.account,
            currency=leg.currency,
            amount=leg.amount,
            grant_id=leg.of_grant,
            line_id=leg.line.id if leg.line is not None else None,
            holder_id=leg.holder_id,
        )
        for number, leg in enumerate(kept, start=1)
    )
    session().flush()
    return transaction


def _transaction(actor: Actor, about: TransactionContext) -> Transaction:
    rate: dict[str, Any] = {}
    if about.rate is not None:
        rate = {
            "rate_numerator": about.rate.numerator,
            "rate_denominator": about.rate.denominator,
            "rate_day": about.rate.day,
            "rate_source": about.rate.source,
        }
    return Transaction(
        organisation_id=actor.organisation_id,
        booking=about.booking,
        booked_on=about.on,
        booked_at=clock.now(),
        booked_by_id=actor.id,
        scope_id=about.request.scope_id if about.request is not None else None,
        request_id=about.request.id if about.request is not None else None,
        payment_id=about.payment.id if about.payment is not None else None,
        reverses_id=about.reverses.id if about.reverses is not None else None,
        **rate,
    )


def alone_in_the_books(organisation_id: int) -> None:
    """Wait until nobody writes in the books: what closes a month must see all that was booked."""
    queue_for(Queue.BOOKS, b"%d" % organisation_id)


def _closed_until(organisation_id: int) -> date | None:
    """Return the last day of the closed months; until this act ends, nobody closes another."""
    queue_for(Queue.BOOKS, b"%d" % organisation_id, together=True)
    query = select(func.max(ClosedMonth.until)).where(
        ClosedMonth.organisation_id == organisation_id
    )
    return session().scalar(query)


def check_is_open(organisation_id: int, day: date) -> None:
    """Raise WrongStatus where the books are closed for a day."""
    until = _closed_until(organisation_id)
    if until is not None and day <= until:
        raise WrongStatus(CLOSED)


def open_day(organisation_id: int, day: date) -> date:
    """Return the day, or the first after it on which the books are open."""
    until = _closed_until(organisation_id)
    return day if until is None or day > until else date.fromordinal(until.toordinal() + 1)


def postings_of(transaction: Transaction) -> Sequence[Posting]:
    """Return the postings of a transaction in their order."""
    query = select(Posting).where(Posting.transaction_id == transaction.id)
    return session().scalars(query.order_by(Posting.number)).all()


@before_closing
def books_balance(rows: list[object]) -> None:
    """Refuse to keep anything where a transaction of this act does not sum to nothing."""
    written = {row.id for row in rows if isinstance(row, Transaction)}
    written |= {row.transaction_id for row in rows if isinstance(row, Posting)}
    if not written:
        return
    query = (
        select(Posting.transaction_id)
        .where(Posting.transaction_id.in_(written))
        .group_by(Posting.transaction_id, Posting.currency)
        .having(func.sum(Posting.amount) != 0)
    )
    if session().scalar(query.limit(1)) is not None:
        raise Unbalanced
