"""What nobody can go on with: what is next on a request, asked of everybody at work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, not_, select, true

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, worker
from hrdtracker.access.guard import GuardedWorkflow
from hrdtracker.accounts.assignments import at_work
from hrdtracker.core.db import PREPARED, session
from hrdtracker.core.page import AnySelect
from hrdtracker.fund import guards as must
from hrdtracker.fund.model import Payment, RequestStatus, SupportRequest
from hrdtracker.fund.workflow import PAYMENT, REQUEST, UNDECIDED

OF_PERSON = frozenset(
    {
        must.KNOWS_NOBODY, must.HAS_ANSWERED, must.NOT_OWN, must.HAS_NOT_SIGNED, must.CAN_SIGN,
        must.CAN_RELEASE, must.PREPARED_BY_ANOTHER, must.VERIFIED_BY_ANOTHER,
        must.DID_NOT_RECORD, must.DID_NOT_DECLARE, must.COVERS_SO_MUCH, must.COVERS_FOR_BOARD,
    }
)  # fmt: skip
"""What must hold of whoever acts: another may pass where one does not. The rest, of the record."""


@dataclass(frozen=True)
class NextStep:
    """What moves a request on, itself or by its payment; and of which ones it is asked."""

    verb: Action
    workflow: GuardedWorkflow[Any]
    waits: ColumnElement[bool]

    @property
    def of_request(self) -> Any:
        """The column of the request that it moves on."""
        return SupportRequest.id if self.workflow is REQUEST else Payment.request_id


STEPS = (
    NextStep(Action.FUND_SUBMIT, REQUEST, SupportRequest.status == RequestStatus.RETURNED),
    NextStep(Action.FUND_VERIFY, REQUEST, true()),
    NextStep(Action.FUND_APPROVE, REQUEST, true()),
    NextStep(Action.FUND_EMERGENCY, REQUEST, SupportRequest.emergency.is_(True)),
    NextStep(Action.FUND_RATIFY, REQUEST, true()),
    NextStep(Action.FUND_COMMIT, REQUEST, true()),
    NextStep(Action.FUND_PREPARE, REQUEST, true()),
    NextStep(Action.FUND_RELEASE, PAYMENT, true()),
    NextStep(Action.FUND_RECEIVE, PAYMENT, true()),
    NextStep(Action.FUND_DECLARE_SPENT, PAYMENT, true()),
    NextStep(Action.FUND_REVIEW, PAYMENT, true()),
    NextStep(Action.FUND_BACK, PAYMENT, true()),
    NextStep(Action.FUND_OUTCOME, REQUEST, SupportRequest.status == RequestStatus.ACQUITTED),
    NextStep(Action.FUND_CLOSE, REQUEST, true()),
    NextStep(Action.FUND_COVER, PAYMENT, true()),
)


def stuck_requests(organisation_id: int, ids: Sequence[int] | None = None) -> dict[int, Action]:
    """Return what nobody at work can do next, by the number of the request: of all, or of some.

    Who works everywhere is asked first: as a rule they can, and nobody else need be asked.
    """
    everybody = sorted(at_work(organisation_id), key=lambda actor: not actor.works_everywhere)
    still: dict[int, Action] = {}
    for step in STEPS:
        for number in _nobody_can(step, _next(step, organisation_id, ids), everybody):
            still.setdefault(number, step.verb)
    for number in session().scalars(_without_board(organisation_id, ids)):
        still.setdefault(number, Action.FUND_RECOMMEND)
    return still


def _next(step: NextStep, organisation_id: int, ids: Sequence[int] | None) -> dict[int, int]:
    """Return on which records it is next, each with its request."""
    nobody, model = worker(organisation_id), step.workflow.model
    conditions = [step.waits, step.workflow.next_on(nobody, step.verb, OF_PERSON)]
    query = select(model.id, step.of_request.label("request_id")).where(
        *conditions, *_among(step.of_request, model, organisation_id, ids)
    )
    return {row.id: row.request_id for row in session().execute(query)}


def _among(
    of_request: Any, model: Any, organisation_id: int, ids: Sequence[int] | None
) -> Iterator[ColumnElement[bool]]:
    yield model.organisation_id == organisation_id
    if ids is not None:
        yield of_request.in_(ids)


def _nobody_can(step: NextStep, waiting: dict[int, int], everybody: Sequence[Actor]) -> set[int]:
    """Return the requests on which none of all can do it: who cannot leaves it to the others."""
    left = dict(waiting)
    for actor in everybody:
        if not left:
            break
        if policy.could(actor, step.verb):
            for record in session().scalars(_open_to(step, actor), {"ids": list(left)}):
                del left[record]
    return set(left.values())


@lru_cache(maxsize=PREPARED)
def _open_to(step: NextStep, actor: Actor) -> AnySelect:
    """Return the query of the records among some on which one can do it; kept."""
    model = step.workflow.model
    among = model.id.in_(bindparam("ids", expanding=True))
    return select(model.id).where(among, step.workflow.open(actor, step.verb))


def _without_board(organisation_id: int, ids: Sequence[int] | None) -> AnySelect:
    """Return the query of what the board must decide on, and has named nobody who may."""
    there = must.BOARD_IS_THERE.where(worker(organisation_id), SupportRequest)
    return select(SupportRequest.id).where(
        SupportRequest.status.in_(UNDECIDED),
        not_(there),
        *_among(SupportRequest.id, SupportRequest, organisation_id, ids),
    )
