"""Somebody in two courts at one hour, and who could go to the later hearing instead."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope, User
from hrdtracker.accounts.assignments import colleagues
from hrdtracker.cases.queries import readers
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.proceedings.model import Hearing, HearingMonitor, HearingStatus
from hrdtracker.proceedings.reading.hearings import HearingLine, earliest

SAME_HOUR = timedelta(hours=1)
HALF_A_DAY = timedelta(hours=4)
"""How far from a hearing somebody must be free to go there instead."""


@dataclass(frozen=True)
class DoubleBooking:
    """Somebody who goes to two courts at one hour."""

    monitor: User
    first: HearingLine
    second: HearingLine


def double_bookings(lines: Iterable[HearingLine]) -> Iterator[DoubleBooking]:
    """Yield whoever goes to two courts within one hour that is still to come, the next first."""
    coming = [line for line in lines if line.is_open and line.is_timed and _is_to_come(line)]
    for first, second in combinations(coming, 2):
        if _at_once(first, second):
            there = {user.id for user in second.monitors}
            for user in first.monitors:
                if user.id in there:
                    yield DoubleBooking(user, first, second)


def _is_to_come(line: HearingLine) -> bool:
    return line.at is not None and line.at > clock.now()


def _at_once(first: HearingLine, second: HearingLine) -> bool:
    if first.at is None or second.at is None or second.at - first.at >= SAME_HOUR:
        return False
    courts = first.hearing.court, second.hearing.court
    if None in courts:
        return first.hearing.proceeding_id != second.hearing.proceeding_id
    return courts[0] != courts[1]


def who_is_free(actor: Actor, line: HearingLine) -> Sequence[User]:
    """Return who can open a case and goes nowhere else around its hearing, its office’s first.

    What somebody has to do in a case that the reader does not open is not told by their absence.
    """
    scope = session().get_one(Scope, line.case.scope_id)
    near = {
        user.id for user in colleagues(actor.organisation_id, Action.CASE_BEGIN, scope.office_id)
    }
    busy = _busy(actor, line)
    free = [user for user in readers(actor, line.case) if user.id not in busy]
    return sorted(free, key=lambda user: user.id not in near)


def _busy(actor: Actor, line: HearingLine) -> set[int]:
    """Return who goes to a hearing around that of a line, or to it, as far as the reader sees."""
    if line.at is None:
        return {user.id for user in line.monitors}
    query = (
        select(HearingMonitor.user_id)
        .join(Hearing, Hearing.id == HearingMonitor.hearing_id)
        .where(
            HearingMonitor.relieved_at.is_(None),
            Hearing.status == HearingStatus.SCHEDULED,
            earliest > line.at - HALF_A_DAY,
            earliest < line.at + HALF_A_DAY,
            policy.condition(actor, Action.PROCEEDING_READ, Hearing),
        )
    )
    return set(session().scalars(query))
