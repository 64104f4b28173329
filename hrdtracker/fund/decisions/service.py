"""Verifying, recommending, returning, refusing, approving: each bound to what was seen."""

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotAllowed, Stale, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.fund.drafts.requests import VerificationDraft, check, said
from hrdtracker.fund.model import (
    Capacity,
    Decision,
    Delegation,
    RequestStatus,
    SupportRequest,
    Verdict,
    Verification,
)
from hrdtracker.fund.requests.conflicts import must_have_declared
from hrdtracker.fund.requests.content import digest_of
from hrdtracker.fund.requests.service import void
from hrdtracker.fund.rules.approval_levels import needs, set_needs
from hrdtracker.fund.rules.settings import settings_of
from hrdtracker.fund.workflow import REQUEST

COLUMN = {
    Capacity.OFFICER: "approved_by_id",
    Capacity.DIRECTOR: "director_approved_by_id",
    Capacity.BOARD: "board_approved_by_id",
}
WHY = N_("Write why, in a sentence.")
NOT_OWN = N_("Who asks for it does not verify it.")
IN_HASTE = N_("An emergency release is under way: sign it, or return the request.")
TWICE = N_("You have approved it already; somebody else must, too.")
OTHERS = N_("Somebody else must decide on this now.")


def verify(actor: Actor, request: SupportRequest, draft: VerificationDraft, version: int) -> None:
    """Keep what a director found out; again, until it is recommended. Raises WrongStatus, Stale."""
    with authorised(actor, Action.FUND_VERIFY, on=request, version=version):
        must_have_declared(actor, request)
        _check_verifier(actor, request)
        REQUEST.take(request, Action.FUND_VERIFY)
        held = verification_of(request)
        if held is None:
            held = Verification(
                scope_id=request.scope_id,
                data_key_id=request.data_key_id,
                request_id=request.id,
                edition=request.edition,
            )
        held.verified_by_id, held.at = actor.id, clock.now()
        for name in ("identity", "situation", "need", "referees", "documents"):
            setattr(held, name, getattr(draft, name).strip() or None)
        session().add(held)
        request.verified_by_id, request.changed_at = actor.id, clock.now()


def recommend(actor: Actor, request: SupportRequest, reason: str, version: int) -> None:
    """Say that what was verified should be paid; only whoever verified it says so."""
    check(said("reason", reason, WHY))
    with authorised(actor, Action.FUND_RECOMMEND, on=request, version=version):
        _check_verifier(actor, request)
        if request.verified_by_id != actor.id:
            raise WrongStatus(N_("Whoever verified it recommends it."))
        REQUEST.check(request, Action.FUND_RECOMMEND)
        set_needs(request)
        decided(actor, request, Verdict.RECOMMENDED, reason)
        request.recommended_at = clock.now()
        REQUEST.take(request, Action.FUND_RECOMMEND)


def return_request(actor: Actor, request: SupportRequest, reason: str, version: int) -> None:
    """Send a request back to be corrected; what was decided on it is void."""
    check(said("reason", reason, WHY))
    with authorised(actor, Action.FUND_RETURN, on=request, version=version):
        must_have_declared(actor, request)
        REQUEST.check(request, Action.FUND_RETURN)
        decided(actor, request, Verdict.RETURNED, reason)
        REQUEST.take(request, Action.FUND_RETURN)
        void(request)


def refuse(actor: Actor, request: SupportRequest, reason: str, version: int) -> None:
    """Refuse a request for good, with the reason."""
    check(said("reason", reason, WHY))
    with authorised(actor, Action.FUND_REFUSE, on=request, version=version):
        must_have_declared(actor, request)
        capacity_for(actor, request)
        REQUEST.check(request, Action.FUND_REFUSE)
        decided(actor, request, Verdict.REFUSED, reason)
        void(request)
        REQUEST.take(request, Action.FUND_REFUSE)
        request.ended_at = clock.now()


def approve(actor: Actor, request: SupportRequest, reason: str, version: int) -> bool:
    """Approve a request in one of the capacities it needs; tell whether it has all of them now."""
    check(said("reason", reason, WHY))
    with authorised(actor, Action.FUND_APPROVE, on=request, version=version):
        must_have_declared(actor, request)
        if request.emergency:
            raise WrongStatus(IN_HASTE)
        REQUEST.check(request, Action.FUND_APPROVE)
        capacity, absent = capacity_for(actor, request)
        sign(actor, request, capacity, Verdict.APPROVED, reason, absent)
        if missing_approvals(request):
            REQUEST.take(request, Action.FUND_APPROVE, RequestStatus.RECOMMENDED)
            return False
        check_is_what_was_approved(request)
        REQUEST.take(request, Action.FUND_APPROVE, RequestStatus.APPROVED)
        request.approved_at = clock.now()
    return True


def verification_of(request: SupportRequest) -> Verification | None:
    """Return what was found out about the present edition of a request."""
    query = select(Verification).where(
        Verification.request_id == request.id, Verification.edition == request.edition
    )
    return session().scalar(query)


def missing_approvals(request: SupportRequest) -> list[Capacity]:
    """Return as what somebody must still approve."""
    return [each for each in needs(request) if getattr(request, COLUMN[each]) is None]


def capacity_for(actor: Actor, request: SupportRequest) -> tuple[Capacity, int | None]:
    """Return as what the actor may decide now, and for whom they stand in; raises NotAllowed."""
    if actor.id in request.approvers():
        raise WrongStatus(TWICE)
    wanted = missing_approvals(request)
    scope = session().get_one(Scope, request.scope_id)
    held = {
        Capacity.OFFICER: actor.funds(scope.office_id),
        Capacity.DIRECTOR: actor.directs(scope.office_id),
        Capacity.BOARD: settings_of(request.organisation_id).board_id == actor.id,
    }
    for capacity in wanted:
        if held[capacity]:
            return capacity, None
    query = select(Delegation).where(
        Delegation.organisation_id == request.organisation_id,
        Delegation.counts(actor.id, clock.now()),
        Delegation.in_office(scope.office_id),
        Delegation.capacity.in_([str(each) for each in wanted]),
        Delegation.from_id.not_in([request.requested_by_id, request.verified_by_id or 0]),
    )
    standing_in = session().scalars(query.order_by(Delegation.id)).first()
    if standing_in is None:
        raise NotAllowed(OTHERS)
    return Capacity(standing_in.capacity), standing_in.from_id


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
    made = Decision(
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
    session().add(made)
    return made


def check_is_what_was_approved(request: SupportRequest) -> None:
    """Refuse to go on where an approval is of something else than the request says; Stale."""
    standing = select(Decision.edition, Decision.digest).where(
        Decision.request_id == request.id, Decision.stands()
    )
    now = (request.edition, digest_of(request))
    given = [tuple(row) for row in session().execute(standing)]
    if len(given) < len(needs(request)) or any(each != now for each in given):
        raise Stale(N_("The request changed after it was approved: it must be approved anew."))


def _check_verifier(actor: Actor, request: SupportRequest) -> None:
    if request.emergency:
        raise WrongStatus(IN_HASTE)
    held = settings_of(request.organisation_id)
    if request.requested_by_id == actor.id and not held.requester_may_verify:
        raise WrongStatus(NOT_OWN)
