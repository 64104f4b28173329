"""What became of a grant’s money: what came, what was spent and promised, and what is left."""

from dataclasses import dataclass

from sqlalchemy import func, select

from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.fund.model import BudgetLine, DonorGrant, LedgerAccount, Posting


@dataclass(frozen=True)
class GrantMoney:
    """What is here of a grant, in its currency."""

    received: Money
    """What came from the donor, without what was given back to it."""
    spent: Money
    promised: Money
    """What is promised and has not left."""
    left: Money
    """What came and is neither spent nor promised; below 0 where others advanced it."""


def money_of(grant: DonorGrant) -> GrantMoney:
    """Return what became of a grant’s money; two statements."""
    income = select(func.sum(-Posting.amount)).where(
        Posting.grant_id == grant.id,
        Posting.account == LedgerAccount.INCOME,
        Posting.currency == grant.currency,
    )
    received = int(session().scalar(income) or 0)
    sums = select(
        func.sum(BudgetLine.committed), func.sum(BudgetLine.spent), func.sum(BudgetLine.over)
    ).where(BudgetLine.grant_id == grant.id)
    committed, spent, over = (int(amount or 0) for amount in session().execute(sums).one())
    promised = committed - (spent - over)
    return GrantMoney(
        *(
            Money(amount, grant.currency)
            for amount in (received, spent, promised, received - spent - promised)
        )
    )
