"""What somebody can do at this moment: the rules, the arrows, and what the services ask besides."""

from collections.abc import Callable
from dataclasses import dataclass

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core.errors import DomainError
from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.decisions.emergency import check_ceiling, refused_of, release_of
from hrdtracker.fund.decisions.service import capacity_for, missing_approvals
from hrdtracker.fund.model import (
    Acquittal,
    Capacity,
    EmergencyRelease,
    Payment,
    PaymentStatus,
    RequestStatus,
    SupportRequest,
)
from hrdtracker.fund.payments.acquittals import outcome_of
from hrdtracker.fund.payments.service import PAID
from hrdtracker.fund.requests.content import due_later
from hrdtracker.fund.rules.settings import settings_of


@dataclass(frozen=True)
class Known:
    """What hangs on a request and decides what can be done with it."""

    paid: bool
    """A payment is on its way, or has left."""
    asked: bool
    """Somebody asked whether it helped."""
    release: EmergencyRelease | None


OUTCOME_AFTER = {RequestStatus.PAID, RequestStatus.ACQUITTED}


def capacity_of(actor: Actor, request: SupportRequest) -> tuple[Capacity, int | None] | None:
    """Return as what the actor would decide now, and for whom they stand in; None: they cannot."""
    try:
        return capacity_for(actor, request)
    except DomainError:
        return None


def known_of(request: SupportRequest) -> Known:
    """Read what hangs on a request, for whoever has not read it already."""
    return Known(bool(payments_of(request)), outcome_of(request) is not None, release_of(request))


def possible(
    actor: Actor, request: SupportRequest, may: frozenset[Action], known: Known
) -> frozenset[Action]:
    """Return those verbs of `may` that their services would not refuse as the request stands."""
    asked = {_ASKED[action] for action in may if action in _ASKED}
    yes = {ask for ask in asked if ask(actor, request, known)}
    return frozenset(action for action in may if action not in _ASKED or _ASKED[action] in yes)


def possible_on(
    actor: Actor, payment: Payment, held: Acquittal | None, may: frozenset[Action]
) -> frozenset[Action]:
    """Return those verbs of `may` that make sense for a payment, with what accounts for it."""
    return frozenset(
        action
        for action in may
        if action not in _ASKED_OF_PAYMENT or _ASKED_OF_PAYMENT[action](actor, payment, held)
    )


def _verifies(actor: Actor, request: SupportRequest, _known: Known) -> bool:
    if request.emergency:
        return False
    own = request.requested_by_id == actor.id
    return not own or settings_of(request.organisation_id).requester_may_verify


def _recommends(actor: Actor, request: SupportRequest, known: Known) -> bool:
    return request.verified_by_id == actor.id and _verifies(actor, request, known)


def _approves(actor: Actor, request: SupportRequest, _known: Known) -> bool:
    return not request.emergency and capacity_of(actor, request) is not None


def _releases(actor: Actor, request: SupportRequest, _known: Known) -> bool:
    """Tell whether the actor could sign an emergency release: begin one, or join it."""
    if actor.id in request.approvers() or (request.approvers() and not request.emergency):
        return False
    try:
        check_ceiling(request)
    except DomainError:
        return False
    if not request.emergency or missing_approvals(request) == [Capacity.BOARD]:
        return True
    return capacity_of(actor, request) is not None


def _refuses(actor: Actor, request: SupportRequest, _known: Known) -> bool:
    return capacity_of(actor, request) is not None


def _ratifies(_actor: Actor, _request: SupportRequest, known: Known) -> bool:
    held = known.release
    return held is not None and held.ratified is None


def _lifts(actor: Actor, request: SupportRequest, _known: Known) -> bool:
    held = refused_of(request)
    return held is not None and actor.id not in held.signers()


def _pays_nothing(_actor: Actor, _request: SupportRequest, known: Known) -> bool:
    return not known.paid


def _was_not_refused(_actor: Actor, _request: SupportRequest, known: Known) -> bool:
    return known.release is None or known.release.ratified is not False


def _asks_whether_it_helped(_actor: Actor, request: SupportRequest, known: Known) -> bool:
    return request.status in OUTCOME_AFTER and not known.asked


def _closes(_actor: Actor, request: SupportRequest, known: Known) -> bool:
    waits = known.release is not None and known.release.ratified is None
    return not waits and known.asked and not due_later(request)


def _complains(_actor: Actor, request: SupportRequest, _known: Known) -> bool:
    return request.submitted_at is not None


_ASKED: dict[Action, Callable[[Actor, SupportRequest, Known], bool]] = {
    Action.FUND_VERIFY: _verifies,
    Action.FUND_RECOMMEND: _recommends,
    Action.FUND_APPROVE: _approves,
    Action.FUND_EMERGENCY: _releases,
    Action.FUND_REFUSE: _refuses,
    Action.FUND_RATIFY: _ratifies,
    Action.FUND_LIFT: _lifts,
    Action.FUND_COMMIT: _was_not_refused,
    Action.FUND_MOVE: _pays_nothing,
    Action.FUND_CANCEL: _pays_nothing,
    Action.FUND_PREPARE: _was_not_refused,
    Action.FUND_OUTCOME: _asks_whether_it_helped,
    Action.FUND_CLOSE: _closes,
    Action.FUND_COMPLAIN: _complains,
}


def _accounts(_actor: Actor, payment: Payment, held: Acquittal | None) -> bool:
    return payment.status in PAID and (held is None or held.reviewed_at is None)


def _declares(actor: Actor, _payment: Payment, held: Acquittal | None) -> bool:
    if held is None or not held.alternative or held.declared_at is not None:
        return False
    return held.recorded_by_id != actor.id


def _reviews(actor: Actor, payment: Payment, held: Acquittal | None) -> bool:
    if held is None or held.reviewed_at is not None or payment.status != PaymentStatus.RECEIVED:
        return False
    undeclared = held.alternative and held.declared_at is None
    return not undeclared and actor.id not in {held.recorded_by_id, held.declared_by_id}


def _covers(_actor: Actor, payment: Payment, _held: Acquittal | None) -> bool:
    return payment.over > 0


_ASKED_OF_PAYMENT: dict[Action, Callable[[Actor, Payment, Acquittal | None], bool]] = {
    Action.FUND_ACQUIT: _accounts,
    Action.FUND_DECLARE_SPENT: _declares,
    Action.FUND_REVIEW: _reviews,
    Action.FUND_COVER: _covers,
}
