"""Paying: somebody looks again, one prepares, another releases, and who got it says so."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select, true

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.guard import must_hold
from hrdtracker.accounts.assignments import candidates
from hrdtracker.audit.guarded_update import add_if
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, Stale
from hrdtracker.core.locks import lock
from hrdtracker.core.money import Money
from hrdtracker.core.seal import ring
from hrdtracker.core.sending import Sending
from hrdtracker.core.when.model import IN_FUTURE
from hrdtracker.fund.budget.commitments import (
    line_by_id,
    payments_of,
    promise_again,
    release_rest,
)
from hrdtracker.fund.drafts.money import ReceiptDraft, ReleaseDraft
from hrdtracker.fund.ledger import Leg, TransactionContext, open_day, post
from hrdtracker.fund.model import (
    Acquittal,
    Booking,
    DonorGrant,
    ExchangeRate,
    Instalment,
    LedgerAccount,
    Payment,
    PaymentMethod,
    RequestStatus,
    SupportRequest,
)
from hrdtracker.fund.model.payment import LEFT
from hrdtracker.fund.payments.questions import check_amount, check_day
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.fund.requests.service import CODE_LETTERS, drawn
from hrdtracker.fund.rules.approval_levels import raise_level
from hrdtracker.fund.rules.rates import as_rate, charge_rate
from hrdtracker.fund.rules.settings import settings_of
from hrdtracker.fund.workflow import OF_INSTALMENT, PAYMENT, REQUEST
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

SAID_OTHERWISE = N_(
    "You have recorded already that this payment left, and said something else. Nothing was"
    " changed: compare the two. What was recorded wrongly is reversed in the books."
)


def check(  # noqa: PLR0913 - two answers about one instalment, as it was seen
    actor: Actor,
    request: SupportRequest,
    uid: UUID,
    *,
    still_there: bool,
    still_needed: bool,
    version: int,
) -> None:
    """Say of an instalment, before it is paid, whether the person is there and needs it still.

    Where nothing more is due, its line has back what is not used. Said by mistake, it is taken back
    until the next act on the request; raises Refused where the line has it no more. Raises Stale
    where the request has another version than was seen; the same answer again holds.
    """
    with authorised(actor, Action.FUND_CHECK, on=request):
        instalment = _instalment(request, uid)
        if version != request.version:
            answers = instalment.still_there, instalment.still_needed, instalment.checked_by_id
            if answers == (still_there, still_needed, actor.id):
                return
            raise Stale
        REQUEST.check(actor, Action.FUND_CHECK, request)
        must_hold(actor, OF_INSTALMENT[Action.FUND_CHECK], instalment)
        moment, before = clock.now(), request.status
        instalment.still_there, instalment.still_needed = still_there, still_needed
        instalment.checked_by_id, instalment.checked_at = actor.id, moment
        session().flush()
        if _is_more_due(request):
            _take_back(actor, request, instalment)
        elif before == RequestStatus.PART_PAID:
            _leave_the_rest(actor, request, instalment)
        request.changed_at = moment


def _leave_the_rest(actor: Actor, request: SupportRequest, instalment: Instalment) -> None:
    """Let a request go on to its account, and its line have back what is not used."""
    instalment.given_back = _give_back_rest(actor, request)
    if is_accounted_for(request):
        settle(actor, request, Action.FUND_CHECK)
    else:
        REQUEST.take(request, Action.FUND_CHECK, RequestStatus.PAID)


def _take_back(actor: Actor, request: SupportRequest, instalment: Instalment) -> None:
    """Promise again what a line had back because of an instalment, if it had any."""
    if instalment.given_back is not None:
        promise_again(actor, request, instalment.given_back)
        instalment.given_back = None
        REQUEST.take(request, Action.FUND_CHECK, RequestStatus.PART_PAID)


@idempotent
def prepare(actor: Actor, request: SupportRequest, uid: UUID, sending: Sending) -> Payment:
    """Prepare the payment of an instalment; the same sending twice prepares, and so pays, once."""
    with authorised(actor, Action.FUND_PREPARE, on=request, sending=sending) as signature:
        REQUEST.check(actor, Action.FUND_PREPARE, request)
        instalment = _instalment(request, uid)
        must_hold(actor, OF_INSTALMENT[Action.FUND_PREPARE], instalment)
        payment = Payment(
            scope_id=request.scope_id,
            data_key_id=request.data_key_id,
            organisation_id=request.organisation_id,
            request_id=request.id,
            instalment_id=instalment.id,
            line_id=request.line_id,
            code=f"T-{drawn(CODE_LETTERS + 2)}",
            key=sending.key,
            currency=instalment.currency,
            amount=instalment.amount,
            method=request.method,
            payee_code=request.payee_code,
            carrier_id=request.carrier_id if request.method == PaymentMethod.CASH else None,
            due_on=instalment.due_on,
            prepared_at=clock.now(),
            prepared_by_id=actor.id,
            **request.duties(),
        )
        session().add(payment)
        request.changed_at = clock.now()
        session().flush()
        signature.about(payment)
    return payment


def drop(actor: Actor, payment: Payment, version: int) -> None:
    """Drop a payment that has not left; its instalment can be prepared anew."""
    with authorised(actor, Action.FUND_DROP, on=payment, version=version):
        PAYMENT.check(actor, Action.FUND_DROP, payment)
        PAYMENT.take(payment, Action.FUND_DROP)


def reveal(actor: Actor, payment: Payment) -> str | None:
    """Return how somebody is paid, to whoever releases it; the trail keeps that it was shown."""
    with authorised(actor, Action.FUND_REVEAL, within=payment):
        PAYMENT.check(actor, Action.FUND_REVEAL, payment)
        request = session().get_one(SupportRequest, payment.request_id)
        ring().load([request.data_key_id])
    return request.payee_details


def release(actor: Actor, payment: Payment, draft: ReleaseDraft, version: int) -> None:
    """Record that money left; the same words again change nothing. Raises Refused, WrongStatus.

    What left is always kept: beyond what was prepared, or its commitment, it stands there as such,
    for a decision. Raises Stale where somebody, perhaps the same person, said otherwise meanwhile.
    """
    with authorised(actor, Action.FUND_RELEASE, on=payment):
        prepared = prepared_amount(payment)
        if payment.released_by_id == actor.id:
            if _says_the_same(payment, draft, prepared):
                return
            raise Stale(SAID_OTHERWISE)
        if payment.version != version:
            raise Stale
        PAYMENT.check(actor, Action.FUND_RELEASE, payment)
        request = request_of(payment)
        _, grant = line_by_id(payment.line_id)
        check_day(draft, request, grant)
        check_amount(draft, prepared)
        ring().load([payment.data_key_id])
        payment.amount = draft.amount or prepared.amount
        rate = _charge(payment, request, grant, draft.paid_on)
        days = settings_of(actor.organisation_id).account_days
        PAYMENT.take(payment, Action.FUND_RELEASE)
        payment.released_by_id, payment.released_at = actor.id, clock.now()
        payment.paid_on, payment.proof = draft.paid_on, draft.proof.strip()
        payment.day_reason = draft.day_reason.strip() or None
        payment.account_by = draft.paid_on + timedelta(days=days)
        session().flush()
        if payment.over:
            raise_level(request)
        to = RequestStatus.PART_PAID if _is_more_due(request) else RequestStatus.PAID
        REQUEST.take(request, Action.FUND_RELEASE, to)
        request.changed_at = clock.now()
        _book_release(actor, payment, request, rate)
        _tell_if_over(payment)


def prepared_amount(payment: Payment) -> Money:
    """Return what was prepared: its instalment, whatever left then."""
    instalment = session().get_one(Instalment, payment.instalment_id)
    return Money(instalment.amount, instalment.currency)


def _says_the_same(payment: Payment, draft: ReleaseDraft, prepared: Money) -> bool:
    """Tell whether a release says once more what is recorded."""
    ring().load([payment.data_key_id])
    recorded = payment.paid_on, payment.proof, payment.amount
    return recorded == (draft.paid_on, draft.proof.strip(), draft.amount or prepared.amount)


def _tell_if_over(payment: Payment) -> None:
    """Tell the fund and finance officers that money left which nobody approved."""
    if payment.over:
        able = candidates(payment.organisation_id, Action.FUND_PAYMENT_READ)
        may = policy.who_may(able, Action.FUND_PAYMENT_READ, payment)
        tell(may, NoticeKind.PAID_OVER, payment)


def request_of(payment: Payment) -> SupportRequest:
    """Return the request of a payment, locked: what becomes of the one changes the other."""
    request = session().get_one(SupportRequest, payment.request_id)
    lock(request)
    return request


def receive(actor: Actor, payment: Payment, draft: ReceiptDraft, version: int) -> None:
    """Keep that whoever was paid told the actor so; never who carried or released the money."""
    check_terms({"channel": ("contact_kind", draft.channel)})
    with authorised(actor, Action.FUND_RECEIVE, on=payment, version=version):
        PAYMENT.check(actor, Action.FUND_RECEIVE, payment)
        if payment.paid_on is not None and draft.received_on < payment.paid_on:
            raise Refused({"received_on": N_("It had not left on that day.")})
        if draft.received_on > today(actor.organisation_id):
            raise Refused({"received_on": IN_FUTURE})
        PAYMENT.take(payment, Action.FUND_RECEIVE)
        payment.received_on, payment.confirmed_to_id = draft.received_on, actor.id
        payment.confirmed_by = draft.channel
        if payment.carrier_id is not None:
            request = session().get_one(SupportRequest, payment.request_id)
            rate = session().get(ExchangeRate, payment.rate_id) if payment.rate_id else None
            legs = spent_legs(payment, LedgerAccount.ADVANCES)
            day = open_day(actor.organisation_id, draft.received_on)
            post(actor, TransactionContext(Booking.RECEIPT, day, request, payment, rate), legs)


def open_commitment(request: SupportRequest) -> int:
    """Return what of a request’s promise was not used yet, in the currency of its grant."""
    return open_commitments([request])[request.id]


def open_commitments(requests: Sequence[SupportRequest]) -> dict[int, int]:
    """Return the same of several requests by their numbers, in one statement."""
    used = (
        select(Payment.request_id, func.sum(Payment.charged - Payment.over))
        .where(
            Payment.request_id.in_([request.id for request in requests]),
            Payment.is_live(),
        )
        .group_by(Payment.request_id)
    )
    spent = {number: int(amount or 0) for number, amount in session().execute(used)}
    return {request.id: (request.committed or 0) - spent.get(request.id, 0) for request in requests}


def is_accounted_for(request: SupportRequest) -> bool:
    """Tell whether of each of a request’s payments the account is reviewed, and the rest back."""
    query = select(Acquittal.payment_id).where(
        Acquittal.request_id == request.id, Acquittal.is_settled(), Acquittal.stands()
    )
    return {payment.id for payment in payments_of(request)} <= set(session().scalars(query))


def settle(actor: Actor, request: SupportRequest, verb: Action) -> None:
    """Let a request be accounted for: its line has back what was not used. Inside an open door."""
    REQUEST.take(request, verb, RequestStatus.ACQUITTED)
    _give_back_rest(actor, request)
    request.changed_at = clock.now()


def _give_back_rest(actor: Actor, request: SupportRequest) -> int:
    """Let a line have back what is not used of a promise; return how much that is."""
    rest = max(0, open_commitment(request))
    release_rest(actor, request, rest)
    request.committed = (request.committed or 0) - rest
    return rest


def spent_legs(payment: Payment, source: LedgerAccount) -> list[Leg]:
    """Return what it means that a payment is spent: of the line, out of `source`; and its promise.

    Between two currencies, what was changed stands on the exchange account in both.
    """
    line, grant = line_by_id(payment.line_id)
    charged, within = payment.charged or 0, (payment.charged or 0) - payment.over
    legs = [
        Leg(LedgerAccount.LINE, within, grant.currency, line),
        Leg(LedgerAccount.COMMITMENTS, -within, grant.currency, line),
        Leg(LedgerAccount.SPENT, charged, grant.currency, line),
        Leg(source, -payment.amount, payment.currency, None, grant.id, payment.carrier_id),
    ]
    if payment.currency != grant.currency:
        legs += [
            Leg(LedgerAccount.EXCHANGE, -charged, grant.currency, grant_id=grant.id),
            Leg(LedgerAccount.EXCHANGE, payment.amount, payment.currency, grant_id=grant.id),
        ]
    return legs


def purse(payment: Payment) -> LedgerAccount:
    """Return where the money of a payment comes from."""
    return LedgerAccount.CASH if payment.method == PaymentMethod.CASH else LedgerAccount.BANK


def _charge(
    payment: Payment, request: SupportRequest, grant: DonorGrant, paid_on: date
) -> ExchangeRate | None:
    """Say what a payment takes from its line, and what of it nobody has promised.

    What the promise still holds beyond what was prepared is for the other instalments.
    """
    left = open_commitment(request)  # before this one counts
    prepared = prepared_amount(payment)
    rate, charged, planned = None, payment.amount, prepared.amount
    if payment.currency != grant.currency:
        rate = charge_rate(payment, request, grant, paid_on)
        charged = as_rate(rate).convert(Money(payment.amount, payment.currency)).amount
        planned = as_rate(rate).convert(prepared).amount
        payment.rate_id = rate.id
    payment.charged, payment.over = charged, max(0, charged - min(planned, max(0, left)))
    return rate


def _book_release(
    actor: Actor, payment: Payment, request: SupportRequest, rate: ExchangeRate | None
) -> None:
    line, grant = line_by_id(payment.line_id)
    add_if(line, {"spent": payment.charged or 0, "over": payment.over}, true())
    if payment.carrier_id is None:
        legs = spent_legs(payment, purse(payment))
    else:
        about = (payment.amount, payment.currency, None, grant.id)
        legs = [
            Leg(LedgerAccount.ADVANCES, *about, payment.carrier_id),
            Leg(LedgerAccount.CASH, -payment.amount, *about[1:]),
        ]
    day = open_day(actor.organisation_id, payment.paid_on or today(actor.organisation_id))
    post(actor, TransactionContext(Booking.PAYMENT, day, request, payment, rate), legs)


def _instalment(request: SupportRequest, uid: UUID) -> Instalment:
    query = select(Instalment).where(Instalment.uid == uid, Instalment.request_id == request.id)
    instalment = session().scalar(query)
    if instalment is None:
        raise NotFound
    return instalment


def _is_more_due(request: SupportRequest) -> bool:
    """Tell whether an instalment is neither paid nor found to be no longer needed."""
    paid = {payment.instalment_id for payment in payments_of(request) if payment.status in LEFT}
    return any(
        instalment.id not in paid
        and instalment.still_needed is not False
        and instalment.still_there is not False
        for instalment in instalments_of(request)
    )
