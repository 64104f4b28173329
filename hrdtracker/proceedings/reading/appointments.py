"""On which day somebody is to appear, or to report, by an order or under supervision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When, midnight
from hrdtracker.people.model import PersonScope
from hrdtracker.proceedings.model import (
    CourtOrder,
    LegalTitle,
    OrderKind,
    Proceeding,
)

LOOKED_AT = 60
APPEAR = (OrderKind.SUMMONS, OrderKind.ORDER_TO_BRING)
"""What says on which day somebody is to appear."""


@dataclass(frozen=True)
class Appointment:
    """Somebody of a case is to appear, or to report; `order` is the kind of what says so."""

    case_code: str
    case_uid: UUID
    letter: str
    order: str | None
    at: When
    proceeding_uid: UUID | None
    title_uid: UUID | None = None

    @property
    def reports(self) -> bool:
        """Whether it is a day to report under supervision."""
        return self.order is None


def appointments(actor: Actor, first: date, after: date, zone: ZoneInfo) -> Sequence[Appointment]:
    """Return who is to appear or to report from a day up to another, in a zone, the soonest first.

    Two statements, however many days to report have passed and were never set anew.
    """
    found = [*_to_appear(actor, first, after, zone), *_to_report(actor, first, after, zone)]
    return sorted(found, key=_place)[:LOOKED_AT]


def _place(one: Appointment) -> float:
    return one.at.earliest.timestamp() if one.at.earliest else 0.0


def _to_appear(actor: Actor, first: date, after: date, zone: ZoneInfo) -> list[Appointment]:
    earliest = CourtOrder.due.part(CourtOrder, "earliest")
    query = _about(CourtOrder, actor).where(
        CourtOrder.kind.in_([str(kind) for kind in APPEAR]),
        CourtOrder.executed.part(CourtOrder, "precision").is_(None),
        CourtOrder.withdrawn.part(CourtOrder, "precision").is_(None),
        earliest >= midnight(first, zone),
        earliest < midnight(after, zone),
    )
    rows = session().execute(query.order_by(earliest).limit(LOOKED_AT)).all()
    return [
        Appointment(code, uid, letter, order.kind, due, proceeding)
        for order, code, uid, letter, proceeding in rows
        if (due := CourtOrder.due.plain(order)) is not None
    ]


def _to_report(actor: Actor, first: date, after: date, zone: ZoneInfo) -> list[Appointment]:
    query = _about(LegalTitle, actor).where(
        LegalTitle.ended.part(LegalTitle, "precision").is_(None),
        LegalTitle.next_report_on >= first,
        LegalTitle.next_report_on < after,
    )
    rows = session().execute(query.order_by(LegalTitle.next_report_on).limit(LOOKED_AT)).all()
    return [
        Appointment(
            code, uid, letter, None, When.day(title.next_report_on, zone), proceeding, title.uid
        )
        for title, code, uid, letter, proceeding in rows
    ]


def _about(model: Any, actor: Actor) -> Select[Any]:
    """Return the query of rows about people of cases that somebody reads, with case and letter."""
    return (
        select(model, Case.code, Case.uid, PersonScope.letter, Proceeding.uid)
        .join(Case, Case.scope_id == model.scope_id)
        .join(
            PersonScope,
            (PersonScope.person_id == model.person_id) & (PersonScope.scope_id == model.scope_id),
        )
        .outerjoin(Proceeding, Proceeding.id == model.proceeding_id)
        .where(policy.condition(actor, Action.CASE_READ, model))
    )
