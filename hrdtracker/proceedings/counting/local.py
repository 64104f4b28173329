"""Days and clock times of a place, and the instants they are: nights when clocks change too."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hrdtracker.core import clock
from hrdtracker.core.when.model import DAY, midnight, months_after
from hrdtracker.proceedings.counting.model import SECOND

NIGHT = timedelta(hours=3)
"""How far a change of the clock may reach: no zone of today changes by more."""


def clock_time(instant: datetime, zone: ZoneInfo) -> time:
    """Return what the clock in `zone` shows at an instant."""
    return instant.astimezone(zone).time()


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a day."""
    return midnight(day + DAY, zone) - SECOND


def add_months(day: date, count: int) -> date:
    """Return the same day `count` months on, or the last of that month where it has none."""
    first = months_after(day, count)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def is_clamped(day: date, months: int) -> bool:
    """Tell whether the month so many months on lacks the number of this day."""
    return add_months(day, months).day != day.day


def instant_at(day: date, shown: time, zone: ZoneInfo) -> datetime:
    """Return the instant at which the clock in `zone` shows a time on a day.

    A time shown twice is the first; one that is left out is the instant at which clocks change.
    """
    there = datetime.combine(day, shown, zone)
    instant = there.astimezone(UTC)
    if clock_time(instant, zone) == shown:
        return instant
    return turn_between(instant - NIGHT, instant, zone) or instant


def turn_between(start: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first second of another offset within (start, end], which holds at most one."""
    before = start.astimezone(zone).utcoffset()
    if before == end.astimezone(zone).utcoffset():
        return None
    while end - start > SECOND:
        middle = start + timedelta(seconds=(end - start) // SECOND // 2)
        if middle.astimezone(zone).utcoffset() == before:
            start = middle
        else:
            end = middle
    return end.replace(microsecond=0)


def day_of(instant: datetime, zone: ZoneInfo) -> date:
    """Return the day it is in `zone` at an instant."""
    return clock.day_of(instant, zone)
