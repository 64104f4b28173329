"""What waits for somebody: what they must do next in the fund, the nearest deadline first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, bindparam, false, null, or_, select, true

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.core import clock
from hrdtracker.core.db import PREPARED, present, session
from hrdtracker.core.money import Money
from hrdtracker.core.page import AnySelect
from hrdtracker.fund.model import (
    Acquittal,
    EmergencyRelease,
    Instalment,
    Payment,
    PaymentStatus,
    RequestStatus,
    SupportRequest,
)
from hrdtracker.fund.rules.settings import settings_of

MOST = 50
"""How many things are listed, those due first."""
SOON = timedelta(days=14)
_S = RequestStatus
Where = ColumnElement[bool]


@dataclass(frozen=True)
class Waits:
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


def waiting(actor: Actor) -> list[Waits]:
    """Return the first things that wait: emergencies, then the nearest deadline."""
    found = []
    day = today(actor.organisation_id)
    until = {"until": day + SOON}
    for action, query in _asked(actor, settings_of(actor.organisation_id).board_id == actor.id):
        for uid, code, payment, amount, currency, due, emergency in session().execute(query, until):
            money, late = Money(amount, currency), _is_over(due, day)
            found.append(Waits(action, uid, code, payment, money, due, emergency, late))
    return sorted(found, key=lambda each: (not each.emergency, _at(each.due), each.code))[:MOST]


def _is_over(due: date | datetime | None, day: date) -> bool:
    """Tell whether an instant has passed, or a day that is the organisation’s."""
    if isinstance(due, datetime):
        return due < clock.now()
    return due is not None and due < day


def _at(due: date | datetime | None) -> str:
    return due.isoformat() if due is not None else "9999"


@lru_cache(maxsize=PREPARED)
def _asked(actor: Actor, by_board: bool) -> tuple[tuple[Action, AnySelect], ...]:  # noqa: FBT001
    """Return for each verb that may wait for the actor the query of what waits; kept."""
    queries = {
        **_requests(actor, _mine(actor, named=by_board)),
        Action.FUND_RATIFY: _ratifications(actor),
        **_instalments(actor),
        **_payments(actor),
    }
    return tuple((verb, query) for verb, query in queries.items() if policy.could(actor, verb))


def _open_to(
    actor: Actor, action: Action, model: type[SupportRequest] | type[Payment], where: Where
) -> AnySelect:
    """Return the query of the records on which the actor may do it; `where` leaves few of them."""
    return select(model).where(where, policy.condition(actor, action, model, of_few=True))


def _requests(actor: Actor, mine: Where) -> dict[Action, AnySelect]:
    """Return what an arrow of the request itself asks for."""
    asked: dict[Action, Where] = {
        Action.FUND_SUBMIT: _stands(actor, _S.RETURNED),
        Action.FUND_VERIFY: and_(_stands(actor, _S.SUBMITTED), ~SupportRequest.emergency),
        Action.FUND_RECOMMEND: and_(
            _stands(actor, _S.VERIFYING),
            SupportRequest.verified_by_id == actor.id,
            ~SupportRequest.emergency,
        ),
        Action.FUND_APPROVE: and_(_stands(actor, _S.RECOMMENDED), mine, ~SupportRequest.emergency),
        Action.FUND_EMERGENCY: and_(
            SupportRequest.emergency,
            _stands(actor, _S.SUBMITTED, _S.VERIFYING, _S.RECOMMENDED),
            mine,
        ),
        Action.FUND_COMMIT: and_(_stands(actor, _S.APPROVED), _was_not_refused()),
        Action.FUND_CLOSE: _stands(actor, _S.ACQUITTED),
    }
    due: dict[Action, Any] = {
        Action.FUND_COMMIT: SupportRequest.needed_by,
        Action.FUND_CLOSE: SupportRequest.ended_at,  # no deadline: it has not ended
    }
    found = {}
    for action, where in asked.items():
        until = due.get(action, SupportRequest.decide_by)
        query = _open_to(actor, action, SupportRequest, where)
        found[action] = _shown(query, SupportRequest, until, SupportRequest.emergency)
    return found


def _shown(query: AnySelect, money: Any, due: Any, emergency: Any) -> AnySelect:
    """Return of each what is shown, the first of them: `money` has the amount and the currency."""
    columns = (SupportRequest.uid, SupportRequest.code, null(), money.amount, money.currency)
    shown = query.with_only_columns(*columns, due, emergency, maintain_column_froms=True)
    return shown.order_by(SupportRequest.emergency.desc(), due).limit(MOST)


def _stands(actor: Actor, *statuses: RequestStatus) -> Where:
    return and_(
        SupportRequest.organisation_id == actor.organisation_id,
        SupportRequest.status.in_(statuses),
    )


def _was_not_refused() -> Where:
    """Return the condition that nobody refused to ratify a release: else nothing more is paid."""
    refused = select(EmergencyRelease.id).where(
        EmergencyRelease.request_id == SupportRequest.id,
        EmergencyRelease.stands(),
        EmergencyRelease.ratified.is_(False),
    )
    return ~refused.exists()


def _mine(actor: Actor, *, named: bool) -> Where:
    """Return the condition that an approval is wanted which the actor could give and has not."""
    officer = and_(SupportRequest.needs_officer, SupportRequest.approved_by_id.is_(None))
    director = and_(SupportRequest.needs_director, SupportRequest.director_approved_by_id.is_(None))
    board = and_(SupportRequest.needs_board, SupportRequest.board_approved_by_id.is_(None))
    third = and_(SupportRequest.emergency, board, ~officer, ~director)
    asked = (
        (actor.holds_money, officer),
        (actor.reviews, director),
        (named, board),
        (actor.holds_money or actor.reviews, third),
        (True, SupportRequest.stood_in_by(actor.id, present())),
    )
    signed = (
        SupportRequest.approved_by_id,
        SupportRequest.director_approved_by_id,
        SupportRequest.board_approved_by_id,
    )
    not_yet = (column.is_distinct_from(actor.id) for column in signed)
    return and_(or_(*(wanted for may, wanted in asked if may)), *not_yet)


def _ratifications(actor: Actor) -> AnySelect:
    waits = and_(EmergencyRelease.stands(), EmergencyRelease.ratified.is_(None))
    unsaid = select(EmergencyRelease.request_id).where(waits)
    query = _open_to(actor, Action.FUND_RATIFY, SupportRequest, SupportRequest.id.in_(unsaid))
    joined = query.join(
        EmergencyRelease, and_(EmergencyRelease.request_id == SupportRequest.id, waits)
    )
    return _shown(joined, SupportRequest, EmergencyRelease.ratify_by, true())


def _instalments(actor: Actor) -> dict[Action, AnySelect]:
    """Return instalments that are due soon: to look again, then to prepare."""
    paid = select(Payment.id).where(
        Payment.request_id == SupportRequest.id,
        Payment.instalment_id == Instalment.id,
        Payment.status != PaymentStatus.CANCELLED,
    )
    found = {}
    for action, where in (
        (Action.FUND_CHECK, Instalment.checked_at.is_(None)),
        (
            Action.FUND_PREPARE,
            and_(Instalment.still_there.is_(True), Instalment.still_needed.is_(True)),
        ),
    ):
        promised = and_(_stands(actor, _S.COMMITTED, _S.PART_PAID), _was_not_refused())
        query = (
            _open_to(actor, action, SupportRequest, promised)
            .join(Instalment, Instalment.request_id == SupportRequest.id)
            .where(where, ~paid.exists(), Instalment.due_on <= bindparam("until", type_=Date))
        )
        found[action] = _shown(query, Instalment, Instalment.due_on, SupportRequest.emergency)
    return found


def _payments(actor: Actor) -> dict[Action, AnySelect]:
    accounted = select(Acquittal.id).where(Acquittal.payment_id == Payment.id)
    unreviewed = select(Acquittal.payment_id).where(Acquittal.reviewed_at.is_(None))
    left = [PaymentStatus.PAID, PaymentStatus.RECEIVED]
    here = Payment.organisation_id == actor.organisation_id
    asked: dict[Action, tuple[Where, Any]] = {
        Action.FUND_RELEASE: (
            and_(here, Payment.status == PaymentStatus.PREPARED),
            Payment.due_on,
        ),
        Action.FUND_RECEIVE: (and_(here, Payment.status == PaymentStatus.PAID), Payment.due_on),
        Action.FUND_COVER: (and_(here, Payment.is_over()), Payment.account_by),
        Action.FUND_ACQUIT: (
            and_(
                or_(Payment.requested_by_id == actor.id, Payment.carrier_id == actor.id),
                Payment.status.in_(left),
                ~accounted.exists(),
            ),
            Payment.account_by,
        ),
        Action.FUND_REVIEW: (
            and_(Payment.id.in_(unreviewed), Payment.status == PaymentStatus.RECEIVED),
            Payment.account_by,
        ),
    }
    return {
        action: _payment_shown(_open_to(actor, action, Payment, where), due)
        for action, (where, due) in asked.items()
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
        )
        .order_by(due)
        .limit(MOST)
    )
