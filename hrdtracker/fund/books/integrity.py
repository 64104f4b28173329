"""Checking the whole fund: that the books balance, and say what lines, requests and people say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from hrdtracker.access.action import Action
from hrdtracker.audit.model import AuditEntry
from hrdtracker.core.db import Entity, session
from hrdtracker.core.money import Money
from hrdtracker.fund.model import (
    Acquittal,
    BudgetLine,
    Decision,
    LedgerAccount,
    Payment,
    PaymentStatus,
    Posting,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.model.duties import APPROVERS, RELEASER, REQUESTER, VERIFIER
from hrdtracker.fund.model.payment import LEFT
from hrdtracker.fund.workflow import ALIVE


@dataclass(frozen=True)
class Fault:
    """Something that does not hold: what, and of which record."""

    what: str
    which: str


@dataclass(frozen=True)
class FundCheck:
    """What was checked, in how many records, and what does not hold."""

    what: str
    records: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class AccountSum:
    """What an account of the books has taken in and given out in a currency, and holds."""

    account: LedgerAccount
    debit: Money
    credit: Money

    @property
    def balance(self) -> Money:
        """Return what is left on it; below 0 where more was given out."""
        return Money(self.debit.amount - self.credit.amount, self.debit.currency)


@dataclass(frozen=True)
class CheckedFund:
    """What a check of the fund found."""

    checks: tuple[FundCheck, ...]
    sums: tuple[AccountSum, ...]
    transactions: int

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return everything that does not hold."""
        return tuple(fault for check in self.checks for fault in check.faults)


def check_fund() -> CheckedFund:
    """Check everything; a few statements, however much there is."""
    counts = {model: _count(model) for model in {model for _, model, _ in CHECKS}}
    checks = tuple(FundCheck(what, counts[model], tuple(find())) for what, model, find in CHECKS)
    return CheckedFund(checks, tuple(_account_sums()), counts[Transaction])


def _count(model: type[Entity]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def _account_sums() -> Iterator[AccountSum]:
    """Yield the sums of each account of the books, over all organisations, by currency."""
    debit = func.sum(case((Posting.amount > 0, Posting.amount), else_=0))
    credit = func.sum(case((Posting.amount < 0, -Posting.amount), else_=0))
    query = select(Posting.currency, Posting.account, debit, credit)
    rows = session().execute(query.group_by(Posting.currency, Posting.account)).all()
    order = list(LedgerAccount)
    for code, account, taken, given in sorted(rows, key=lambda row: (row[0], order.index(row[1]))):
        yield AccountSum(LedgerAccount(account), Money(int(taken), code), Money(int(given), code))


def _unbalanced() -> Iterator[Fault]:
    query = (
        select(Transaction.uid, Posting.currency)
        .join(Posting, Posting.transaction_id == Transaction.id)
        .group_by(Transaction.uid, Posting.currency)
        .having(func.sum(Posting.amount) != 0)
    )
    for uid, currency in session().execute(query):
        yield Fault(f"the postings do not sum to nothing in {currency}", f"transaction {uid}")


def _empty() -> Iterator[Fault]:
    postings = select(Posting.number).where(Posting.transaction_id == Transaction.id)
    for uid in session().scalars(select(Transaction.uid).where(~postings.exists())):
        yield Fault("it has no postings", f"transaction {uid}")


def _lines() -> Iterator[Fault]:
    """Compare what a line says of itself with what the books say of it."""
    booked = _sums(Posting.line_id)
    advanced = _advanced()
    for line in session().scalars(select(BudgetLine).order_by(BudgetLine.id)):
        sums = booked.get(line.id, {})
        spent = sums.get("spent", 0) + sums.get("returned", 0) + advanced.get(line.id, 0)
        left = sums.get("line", 0) - sums.get("spent", 0) - sums.get("returned", 0)
        which = f"line {line.uid}"
        if spent != line.spent:
            yield Fault(f"the books say that {spent} was spent, the line {line.spent}", which)
        if left - _advance_room(line, advanced) != line.available:
            yield Fault(f"the books leave {left}, the line {line.available}", which)
        if line.committed > line.amount:
            yield Fault("more is promised than it has", which)


def _advance_room(line: BudgetLine, advanced: dict[int, int]) -> int:
    """Return what lies over a commitment in advances, which the books learn when it is received."""
    if line.id not in advanced:
        return 0
    query = select(func.sum(Payment.over)).where(Payment.line_id == line.id, _carried())
    return session().scalar(query) or 0


def _sums(column: Any) -> dict[int, dict[str, int]]:
    query = (
        select(column, Posting.account, func.sum(Posting.amount))
        .where(column.is_not(None))
        .group_by(column, Posting.account)
    )
    sums: dict[int, dict[str, int]] = {}
    for key, account, amount in session().execute(query):
        sums.setdefault(key, {})[account] = int(amount)
    return sums


def _carried() -> ColumnElement[bool]:
    return and_(Payment.status == PaymentStatus.PAID, Payment.carrier_id.is_not(None))


def _advanced() -> dict[int, int]:
    query = select(Payment.line_id, func.sum(Payment.charged)).where(_carried())
    rows = session().execute(query.group_by(Payment.line_id))
    return {line: int(charged or 0) for line, charged in rows}


def _commitments() -> Iterator[Fault]:
    """Compare what requests have promised on each line with what the line says."""
    query = select(SupportRequest.line_id, func.sum(SupportRequest.committed)).where(
        SupportRequest.line_id.is_not(None)
    )
    promised = {
        line: int(amount or 0)
        for line, amount in session().execute(query.group_by(SupportRequest.line_id))
        if line is not None
    }
    for line in session().scalars(select(BudgetLine).order_by(BudgetLine.id)):
        if promised.get(line.id, 0) != line.committed:
            yield Fault("its promises are not those of its requests", f"line {line.uid}")


def _plans() -> Iterator[Fault]:
    """Compare how many places of a plan are taken with how many requests draw from it."""
    draw = aliased(SupportRequest)
    draws = select(func.count()).where(
        draw.plan_id == SupportRequest.id, draw.status.in_([str(status) for status in ALIVE])
    )
    drawn = draws.correlate(SupportRequest).scalar_subquery()
    for uid in session().scalars(select(SupportRequest.uid).where(SupportRequest.drawn != drawn)):
        yield Fault("it counts other households than draw from it", f"plan {uid}")


def _payments() -> Iterator[Fault]:
    """Find payments that left without an entry in the books, or the other way round."""
    opposite = aliased(Transaction)
    booked = select(Transaction.id).where(
        Transaction.payment_id == Payment.id,
        Transaction.booking == "payment",
        ~select(opposite.id).where(opposite.reverses_id == Transaction.id).exists(),
    )
    left = Payment.status.in_(LEFT)
    query = select(Payment.uid).where(
        or_(and_(left, ~booked.exists()), and_(~left, booked.exists()))
    )
    for uid in session().scalars(query):
        yield Fault("it and the books do not agree whether it left", f"payment {uid}")


def _accounts() -> Iterator[Fault]:
    """Find what was reviewed, or is to be, and does not come to what left."""
    of_payment = Acquittal.payment_id == Payment.id, Payment.status.in_(LEFT), Acquittal.stands()
    differs = Acquittal.spent + Acquittal.returned != Payment.amount
    query = select(Payment.uid).join(Acquittal, and_(*of_payment))
    for uid in session().scalars(query.where(differs, Acquittal.sent_back_at.is_(None))):
        yield Fault("what accounts for it is not what left", f"payment {uid}")


def _duties() -> Iterator[Fault]:
    """Find a person in two duties that are kept apart, and a payment that names other people."""
    names = (REQUESTER, VERIFIER, *APPROVERS)
    for model in (SupportRequest, Payment):
        for approver in APPROVERS:
            others = [REQUESTER, VERIFIER, *([RELEASER] if model is Payment else [])]
            same = or_(*(getattr(model, name) == getattr(model, approver) for name in others))
            for uid in session().scalars(select(model.uid).where(same)):
                yield Fault("one person held two duties", f"{model.__tablename__} {uid}")
    differs = or_(
        *(getattr(Payment, name).is_distinct_from(getattr(SupportRequest, name)) for name in names)
    )
    query = (
        select(Payment.uid)
        .join(SupportRequest, SupportRequest.id == Payment.request_id)
        .where(Payment.status.in_(LEFT), differs)
    )
    for uid in session().scalars(query):
        yield Fault("it names other people than its request", f"payment {uid}")


def _unsigned() -> Iterator[Fault]:
    """Find decisions without the act on the trail that made them."""
    acts = [str(action) for action in Action if action.value.startswith("fund.")]
    last = (
        select(AuditEntry.scope_id, func.max(AuditEntry.at).label("at"))
        .where(AuditEntry.action.in_(acts))
        .group_by(AuditEntry.scope_id)
        .subquery()
    )
    query = (
        select(Decision.uid)
        .outerjoin(last, last.c.scope_id == Decision.scope_id)
        .where(or_(last.c.at.is_(None), last.c.at < Decision.at))
    )
    for uid in session().scalars(query):
        yield Fault("no act on the trail made it", f"decision {uid}")


CHECKS: tuple[tuple[str, type[Entity], Callable[[], Iterator[Fault]]], ...] = (
    ("every entry in the books sums to nothing in each currency", Transaction, _unbalanced),
    ("every entry has postings", Transaction, _empty),
    ("every budget line says what the books say", BudgetLine, _lines),
    ("every budget line has promised what its requests were", BudgetLine, _commitments),
    ("every plan counts the households that draw from it", SupportRequest, _plans),
    ("payments and books agree on what left", Payment, _payments),
    ("what accounts for a payment is what left", Payment, _accounts),
    ("nobody held two duties of one request that are kept apart", SupportRequest, _duties),
    ("every decision was made by an act on the trail", Decision, _unsigned),
)
"""What is checked, the records that it is checked of, and how."""
