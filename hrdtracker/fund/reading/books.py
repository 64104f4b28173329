"""The books as they are read, drilled into, taken along and closed; never whom they are about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Organisation
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.money import Money
from hrdtracker.fund.model import (
    BudgetLine,
    ClosedMonth,
    DonorGrant,
    LedgerAccount,
    Transaction,
)
from hrdtracker.fund.reading.money import (
    BookEntry,
    LedgerFilter,
    entries,
    fund_of,
    not_shut_out,
    wanted_parts,
)

MONTHS_OFFERED = 24
PROMISES = {
    LedgerAccount.GRANT,
    LedgerAccount.LINE,
    LedgerAccount.COMMITMENTS,
    LedgerAccount.EXCHANGE,
}
"""Accounts on which no money lies."""
AT_ONCE = 1000
"""How many transactions are put into words at a time: a statement takes so many numbers."""


@dataclass(frozen=True)
class Balance:
    """An amount on an account: a debit, or a credit."""

    account: str
    amount: Money

    @property
    def debit(self) -> Money | None:
        """Return the amount where it is a debit."""
        return self.amount if self.amount.amount > 0 else None

    @property
    def credit(self) -> Money | None:
        """Return the amount, without its sign, where it is a credit."""
        if self.amount.amount > 0:
            return None
        return Money(-self.amount.amount, self.amount.currency)


@dataclass(frozen=True)
class Written(Balance):
    """One posting as it is read: on which account, for which line or in whose hands."""

    grant: str | None
    line: str | None
    holder: str | None


@dataclass(frozen=True)
class Shown:
    """One transaction with its postings in words, who booked it, and what it reverses."""

    entry: BookEntry
    postings: Sequence[Written]
    booked_by: str
    reverses: UUID | None

    @property
    def sums(self) -> list[Money]:
        """Return what was moved, in each currency; a promise that ends with it counts not twice."""
        found: dict[str, dict[bool, int]] = {}
        for one in self.postings:
            if one.debit is not None:
                kinds = found.setdefault(one.amount.currency, {})
                real = one.account not in PROMISES
                kinds[real] = kinds.get(real, 0) + one.amount.amount
        return [
            Money(kinds.get(True) or kinds[False], currency)
            for currency, kinds in sorted(found.items())
        ]


def written(found: Sequence[BookEntry]) -> list[Shown]:
    """Return entries with everything in words, in five statements however many there are."""
    postings = [one for entry in found for one in entry.postings]
    grants = _codes(DonorGrant.code, DonorGrant.id, (one.grant_id for one in postings))
    lines = _codes(BudgetLine.code, BudgetLine.id, (one.line_id for one in postings))
    people = labels_by_id(
        [*(one.holder_id for one in postings), *(one.transaction.booked_by_id for one in found)]
    )
    turned = _codes(Transaction.uid, Transaction.id, (one.transaction.reverses_id for one in found))
    return [
        Shown(
            entry=entry,
            postings=[
                Written(
                    account=one.account,
                    amount=Money(one.amount, one.currency),
                    grant=grants.get(one.grant_id),
                    line=lines.get(one.line_id),
                    holder=people.get(one.holder_id or 0),
                )
                for one in entry.postings
            ],
            booked_by=people.get(entry.transaction.booked_by_id, ""),
            reverses=turned.get(entry.transaction.reverses_id),
        )
        for entry in found
    ]


def transaction(actor: Actor, uid: UUID) -> Shown:
    """Return one transaction; raises NotFound where it is none of the reader's books."""
    organisation = fund_of(actor, Action.FUND_LEDGER_READ)
    query = select(Transaction).where(
        Transaction.uid == uid,
        Transaction.organisation_id == organisation.id,
        not_shut_out(actor, Transaction.scope_id),
    )
    found = session().scalar(query)
    if found is None:
        raise NotFound
    return written(entries([found]))[0]


def everything(actor: Actor, wanted: LedgerFilter) -> list[Shown]:
    """Return every transaction that the filter asks for, in the order of the days."""
    organisation = fund_of(actor, Action.FUND_LEDGER_READ)
    query = (
        select(Transaction)
        .where(
            Transaction.organisation_id == organisation.id,
            not_shut_out(actor, Transaction.scope_id),
            *wanted_parts(wanted),
        )
        .order_by(Transaction.booked_on, Transaction.id)
    )
    found = session().scalars(query).all()
    starts = range(0, len(found), AT_ONCE)
    return [each for at in starts for each in written(entries(found[at : at + AT_ONCE]))]


def open_months(organisation: Organisation) -> list[date]:
    """Return the last days of the months that have ended and are open, the earliest first."""
    mine = ClosedMonth.organisation_id == organisation.id
    until = session().scalar(select(func.max(ClosedMonth.until)).where(mine))
    if until is None:
        theirs = Transaction.organisation_id == organisation.id
        until = session().scalar(select(func.min(Transaction.booked_on)).where(theirs))
        if until is None:
            return []
        until = until.replace(day=1) - timedelta(days=1)
    found: list[date] = []
    end = _month_end(until + timedelta(days=1))
    while end < today(organisation.id) and len(found) < MONTHS_OFFERED:
        found.append(end)
        end = _month_end(end + timedelta(days=1))
    return found


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _codes(
    code: InstrumentedAttribute[Any], number: InstrumentedAttribute[int], ids: Iterable[int | None]
) -> dict[int | None, Any]:
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {
        row[0]: row[1] for row in session().execute(select(number, code).where(number.in_(wanted)))
    }
