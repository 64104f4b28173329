"""Every kind of job: what it is called, how often it is tried, when it is due by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hrdtracker.core import clock
from hrdtracker.core.errors import N_

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


class JobKind(StrEnum):
    """What a worker can do. Its handler stands in `jobs/handlers.py`."""

    MAIL = "mail"
    HOUSEKEEPING = "housekeeping"
    LAPSE = "lapse"
    REFUSALS = "refusals"
    UNUSUAL_READING = "unusual_reading"
    BACKUP = "backup"
    LOST_CASES = "lost_cases"
    HEADS = "heads"
    HEADS_MAIL = "heads_mail"
    FUND_STUCK = "fund_stuck"
    CLOCKS = "clocks"
    DUE = "due"
    DUE_MAIL = "due_mail"


@dataclass(frozen=True)
class Schedule:
    """Due again `every` so often after the last time; or each day `at` an hour of the office’s."""

    every: timedelta = timedelta(days=1)
    at: time | None = None

    def next(self, after: datetime, zone: ZoneInfo) -> datetime:
        """Return the first instant after `after` at which it is due."""
        if self.at is None:
            return after + self.every
        day = clock.day_of(after, zone)
        due = datetime.combine(day, self.at, zone)
        return due if due > after else datetime.combine(day + self.every, self.at, zone)


@dataclass(frozen=True)
class JobRule:
    """How jobs of one kind are treated.

    A worker that says nothing for the time of its `lease` is taken for dead. After `tries` in vain
    a job is given up, and administrators are told. What has a key is done again when it is asked
    for again, no sooner than `pace` after the last time; without a pace it is done once.
    """

    label: str
    tries: int = 8
    lease: timedelta = timedelta(minutes=5)
    pace: timedelta | None = None
    schedule: Schedule | None = None


RULES: Mapping[JobKind, JobRule] = MappingProxyType(
    {
        JobKind.MAIL: JobRule(N_("Send a mail"), tries=10, pace=timedelta(hours=1)),
        JobKind.HOUSEKEEPING: JobRule(
            N_("Remove what has expired"), schedule=Schedule(at=time(3, 20))
        ),
        JobKind.LAPSE: JobRule(
            N_("Let lapse what nobody confirmed"), schedule=Schedule(every=timedelta(minutes=5))
        ),
        JobKind.REFUSALS: JobRule(
            N_("Count what was refused again and again"),
            schedule=Schedule(every=timedelta(minutes=2)),
        ),
        JobKind.UNUSUAL_READING: JobRule(
            N_("Look who has read unusually much"), schedule=Schedule(every=timedelta(minutes=10))
        ),
        JobKind.BACKUP: JobRule(
            N_("Make the backup of the night"),
            tries=4,
            lease=timedelta(hours=2),
            schedule=Schedule(at=time(1, 40)),
        ),
        JobKind.LOST_CASES: JobRule(
            N_("Look which cases too few can open"), schedule=Schedule(at=time(6, 40))
        ),
        JobKind.HEADS: JobRule(
            N_("Keep the heads of the trail elsewhere"),
            tries=4,
            schedule=Schedule(every=timedelta(minutes=10)),
        ),
        JobKind.HEADS_MAIL: JobRule(
            N_("Mail the heads of the trail"), schedule=Schedule(at=time(6, 10))
        ),
        JobKind.FUND_STUCK: JobRule(
            N_("Pass on requests that nobody of their office can go on with"),
            schedule=Schedule(every=timedelta(minutes=10)),
        ),
        JobKind.CLOCKS: JobRule(
            N_("Count every limit of the law anew"), schedule=Schedule(at=time(2, 50))
        ),
        JobKind.DUE: JobRule(
            N_("Look for whom something is due"), schedule=Schedule(every=timedelta(minutes=10))
        ),
        JobKind.DUE_MAIL: JobRule(N_("Mail that something is due"), tries=10),
    }
)
"""One line for each kind: adding one is this line, and its handler."""


def pause_after(tries: int) -> timedelta:
    """Return how long a job waits after its attempts in vain: a minute, then 2, 4, 8 … 6 hours."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 16)), LONGEST_PAUSE)
