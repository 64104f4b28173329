"""On which day somebody is to appear, or to report, by an order or under supervision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
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


def appointments(actor: Actor, start: datetime, end: datetime) -> Sequence[Appointment]:
    """Return who is to appear or to report in a time, the soonest first; two statements."""
    found = [*_to_appear(actor, start, end), *_to_report(actor, start, end)]
    return sorted(found, key=_place)[:LOOKED_AT]


def _place(one: Appointment) -> float:
    return one.at.earliest.timestamp() if one.at.earliest else 0.0


def _to_appear(actor: Actor, start: datetime, end: datetime) -> list[Appointment]:
    earliest = CourtOrder.due.part(CourtOrder, "earliest")
    query = _about(CourtOrder, actor).where(
        CourtOrder.kind.in_([str(kind) for kind in APPEAR]),
        CourtOrder.executed.part(CourtOrder, "precision").is_(None),
        CourtOrder.withdrawn.part(CourtOrder, "precision").is_(None),
        earliest >= start,
        earliest < end,
    )
    rows = session().execute(query.order_by(earliest).limit(LOOKED_AT)).all()
    return [
        Appointment(code, uid, letter, order.kind, due, proceeding)
        for order, code, uid, letter, proceeding in rows
        if (due := CourtOrder.due.plain(order)) is not None
    ]


def _to_report(actor: Actor, start: datetime, end: datetime) -> list[Appointment]:
    query = _about(LegalTitle, actor).where(
        LegalTitle.ended.part(LegalTitle, "precision").is_(None),
        LegalTitle.next_report_on.is_not(None),
    )
    rows = session().execute(query.order_by(LegalTitle.next_report_on).limit(LOOKED_AT)).all()
    found = []
    for title, code, uid, letter, proceeding in rows:
        began = LegalTitle.began.plain(title)
        zone = ZoneInfo(began.zone if began else "UTC")
        if start <= midnight(title.next_report_on, zone) < end:
            day = When.day(title.next_report_on, zone)
            found.append(Appointment(code, uid, letter, None, day, proceeding, title.uid))
    return found


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


def today_begins(zone: ZoneInfo) -> datetime:
    """Return the instant at which the day begins that it is somewhere."""
    return midnight(clock.today(zone), zone)
