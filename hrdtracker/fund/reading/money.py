"""What people see of the money: lines, grants, payments, advances, the books, the decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Block, Organisation, in_force
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.money import Money
from hrdtracker.core.page import AnySelect, Listing, Page, itself
from hrdtracker.core.seal import ring
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    Donor,
    DonorGrant,
    GrantState,
    GrantTerm,
    LedgerAccount,
    Payment,
    PaymentStatus,
    Posting,
    Restriction,
    SupportRequest,
    Transaction,
)


@dataclass(frozen=True)
class LineFigures:
    """A budget line: what it has, what is promised and not yet spent, what left, what is over."""

    uid: UUID
    code: str
    title: str
    grant_uid: UUID
    grant_code: str
    running: bool
    amount: Money
    committed: Money
    spent: Money
    over: Money
    available: Money


@dataclass(frozen=True)
class GrantFigures:
    """A grant with its donor, its lines, and what it is limited to."""

    grant: DonorGrant
    donor: Donor
    lines: Sequence[LineFigures]
    terms: dict[Restriction, list[str]]

    @property
    def total(self) -> Money:
        """Return how much the donor gives."""
        return Money(self.grant.total, self.grant.currency)

    @property
    def unallocated(self) -> Money:
        """Return how much of it is on no line yet."""
        budgeted = sum(line.amount.amount for line in self.lines)
        return Money(self.grant.total - budgeted, self.grant.currency)

    @property
    def request_most(self) -> Money | None:
        """Return the most that one request may take; None without a ceiling."""
        return self._ceiling(self.grant.request_most)

    @property
    def alternative_most(self) -> Money | None:
        """Return up to how much a declaration may stand for a document; None without a ceiling."""
        return self._ceiling(self.grant.alternative_most)

    def _ceiling(self, amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, self.grant.currency)


@dataclass(frozen=True)
class AdvanceLine:
    """Cash in the hands of a colleague: how much, until when it is to be accounted for."""

    payment: UUID
    code: str
    holder_id: int
    holder: str
    amount: Money
    since: date
    due: date | None
    late: bool


@dataclass(frozen=True)
class BookEntry:
    """One transaction of the books with its postings; no name, no word of a case."""

    transaction: Transaction
    postings: Sequence[Posting]
    request_code: str | None
    payment_code: str | None
    reversed: bool


@dataclass(frozen=True)
class LedgerFilter:
    """Which transactions to show: of an account, a grant’s uid, a booking, between two days."""

    account: LedgerAccount | None = None
    currency: str | None = None
    grant: UUID | None = None
    line: UUID | None = None
    booking: Booking | None = None
    since: date | None = None
    until: date | None = None
    request: str | None = None


@dataclass(frozen=True)
class Books:
    """A page of the books: its entries, and where the next page begins."""

    entries: Sequence[BookEntry]
    page: Page[Transaction] = field(repr=False)


def fund_of(actor: Actor, action: Action = Action.FUND_READ) -> Organisation:
    """Return the actor’s organisation where they may do `action` there; raises NotFound."""
    organisation = session().scalar(policy.visible(actor, action, Organisation))
    if organisation is None:
        raise NotFound
    return organisation


def lines(actor: Actor) -> list[LineFigures]:
    """Return every line of grants that are not long over, by grant and code; one statement."""
    organisation = fund_of(actor)
    return _lines(BudgetLine.organisation_id == organisation.id, organisation.id)


def _lines(condition: ColumnElement[bool], organisation_id: int) -> list[LineFigures]:
    query = (
        select(BudgetLine, DonorGrant)
        .join(DonorGrant, DonorGrant.id == BudgetLine.grant_id)
        .where(condition)
        .order_by(DonorGrant.code, BudgetLine.code)
    )
    day = today(organisation_id)
    return [_figures(line, grant, day) for line, grant in session().execute(query)]


def _figures(line: BudgetLine, grant: DonorGrant, day: date) -> LineFigures:
    def money(amount: int) -> Money:
        return Money(amount, grant.currency)

    return LineFigures(
        uid=line.uid,
        code=line.code,
        title=line.title,
        grant_uid=grant.uid,
        grant_code=grant.code,
        running=grant.state == GrantState.ACTIVE and grant.starts_on <= day <= grant.ends_on,
        amount=money(line.amount),
        committed=money(line.committed - (line.spent - line.over)),
        spent=money(line.spent),
        over=money(line.over),
        available=money(line.available),
    )


def grants(actor: Actor) -> Sequence[Any]:
    """Return every grant with its donor, the newest first: rows of (DonorGrant, Donor)."""
    query = (
        policy.visible(actor, Action.FUND_DONOR_READ, DonorGrant)
        .join(Donor, Donor.id == DonorGrant.donor_id)
        .add_columns(Donor)
        .order_by(DonorGrant.starts_on.desc(), DonorGrant.id.desc())
    )
    rows = session().execute(query).all()
    ring().load(row[0].data_key_id for row in rows)
    return rows


def donors(actor: Actor) -> Sequence[Donor]:
    """Return every donor by code, names readable."""
    query = policy.visible(actor, Action.FUND_DONOR_READ, Donor).order_by(Donor.code)
    rows = session().scalars(query).all()
    ring().load(donor.data_key_id for donor in rows)
    return rows


def grant(actor: Actor, uid: UUID) -> GrantFigures:
    """Return a grant with its lines; raises NotFound."""
    row = policy.fetch(actor, Action.FUND_DONOR_READ, DonorGrant, uid)
    ring().load([row.data_key_id])
    terms: dict[Restriction, list[str]] = {}
    limits = select(GrantTerm.restriction, GrantTerm.code).where(GrantTerm.grant_id == row.id)
    for restriction, code in session().execute(limits.order_by(GrantTerm.code)):
        terms.setdefault(Restriction(restriction), []).append(code)
    return GrantFigures(
        grant=row,
        donor=session().get_one(Donor, row.donor_id),
        lines=_lines(BudgetLine.grant_id == row.id, row.organisation_id),
        terms=terms,
    )


class ListedPayment(NamedTuple):
    """A payment as a list shows it; nothing of the case or the request goes with it."""

    uid: UUID
    code: str
    payee_code: str
    amount: int
    currency: str
    method: str
    status: str
    due_on: date
    line_code: str
    grant_code: str


def payments(actor: Actor, status: PaymentStatus | None, token: str | None) -> Page[ListedPayment]:
    """Return a page of payments, those prepared last first."""
    query = policy.visible(actor, Action.FUND_PAYMENT_READ, Payment).where(
        Payment.organisation_id == actor.organisation_id
    )
    if status is not None:
        query = query.where(Payment.status == status)
    shown = (
        select(
            Payment.uid,
            Payment.code,
            Payment.payee_code,
            Payment.amount,
            Payment.currency,
            Payment.method,
            Payment.status,
            Payment.due_on,
            BudgetLine.code,
            DonorGrant.code,
        )
        .join(BudgetLine, BudgetLine.id == Payment.line_id)
        .join(DonorGrant, DonorGrant.id == BudgetLine.grant_id)
    )
    return Listing(query, Payment.prepared_at, Payment.id, ListedPayment, shown).page(token)


def payment(actor: Actor, uid: UUID, action: Action = Action.FUND_PAYMENT_READ) -> Payment:
    """Return a payment on which the actor may do `action`; raises NotFound."""
    return policy.fetch(actor, action, Payment, uid)


def advances(actor: Actor) -> list[AdvanceLine]:
    """Return the cash that colleagues carry, the longest overdue first; one’s own in any case."""
    may = policy.condition(actor, Action.FUND_PAYMENT_READ, Payment)
    query = (
        select(Payment)
        .where(
            Payment.organisation_id == actor.organisation_id,
            Payment.status == PaymentStatus.PAID,
            Payment.carrier_id.is_not(None),
            or_(may, Payment.carrier_id == actor.id),
        )
        .order_by(Payment.account_by, Payment.id)
    )
    carried = session().scalars(query).all()
    names = labels_by_id(payment.carrier_id for payment in carried)
    day = today(actor.organisation_id)
    return [
        AdvanceLine(
            payment=payment.uid,
            code=payment.code,
            holder_id=payment.carrier_id or 0,
            holder=names[payment.carrier_id or 0],
            amount=Money(payment.amount, payment.currency),
            since=payment.paid_on or day,
            due=payment.account_by,
            late=payment.account_by is not None and payment.account_by < day,
        )
        for payment in carried
    ]


def ledger(actor: Actor, filters: LedgerFilter, token: str | None = None) -> Books:
    """Return a page of the books, the last first, without what the actor is shut out of."""
    organisation = fund_of(actor, Action.FUND_LEDGER_READ)
    query = select(Transaction).where(
        Transaction.organisation_id == organisation.id,
        not_shut_out(actor, Transaction.scope_id),
        *filter_conditions(filters),
    )
    page = Listing(query, Transaction.booked_at, Transaction.id, itself).page(token)
    return Books(entries(page.rows), page)


def entries(transactions: Sequence[Transaction]) -> list[BookEntry]:
    """Return transactions with their postings and codes, in four statements."""
    ids = [booked.id for booked in transactions]
    postings: dict[int, list[Posting]] = {}
    legs = select(Posting).where(Posting.transaction_id.in_(ids))
    for posting in session().scalars(legs.order_by(Posting.transaction_id, Posting.number)):
        postings.setdefault(posting.transaction_id, []).append(posting)
    requests = _codes(SupportRequest, [booked.request_id for booked in transactions])
    payments = _codes(Payment, [booked.payment_id for booked in transactions])
    reversed_ids = set(
        session().scalars(select(Transaction.reverses_id).where(Transaction.reverses_id.in_(ids)))
    )
    return [
        BookEntry(
            transaction=booked,
            postings=postings.get(booked.id, []),
            request_code=requests.get(booked.request_id),
            payment_code=payments.get(booked.payment_id),
            reversed=booked.id in reversed_ids,
        )
        for booked in transactions
    ]


def not_shut_out(actor: Actor, scope_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    """Return the condition that a record is of no case of which the actor is shut out."""
    block = select(Block.id).where(
        Block.scope_id == scope_id, Block.user_id == actor.id, in_force(Block, clock.now())
    )
    return ~block.exists()


def _codes(
    model: type[SupportRequest] | type[Payment], ids: Sequence[int | None]
) -> dict[int | None, str]:
    query = select(model.id, model.code).where(model.id.in_([number for number in ids if number]))
    return {row.id: row.code for row in session().execute(query)}


def filter_conditions(filters: LedgerFilter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter on transactions."""
    conditions: list[ColumnElement[bool]] = []
    if filters.booking is not None:
        conditions.append(Transaction.booking == filters.booking)
    if filters.since is not None:
        conditions.append(Transaction.booked_on >= filters.since)
    if filters.until is not None:
        conditions.append(Transaction.booked_on <= filters.until)
    if filters.request:
        named = select(SupportRequest.id).where(SupportRequest.code == filters.request)
        conditions.append(Transaction.request_id.in_(named))
    postings = _postings_in(filters)
    if postings is not None:
        conditions.append(postings.correlate(Transaction).exists())
    return conditions


def _postings_in(filters: LedgerFilter) -> Any:
    query: AnySelect | None = None
    base = select(Posting.number).where(Posting.transaction_id == Transaction.id)
    if filters.account is not None:
        query = base = base.where(Posting.account == filters.account)
    if filters.currency is not None:
        query = base = base.where(Posting.currency == filters.currency)
    if filters.grant is not None:
        mine = select(DonorGrant.id).where(DonorGrant.uid == filters.grant)
        query = base = base.where(Posting.grant_id.in_(mine))
    if filters.line is not None:
        line = select(BudgetLine.id).where(BudgetLine.uid == filters.line)
        query = base.where(Posting.line_id.in_(line))
    return query
