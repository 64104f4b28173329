"""When somebody has something to do: hours and days alone, never what, where or for whom."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope
from hrdtracker.cases.mine import planned
from hrdtracker.cases.model import Task
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import Precision
from hrdtracker.custody.model import Stay
from hrdtracker.duty.queries import on_duty
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.reading import DUE_TO_END, due_until
from hrdtracker.proceedings.model import Hearing, HearingMonitor, HearingStatus

MOST = 200
"""How many planned calls and visits are looked through."""


class BusyHour(NamedTuple):
    """An hour or, where that is not known, a day on which somebody has something to do."""

    at: datetime | None
    day: date


def busy_hours(actor: Actor, start: datetime, end: datetime, zone: ZoneInfo) -> Sequence[BusyHour]:
    """Return when somebody has something to do, the next first; each hour and day once.

    Hearings they go to, calls and visits of cases they work on, their tasks, and the limits of
    cases that are theirs: all as far as they may read it.
    """
    found = {
        *_hearings(actor, start, end, zone),
        *_planned(actor, end, zone),
        *_tasks(actor, clock.day_of(start, zone), clock.day_of(end, zone)),
        *_limits(actor, start, end, zone),
    }
    return sorted(found, key=lambda one: (one.day, one.at is None, one.at or start))


def _hearings(actor: Actor, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[BusyHour]:
    earliest, latest = (
        Hearing.starts.part(Hearing, "earliest"),
        Hearing.starts.part(Hearing, "latest"),
    )
    goes = select(HearingMonitor.hearing_id).where(
        HearingMonitor.user_id == actor.id, HearingMonitor.relieved_at.is_(None)
    )
    query = policy.visible(actor, Action.PROCEEDING_READ, Hearing).where(
        Hearing.id.in_(goes),
        Hearing.status == HearingStatus.SCHEDULED,
        earliest < end,
        latest > start,
    )
    precision = Hearing.starts.part(Hearing, "precision")
    for at, how in session().execute(query.with_only_columns(earliest, precision)):
        yield _busy_hour(at, zone, timed=how == Precision.MINUTE)


def _planned(actor: Actor, end: datetime, zone: ZoneInfo) -> Iterator[BusyHour]:
    for one in planned(actor, MOST):
        if one.at < end:
            yield _busy_hour(one.at, zone, timed=one.timed)


def _tasks(actor: Actor, first: date, last: date) -> Iterator[BusyHour]:
    query = policy.visible(actor, Action.CASE_READ, Task).where(
        Task.assigned_to_id == actor.id,
        Task.done_at.is_(None),
        Task.due_on >= first,
        Task.due_on <= last,
    )
    for day in session().scalars(query.with_only_columns(Task.due_on)):
        if day is not None:
            yield BusyHour(None, day)


def _limits(actor: Actor, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[BusyHour]:
    own = select(Scope.id).where(Scope.owner_id == actor.id)
    query = (
        policy.visible(actor, Action.CASE_READ, Clock)
        .outerjoin(Stay, Stay.id == Clock.stay_id)
        .where(DUE_TO_END, Clock.ends_earliest >= start, Clock.scope_id.in_(own))
        .with_only_columns(Clock.ends_earliest)
    )
    for at in session().scalars(query, {"until": end}):
        if at is not None:
            yield _busy_hour(at, zone, timed=True)


def _busy_hour(at: datetime, zone: ZoneInfo, *, timed: bool) -> BusyHour:
    return BusyHour(at if timed else None, clock.day_of(at, zone))


def is_due(actor: Actor, start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    """Tell whether somebody has something to do by then, or is on duty while a limit ends."""
    if busy_hours(actor, start, end, zone):
        return True
    today = clock.day_of(start, zone)
    holds = [line for line in on_duty(actor, today) if line.user and line.user.id == actor.id]
    return bool(holds) and bool(due_until(actor, end))


def fingerprint(feed: UUID, one: BusyHour) -> str:
    """Return the name under which a calendar knows an appointment: the same at each reading.

    It is a keyed digest of the hour and of whose calendar it is: no record’s name is in it.
    """
    vault = session().info["vault"]
    when = one.at.isoformat() if one.at else one.day.isoformat()
    digest: str = vault.fingerprint("calendar", f"{feed.hex} {when}")
    return digest[:32]
