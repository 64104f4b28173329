"""What waits for somebody: what they must do next in the fund, the nearest deadline first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.access.model import Membership, Scope, User, UserState
from hrdtracker.core import clock
from hrdtracker.core.db import PREPARED, Instant, present, session
from hrdtracker.core.money import Money
from hrdtracker.core.page import AnySelect
from hrdtracker.fund.guards import NOT_REFUSED, UNRATIFIED
from hrdtracker.fund.model import (
    Acquittal,
    Complaint,
    EmergencyRelease,
    Instalment,
    Payment,
    RequestStatus,
    SupportRequest,
)
from hrdtracker.fund.workflow import OF_INSTALMENT, PAYMENT, REQUEST, UNDECIDED

MOST = 25
"""How many things are listed, those due first."""
SOON = timedelta(days=14)
Where = SQLCoreOperations[bool]
GONE = select(User.id).where(User.state != UserState.ACTIVE)
"""Who is not at work: what they owe is the task of whoever else may do it."""
UNVERIFIED = or_(
    SupportRequest.status == RequestStatus.SUBMITTED,
    SupportRequest.verified_by_id.in_(GONE),
    ~select(Membership.id)
    .join(Scope, or_(Membership.office_id.is_(None), Membership.office_id == Scope.office_id))
    .where(
        Scope.id == SupportRequest.scope_id,
        Membership.user_id == SupportRequest.verified_by_id,
        Membership.reviews(),
        Membership.counts(present()),
    )
    .correlate(SupportRequest)
    .exists(),
)
"""Nobody has verified it, or whoever did is gone or directs there no more: nobody recommends it."""
NOTHING_DUE = and_(
    SupportRequest.status == RequestStatus.COMMITTED,
    ~select(Instalment.id)
    .where(
        Instalment.request_id == SupportRequest.id,
        Instalment.still_needed.is_not(False),
        Instalment.still_there.is_not(False),
    )
    .correlate(SupportRequest)
    .exists(),
)
"""Money is promised, and somebody found that none of it is needed any more."""


def _plan_is(*statuses: RequestStatus) -> Where:
    """Return the condition that the plan from which a request draws stands so."""
    plan = aliased(SupportRequest)
    stands = (
        plan.id == SupportRequest.plan_id,
        plan.status.in_([str(status) for status in statuses]),
    )
    return select(plan.id).where(*stands).correlate(SupportRequest).exists()


PLAN_IS_OVER = _plan_is(RequestStatus.REFUSED, RequestStatus.WITHDRAWN, RequestStatus.CANCELLED)
"""Nobody approves any more what draws from it."""
PLAN_CAME_TO_NOTHING = and_(
    SupportRequest.status == RequestStatus.APPROVED,
    _plan_is(RequestStatus.REFUSED, RequestStatus.WITHDRAWN),
)
"""What was approved on it is promised no more."""
TODAY = bindparam("today", type_=Date)
_draw = aliased(SupportRequest)
PLAN_RAN_OUT = and_(
    SupportRequest.households.is_not(None),
    SupportRequest.plan_until < TODAY,
    ~select(_draw.id)
    .where(
        _draw.plan_id == SupportRequest.id,
        _draw.status.in_([str(status) for status in UNDECIDED]),
    )
    .correlate(SupportRequest)
    .exists(),
)
"""Its last day is past and nothing that was drawn from it waits for a decision: it is ended."""


@dataclass(frozen=True)
class WorkItem:
    """One thing to do: the verb, on which request, and on which payment where it is about one."""

    verb: Action
    request: UUID
    code: str
    payment: UUID | None
    amount: Money
    due: date | datetime | None
    emergency: bool
    """Money that cannot wait."""
    late: bool
    """Whether it should have been done."""
    plan: bool
    """Whether it is about a plan as a whole."""


def waiting(actor: Actor) -> list[WorkItem]:
    """Return the first things that wait: emergencies, then the nearest deadline."""
    query, day = _query(actor), today(actor.organisation_id)
    if query is None:
        return []
    return [
        WorkItem(
            verb=Action(row.verb),
            request=row.uid,
            code=row.code,
            payment=row.payment,
            amount=Money(row.amount, row.currency),
            due=row.due_at or row.due_on,
            emergency=bool(row.emergency),
            late=_is_over(row.due_at or row.due_on, day),
            plan=bool(row.plan),
        )
        for row in session().execute(query, {"today": day, "until": day + SOON})
    ]


def signed(items: Iterable[WorkItem]) -> dict[UUID, list[int]]:
    """Return who has signed each emergency that waits for one more, by the uid of its request."""
    uids = [item.request for item in items if item.verb == Action.FUND_EMERGENCY]
    query = select(SupportRequest).where(SupportRequest.uid.in_(uids))
    rows = session().scalars(query) if uids else ()
    return {request.uid: sorted(request.approvers()) for request in rows}


def unanswered(actor: Actor) -> Sequence[tuple[UUID, datetime]]:
    """Return the complaints that wait for the actor’s answer, and since when; no word of them."""
    if not policy.could(actor, Action.FUND_COMPLAINT_ANSWER):
        return ()
    mine = policy.condition(actor, Action.FUND_COMPLAINT_ANSWER, Complaint, of_few=True)
    query = select(Complaint.uid, Complaint.taken_at).where(Complaint.answered_at.is_(None), mine)
    rows = session().execute(query.order_by(Complaint.taken_at, Complaint.id).limit(MOST))
    return [(row.uid, row.taken_at) for row in rows]


def unheard(actor: Actor) -> datetime | None:
    """Return since when a complaint waits that nobody may hear, to whoever names somebody."""
    if not policy.could(actor, Action.FUND_SETTINGS_CHANGE):
        return None
    query = (
        select(func.min(Complaint.taken_at))
        .join(Scope, Scope.id == Complaint.scope_id)
        .where(
            Scope.organisation_id == actor.organisation_id,
            Complaint.answered_at.is_(None),
            ~Complaint.heard_by_director(),
            ~Complaint.heard_by_board(),
        )
    )
    return session().scalar(query)


def _is_over(due: date | datetime | None, day: date) -> bool:
    """Tell whether an instant has passed, or a day that is the organisation’s."""
    if isinstance(due, datetime):
        return due < clock.now()
    return due is not None and due < day


@lru_cache(maxsize=PREPARED)
def _query(actor: Actor) -> Select[*tuple[Any, ...]] | None:
    """Return the one query of the first that waits for the actor; None where nothing may. Kept."""
    queries = {
        **_requests(actor),
        Action.FUND_RATIFY: _ratifications(actor),
        **_instalments(actor),
        **_payments(actor),
    }
    parts = [
        _part(verb, query.subquery())
        for verb, query in queries.items()
        if policy.could(actor, verb)
    ]
    if not parts:
        return None
    tasks = union_all(*parts).subquery()
    # a day and an instant compare as text: both begin with the day
    due = func.coalesce(cast(tasks.c.due_at, String), cast(tasks.c.due_on, String), "9999")
    return select(tasks).order_by(tasks.c.emergency.desc(), due, tasks.c.code).limit(MOST)


def _part(verb: Action, waiting_for_it: Subquery) -> AnySelect:
    """Return what waits for one verb, with its name; a day and an instant stand in two columns."""
    uid, code, payment, amount, currency, due, emergency, plan = waiting_for_it.c
    day: ColumnElement[Any] = cast(null(), Date)
    instant: ColumnElement[Any] = cast(null(), Instant)
    if isinstance(due.type, Instant):
        instant = due
    else:
        day = due
    return select(
        literal(str(verb)).label("verb"),
        uid.label("uid"),
        code.label("code"),
        payment.label("payment"),
        amount.label("amount"),
        currency.label("currency"),
        day.label("due_on"),
        instant.label("due_at"),
        emergency.label("emergency"),
        plan.label("plan"),
    )


def _open(actor: Actor, action: Action, *conditions: Where) -> AnySelect:
    """Return the query of the requests on which the actor can do it now, and more must hold."""
    return select(SupportRequest).where(*conditions, REQUEST.open(actor, action))


def _here(actor: Actor, model: type[SupportRequest] | type[Payment]) -> Where:
    """Return what the rules ask for anyway: said as well where an index begins with it."""
    return model.organisation_id == actor.organisation_id


def _requests(actor: Actor) -> dict[Action, AnySelect]:
    """Return what an arrow of the request itself asks for; a listed verb says where it is due."""
    due: dict[Action, tuple[Where, Any]] = {
        Action.FUND_SUBMIT: (
            SupportRequest.status == RequestStatus.RETURNED,
            SupportRequest.decide_by,
        ),
        Action.FUND_VERIFY: (UNVERIFIED, SupportRequest.decide_by),
        Action.FUND_RECOMMEND: (true(), SupportRequest.decide_by),
        Action.FUND_APPROVE: (true(), SupportRequest.decide_by),
        Action.FUND_EMERGENCY: (SupportRequest.emergency, SupportRequest.decide_by),
        Action.FUND_COMMIT: (true(), SupportRequest.needed_by),
        Action.FUND_REFUSE: (
            or_(PLAN_IS_OVER, SupportRequest.status == RequestStatus.RETURNED),
            SupportRequest.decide_by,
        ),
        Action.FUND_CANCEL: (
            or_(NOTHING_DUE, PLAN_CAME_TO_NOTHING, PLAN_RAN_OUT),
            SupportRequest.needed_by,
        ),
        Action.FUND_OUTCOME: (
            SupportRequest.status == RequestStatus.ACQUITTED,
            SupportRequest.ended_at,  # no deadline: it has not ended
        ),
        Action.FUND_CLOSE: (true(), SupportRequest.ended_at),
    }
    here = _here(actor, SupportRequest)
    rest = _open(actor, Action.FUND_COMPLETE, here, SupportRequest.requested_by_id == actor.id)
    return {
        **{
            action: _shown(
                _open(actor, action, here, waits), SupportRequest, until, SupportRequest.emergency
            )
            for action, (waits, until) in due.items()
        },
        Action.FUND_COMPLETE: _shown(rest, SupportRequest, cast(null(), Date), false()),
    }


def _shown(query: AnySelect, money: Any, due: Any, emergency: Any) -> AnySelect:
    """Return of each what is shown, the first of them: `money` has the amount and the currency."""
    no_payment = cast(null(), Payment.uid.type).label("payment_uid")
    columns = (SupportRequest.uid, SupportRequest.code, no_payment, money.amount, money.currency)
    plan = SupportRequest.households.is_not(None).label("plan")
    shown = query.with_only_columns(*columns, due, emergency, plan, maintain_column_froms=True)
    return shown.order_by(SupportRequest.emergency.desc(), due).limit(MOST)


def _ratifications(actor: Actor) -> AnySelect:
    waits = and_(EmergencyRelease.request_id == SupportRequest.id, UNRATIFIED)
    query = _open(actor, Action.FUND_RATIFY).join(EmergencyRelease, waits)
    return _shown(query, SupportRequest, EmergencyRelease.ratify_by, true())


def _instalments(actor: Actor) -> dict[Action, AnySelect]:
    """Return instalments that are due soon: to look again, then to prepare."""
    queries = {}
    soon = Instalment.due_on <= bindparam("until", type_=Date)
    for action, waits in (
        (
            Action.FUND_CHECK,
            and_(Instalment.checked_at.is_(None), NOT_REFUSED.where(actor, SupportRequest)),
        ),
        (Action.FUND_PREPARE, true()),
    ):
        guards = (guard.where(actor, Instalment) for guard in OF_INSTALMENT[action])
        query = (
            _open(actor, action, _here(actor, SupportRequest))
            .join(Instalment, Instalment.request_id == SupportRequest.id)
            .where(waits, soon, *guards)
        )
        queries[action] = _shown(query, Instalment, Instalment.due_on, SupportRequest.emergency)
    return queries


def _payments(actor: Actor) -> dict[Action, AnySelect]:
    here = _here(actor, Payment)
    stands = Acquittal.payment_id == Payment.id, Acquittal.stands()
    accounted = select(Acquittal.id).where(*stands)
    sent_back = select(Acquittal.payment_id).where(
        Acquittal.sent_back_at.is_not(None), Acquittal.stands()
    )
    returned = sent_back.where(Acquittal.recorded_by_id == actor.id)
    mine = Payment.id.in_(
        select(Payment.id)
        .where(Payment.requested_by_id == actor.id)
        .union(select(Payment.id).where(Payment.carrier_id == actor.id))
    )
    owed_by_nobody = Payment.id.in_(
        select(Payment.id)
        .where(
            Payment.requested_by_id.in_(GONE),
            or_(Payment.carrier_id.is_(None), Payment.carrier_id.in_(GONE)),
            ~accounted.exists(),
        )
        .union(sent_back.where(Acquittal.recorded_by_id.in_(GONE)))
    )
    due: dict[Action, tuple[Where, Any]] = {
        Action.FUND_RELEASE: (here, Payment.due_on),
        Action.FUND_RECEIVE: (here, Payment.due_on),
        Action.FUND_COVER: (here, Payment.account_by),
        Action.FUND_ACQUIT: (
            or_(and_(mine, ~accounted.exists()), Payment.id.in_(returned), owed_by_nobody),
            Payment.account_by,
        ),
        Action.FUND_DECLARE_SPENT: (true(), Payment.account_by),
        Action.FUND_REVIEW: (true(), Payment.account_by),
        Action.FUND_BACK: (here, Payment.account_by),
    }
    return {
        action: _payment_shown(select(Payment).where(waits, PAYMENT.open(actor, action)), until)
        for action, (waits, until) in due.items()
    }


def _payment_shown(query: AnySelect, due: Any) -> AnySelect:
    """Return what a list shows of a payment: its own code, never the request’s words."""
    return (
        query.join(SupportRequest, SupportRequest.id == Payment.request_id)
        .with_only_columns(
            SupportRequest.uid,
            Payment.code,
            Payment.uid.label("payment_uid"),
            Payment.amount,
            Payment.currency,
            due,
            false(),
            false().label("plan"),
        )
        .order_by(due)
        .limit(MOST)
    )
