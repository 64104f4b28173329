"""What became of a grant’s money: what came, what was spent and promised, and what is left."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    DonorGrant,
    LedgerAccount,
    Posting,
    Transaction,
)


@dataclass(frozen=True)
class GrantMoney:
    """What is here of a grant, in its currency."""

    received: Money
    """What came from the donor."""
    given_back: Money
    spent: Money
    promised: Money
    """What is promised and has not left."""
    left: Money
    """What came and is neither given back, spent nor promised; below 0 where others advanced it."""


def money_of(grant: DonorGrant) -> GrantMoney:
    """Return what became of a grant’s money; two statements."""
    reversed_too = aliased(Transaction)
    booking = func.coalesce(reversed_too.booking, Transaction.booking)
    income = (
        select(booking, func.sum(-Posting.amount))
        .join(Transaction, Transaction.id == Posting.transaction_id)
        .outerjoin(reversed_too, reversed_too.id == Transaction.reverses_id)
        .where(
            Posting.grant_id == grant.id,
            Posting.account == LedgerAccount.INCOME,
            Posting.currency == grant.currency,
        )
        .group_by(booking)
    )
    came = {kind: int(amount) for kind, amount in session().execute(income)}
    received, given_back = came.get(Booking.INCOME, 0), -came.get(Booking.REFUND, 0)
    sums = select(
        func.sum(BudgetLine.committed), func.sum(BudgetLine.spent), func.sum(BudgetLine.over)
    ).where(BudgetLine.grant_id == grant.id)
    committed, spent, over = (int(amount or 0) for amount in session().execute(sums).one())
    promised = committed - (spent - over)
    return GrantMoney(
        *(
            Money(amount, grant.currency)
            for amount in (
                received,
                given_back,
                spent,
                promised,
                received - given_back - spent - promised,
            )
        )
    )
