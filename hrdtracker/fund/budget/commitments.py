"""Promising money of a line: never more than is there, whoever else promises at the same moment."""

from uuid import UUID

from sqlalchemy import func, select, true

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.audit.guarded_update import add_if
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused
from hrdtracker.core.locks import lock
from hrdtracker.core.money import Money
from hrdtracker.fund.budget.restrictions import objections
from hrdtracker.fund.decisions.service import check_is_what_was_approved, decided
from hrdtracker.fund.drafts.requests import check_reason
from hrdtracker.fund.ledger import Leg, TransactionContext, open_day, post
from hrdtracker.fund.model import (
    Booking,
    BudgetLine,
    DonorGrant,
    LedgerAccount,
    Payment,
    PaymentStatus,
    Posting,
    SupportRequest,
    Transaction,
    Verdict,
)
from hrdtracker.fund.requests.service import void
from hrdtracker.fund.rules.plans import leave_place
from hrdtracker.fund.rules.rates import promised_worth
from hrdtracker.fund.workflow import PAYMENT, REQUEST

NOT_ENOUGH = N_("There is not enough left on this line.")


def commit(actor: Actor, request: SupportRequest, line_uid: UUID, version: int) -> None:
    """Promise the money of an approved request on a line; raises Refused, WrongStatus, Stale.

    The line itself refuses what it does not hold: one statement asks and takes.
    """
    with authorised(actor, Action.FUND_COMMIT, on=request, version=version):
        REQUEST.check(actor, Action.FUND_COMMIT, request)
        check_is_what_was_approved(request)
        line, grant = line_of(actor, line_uid)
        amount = in_currency_of(grant, request)
        _check(request, grant, amount)
        take(line, amount)
        request.line_id, request.committed = line.id, amount
        request.committed_at = request.changed_at = clock.now()
        REQUEST.take(request, Action.FUND_COMMIT)
        _book(actor, request, Booking.COMMITMENT, _promise(line, grant.currency, amount))


def move(actor: Actor, request: SupportRequest, line_uid: UUID, reason: str, version: int) -> None:
    """Move what is promised and not yet paid to another line of the same currency."""
    check_reason(reason)
    with authorised(actor, Action.FUND_MOVE, on=request, version=version):
        REQUEST.check(actor, Action.FUND_MOVE, request)
        line, grant = line_of(actor, line_uid)
        old, _ = line_by_id(request.line_id)
        if line.id == old.id or _currency(old) != grant.currency:
            raise Refused({"line": N_("Choose another line, of the same currency.")})
        amount = request.committed or 0
        _check(request, grant, amount)
        for changed, delta in sorted(((line, amount), (old, -amount)), key=lambda pair: pair[0].id):
            if delta > 0:
                take(changed, delta)
            else:
                give_back(changed, -delta)
        request.line_id = line.id
        decided(actor, request, Verdict.MOVED, reason)
        legs = [
            *_promise(old, grant.currency, -amount),
            *_promise(line, grant.currency, amount),
        ]
        _book(actor, request, Booking.MOVE, legs)


def cancel(actor: Actor, request: SupportRequest, reason: str, version: int) -> None:
    """Cancel what is approved and not paid; the line has its money back."""
    check_reason(reason)
    with authorised(actor, Action.FUND_CANCEL, on=request, version=version):
        REQUEST.check(actor, Action.FUND_CANCEL, request)
        decided(actor, request, Verdict.CANCELLED, reason)
        leave_place(request)
        release_rest(actor, request, request.committed or 0)
        void(request)
        REQUEST.take(request, Action.FUND_CANCEL)
        request.line_id = request.committed = None
        request.ended_at = clock.now()


def cover(actor: Actor, payment: Payment, reason: str, version: int) -> None:
    """Decide that what left beyond its commitment is promised after all, where the line has it."""
    check_reason(reason)
    with authorised(actor, Action.FUND_COVER, on=payment, version=version):
        PAYMENT.check(actor, Action.FUND_COVER, payment)
        request = session().get_one(SupportRequest, payment.request_id)
        lock(request)
        line, grant = line_by_id(payment.line_id)
        over = payment.over
        room = BudgetLine.committed + over <= BudgetLine.amount
        if not add_if(line, {"committed": over, "over": -over}, room):
            raise Refused({"": NOT_ENOUGH})
        payment.over = 0
        request.committed = (request.committed or 0) + over
        decided(actor, request, Verdict.COVERED, reason)
        if is_advance(payment):  # the books learn what it took of its promise when it is received
            legs = _promise(line, grant.currency, over)
            _book(actor, request, Booking.COMMITMENT, legs, payment)


def uncover(actor: Actor, payment: Payment, request: SupportRequest) -> None:
    """Promise no more what was covered of a payment that is reversed. Inside an open door."""
    line, grant = line_by_id(payment.line_id)
    query = (
        select(func.sum(Posting.amount))
        .join(Transaction, Transaction.id == Posting.transaction_id)
        .where(Transaction.payment_id == payment.id, Posting.account == LedgerAccount.COMMITMENTS)
    )
    covered = int(session().scalar(query) or 0)
    if is_advance(payment) and covered:
        legs = _promise(line, grant.currency, -covered)
        _book(actor, request, Booking.RELEASE, legs, payment)
    elif not is_advance(payment):  # what it took of its promise is booked, less what was covered
        covered += (payment.charged or 0) - payment.over
    if covered:
        give_back(line, covered)
        request.committed = (request.committed or 0) - covered


def is_advance(payment: Payment) -> bool:
    """Tell whether a colleague carries it still: it is not spent in the books yet."""
    return payment.carrier_id is not None and payment.status == PaymentStatus.PAID


# The line ----------------------------------------------------------------------------------------


def take(line: BudgetLine, amount: int) -> None:
    """Promise an amount of a line, if it has so much left, in one statement; raises Refused."""
    enough = BudgetLine.committed + BudgetLine.over + amount <= BudgetLine.amount
    if not add_if(line, {"committed": amount}, enough):
        raise Refused({"line": NOT_ENOUGH})


def give_back(line: BudgetLine, amount: int) -> None:
    """Let a line have back what is no longer promised."""
    add_if(line, {"committed": -amount}, true())


def release_rest(actor: Actor, request: SupportRequest, amount: int) -> None:
    """Give back to its line what of a request’s promise will not be used. Inside an open door."""
    if amount <= 0:
        return
    line, grant = line_by_id(request.line_id)
    give_back(line, amount)
    _book(actor, request, Booking.RELEASE, _promise(line, grant.currency, -amount))


def promise_again(actor: Actor, request: SupportRequest, amount: int) -> None:
    """Promise on its line what was given back by mistake; raises Refused. Inside an open door."""
    if amount <= 0:
        return
    line, grant = line_by_id(request.line_id)
    take(line, amount)
    request.committed = (request.committed or 0) + amount
    _book(actor, request, Booking.COMMITMENT, _promise(line, grant.currency, amount))


def line_of(actor: Actor, uid: UUID) -> tuple[BudgetLine, DonorGrant]:
    """Return a line of a grant that the actor may see, with its grant; raises NotFound."""
    query = (
        select(BudgetLine, DonorGrant)
        .join(DonorGrant, DonorGrant.id == BudgetLine.grant_id)
        .where(BudgetLine.uid == uid, policy.condition(actor, Action.FUND_DONOR_READ, DonorGrant))
    )
    row = session().execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def line_by_id(number: int | None) -> tuple[BudgetLine, DonorGrant]:
    """Return a line with its grant."""
    line = session().get_one(BudgetLine, number)
    return line, session().get_one(DonorGrant, line.grant_id)


def payments_of(request: SupportRequest) -> list[Payment]:
    """Return the payments of a request that were not dropped, in their order."""
    query = select(Payment).where(Payment.request_id == request.id, Payment.is_live())
    return list(session().scalars(query.order_by(Payment.id)))


def in_currency_of(grant: DonorGrant, request: SupportRequest) -> int:
    """Return what a request comes to in the currency of a grant today; raises WrongStatus."""
    money, day = Money(request.amount, request.currency), today(request.organisation_id)
    return promised_worth(money, grant.currency, request.organisation_id, day)


def _currency(line: BudgetLine) -> str:
    return session().get_one(DonorGrant, line.grant_id).currency


def _check(request: SupportRequest, grant: DonorGrant, amount: int) -> None:
    against = objections(request, grant, amount)
    if against:
        raise Refused({"line": against[0]})


def _promise(line: BudgetLine, currency: str, amount: int) -> list[Leg]:
    return [
        Leg(LedgerAccount.COMMITMENTS, amount, currency, line),
        Leg(LedgerAccount.LINE, -amount, currency, line),
    ]


def _book(
    actor: Actor,
    request: SupportRequest,
    booking: Booking,
    legs: list[Leg],
    payment: Payment | None = None,
) -> None:
    day = open_day(actor.organisation_id, today(actor.organisation_id))
    post(actor, TransactionContext(booking, day, request, payment), legs)
