"""What is counted: a length of time, the ways to count it, and the window in which it ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from hrdtracker.core.when.model import MINUTE, Precision, When

SECOND = timedelta(seconds=1)
"""The finest that is counted: a day ends at its last second, 23:59:59."""
DAYS_OF_MONTH = 365.2425 / 12
"""What a month is worth where lengths are compared; no end is counted with it."""


@dataclass(frozen=True)
class Length:
    """A length of time as laws say it: months of a calendar, then days, then exact time."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta()

    def __add__(self, other: Self) -> "Length":
        return Length(self.months + other.months, self.days + other.days, self.exact + other.exact)

    @property
    def about(self) -> timedelta:
        """Return roughly how long it is, to compare it with another."""
        return timedelta(days=self.months * DAYS_OF_MONTH + self.days) + self.exact

    def __str__(self) -> str:
        said = [f"{self.months} months"] * (self.months != 0)
        said += [f"{self.days} days"] * (self.days != 0)
        said += [f"{self.exact.total_seconds() / 3600:g} hours"] * bool(self.exact)
        return " ".join(said) or "no time"


NO_TIME = Length()


@dataclass(frozen=True)
class Window:
    """The earliest and the latest instant at which something is or ends, both included, in UTC.

    None on one side: nothing known limits it there.
    """

    earliest: datetime | None
    latest: datetime | None

    def __post_init__(self) -> None:
        """Bring both ends to UTC and refuse what ends before it begins."""
        for name in ("earliest", "latest"):
            end = getattr(self, name)
            if end is not None:
                if end.utcoffset() is None:
                    raise ValueError("An instant without a time zone is not an instant.")
                object.__setattr__(self, name, end.astimezone(UTC))
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValueError("A window ends before it begins.")

    @classmethod
    def at(cls, instant: datetime) -> Self:
        """Return the window of one instant."""
        return cls(instant, instant)

    @classmethod
    def of(cls, when: When) -> Self | None:
        """Return the window of a date as people know it; None where it is unknown.

        What is known to the minute counts from that minute; of a day, any second of it.
        """
        if when.earliest is None or when.latest is None:
            return None
        is_minute = when.precision is Precision.MINUTE and when.latest - when.earliest == MINUTE
        return cls(when.earliest, when.earliest if is_minute else when.latest - SECOND)

    @classmethod
    def around(cls, windows: Iterable["Window"]) -> Self:
        """Return the window that holds all of these; there must be one."""
        some = tuple(windows)
        starts = [window.earliest for window in some]
        ends = [window.latest for window in some]
        return cls(
            None if None in starts else min(start for start in starts if start),
            None if None in ends else max(end for end in ends if end),
        )

    @property
    def is_exact(self) -> bool:
        """Whether it is one instant."""
        return self.earliest is not None and self.earliest == self.latest


class Counting(StrEnum):
    """The closed list of ways to count; `docs/clocks.md` says when each is used and why."""

    EXACT_INSTANT = "exact_instant"
    SAME_CLOCK_TIME_CLAMPED = "same_clock_time_clamped"
    SAME_DAY = "same_day"
    END_OF_DAY = "end_of_day"
    END_OF_DAY_CLAMPED = "end_of_day_clamped"
    END_OF_DAY_EVENT_DAY_EXCLUDED = "end_of_day_event_day_excluded"
    END_OF_DAY_EVENT_DAY_INCLUDED = "end_of_day_event_day_included"
    FULL_DAYS_BETWEEN = "full_days_between"
    ART49_UNITS = "art49_units"
    WORKING_DAYS = "working_days"
    CLEAR_WORKING_DAYS = "clear_working_days"


OF_WORKING_DAYS = frozenset({Counting.WORKING_DAYS, Counting.CLEAR_WORKING_DAYS})
OF_INSTANTS = frozenset(
    {Counting.EXACT_INSTANT, Counting.SAME_CLOCK_TIME_CLAMPED, Counting.ART49_UNITS}
)
"""Countings that keep the clock time of the event; all others count days."""


class HolidayRule(StrEnum):
    """What days off do to an end."""

    NONE = "none"
    UNKNOWN = "unknown"
    ROLL_FORWARD = "roll_forward"
    RELEASE_BEFORE = "release_before"
    COUNT_WORKING_DAYS = "count_working_days"


class StepKind(StrEnum):
    """What happened to the count in one step."""

    STARTED = "started"
    AWAITED = "awaited"
    START_UNKNOWN = "start_unknown"
    HOUR_UNKNOWN = "hour_unknown"
    COUNTED = "counted"
    CLAMPED = "clamped"
    ROLLED_FORWARD = "rolled_forward"
    MIGHT_ROLL_FORWARD = "might_roll_forward"
    RELEASED_BEFORE = "released_before"
    HOLIDAYS_UNKNOWN = "holidays_unknown"
    EXTENDED = "extended"
    EXTENSION_REFUSED = "extension_refused"
    CAPPED = "capped"
    PAUSED = "paused"
    RESTARTED = "restarted"
    NOT_REVIVED = "not_revived"
    CREDITED = "credited"
    PERHAPS_CREDITED = "perhaps_credited"
    SUSPENDED_PART = "suspended_part"
    GROUND_FELL_AWAY = "ground_fell_away"
    FIRST_OF_SEVERAL = "first_of_several"
    OTHER_ACCOUNT = "other_account"
    FORBIDDEN = "forbidden"
    ALLOWED = "allowed"
    NEVER_RUNS = "never_runs"
    DOUBTED = "doubted"
    STOPPED = "stopped"


@dataclass(frozen=True)
class CountStep:
    """One step of a count: what happened, where the end stood then, and with which figure."""

    what: StepKind
    at: Window | None
    detail: str = ""
