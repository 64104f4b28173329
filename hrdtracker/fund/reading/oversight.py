"""What an auditor goes by: what each account holds, who decided, who held which duty."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.core.page import AnySelect, Listing, Page
from hrdtracker.fund.model import (
    Acquittal,
    Decision,
    DonorGrant,
    LedgerAccount,
    Payment,
    Posting,
    SupportRequest,
    Transaction,
    Verification,
)
from hrdtracker.fund.model.duties import APPROVERS, REQUESTER, VERIFIER
from hrdtracker.fund.reading.books import Balance
from hrdtracker.fund.reading.money import LedgerFilter, filter_conditions, fund_of, not_shut_out

OF_REQUEST = (REQUESTER, VERIFIER, *APPROVERS)
OF_PAYMENT = (
    "prepared_by_id", "released_by_id", "confirmed_to_id", "recorded_by_id", "declared_by_id",
    "reviewed_by_id",
)  # fmt: skip
Who = list[str]
"""What colleagues are called, each once."""


@dataclass(frozen=True)
class TrialBalance:
    """What each account holds in one currency; the debits come to as much as the credits."""

    currency: str
    rows: Sequence[Balance]

    @property
    def debit(self) -> Money:
        """Return what all debits come to."""
        return self._sum(row.debit for row in self.rows)

    @property
    def credit(self) -> Money:
        """Return what all credits come to."""
        return self._sum(row.credit for row in self.rows)

    def _sum(self, amounts: Iterable[Money | None]) -> Money:
        return Money(sum(amount.amount for amount in amounts if amount is not None), self.currency)


@dataclass(frozen=True)
class DutyHolders:
    """Who held each duty of a request and of its payments, from asking to accounting."""

    code: str
    status: str
    asked: Who
    verified: Who
    approved: Who
    prepared: Who
    released: Who
    confirmed: Who
    """Who heard from the payee that it arrived."""
    accounted: Who
    reviewed: Who


class RequestDuties(NamedTuple):
    """Who held the duties of a request itself, by their numbers."""

    id: int
    code: str
    status: str
    requested_by_id: int
    verified_by_id: int | None
    approved_by_id: int | None
    director_approved_by_id: int | None
    board_approved_by_id: int | None


@dataclass(frozen=True)
class DutiesPage:
    """Who held each duty of a page of requests; `listing` says where the next page begins."""

    holders: Sequence[DutyHolders]
    listing: Page[RequestDuties] = field(repr=False)


def balances(actor: Actor, filters: LedgerFilter) -> list[TrialBalance]:
    """Return what each account holds at the end of a day (`until`), of one grant or of all.

    Accounts that hold nothing are left out, and so is what belongs to a case from which the
    actor is shut out.
    """
    organisation = fund_of(actor, Action.FUND_LEDGER_READ)
    query = (
        select(Posting.currency, Posting.account, func.sum(Posting.amount))
        .join(Transaction, Transaction.id == Posting.transaction_id)
        .where(
            Transaction.organisation_id == organisation.id,
            not_shut_out(actor, Transaction.scope_id),
            *filter_conditions(LedgerFilter(until=filters.until)),
        )
        .group_by(Posting.currency, Posting.account)
        .having(func.sum(Posting.amount) != 0)
    )
    if filters.grant is not None:
        mine = select(DonorGrant.id).where(DonorGrant.uid == filters.grant)
        query = query.where(Posting.grant_id.in_(mine))
    by_currency: dict[str, dict[str, Balance]] = {}
    for currency, account, amount in session().execute(query):
        accounts = by_currency.setdefault(currency, {})
        accounts[account] = Balance(account, Money(int(amount), currency))
    return [
        TrialBalance(
            currency, [accounts[account] for account in LedgerAccount if account in accounts]
        )
        for currency, accounts in sorted(by_currency.items())
    ]


class ListedDecision(NamedTuple):
    """A decision by code and by whom, never why or for whom."""

    code: str
    amount: int
    currency: str
    verdict: str
    capacity: str | None
    decided_by_id: int
    stands_in_for_id: int | None
    decided_at: datetime
    voided_at: datetime | None


def decisions(actor: Actor, token: str | None = None) -> Page[ListedDecision]:
    """Return a page of decisions for an auditor, the latest first."""
    organisation = fund_of(actor, Action.FUND_LEDGER_READ)
    query = (
        select(Decision.id)
        .join(SupportRequest, SupportRequest.id == Decision.request_id)
        .where(
            SupportRequest.organisation_id == organisation.id,
            not_shut_out(actor, Decision.scope_id),
        )
    )
    shown = select(
        SupportRequest.code,
        SupportRequest.amount,
        SupportRequest.currency,
        Decision.verdict,
        Decision.capacity,
        Decision.decided_by_id,
        Decision.stands_in_for_id,
        Decision.at,
        Decision.voided_at,
    ).join(SupportRequest, SupportRequest.id == Decision.request_id)
    return Listing(query, Decision.at, Decision.id, ListedDecision, shown).page(token)


def duties(actor: Actor, token: str | None = None) -> DutiesPage:
    """Return who held each duty of a page of sent requests, the last asked for first."""
    organisation = fund_of(actor, Action.FUND_LEDGER_READ)
    query = select(SupportRequest.id).where(
        SupportRequest.organisation_id == organisation.id,
        SupportRequest.submitted_at.is_not(None),
        not_shut_out(actor, SupportRequest.scope_id),
    )
    shown = select(
        SupportRequest.id,
        SupportRequest.code,
        SupportRequest.status,
        SupportRequest.requested_by_id,
        Verification.verified_by_id,
        *(getattr(SupportRequest, name) for name in APPROVERS),
    ).outerjoin(
        Verification,
        (Verification.request_id == SupportRequest.id)
        & (Verification.edition == SupportRequest.edition),
    )
    listing = Listing(query, SupportRequest.asked_at, SupportRequest.id, RequestDuties, shown)
    page = listing.page(token)
    return DutiesPage(_holders(page.rows), page)


def _holders(rows: Sequence[RequestDuties]) -> list[DutyHolders]:
    paid: dict[int, list[Any]] = {row.id: [] for row in rows}
    payments = session().execute(_payments(paid)).all()
    for payment in payments:
        paid[payment.request_id].append(payment)
    names = labels_by_id(
        getattr(record, column)
        for records, columns in ((rows, OF_REQUEST), (payments, OF_PAYMENT))
        for record in records
        for column in columns
    )

    def who(records: Iterable[Any], *columns: str) -> Who:
        ids = (getattr(record, column) for record in records for column in columns)
        return list(dict.fromkeys(names[user_id] for user_id in ids if user_id is not None))

    return [
        DutyHolders(
            code=row.code,
            status=row.status,
            asked=who([row], REQUESTER),
            verified=who([row], VERIFIER),
            approved=who([row], *APPROVERS),
            prepared=who(paid[row.id], "prepared_by_id"),
            released=who(paid[row.id], "released_by_id"),
            confirmed=who(paid[row.id], "confirmed_to_id"),
            accounted=who(paid[row.id], "recorded_by_id", "declared_by_id"),
            reviewed=who(paid[row.id], "reviewed_by_id"),
        )
        for row in rows
    ]


def _payments(requests: Iterable[int]) -> AnySelect:
    """Return the query of who did what for the payments of requests that were not dropped."""
    return (
        select(
            Payment.request_id,
            Payment.prepared_by_id,
            Payment.released_by_id,
            Payment.confirmed_to_id,
            Acquittal.recorded_by_id,
            Acquittal.declared_by_id,
            Acquittal.reviewed_by_id,
        )
        .outerjoin(Acquittal, and_(Acquittal.payment_id == Payment.id, Acquittal.stands()))
        .where(Payment.request_id.in_(requests), Payment.is_live())
        .order_by(Payment.id)
    )
