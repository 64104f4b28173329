"""What was reversed, and why: it stays beside the payment, and in the books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.assignments import at_work
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.core.seal import ring
from hrdtracker.fund.ledger import postings_of
from hrdtracker.fund.model import (
    Acquittal,
    Booking,
    LedgerAccount,
    Payment,
    PaymentStatus,
    Posting,
    ReversalKind,
    SupportRequest,
    Transaction,
    Voucher,
)
from hrdtracker.fund.reading.money import not_shut_out

WRONG = aliased(Transaction)
"""The entry that was reversed, beside its opposite."""
PURSES = (LedgerAccount.BANK, LedgerAccount.CASH)
"""The accounts from which money leaves, and to which it comes back."""
COUNTS = or_(Transaction.booking == Booking.REVERSAL, Payment.status == PaymentStatus.PAID)
"""That a reversal is booked, or can be: its money has neither arrived nor come back meanwhile."""
ANSWER_WITHIN = timedelta(days=7)
"""After so long finance is told that a witness has not answered."""


@dataclass(frozen=True)
class EarlierWitness:
    """Whom finance asked before, by whom and when, and what they said.

    `reason` is what was written then, where it is other than what is written now and may be read.
    """

    seen_by: str
    written_by: str
    asked_on: datetime
    witnessed: bool | None
    reason: str | None


@dataclass(frozen=True)
class PastPayment:
    """A release that was reversed: what had left, when, why it is no more, and who saw that."""

    payment_id: int
    amount: Money
    left_on: date
    reversed_on: date
    kind: ReversalKind
    back_on: date | None
    reason: str
    proof: str | None
    written_by: str
    seen_by: str
    witnessed: bool | None
    earlier: Sequence[EarlierWitness]


@dataclass(frozen=True)
class ReversalReason:
    """Why an entry was reversed and by whom that was seen; the words where they may be read.

    `booked`, or it `waits` for its witness, or came to nothing: the witness did not see it, or the
    money arrived meanwhile.
    """

    kind: str
    back_on: date | None
    seen_by: str
    witnessed: bool | None
    reason: str | None
    proof: str | None
    booked: bool
    waits: bool
    earlier: Sequence[EarlierWitness]


@dataclass(frozen=True)
class WitnessedEntry:
    """What a colleague is asked about: an entry of the books, and why it is reversed.

    Its words are theirs if they may see the payment or its request; day, amount and code are enough
    to look it up.
    """

    voucher: Voucher
    booking: str
    booked_on: date
    amount: Money | None
    """What moved; None where no money did."""
    payment: str | None
    written_by: str
    reason: str | None
    proof: str | None
    waits: bool
    """The money is said never to have left: it counts once the colleague says so, too."""
    is_asked: bool
    """Whether they still can answer."""
    earlier: Sequence[EarlierWitness]
    """Who else was asked before, and what they said."""


def past_payments(payments: Iterable[Payment]) -> list[PastPayment]:
    """Return what of these payments had left and was reversed, in its order."""
    query = (
        select(Payment.id, Voucher)
        .join(Voucher, Voucher.payment_id == Payment.id)
        .where(Payment.id.in_([payment.id for payment in payments]), Voucher.stands())
    )
    rows = session().execute(query.order_by(Voucher.id)).all()
    vouchers = [voucher for _, voucher in rows]
    if not vouchers:
        return []
    ring().load(voucher.data_key_id for voucher in vouchers)
    people, moved = _people(vouchers), _moved_by(vouchers)
    return [
        PastPayment(
            payment_id=payment_id,
            amount=Money(amount, currency),
            left_on=left_on,
            reversed_on=reversed_on,
            kind=ReversalKind(voucher.kind or ""),
            back_on=voucher.back_on,
            reason=voucher.reason or "",
            proof=voucher.proof,
            written_by=people.get(voucher.written_by_id, ""),
            seen_by=people.get(voucher.seen_by_id or 0, ""),
            witnessed=voucher.witnessed,
            earlier=_earlier(voucher, reads=True),
        )
        for payment_id, voucher in rows
        for left_on, reversed_on, amount, currency in moved.get(voucher.transaction_id, ())
    ]


def accounts_taken_back(payments: Iterable[Payment]) -> dict[int, list[Acquittal]]:
    """Return by payment what accounted for it until it was reversed; their words can be read."""
    of_them = Acquittal.payment_id.in_([payment.id for payment in payments])
    query = select(Acquittal).where(of_them, Acquittal.withdrawn_at.is_not(None))
    rows = session().scalars(query.order_by(Acquittal.id)).all()
    ring().load(row.data_key_id for row in rows)
    found: dict[int, list[Acquittal]] = {}
    for row in rows:
        found.setdefault(row.payment_id, []).append(row)
    return found


def reason_of(actor: Actor, entry: Transaction) -> ReversalReason | None:
    """Return why an entry is a reversal; its words only to whoever may see its payment."""
    stands = Voucher.transaction_id == entry.id, Voucher.stands()
    voucher = session().scalar(select(Voucher).where(*stands))
    if voucher is None:
        return None
    reason, proof = _words(actor, voucher)
    payment = session().get(Payment, voucher.payment_id) if voucher.payment_id else None
    return ReversalReason(
        earlier=_earlier(voucher, reads=reason is not None),
        kind=voucher.kind or "",
        back_on=voucher.back_on,
        seen_by=_people([voucher]).get(voucher.seen_by_id or 0, ""),
        witnessed=voucher.witnessed,
        reason=reason,
        proof=proof,
        booked=_is_booked(entry),
        waits=_waits(voucher, entry, payment),
    )


def _is_booked(entry: Transaction) -> bool:
    """Tell whether a voucher stands beside what it says, and not beside what it wants reversed."""
    return entry.booking != Booking.PAYMENT


def _waits(voucher: Voucher, entry: Transaction, payment: Payment | None) -> bool:
    """Tell whether a reversal is booked once this witness says so, too: nobody else is asked."""
    has_left = payment is not None and payment.status == PaymentStatus.PAID
    asked = voucher.witnessed is None and voucher.replaced_at is None
    return asked and has_left and not _is_booked(entry)


def _earlier(voucher: Voucher, *, reads: bool) -> list[EarlierWitness]:
    """Return who was asked before about the same entry; the words where the reader `reads` them."""
    this = select(Transaction).where(Transaction.id == voucher.transaction_id).subquery()
    first = func.coalesce(this.c.reverses_id, this.c.id)
    same = or_(Transaction.id == first, Transaction.reverses_id == first)
    query = (
        select(Voucher)
        .join(Transaction, Transaction.id == Voucher.transaction_id)
        .join(this, same)
        .where(Voucher.replaced_at.is_not(None), Voucher.id < voucher.id)
    )
    rows = session().scalars(query.order_by(Voucher.id)).all()
    if reads:
        ring().load(row.data_key_id for row in rows)
    people = _people(rows)
    return [
        EarlierWitness(
            seen_by=people.get(row.seen_by_id or 0, ""),
            written_by=people.get(row.written_by_id, ""),
            asked_on=row.written_at,
            witnessed=row.witnessed,
            reason=row.reason if reads and row.reason != voucher.reason else None,
        )
        for row in rows
    ]


def _words(actor: Actor, voucher: Voucher) -> tuple[str | None, str | None]:
    """Return the reason and the line of the bank, which of a payment may name somebody."""
    if voucher.payment_id is not None and not _reads(actor, voucher.payment_id):
        return None, None
    ring().load([voucher.data_key_id])
    return voucher.reason, voucher.proof


def _reads(actor: Actor, payment_id: int) -> bool:
    """Tell whether somebody may see a payment or the request that it is of."""
    payment = session().get_one(Payment, payment_id)
    request = session().get_one(SupportRequest, payment.request_id)
    return policy.allows(actor, Action.FUND_PAYMENT_READ, payment) or policy.allows(
        actor, Action.FUND_REQUEST_READ, request
    )


def said_never_to_have_left(actor: Actor, payment: Payment) -> ReversalReason | None:
    """Return that finance says that a payment never left, as long as that is not booked."""
    query = select(Transaction).join(Voucher, Voucher.transaction_id == Transaction.id)
    of_payment = Transaction.payment_id == payment.id, Transaction.booking == Booking.PAYMENT
    entry = session().scalar(query.where(*of_payment, Voucher.stands()))
    return reason_of(actor, entry) if entry is not None else None


def asked_of(actor: Actor) -> Sequence[tuple[UUID, datetime]]:
    """Return what the actor is asked to have seen, and since when; whoever else is asked since."""
    if not policy.could(actor, Action.FUND_WITNESS):
        return ()
    mine = policy.condition(actor, Action.FUND_WITNESS, Voucher, of_few=True)
    query = (
        select(Voucher.uid, Voucher.written_at)
        .join(Transaction, Transaction.id == Voucher.transaction_id)
        .outerjoin(Payment, Payment.id == Voucher.payment_id)
        .where(Voucher.seen_by_id == actor.id, Voucher.witnessed.is_(None), COUNTS, mine)
        .order_by(Voucher.id)
    )
    return [(row.uid, row.written_at) for row in session().execute(query)]


def unconfirmed(actor: Actor) -> Sequence[tuple[UUID, datetime]]:
    """Return the entries whose reversal waits for a witness who cannot answer, or has not for days.

    For whoever can ask somebody else, with the instant since when they were asked.
    """
    if not policy.could(actor, Action.FUND_REVERSE):
        return ()
    query = (
        select(Voucher, Transaction.uid)
        .join(Transaction, Transaction.id == Voucher.transaction_id)
        .outerjoin(Payment, Payment.id == Voucher.payment_id)
        .where(
            Voucher.organisation_id == actor.organisation_id,
            Voucher.seen_by_id.is_not(None),
            Voucher.witnessed.is_(None),
            Voucher.stands(),
            COUNTS,
            not_shut_out(actor, Voucher.scope_id),
        )
        .order_by(Voucher.written_at, Voucher.id)
    )
    rows = session().execute(query).all()
    able = _who_can_answer(actor, [voucher for voucher, _ in rows])
    late = clock.now() - ANSWER_WITHIN
    return [
        (uid, voucher.written_at)
        for voucher, uid in rows
        if voucher.written_at < late or voucher.seen_by_id not in able[voucher.id]
    ]


def _who_can_answer(actor: Actor, vouchers: Sequence[Voucher]) -> dict[int, set[int]]:
    """Return by voucher who of those at work may say whether they saw it."""
    if not vouchers:
        return {}
    asked = {voucher.seen_by_id for voucher in vouchers}
    people = [each for each in at_work(actor.organisation_id) if each.id in asked]
    ids = [voucher.id for voucher in vouchers]
    return policy.who_may_each(people, Action.FUND_WITNESS, Voucher, ids)


def witnessed_entry(actor: Actor, uid: UUID) -> WitnessedEntry:
    """Return what the actor is named as having seen; raises NotFound."""
    voucher = policy.fetch(actor, Action.FUND_WITNESS, Voucher, uid)
    reason, proof = _words(actor, voucher)
    entry = session().get_one(Transaction, voucher.transaction_id)
    wrong = session().get_one(Transaction, entry.reverses_id or entry.id)
    payment = session().get(Payment, voucher.payment_id) if voucher.payment_id else None
    waits = _waits(voucher, entry, payment)
    return WitnessedEntry(
        voucher=voucher,
        booking=wrong.booking,
        booked_on=wrong.booked_on,
        amount=_moved(wrong),
        payment=payment.code if payment else None,
        written_by=_people([voucher])[voucher.written_by_id],
        reason=reason,
        proof=proof,
        waits=waits,
        is_asked=_is_asked(voucher, entry, waits=waits),
        earlier=_earlier(voucher, reads=reason is not None),
    )


def _is_asked(voucher: Voucher, entry: Transaction, *, waits: bool) -> bool:
    """Tell whether an answer is kept: of whoever was asked before others, as well."""
    counts = waits or _is_booked(entry) or voucher.replaced_at is not None
    return voucher.witnessed is None and counts


def _moved(entry: Transaction) -> Money | None:
    """Return the money that an entry moves into a purse, or out of one."""
    for posting in postings_of(entry):
        if posting.account in PURSES:
            return Money(abs(posting.amount), posting.currency)
    return None


def _moved_by(vouchers: Sequence[Voucher]) -> dict[int, list[tuple[date, date, int, str]]]:
    """Return by entry the days of what was wrong and of its opposite, and the money that moved."""
    rows = session().execute(
        select(
            Transaction.id,
            WRONG.booked_on,
            Transaction.booked_on,
            Posting.amount,
            Posting.currency,
        )
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
