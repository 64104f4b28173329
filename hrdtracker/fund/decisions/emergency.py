"""Money in an emergency: two people at once, somebody else within three days."""

from datetime import timedelta

from sqlalchemy import Select, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, WrongStatus
from hrdtracker.fund.capacity import capacity_for, missing_approvals
from hrdtracker.fund.decisions.service import check_is_what_was_approved, decided, sign
from hrdtracker.fund.drafts.requests import check_reason
from hrdtracker.fund.guards import REFUSED, UNRATIFIED
from hrdtracker.fund.model import (
    Capacity,
    EmergencyRelease,
    SupportRequest,
    Verdict,
)
from hrdtracker.fund.rules.same_people import emergencies_besides
from hrdtracker.fund.rules.settings import settings_of
from hrdtracker.fund.workflow import REQUEST

TOO_OFTEN = N_("With other emergencies of the same people this is too much: it goes the usual way.")
WHY = N_("Write why it cannot wait.")


def release(actor: Actor, request: SupportRequest, reason: str, version: int) -> bool:
    """Sign an emergency release; tell whether all who must have signed, so that it is approved.

    The fund officer and a director sign; a third person, too, where these two released once what
    was not ratified, or where another emergency of the same people was released after the first of
    them, and both come to more than the ceiling. Raises Refused, WrongStatus, NotAllowed.
    """
    check_reason(reason, WHY)
    with authorised(actor, Action.FUND_EMERGENCY, on=request, version=version):
        REQUEST.check(actor, Action.FUND_EMERGENCY, request)
        too_often = _is_too_often(request)
        if not request.emergency:
            if too_often:
                raise WrongStatus(TOO_OFTEN)
            _begin(request)
        capacity, absent = _as_what(actor, request)
        sign(actor, request, capacity, Verdict.EMERGENCY, reason, absent)
        request.needs_board = _must_be_three(request) or too_often
        if missing_approvals(request):
            return False
        check_is_what_was_approved(request)
        REQUEST.take(request, Action.FUND_EMERGENCY)
        request.approved_at = clock.now()
        session().add(_released(request))
    return True


def ratify(
    actor: Actor, request: SupportRequest, *, ratified: bool, reason: str, version: int
) -> None:
    """Say, as somebody who signed nothing, whether an emergency release was right."""
    check_reason(reason)
    with authorised(actor, Action.FUND_RATIFY, on=request, version=version):
        REQUEST.check(actor, Action.FUND_RATIFY, request)
        signed_release = session().scalars(_releases(request).where(UNRATIFIED)).one()
        signed_release.ratified = ratified
        signed_release.ratified_by_id, signed_release.ratified_at = actor.id, clock.now()
        decided(actor, request, Verdict.RATIFIED if ratified else Verdict.NOT_RATIFIED, reason)


def lift(actor: Actor, request: SupportRequest) -> None:
    """Let the two who released this sign by themselves again."""
    with authorised(actor, Action.FUND_LIFT, on=request):
        REQUEST.check(actor, Action.FUND_LIFT, request)
        query = _releases(request).where(REFUSED).order_by(EmergencyRelease.id.desc())
        refused_release = session().scalars(query.limit(1)).one()
        refused_release.lifted_by_id, refused_release.lifted_at = actor.id, clock.now()


def _releases(request: SupportRequest) -> Select[EmergencyRelease]:
    return select(EmergencyRelease).where(EmergencyRelease.request_id == request.id)


def _begin(request: SupportRequest) -> None:
    """Let it be an emergency: what was verified by the ordinary way stays ordinary."""
    request.emergency = request.needs_officer = request.needs_director = True
    request.needs_board = False
    session().flush()


def _as_what(actor: Actor, request: SupportRequest) -> tuple[Capacity, int | None]:
    if missing_approvals(request) == [Capacity.BOARD]:
        return Capacity.BOARD, None  # the third signature: whoever may decide
    return capacity_for(actor, request)


def _must_be_three(request: SupportRequest) -> bool:
    """Tell whether the two who signed released what was not ratified, whichever of them as what."""
    two = [request.approved_by_id, request.director_approved_by_id]
    refused = select(EmergencyRelease.id).where(
        EmergencyRelease.officer_id.in_(two), EmergencyRelease.director_id.in_(two), REFUSED
    )
    return session().scalar(refused.limit(1)) is not None


def _is_too_often(request: SupportRequest) -> bool:
    """Tell whether all emergencies of the same people together are more than one may be."""
    settings = settings_of(request.organisation_id)
    together = (request.reference_amount or 0) + emergencies_besides(request, settings)
    return together > settings.emergency_most


def _released(request: SupportRequest) -> EmergencyRelease:
    hours = settings_of(request.organisation_id).ratify_hours
    moment = clock.now()
    return EmergencyRelease(
        scope_id=request.scope_id,
        request_id=request.id,
        officer_id=request.approved_by_id,
        director_id=request.director_approved_by_id,
        third_id=request.board_approved_by_id,
        released_at=moment,
        ratify_by=moment + timedelta(hours=hours),
    )
