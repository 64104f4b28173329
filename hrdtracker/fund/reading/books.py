"""The books as they are read, searched, exported and closed; never whom they are about."""

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
    filter_conditions,
    fund_of,
    not_shut_out,
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
class PostingDetails(Balance):
    """One posting as it is read: on which account, for which line or in whose hands."""

    grant: str | None
    line: str | None
    holder: str | None


@dataclass(frozen=True)
class EntryDetails:
    """One transaction with its postings in words, who booked it, and what it reverses."""

    entry: BookEntry
    postings: Sequence[PostingDetails]
    booked_by: str
    reverses: UUID | None

    @property
    def sums(self) -> list[Money]:
        """Return what was moved, in each currency; a promise that ends with it counts not twice."""
        by_currency: dict[str, dict[bool, int]] = {}
        for posting in self.postings:
            if posting.debit is not None:
                kinds = by_currency.setdefault(posting.amount.currency, {})
                real = posting.account not in PROMISES
                kinds[real] = kinds.get(real, 0) + posting.amount.amount
        return [
            Money(kinds.get(True) or kinds[False], currency)
            for currency, kinds in sorted(by_currency.items())
        ]


def details_of(rows: Sequence[BookEntry]) -> list[EntryDetails]:
    """Return entries with everything in words, in five statements however many there are."""
    transactions = [entry.transaction for entry in rows]
    postings = [posting for entry in rows for posting in entry.postings]
    grants = _codes(DonorGrant.code, DonorGrant.id, (posting.grant_id for posting in postings))
    lines = _codes(BudgetLine.code, BudgetLine.id, (posting.line_id for posting in postings))
    people = labels_by_id(
        [
            *(posting.holder_id for posting in postings),
            *(booked.booked_by_id for booked in transactions),
        ]
    )
    reversed_uids = _codes(
        Transaction.uid, Transaction.id, (booked.reverses_id for booked in transactions)
    )
    return [
        EntryDetails(
            entry=entry,
            postings=[
                PostingDetails(
                    account=posting.account,
                    amount=Money(posting.amount, posting.currency),
                    grant=grants.get(posting.grant_id),
                    line=lines.get(posting.line_id),
                    holder=people.get(posting.holder_id or 0),
                )
                for posting in entry.postings
            ],
            booked_by=people.get(entry.transaction.booked_by_id, ""),
            reverses=reversed_uids.get(entry.transaction.reverses_id),
        )
        for entry in rows
    ]


def transaction(actor: Actor, uid: UUID) -> EntryDetails:
    """Return one transaction; raises NotFound where it is none of the reader's books."""
    organisation = fund_of(actor, Action.FUND_LEDGER_READ)
    query = select(Transaction).where(
        Transaction.uid == uid,
        Transaction.organisation_id == organisation.id,
        not_shut_out(actor, Transaction.scope_id),
    )
    row = session().scalar(query)
    if row is None:
        raise NotFound
    return details_of(entries([row]))[0]


def everything(actor: Actor, filters: LedgerFilter) -> list[EntryDetails]:
    """Return every transaction that the filter asks for, in the order of the days."""
    organisation = fund_of(actor, Action.FUND_LEDGER_READ)
    query = (
        select(Transaction)
        .where(
            Transaction.organisation_id == organisation.id,
            not_shut_out(actor, Transaction.scope_id),
            *filter_conditions(filters),
        )
        .order_by(Transaction.booked_on, Transaction.id)
    )
    rows = session().scalars(query).all()
    starts = range(0, len(rows), AT_ONCE)
    return [details for at in starts for details in details_of(entries(rows[at : at + AT_ONCE]))]


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
    ends: list[date] = []
    end = _month_end(until + timedelta(days=1))
    while end < today(organisation.id) and len(ends) < MONTHS_OFFERED:
        ends.append(end)
        end = _month_end(end + timedelta(days=1))
    return ends


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _codes(
    code: InstrumentedAttribute[Any], number: InstrumentedAttribute[int], ids: Iterable[int | None]
) -> dict[int | None, Any]:
    needed = set(ids) - {None}
    if not needed:
        return {}
    return {
        row[0]: row[1] for row in session().execute(select(number, code).where(number.in_(needed)))
    }
