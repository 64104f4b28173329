"""What came of the money: accounted for, reviewed, asked about; and what somebody complains of."""

from collections.abc import Iterable

from sqlalchemy import Select, select, true

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.audit.guarded_update import add_if
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.codelists.lookup import check_terms, terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused, Stale
from hrdtracker.core.money import Money
from hrdtracker.core.seal import ring
from hrdtracker.core.text import TEXT_MOST, check, unfit
from hrdtracker.core.when.model import IN_FUTURE
from hrdtracker.fund.budget.commitments import line_by_id
from hrdtracker.fund.drafts.money import AcquittalDraft, BackDraft, ComplaintDraft
from hrdtracker.fund.drafts.requests import check_reason
from hrdtracker.fund.ledger import Leg, TransactionContext, open_day, post
from hrdtracker.fund.model import (
    Acquittal,
    Booking,
    Complaint,
    LedgerAccount,
    Payment,
    RequestItem,
    RequestStatus,
    SupportOutcome,
    SupportRequest,
)
from hrdtracker.fund.payments.service import (
    is_accounted_for,
    purse,
    request_of,
    settle,
)
from hrdtracker.fund.requests.content import items_of
from hrdtracker.fund.workflow import PAYMENT, REQUEST


@idempotent
def acquit(actor: Actor, payment: Payment, draft: AcquittalDraft, version: int) -> Acquittal:
    """Account for a payment; again, until it is reviewed. Raises Refused, WrongStatus.

    `version` is that of the account that was seen, 0 where there was none; raises Stale.
    """
    check_terms({"document": ("support_document", draft.document)})
    with authorised(actor, Action.FUND_ACQUIT, on=payment, sending=draft.sending) as signature:
        PAYMENT.check(actor, Action.FUND_ACQUIT, payment)
        acquittal = _as_seen(payment, version)
        _check_accounts(payment, draft)
        if acquittal is None:
            acquittal = Acquittal(
                scope_id=payment.scope_id,
                data_key_id=payment.data_key_id,
                request_id=payment.request_id,
                payment_id=payment.id,
            )
        for name in ("spent", "returned", "document", "dated", "alternative", "head_count"):
            setattr(acquittal, name, getattr(draft, name))
        acquittal.reference = draft.reference.strip() or None
        acquittal.danger = draft.danger.strip() or None
        acquittal.declared_by_id = acquittal.declared_at = None
        acquittal.sent_back_by_id = acquittal.sent_back_at = acquittal.sent_back_why = None
        acquittal.recorded_by_id, acquittal.recorded_at = actor.id, clock.now()
        session().add(acquittal)
        signature.made = acquittal
    return acquittal


def accounts_for(items: Iterable[RequestItem]) -> tuple[list[str], bool]:
    """Return the documents that account for these items, and whether a declaration may instead."""
    types = [terms().find("support_type", item.support_type) for item in items]
    kinds = [word.extra for word in types if word is not None]
    documents = dict.fromkeys(code for kind in kinds for code in kind.get("documents", ()))
    return [*documents], any(kind.get("alternative") for kind in kinds)


def declare_spent(actor: Actor, payment: Payment, version: int) -> None:
    """Declare, as a second colleague, what a document would have shown at somebody’s peril."""
    with authorised(actor, Action.FUND_DECLARE_SPENT, on=payment):
        _as_seen(payment, version)
        PAYMENT.check(actor, Action.FUND_DECLARE_SPENT, payment)
        acquittal = session().scalars(_accounts(payment)).one()
        acquittal.declared_by_id, acquittal.declared_at = actor.id, clock.now()


def review(actor: Actor, payment: Payment, version: int) -> None:
    """Accept what accounts for a payment; what came back is booked once finance has seen it."""
    with authorised(actor, Action.FUND_REVIEW, on=payment):
        _as_seen(payment, version)
        PAYMENT.check(actor, Action.FUND_REVIEW, payment)
        acquittal = session().scalars(_accounts(payment)).one()
        acquittal.reviewed_by_id, acquittal.reviewed_at = actor.id, clock.now()
        _settle_if_whole(actor, request_of(payment), Action.FUND_REVIEW)


def return_account(actor: Actor, payment: Payment, reason: str, version: int) -> None:
    """Return an account to who recorded it, with a reason; or what is said to be back and is not.

    It then waits for them on their first page.
    """
    check_reason(reason)
    with authorised(actor, Action.FUND_ACCOUNT_RETURN, on=payment):
        _as_seen(payment, version)
        PAYMENT.check(actor, Action.FUND_ACCOUNT_RETURN, payment)
        acquittal = session().scalars(_accounts(payment)).one()
        _send_back(actor, acquittal, reason)


def return_with_payment(actor: Actor, payment: Payment, reason: str) -> None:
    """Return what accounts for a payment that did not leave so; one’s own is taken back, and stays.

    Whatever is recorded of the payment next is accounted for anew. Inside an open door.
    """
    acquittal = acquittal_of(payment)
    if acquittal is None:
        return
    if acquittal.recorded_by_id == actor.id:
        acquittal.withdrawn_at = clock.now()
    else:
        ring().load([acquittal.data_key_id])
        _send_back(actor, acquittal, reason)


def _send_back(actor: Actor, acquittal: Acquittal, reason: str) -> None:
    acquittal.reviewed_by_id = acquittal.reviewed_at = None
    acquittal.sent_back_by_id, acquittal.sent_back_at = actor.id, clock.now()
    acquittal.sent_back_why = reason.strip()


def confirm_back(actor: Actor, payment: Payment, draft: BackDraft, version: int) -> None:
    """Book what came back, on the day on which the bank has it again. Raises Refused."""
    with authorised(actor, Action.FUND_BACK, on=payment):
        _as_seen(payment, version)
        PAYMENT.check(actor, Action.FUND_BACK, payment)
        acquittal = session().scalars(_accounts(payment)).one()
        if draft.on > today(actor.organisation_id):
            raise Refused({"on": IN_FUTURE})
        if payment.paid_on is not None and draft.on < payment.paid_on:
            raise Refused({"on": N_("It had not left on that day.")})
        request = request_of(payment)
        acquittal.back_by_id, acquittal.back_on = actor.id, draft.on
        acquittal.back_proof = draft.proof.strip()
        _book_return(actor, payment, request, acquittal)
        _settle_if_whole(actor, request, Action.FUND_BACK)


def _settle_if_whole(actor: Actor, request: SupportRequest, verb: Action) -> None:
    """Let a request be accounted for where all of it is."""
    session().flush()
    if request.status == RequestStatus.PAID and is_accounted_for(request):
        settle(actor, request, verb)


def _as_seen(payment: Payment, version: int) -> Acquittal | None:
    """Return what accounts for a payment; raises Stale where another version of it was seen."""
    acquittal = acquittal_of(payment)
    if version != version_of(acquittal):
        raise Stale
    return acquittal


def version_of(acquittal: Acquittal | None) -> int:
    """Return the version of an account, 0 where there is none yet."""
    return acquittal.version if acquittal is not None else 0


def record_outcome(actor: Actor, request: SupportRequest, outcome: str, words: str) -> None:
    """Keep whether it helped, asked by somebody who neither requested nor carried it."""
    check(unfit({"words": words}, TEXT_MOST))
    check_terms({"outcome": ("support_outcome", outcome)})
    if not outcome:
        raise Refused({"outcome": N_("Choose whether it helped.")})
    with authorised(actor, Action.FUND_OUTCOME, on=request):
        REQUEST.check(actor, Action.FUND_OUTCOME, request)
        session().add(
            SupportOutcome(
                scope_id=request.scope_id,
                data_key_id=request.data_key_id,
                request_id=request.id,
                requested_by_id=request.requested_by_id,
                outcome=outcome,
                words=words.strip() or None,
                collected_by_id=actor.id,
                collected_at=clock.now(),
            )
        )


def close(actor: Actor, request: SupportRequest, version: int) -> None:
    """Close a request: accounted for, asked about, said in full, ratified. Raises WrongStatus."""
    with authorised(actor, Action.FUND_CLOSE, on=request, version=version):
        REQUEST.check(actor, Action.FUND_CLOSE, request)
        REQUEST.take(request, Action.FUND_CLOSE)
        request.ended_at = request.changed_at = clock.now()


@idempotent
def complain(actor: Actor, request: SupportRequest, draft: ComplaintDraft) -> Complaint:
    """Take down a complaint; only a national director whom it does not concern reads it."""
    check_terms({"kind": ("complaint_kind", draft.kind)})
    with authorised(
        actor, Action.FUND_COMPLAIN, within=request, sending=draft.sending
    ) as signature:
        REQUEST.check(actor, Action.FUND_COMPLAIN, request)
        complaint = Complaint(
            scope_id=request.scope_id,
            data_key_id=request.data_key_id,
            request_id=request.id,
            kind=draft.kind,
            words=draft.words.strip(),
            taken_by_id=actor.id,
            taken_at=clock.now(),
        )
        session().add(complaint)
        session().flush()
        signature.about(complaint)
    return complaint


def answer_complaint(actor: Actor, complaint: Complaint, words: str) -> None:
    """Write what was done about a complaint."""
    check(unfit({"answer": words}, TEXT_MOST))
    with authorised(actor, Action.FUND_COMPLAINT_ANSWER, on=complaint):
        complaint.answer = words.strip() or None
        complaint.answered_by_id, complaint.answered_at = actor.id, clock.now()


def acquittal_of(payment: Payment) -> Acquittal | None:
    """Return what accounts for a payment."""
    return session().scalar(_accounts(payment))


def _accounts(payment: Payment) -> Select[Acquittal]:
    return select(Acquittal).where(Acquittal.payment_id == payment.id, Acquittal.stands())


def _check_accounts(payment: Payment, draft: AcquittalDraft) -> None:
    """Refuse what does not add up, or what neither the support type nor the donor accepts."""
    if draft.spent + draft.returned != payment.amount:
        says = N_("What was spent and what came back must come to %(amount)s.")
        amount = Money(payment.amount, payment.currency)
        raise Refused({"spent": Message(says, {"amount": amount})})
    items = items_of(session().get_one(SupportRequest, payment.request_id))
    accepted, may = accounts_for(items)
    if draft.document and accepted and draft.document not in accepted:
        raise Refused({"document": N_("This document does not account for this support.")})
    if draft.alternative:
        _check_alternative(payment, may=may)
    elif not draft.document and not all(item.lump for item in items):
        raise Refused({"document": N_("Choose the document, or say why one would endanger.")})


def _check_alternative(payment: Payment, *, may: bool) -> None:
    _, grant = line_by_id(payment.line_id)
    if not may:
        raise Refused({"alternative": N_("This support is accounted for by a document.")})
    if grant.alternative_most is not None and (payment.charged or 0) > grant.alternative_most:
        most = Money(grant.alternative_most, grant.currency)
        says = N_("This donor accepts a declaration up to %(most)s only.")
        raise Refused({"alternative": Message(says, {"most": most})})


def _book_return(
    actor: Actor, payment: Payment, request: SupportRequest, acquittal: Acquittal
) -> None:
    returned = acquittal.returned
    line, grant = line_by_id(payment.line_id)
    back = (payment.charged or 0) * returned // payment.amount
    over = min(payment.over, back)
    add_if(line, {"spent": -back, "over": -over, "committed": -(back - over)}, true())
    payment.charged, payment.over = (payment.charged or 0) - back, payment.over - over
    request.committed = (request.committed or 0) - (back - over)
    legs = [
        Leg(purse(payment), returned, payment.currency, grant_id=grant.id),
        Leg(LedgerAccount.RETURNED, -back, grant.currency, line),
    ]
    if payment.currency != grant.currency:
        legs += [
            Leg(LedgerAccount.EXCHANGE, -returned, payment.currency, grant_id=grant.id),
            Leg(LedgerAccount.EXCHANGE, back, grant.currency, grant_id=grant.id),
        ]
    day = open_day(actor.organisation_id, acquittal.back_on or today(actor.organisation_id))
    post(actor, TransactionContext(Booking.RETURN, day, request, payment), legs)
