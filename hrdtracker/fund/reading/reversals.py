"""What was reversed, and why: it stays beside the payment, and in the books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.core.seal import ring
from hrdtracker.fund.model import LedgerAccount, Payment, Posting, Transaction, Voucher

WRONG = aliased(Transaction)
"""The entry that was reversed, beside its opposite."""
MOVED = (Posting.amount, Posting.currency)
PURSES = (LedgerAccount.BANK, LedgerAccount.CASH)
"""The accounts from which money leaves, and to which it comes back."""


@dataclass(frozen=True)
class PastPayment:
    """A release that was reversed: what had left, when, why it is no more, and who saw that."""

    payment_id: int | None
    amount: Money
    left_on: date
    reversed_on: date
    kind: str | None
    back_on: date | None
    reason: str
    proof: str | None
    written_by: str
    seen_by: str


@dataclass(frozen=True)
class ReversalReason:
    """Why an entry was reversed and by whom that was seen; the words where they may be read."""

    kind: str
    back_on: date | None
    seen_by: str
    reason: str | None
    proof: str | None


def past_payments(payments: Iterable[Payment]) -> list[PastPayment]:
    """Return what of these payments had left and was reversed, in its order."""
    of_them = Voucher.payment_id.in_([payment.id for payment in payments])
    vouchers = session().scalars(select(Voucher).where(of_them).order_by(Voucher.id)).all()
    if not vouchers:
        return []
    ring().load(voucher.data_key_id for voucher in vouchers)
    people, moved = _people(vouchers), _moved_by(vouchers)
    return [
        PastPayment(
            payment_id=voucher.payment_id,
            amount=Money(amount, currency),
            left_on=left_on,
            reversed_on=reversed_on,
            kind=voucher.kind,
            back_on=voucher.back_on,
            reason=voucher.reason or "",
            proof=voucher.proof,
            written_by=people.get(voucher.written_by_id, ""),
            seen_by=people.get(voucher.seen_by_id or 0, ""),
        )
        for voucher in vouchers
        for left_on, reversed_on, amount, currency in moved[voucher.transaction_id]
    ]


def reason_of(actor: Actor, entry: Transaction) -> ReversalReason | None:
    """Return why an entry is a reversal; its words only to whoever may see its payment."""
    voucher = session().scalar(select(Voucher).where(Voucher.transaction_id == entry.id))
    if voucher is None:
        return None
    reads = voucher.payment_id is None or policy.allows(
        actor, Action.FUND_PAYMENT_READ, session().get_one(Payment, voucher.payment_id)
    )
    if reads:
        ring().load([voucher.data_key_id])
    return ReversalReason(
        kind=voucher.kind or "",
        back_on=voucher.back_on,
        seen_by=_people([voucher]).get(voucher.seen_by_id or 0, ""),
        reason=voucher.reason if reads else None,
        proof=voucher.proof if reads else None,
    )


def _moved_by(vouchers: Sequence[Voucher]) -> dict[int, list[tuple[date, date, int, str]]]:
    """Return by entry the days of what was wrong and of its opposite, and the money that moved."""
    rows = session().execute(
        select(Transaction.id, WRONG.booked_on, Transaction.booked_on, *MOVED)
        .join(WRONG, WRONG.id == Transaction.reverses_id)
        .join(Posting, Posting.transaction_id == Transaction.id)
        .where(
            Posting.transaction_id.in_([voucher.transaction_id for voucher in vouchers]),
            Posting.account.in_(PURSES),
            Posting.amount > 0,
        )
    )
    moved: dict[int, list[tuple[date, date, int, str]]] = {}
    for number, left_on, reversed_on, amount, currency in rows:
        moved.setdefault(number, []).append((left_on, reversed_on, amount, currency))
    return moved


def _people(vouchers: Sequence[Voucher]) -> dict[int, str]:
    return labels_by_id(
        [number for row in vouchers for number in (row.written_by_id, row.seen_by_id)]
    )
