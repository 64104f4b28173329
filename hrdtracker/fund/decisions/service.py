"""Verifying, recommending, returning, refusing, approving: each bound to what was seen."""

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.guard import must_hold
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Stale
from hrdtracker.core.seal import ring
from hrdtracker.fund.capacity import COLUMN, capacity_for, missing_approvals, needs
from hrdtracker.fund.drafts.requests import VerificationDraft, check_reason
from hrdtracker.fund.guards import BOARD_IS_THERE
from hrdtracker.fund.model import (
    Capacity,
    Decision,
    SupportRequest,
    Verdict,
    Verification,
)
from hrdtracker.fund.requests.content import digest_of
from hrdtracker.fund.requests.service import void
from hrdtracker.fund.rules.approval_levels import raise_needs, set_needs
from hrdtracker.fund.rules.plans import leave_place
from hrdtracker.fund.workflow import REQUEST


def verify(actor: Actor, request: SupportRequest, draft: VerificationDraft, version: int) -> None:
    """Keep what a director found out; again, until it is recommended. Raises WrongStatus, Stale."""
    with authorised(actor, Action.FUND_VERIFY, on=request, version=version):
        REQUEST.check(actor, Action.FUND_VERIFY, request)
        REQUEST.take(request, Action.FUND_VERIFY)
        verification = verification_of(request)
        if verification is None:
            verification = Verification(
                scope_id=request.scope_id,
                data_key_id=request.data_key_id,
                request_id=request.id,
                edition=request.edition,
            )
        verification.verified_by_id, verification.at = actor.id, clock.now()
        for name in ("identity", "situation", "need", "referees", "documents"):
            setattr(verification, name, getattr(draft, name).strip() or None)
        session().add(verification)
        request.verified_by_id, request.changed_at = actor.id, clock.now()
        set_needs(request)


def recommend(actor: Actor, request: SupportRequest, reason: str, version: int) -> None:
    """Say that what was verified should be paid; only whoever verified it says so."""
    check_reason(reason)
    with authorised(actor, Action.FUND_RECOMMEND, on=request, version=version):
        REQUEST.check(actor, Action.FUND_RECOMMEND, request)
        set_needs(request)
        session().flush()
        must_hold(actor, (BOARD_IS_THERE,), request)
        decided(actor, request, Verdict.RECOMMENDED, reason)
        request.recommended_at = clock.now()
        REQUEST.take(request, Action.FUND_RECOMMEND)


def return_request(actor: Actor, request: SupportRequest, reason: str, version: int) -> None:
    """Send a request back to be corrected; what was decided on it is void."""
    check_reason(reason)
    with authorised(actor, Action.FUND_RETURN, on=request, version=version):
        REQUEST.check(actor, Action.FUND_RETURN, request)
        decided(actor, request, Verdict.RETURNED, reason)
        leave_place(request)
        REQUEST.take(request, Action.FUND_RETURN)
        void(request)
        request.other_amount = 0  # somebody else saw it: sent again, it is counted from nothing


def refuse(actor: Actor, request: SupportRequest, reason: str, version: int) -> None:
    """Refuse a request for good, with the reason."""
    check_reason(reason)
    with authorised(actor, Action.FUND_REFUSE, on=request, version=version):
        REQUEST.check(actor, Action.FUND_REFUSE, request)
        decided(actor, request, Verdict.REFUSED, reason)
        leave_place(request)
        void(request)
        REQUEST.take(request, Action.FUND_REFUSE)
        request.ended_at = clock.now()


def approve(actor: Actor, request: SupportRequest, reason: str, version: int) -> bool:
    """Approve a request in one of the capacities it needs; tell whether it has all of them now."""
    check_reason(reason)
    with authorised(actor, Action.FUND_APPROVE, on=request, version=version):
        REQUEST.check(actor, Action.FUND_APPROVE, request)
        if raise_needs(request):
            must_hold(actor, (BOARD_IS_THERE,), request)
        capacity, absent = capacity_for(actor, request)
        sign(actor, request, capacity, Verdict.APPROVED, reason, absent)
        if missing_approvals(request):
            return False
        check_is_what_was_approved(request)
        REQUEST.take(request, Action.FUND_APPROVE)
        request.approved_at = clock.now()
    return True


def verification_of(request: SupportRequest) -> Verification | None:
    """Return what was found out about the present edition of a request."""
    query = select(Verification).where(
        Verification.request_id == request.id, Verification.edition == request.edition
    )
    return session().scalar(query)


def sign(  # noqa: PLR0913 - an approval is all of this
    actor: Actor,
    request: SupportRequest,
    capacity: Capacity,
    verdict: Verdict,
    reason: str,
    absent: int | None = None,
) -> None:
    """Write down an approval, in the row of duties and as a decision. Inside an open door."""
    setattr(request, COLUMN[capacity], actor.id)
    decision = decided(actor, request, verdict, reason)
    decision.capacity, decision.stands_in_for_id = capacity, absent
    session().flush()


def decided(actor: Actor, request: SupportRequest, verdict: Verdict, reason: str) -> Decision:
    """Write down a decision, bound to what the request says now. Inside an open door."""
    ring().load([request.data_key_id])
    request.changed_at = clock.now()
    decision = Decision(
        scope_id=request.scope_id,
        data_key_id=request.data_key_id,
        request_id=request.id,
        verdict=verdict,
        edition=request.edition,
        digest=digest_of(request),
        decided_by_id=actor.id,
        at=clock.now(),
        reason=reason.strip(),
    )
    session().add(decision)
    return decision


def check_is_what_was_approved(request: SupportRequest) -> None:
    """Refuse to go on where an approval is of something else than the request says; Stale."""
    standing = select(Decision.edition, Decision.digest).where(
        Decision.request_id == request.id, Decision.stands()
    )
    now = (request.edition, digest_of(request))
    given = [tuple(row) for row in session().execute(standing)]
    if len(given) < len(needs(request)) or any(each != now for each in given):
        raise Stale(N_("The request changed after it was approved: it must be approved anew."))
