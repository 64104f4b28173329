"""What waits for somebody: what they must do next in the fund, the nearest deadline first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core import clock
from hrdtracker.core.db import session
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
from hrdtracker.fund.settings import settings_of
from hrdtracker.fund.tiers import today

MOST = 50
SOON = timedelta(days=14)
_S = RequestStatus


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

    @property
    def late(self) -> bool:
        """Tell whether it should have been done."""
        if isinstance(self.due, datetime):
            return self.due < clock.now()
        return self.due is not None and self.due < clock.now().date()


def waiting(actor: Actor) -> list[Waits]:
    """Return what waits for the actor, emergencies and the nearest deadline first."""
    found = [*_requests(actor), *_ratifications(actor), *_instalments(actor), *_payments(actor)]
    return sorted(found, key=lambda each: (not each.emergency, _at(each.due), each.code))


def _at(due: date | datetime | None) -> str:
    return due.isoformat() if due is not None else "9999"


def _requests(actor: Actor) -> Iterator[Waits]:
    """Yield what an arrow of the request itself asks for."""
    mine = _mine(actor)
    asked: tuple[tuple[Action, ColumnElement[bool]], ...] = (
        (Action.FUND_SUBMIT, SupportRequest.status == _S.RETURNED),
        (Action.FUND_VERIFY, SupportRequest.status == _S.SUBMITTED),
        (
            Action.FUND_RECOMMEND,
            and_(SupportRequest.status == _S.VERIFYING, SupportRequest.verified_by_id == actor.id),
        ),
        (Action.FUND_APPROVE, and_(SupportRequest.status == _S.RECOMMENDED, mine)),
        (
            Action.FUND_EMERGENCY,
            and_(
                SupportRequest.emergency,
                SupportRequest.status.in_([_S.SUBMITTED, _S.VERIFYING, _S.RECOMMENDED]),
                mine,
            ),
        ),
        (Action.FUND_COMMIT, SupportRequest.status == _S.APPROVED),
        (Action.FUND_CLOSE, SupportRequest.status == _S.ACQUITTED),
    )
    columns = (
        SupportRequest.uid, SupportRequest.code, SupportRequest.amount, SupportRequest.currency,
        SupportRequest.decide_by, SupportRequest.needed_by, SupportRequest.emergency,
    )  # fmt: skip
    for action, where in asked:
        if not policy.could(actor, action):
            continue
        query = policy.visible(actor, action, SupportRequest).with_only_columns(*columns)
        query = query.where(where).order_by(SupportRequest.decide_by).limit(MOST)
        for row in session().execute(query):
            decided = {Action.FUND_COMMIT: row.needed_by, Action.FUND_CLOSE: None}
            due = decided.get(action, row.decide_by)
            money = Money(row.amount, row.currency)
            yield Waits(action, row.uid, row.code, None, money, due, row.emergency)


def _mine(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that an approval is wanted which the actor could give and has not."""
    officer = and_(SupportRequest.needs_officer, SupportRequest.approved_by_id.is_(None))
    director = and_(SupportRequest.needs_director, SupportRequest.director_approved_by_id.is_(None))
    board = and_(SupportRequest.needs_board, SupportRequest.board_approved_by_id.is_(None))
    named = settings_of(actor.organisation_id).board_id == actor.id
    asked = (
        (actor.holds_money, officer),
        (actor.reviews, director),
        (named, board),
        (True, SupportRequest.stood_in_by(actor.id, clock.now())),
    )
    signed = (
        SupportRequest.approved_by_id,
        SupportRequest.director_approved_by_id,
        SupportRequest.board_approved_by_id,
    )
    not_yet = (column.is_distinct_from(actor.id) for column in signed)
    return and_(or_(*(wanted for may, wanted in asked if may)), *not_yet)


def _ratifications(actor: Actor) -> Iterator[Waits]:
    if not policy.could(actor, Action.FUND_RATIFY):
        return
    query = (
        policy.visible(actor, Action.FUND_RATIFY, SupportRequest)
        .join(EmergencyRelease, EmergencyRelease.request_id == SupportRequest.id)
        .with_only_columns(
            SupportRequest.uid,
            SupportRequest.code,
            SupportRequest.amount,
            SupportRequest.currency,
            EmergencyRelease.ratify_by,
        )
        .where(EmergencyRelease.ratified.is_(None))
        .limit(MOST)
    )
    for uid, code, amount, currency, due in session().execute(query):
        yield Waits(Action.FUND_RATIFY, uid, code, None, Money(amount, currency), due, True)  # noqa: FBT003


def _instalments(actor: Actor) -> Iterator[Waits]:
    """Yield instalments that are due soon: to look again, then to prepare."""
    paid = select(Payment.id).where(
        Payment.instalment_id == Instalment.id, Payment.status != PaymentStatus.CANCELLED
    )
    for action, where in (
        (Action.FUND_CHECK, Instalment.checked_at.is_(None)),
        (
            Action.FUND_PREPARE,
            and_(Instalment.still_there.is_(True), Instalment.still_needed.is_(True)),
        ),
    ):
        if not policy.could(actor, action):
            continue
        query = (
            policy.visible(actor, action, SupportRequest)
            .join(Instalment, Instalment.request_id == SupportRequest.id)
            .with_only_columns(
                SupportRequest.uid,
                SupportRequest.code,
                Instalment.amount,
                Instalment.currency,
                Instalment.due_on,
                SupportRequest.emergency,
            )
            .where(SupportRequest.status.in_([_S.COMMITTED, _S.PART_PAID]), where, ~paid.exists())
            .where(Instalment.due_on <= today(actor.organisation_id) + SOON)
            .order_by(Instalment.due_on)
            .limit(MOST)
        )
        for uid, code, amount, currency, due, emergency in session().execute(query):
            yield Waits(action, uid, code, None, Money(amount, currency), due, emergency)


def _payments(actor: Actor) -> Iterator[Waits]:
    accounted = select(Acquittal.id).where(Acquittal.payment_id == Payment.id)
    unreviewed = accounted.where(Acquittal.reviewed_at.is_(None))
    left = [PaymentStatus.PAID, PaymentStatus.RECEIVED]
    asked: tuple[tuple[Action, ColumnElement[bool]], ...] = (
        (Action.FUND_RELEASE, Payment.status == PaymentStatus.PREPARED),
        (Action.FUND_RECEIVE, Payment.status == PaymentStatus.PAID),
        (Action.FUND_COVER, Payment.over > 0),
        (
            Action.FUND_ACQUIT,
            and_(
                Payment.status.in_(left),
                or_(Payment.requested_by_id == actor.id, Payment.carrier_id == actor.id),
                ~accounted.exists(),
            ),
        ),
        (Action.FUND_REVIEW, and_(Payment.status == left[1], unreviewed.exists())),
    )
    for action, where in asked:
        if not policy.could(actor, action):
            continue
        query = _payment_columns(policy.visible(actor, action, Payment)).where(where).limit(MOST)
        for uid, code, payment, amount, currency, due, paid_by in session().execute(query):
            day = due if action in {Action.FUND_RELEASE, Action.FUND_RECEIVE} else paid_by
            yield Waits(action, uid, code, payment, Money(amount, currency), day, emergency=False)


def _payment_columns(query: AnySelect) -> AnySelect:
    """Return what a list shows of a payment: its own code, never the request’s words."""
    return query.join(SupportRequest, SupportRequest.id == Payment.request_id).with_only_columns(
        SupportRequest.uid,
        Payment.code,
        Payment.uid,
        Payment.amount,
        Payment.currency,
        Payment.due_on,
        Payment.account_by,
    )
