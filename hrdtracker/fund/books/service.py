"""Keeping the books: money that came, fees, cash fetched; mistakes reversed; months closed."""

from datetime import date
from uuid import UUID

from sqlalchemy import select, true

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Organisation
from hrdtracker.audit.guarded_update import add_if
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.core.when.model import IN_FUTURE
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.drafts.money import BookDraft
from hrdtracker.fund.ledger import (
    Leg,
    TransactionContext,
    alone_in_the_books,
    check_is_open,
    open_day,
    post,
    postings_of,
)
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    ClosedMonth,
    DonorGrant,
    LedgerAccount,
    Payment,
    RequestStatus,
    SupportRequest,
    Transaction,
)
from hrdtracker.fund.payments.service import PAID, request_of
from hrdtracker.fund.workflow import PAYMENT, REQUEST

BY_ITSELF = {Booking.INCOME, Booking.FEE, Booking.TRANSFER}
"""What nothing else hangs on, and so can be reversed by itself."""


@idempotent
def book(actor: Actor, organisation: Organisation, draft: BookDraft) -> Transaction:
    """Book money that moved outside a request; raises Refused, WrongStatus in a closed month."""
    with authorised(
        actor, Action.FUND_BOOK, within=organisation, sending=draft.sending
    ) as signature:
        if draft.on > today(organisation.id):
            raise Refused({"on": IN_FUTURE})
        transaction = post(actor, TransactionContext(draft.booking, draft.on), _legs(actor, draft))
        signature.about(transaction)
    return transaction


def reverse(actor: Actor, organisation: Organisation, uid: UUID) -> Transaction:
    """Book the opposite of a transaction; of a payment that came back, it can then be paid anew.

    Raises NotFound, WrongStatus for what only its own act can undo.
    """
    with authorised(actor, Action.FUND_REVERSE, within=organisation) as signature:
        query = select(Transaction).where(
            Transaction.uid == uid, Transaction.organisation_id == organisation.id
        )
        wrong = session().scalar(query)
        if wrong is None:
            raise NotFound
        if not can_be_reversed(wrong):
            raise WrongStatus(N_("It is reversed already, or undone by its own act."))
        request = _take_back(actor, wrong)
        about = TransactionContext(
            Booking.REVERSAL,
            open_day(organisation.id, today(organisation.id)),
            request,
            session().get(Payment, wrong.payment_id) if wrong.payment_id else None,
            reverses=wrong,
        )
        opposite = post(actor, about, _opposite(wrong))
        signature.about(opposite)
    return opposite


def close_month(actor: Actor, organisation: Organisation, until: date) -> ClosedMonth:
    """Close the books up to and with the last day of a month that has ended."""
    with authorised(actor, Action.FUND_MONTH_CLOSE, within=organisation) as signature:
        alone_in_the_books(organisation.id)
        if date.fromordinal(until.toordinal() + 1).day != 1:
            raise Refused({"until": N_("A month is closed on its last day.")})
        if until >= today(organisation.id):
            raise Refused({"until": N_("This month has not ended.")})
        check_is_open(organisation.id, until)
        month = ClosedMonth(
            organisation_id=organisation.id,
            until=until,
            closed_at=clock.now(),
            closed_by_id=actor.id,
        )
        session().add(month)
        session().flush()
        signature.about(month)
    return month


def record_export(actor: Actor, organisation: Organisation) -> None:
    """Put on the trail that somebody exports the books or a report, before they have it."""
    with authorised(actor, Action.FUND_EXPORT, within=organisation):
        pass


def _legs(actor: Actor, draft: BookDraft) -> list[Leg]:
    grant_id = _grant(actor, draft.grant)
    debit, credit = {
        Booking.INCOME: (LedgerAccount.BANK, LedgerAccount.INCOME),
        Booking.FEE: (LedgerAccount.FEES, LedgerAccount.BANK),
        Booking.TRANSFER: (LedgerAccount.CASH, LedgerAccount.BANK),
    }[draft.booking]
    if draft.booking == Booking.TRANSFER and not draft.to_cash:
        debit, credit = credit, debit
    return [
        Leg(debit, draft.amount, draft.currency, grant_id=grant_id),
        Leg(credit, -draft.amount, draft.currency, grant_id=grant_id),
    ]


def _grant(actor: Actor, uid: UUID | None) -> int | None:
    if uid is None:
        return None
    query = select(DonorGrant.id).where(
        DonorGrant.uid == uid, DonorGrant.organisation_id == actor.organisation_id
    )
    grant_id = session().scalar(query)
    if grant_id is None:
        raise Refused({"grant": N_("Choose a grant of the list.")})
    return grant_id


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


def can_be_reversed(entry: Transaction) -> bool:
    """Tell whether the books can undo an entry: what other acts wrote, those acts undo.

    A payment can come back as long as nobody has confirmed that it arrived.
    """
    reversals = select(Transaction.id).where(Transaction.reverses_id == entry.id)
    if session().scalar(reversals) is not None:
        return False
    if Booking(entry.booking) in BY_ITSELF:
        return True
    if entry.booking != Booking.PAYMENT:
        return False
    payment = session().get_one(Payment, entry.payment_id)
    request = session().get_one(SupportRequest, payment.request_id)
    return Action.FUND_REVERSE in PAYMENT.open_to(payment) & REQUEST.open_to(request)


def _take_back(actor: Actor, wrong: Transaction) -> SupportRequest | None:
    """Undo what a payment did to its line and request; nothing for what stands by itself."""
    if Booking(wrong.booking) in BY_ITSELF:
        return None
    payment = session().get_one(Payment, wrong.payment_id)
    lock(payment)
    request = request_of(payment)
    line = session().get_one(BudgetLine, payment.line_id)
    PAYMENT.check(actor, Action.FUND_REVERSE, payment)
    add_if(line, {"spent": -(payment.charged or 0), "over": -payment.over}, true())
    PAYMENT.take(payment, Action.FUND_REVERSE)
    payment.paid_on = payment.released_at = payment.released_by_id = payment.charged = None
    payment.over = 0
    session().flush()
    paid = any(other.status in PAID for other in payments_of(request))
    to = RequestStatus.PART_PAID if paid else RequestStatus.COMMITTED
    REQUEST.take(request, Action.FUND_REVERSE, to)
    request.changed_at = clock.now()
    return request
