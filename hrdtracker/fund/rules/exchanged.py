"""What a grant spent in other currencies: how much, what it took, of which line and month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.core.page import AnySelect
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    DonorGrant,
    LedgerAccount,
    Payment,
    Posting,
    Transaction,
)

SPENDS = (Booking.PAYMENT, Booking.RECEIPT)
"""What books money as spent; what comes back, or is reversed, undoes one of them."""


@dataclass(frozen=True)
class Exchanged:
    """Money of another currency, and what it took of the grant, by line and month.

    What came back is less than nothing, of the month in which it was spent.
    """

    line_code: str
    month: date
    spent: Money
    taken: Money


def exchanged(grant: DonorGrant, until: date, since: date = date.min) -> Sequence[Exchanged]:
    """Return what was booked from a day to a day, as the books have it."""
    booked = _booked(grant, since, until).subquery()
    sums = func.sum(booked.c.spent), func.sum(booked.c.taken)
    by = booked.c.line_code, booked.c.currency, booked.c.spent_on
    rows = session().execute(select(*by, *sums).group_by(*by).order_by(*by))
    months: dict[tuple[str, str, date], tuple[int, int]] = {}
    for code, currency, day, spent, taken in rows:
        before = months.get(key := (code, currency, day.replace(day=1)), (0, 0))
        months[key] = before[0] + int(spent), before[1] + int(taken)
    return [
        Exchanged(code, month, Money(spent, currency), Money(taken, grant.currency))
        for (code, currency, month), (spent, taken) in months.items()
        if spent or taken
    ]


def _booked(grant: DonorGrant, since: date, until: date) -> AnySelect:
    """Return the query of each posting that exchanged money of a payment, and when it was spent.

    What undoes an entry is of the day on which that money was spent.
    """
    spending = aliased(Transaction)
    spent_on = (
        select(spending.booked_on)
        .where(
            spending.payment_id == Transaction.payment_id,
            spending.booking.in_(SPENDS),
            spending.id <= func.coalesce(Transaction.reverses_id, Transaction.id),
        )
        .order_by(spending.id.desc())
        .limit(1)
        .correlate(Transaction)
        .scalar_subquery()
    )
    own = Posting.currency == grant.currency
    return (
        select(
            BudgetLine.code.label("line_code"),
            Payment.currency,
            spent_on.label("spent_on"),
            case((own, 0), else_=Posting.amount).label("spent"),
            case((own, -Posting.amount), else_=0).label("taken"),
        )
        .join(Transaction, Transaction.id == Posting.transaction_id)
        .join(Payment, Payment.id == Transaction.payment_id)
        .join(BudgetLine, BudgetLine.id == Payment.line_id)
        .where(
            Posting.account == LedgerAccount.EXCHANGE,
            Posting.grant_id == grant.id,
            Transaction.booked_on.between(since, until),
        )
    )
