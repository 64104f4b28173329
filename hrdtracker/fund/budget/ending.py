"""A donor ends a grant: on which day and why, and what becomes of each promise on its lines."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.accounts.assignments import candidates
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused, WrongStatus
from hrdtracker.core.locks import lock
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import IN_FUTURE
from hrdtracker.fund.budget.commitments import cancel, line_of, move
from hrdtracker.fund.budget.grants import check_has_not_ended
from hrdtracker.fund.drafts.money import GrantEndDraft, PromiseFate
from hrdtracker.fund.model import (
    BudgetLine,
    DonorGrant,
    GrantState,
    SupportRequest,
)
from hrdtracker.fund.model.request import PROMISED
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell

NO_LINE = N_("Choose the line of another grant to which promises go.")


def end_grant(actor: Actor, grant: DonorGrant, draft: GrantEndDraft, version: int) -> None:
    """End a grant for its donor: nothing more is committed, facts stay recordable.

    Each promise stays, goes to another line, or is given back, as the draft says; of what it does
    not name, and of what others decide, the promise stays. Fund and finance officers are told.
    Raises Refused, WrongStatus, Stale.
    """
    with authorised(actor, Action.FUND_GRANT_CHANGE, on=grant, version=version):
        check_has_not_ended(grant)
        if draft.ended_on > today(grant.organisation_id):
            raise Refused({"ended_on": IN_FUTURE})
        _decide_promises(actor, grant, draft)
        ring().load([grant.data_key_id])
        grant.state = GrantState.TERMINATED
        grant.ended_on, grant.end_reason = draft.ended_on, draft.reason.strip()
        tell(_officers(grant) - {actor.id}, NoticeKind.GRANT_ENDED, grant)


def promises(actor: Actor, grant: DonorGrant) -> Sequence[SupportRequest]:
    """Return the requests on a grant’s lines that the actor may open and that are not paid."""
    query = policy.visible(actor, Action.FUND_REQUEST_READ, SupportRequest)
    return session().scalars(query.where(_promised_on(grant)).order_by(SupportRequest.id)).all()


def how_many_promises(grant: DonorGrant) -> int:
    """Return how many requests have a promise on a grant’s lines, whoever may open them."""
    query = select(func.count()).select_from(SupportRequest).where(_promised_on(grant))
    return session().scalar(query) or 0


def _promised_on(grant: DonorGrant) -> ColumnElement[bool]:
    lines = select(BudgetLine.id).where(BudgetLine.grant_id == grant.id)
    return SupportRequest.line_id.in_(lines) & SupportRequest.status.in_(PROMISED)


def _decide_promises(actor: Actor, grant: DonorGrant, draft: GrantEndDraft) -> None:
    """Move or cancel what the draft says, each under its own verb; all of it or nothing."""
    chosen = {uid: fate for uid, fate in draft.fates.items() if fate != PromiseFate.KEPT}
    if not chosen:
        return
    if PromiseFate.MOVED in chosen.values() and draft.line is None:
        raise Refused({"line": NO_LINE})
    requests = [request for request in promises(actor, grant) if request.uid in chosen]
    if len(requests) < len(chosen):
        raise Refused({"": N_("One of the promises is paid or gone since you opened this.")})
    lines = {request.line_id for request in requests}
    if draft.line is not None:
        lines.add(line_of(actor, draft.line)[0].id)
    for request in requests:
        lock(request)
    for line in (
        session()
        .scalars(select(BudgetLine).where(BudgetLine.id.in_(lines)).order_by(BudgetLine.id))
        .all()
    ):
        lock(line)
    for request in requests:
        _decide(actor, request, chosen[request.uid], draft)


def _decide(actor: Actor, request: SupportRequest, fate: PromiseFate, draft: GrantEndDraft) -> None:
    """Decide on one promise; a refusal says of which."""
    try:
        if fate == PromiseFate.MOVED and draft.line is not None:
            move(actor, request, draft.line, draft.reason, request.version)
        else:
            cancel(actor, request, draft.reason, request.version)
    except Refused as refused:
        why = next(iter(refused.reasons.values()))
        raise Refused({"": _of(request, why)}) from None
    except WrongStatus as refused:
        raise Refused({"": _of(request, refused.reason)}) from None


def _of(request: SupportRequest, why: Message) -> Message:
    return Message(N_("%(code)s: %(why)s"), {"code": request.code, "why": why})


def _officers(grant: DonorGrant) -> set[int]:
    """Return who works with a grant’s money: fund officers and finance officers."""
    able = (
        *candidates(grant.organisation_id, Action.FUND_COMMIT),
        *candidates(grant.organisation_id, Action.FUND_BOOK),
    )
    return {officer.id for officer in able}
