"""Taking back what was booked wrongly: why, seen by whom, and what becomes of a payment."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select, true

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Organisation, User
from hrdtracker.access.rule import every
from hrdtracker.access.rules import DID_NOT_RELEASE, DOES_NOT_CARRY, ON_REACHABLE_CASE
from hrdtracker.accounts.assignments import actors_of, colleagues
from hrdtracker.audit.guarded_update import add_if
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotAllowed, NotFound, Refused, Stale, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import IN_FUTURE
from hrdtracker.fund.books.service import check_not_given_back
from hrdtracker.fund.budget.commitments import payments_of, uncover
from hrdtracker.fund.drafts.money import ReversalDraft
from hrdtracker.fund.ledger import Leg, TransactionContext, open_day, post, postings_of
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    Instalment,
    LedgerAccount,
    Payment,
    PaymentStatus,
    RequestStatus,
    ReversalKind,
    SupportRequest,
    Transaction,
    Voucher,
)
from hrdtracker.fund.model.ledger import BY_HAND
from hrdtracker.fund.model.payment import LEFT
from hrdtracker.fund.payments.acquittals import return_with_payment
from hrdtracker.fund.payments.service import prepared_amount, request_of
from hrdtracker.fund.workflow import PAYMENT, REQUEST

NO_WITNESS = N_("Choose the colleague who saw it, too.")


@idempotent
def reverse(
    actor: Actor, organisation: Organisation, uid: UUID, draft: ReversalDraft
) -> Transaction:
    """Book the opposite of a transaction, with its reason and the colleague who saw it, too.

    A payment is then recorded anew, or looked at again, as its kind says. That it never left counts
    once that colleague says so, too (`witnesses.py`): until then its own entry is returned. Raises
    NotFound, Refused, and WrongStatus for what only its own act can undo.
    """
    with authorised(
        actor, Action.FUND_REVERSE, within=organisation, sending=draft.sending
    ) as signature:
        query = select(Transaction).where(
            Transaction.uid == uid, Transaction.organisation_id == organisation.id
        )
        wrong = session().scalar(query)
        if wrong is None:
            raise NotFound
        if not can_be_reversed(wrong):
            raise WrongStatus(N_("It is reversed already, or undone by its own act."))
        check_not_shut_out(actor, wrong)
        _check(wrong, draft)
        check_not_given_back(wrong)
        witness = witness_of(actor, wrong, draft.seen_by)
        voucher = _voucher(organisation, wrong)
        kept = wrong
        if draft.kind != ReversalKind.NEVER_LEFT:
            kept = book_opposite(actor, wrong, draft.kind, draft.reason, draft.back_on)
        _keep(actor, voucher, kept, witness, draft)
        signature.about(kept)
    return kept


def book_opposite(
    actor: Actor,
    wrong: Transaction,
    kind: ReversalKind,
    reason: str,
    back_on: date | None = None,
) -> Transaction:
    """Book the opposite of an entry, and take back what its payment did. Inside an open door.

    What accounts for that payment is returned with the same reason.
    """
    payment = session().get_one(Payment, wrong.payment_id) if wrong.payment_id else None
    request = None
    if payment is not None:
        request = _take_back(actor, payment, kind)
        return_with_payment(actor, payment, reason)
    day = open_day(wrong.organisation_id, back_on or today(wrong.organisation_id))
    about = TransactionContext(Booking.REVERSAL, day, request, payment, reverses=wrong)
    return post(actor, about, _opposite(wrong))


def can_be_reversed(entry: Transaction) -> bool:
    """Tell whether the books can undo an entry: what other acts wrote, those acts undo.

    A payment can come back as long as nobody has confirmed that it arrived.
    """
    reversals = select(Transaction.id).where(Transaction.reverses_id == entry.id)
    if session().scalar(reversals) is not None:
        return False
    if Booking(entry.booking) in BY_HAND:
        return True
    if entry.booking != Booking.PAYMENT:
        return False
    payment = session().get_one(Payment, entry.payment_id)
    request = session().get_one(SupportRequest, payment.request_id)
    return Action.FUND_REVERSE in PAYMENT.open_to(payment) & REQUEST.open_to(request)


def check_not_shut_out(actor: Actor, entry: Transaction) -> None:
    """Let nobody undo what was paid in a case that shuts them out; raises NotAllowed."""
    if shuts_out(actor, entry):
        raise NotAllowed


def shuts_out(actor: Actor, entry: Transaction) -> bool:
    """Tell whether an entry is of a payment whose case shuts the actor out."""
    payment = session().get(Payment, entry.payment_id) if entry.payment_id else None
    return payment is not None and not policy.whom_it_fits([actor], ON_REACHABLE_CASE, payment)


def kinds_of(entry: Transaction) -> tuple[ReversalKind, ...]:
    """Return why an entry can be reversed: only a payment can come back, or never have left."""
    return tuple(ReversalKind) if entry.payment_id else (ReversalKind.MISTYPED,)


def witnesses(actor: Actor, entry: Transaction) -> list[User]:
    """Return who may be named as having seen what is reversed: who knows the fund’s figures.

    Nobody who wrote any of it. Of a payment nobody who released or carried it, nor whom its case
    shuts out.
    """
    able, wrote = colleagues(actor.organisation_id, Action.FUND_READ), _who_wrote(entry)
    others = [user for user in able if user.id not in wrote | {actor.id}]
    if entry.payment_id is None:
        return others
    payment = session().get_one(Payment, entry.payment_id)
    rule = every(ON_REACHABLE_CASE, DID_NOT_RELEASE, DOES_NOT_CARRY)
    fit = policy.whom_it_fits([*actors_of(others).values()], rule, payment)
    return [user for user in others if user.id in fit]


def _check(wrong: Transaction, draft: ReversalDraft) -> None:
    if draft.kind not in kinds_of(wrong):
        raise Refused({"kind": N_("Only a payment can come back, or never have left.")})
    if draft.back_on is None:
        return
    if draft.back_on > today(wrong.organisation_id):
        raise Refused({"back_on": IN_FUTURE})
    if draft.back_on < wrong.booked_on:
        raise Refused({"back_on": N_("It had not left on that day.")})


def witness_of(actor: Actor, entry: Transaction, seen_by: UUID | None) -> User:
    """Return whom somebody names as having seen what is reversed; raises Refused."""
    for user in witnesses(actor, entry):
        if user.uid == seen_by:
            return user
    raise Refused({"seen_by": NO_WITNESS})


def _who_wrote(entry: Transaction) -> set[int]:
    """Return who wrote any reversal of an entry and, where it is a payment, who booked that.

    Whoever booked it released it: a payment that is reversed says so no more.
    """
    first = entry.reverses_id or entry.id
    same = or_(Transaction.id == first, Transaction.reverses_id == first)
    query = (
        select(Voucher.written_by_id)
        .join(Transaction, Transaction.id == Voucher.transaction_id)
        .where(Voucher.kind.is_not(None), same)
    )
    wrote = set(session().scalars(query))
    if entry.payment_id is not None:
        wrote.add(session().get_one(Transaction, first).booked_by_id)
    return wrote


def _voucher(organisation: Organisation, wrong: Transaction) -> Voucher:
    """Return what is to stand behind a reversal; what was said before of the entry stays on record.

    It must stand no more before another does.
    """
    payment = session().get(Payment, wrong.payment_id) if wrong.payment_id else None
    key = payment.data_key_id if payment else organisation.data_key_id
    ring().load([key])
    before = Voucher.transaction_id == wrong.id, Voucher.kind.is_not(None), Voucher.stands()
    said = session().scalar(select(Voucher).where(*before))
    if said is not None:
        replace(said)
    return Voucher(
        data_key_id=key,
        organisation_id=organisation.id,
        scope_id=payment.scope_id if payment else None,
        payment_id=payment.id if payment else None,
    )


def replace(voucher: Voucher) -> None:
    """Let a reversal be written anew, or somebody else be asked. Inside an open door.

    Raises Stale where the colleague confirmed it at the same moment: that stands.
    """
    lock(voucher)
    if voucher.witnessed:
        raise Stale
    voucher.replaced_at = clock.now()
    session().flush()


def _keep(
    actor: Actor, voucher: Voucher, entry: Transaction, witness: User, draft: ReversalDraft
) -> None:
    """Keep why, under the key of the case where it is about a payment, and ask the witness."""
    voucher.kind, voucher.reason = draft.kind, draft.reason.strip()
    voucher.back_on, voucher.proof = draft.back_on, draft.proof.strip() or None
    ask_witness(actor, voucher, entry, witness)


def ask_witness(actor: Actor, voucher: Voucher, entry: Transaction, witness: User) -> None:
    """Keep what stands behind an entry in somebody’s name, and whom it asks. In an open door."""
    voucher.transaction_id, voucher.written_at = entry.id, clock.now()
    voucher.written_by_id, voucher.seen_by_id = actor.id, witness.id
    session().add(voucher)
    session().flush()


def _opposite(wrong: Transaction) -> list[Leg]:
    return [
        Leg(
            LedgerAccount(posting.account),
            -posting.amount,
            posting.currency,
            session().get(BudgetLine, posting.line_id) if posting.line_id else None,
            posting.grant_id,
            posting.holder_id,
        )
        for posting in postings_of(wrong)
    ]


def _take_back(actor: Actor, payment: Payment, kind: ReversalKind) -> SupportRequest:
    """Undo what a payment did to its line and request."""
    lock(payment)
    request = request_of(payment)
    line = session().get_one(BudgetLine, payment.line_id)
    PAYMENT.check(actor, Action.FUND_REVERSE, payment)
    uncover(actor, payment, request)
    add_if(line, {"spent": -(payment.charged or 0), "over": -payment.over}, true())
    _set_back(payment, kind)
    session().flush()
    paid = any(other.status in LEFT for other in payments_of(request))
    to = RequestStatus.PART_PAID if paid else RequestStatus.COMMITTED
    REQUEST.take(request, Action.FUND_REVERSE, to)
    request.changed_at = clock.now()
    return request


def _set_back(payment: Payment, kind: ReversalKind) -> None:
    """Let a payment be recorded anew, or its instalment be looked at again and prepared anew."""
    again = kind == ReversalKind.MISTYPED
    PAYMENT.take(
        payment, Action.FUND_REVERSE, PaymentStatus.PREPARED if again else PaymentStatus.CANCELLED
    )
    payment.paid_on = payment.released_at = payment.released_by_id = payment.charged = None
    payment.account_by = payment.rate_id = None
    payment.over = 0
    if again:
        payment.amount = prepared_amount(payment).amount
    if kind == ReversalKind.CAME_BACK:
        instalment = session().get_one(Instalment, payment.instalment_id)
        instalment.still_there = instalment.still_needed = None
        instalment.checked_by_id = instalment.checked_at = None
