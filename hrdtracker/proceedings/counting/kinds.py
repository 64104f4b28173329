"""The ways to count, one short function each: from one instant, by a length, to the end."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hrdtracker.core.when.model import DAY, midnight
from hrdtracker.proceedings.counting.local import (
    add_months,
    clock_time,
    day_end,
    day_of,
    instant_at,
)
from hrdtracker.proceedings.counting.model import Counting, Length

MONTH_IN_DAYS = 30
"""What a term of exactly one month is: Criminal Code of Cambodia, art. 49."""

CountFrom = Callable[[datetime, Length, ZoneInfo], datetime]


def _exact_instant(start: datetime, length: Length, _zone: ZoneInfo) -> datetime:
    """Add real time: a day is 24 hours, and clocks that change alter nothing."""
    if length.months:
        raise ValueError("A month has no exact length.")
    return start + timedelta(days=length.days) + length.exact


def _same_clock_time(start: datetime, length: Length, zone: ZoneInfo) -> datetime:
    """Keep the number of the day and the time the clock shows."""
    day = add_months(day_of(start, zone), length.months) + timedelta(days=length.days)
    return instant_at(day, clock_time(start, zone), zone) + length.exact


def _same_day(start: datetime, length: Length, zone: ZoneInfo) -> datetime:
    """Take the same day, from its first second on: neither hour nor hours matter."""
    day = add_months(day_of(start, zone), length.months) + timedelta(days=length.days)
    return midnight(day, zone)


def _end_of_day(start: datetime, length: Length, zone: ZoneInfo) -> datetime:
    """Leave the day of the event out, and let the last day count to its last second."""
    day = add_months(day_of(start, zone), length.months) + timedelta(days=length.days)
    return day_end(day, zone)


def _event_day_included(start: datetime, length: Length, zone: ZoneInfo) -> datetime:
    """Count the day of the event as the first, and the last to its last second."""
    return _end_of_day(start, Length(length.months, length.days - 1), zone)


def _full_days_between(start: datetime, length: Length, zone: ZoneInfo) -> datetime:
    """Leave so many whole days between: neither the day of the event nor that of the end."""
    day = add_months(day_of(start, zone), length.months) + timedelta(days=length.days)
    return midnight(day + DAY, zone)


def _units_of_sentences(start: datetime, length: Length, zone: ZoneInfo) -> datetime:
    """Count as a sentence: up to a month, it has 30 days, else date to date; a day is 24 hours."""
    is_one = length.months == 1 and Length(0, length.days, length.exact).about <= timedelta()
    months = Length(0 if is_one else length.months)
    days = Length(0, length.days + (MONTH_IN_DAYS if is_one else 0), length.exact)
    return _exact_instant(_same_clock_time(start, months, zone), days, zone)


KINDS: Mapping[Counting, CountFrom] = MappingProxyType(
    {
        Counting.EXACT_INSTANT: _exact_instant,
        Counting.SAME_CLOCK_TIME_CLAMPED: _same_clock_time,
        Counting.SAME_DAY: _same_day,
        Counting.END_OF_DAY: _end_of_day,
        Counting.END_OF_DAY_CLAMPED: _end_of_day,
        Counting.END_OF_DAY_EVENT_DAY_EXCLUDED: _end_of_day,
        Counting.END_OF_DAY_EVENT_DAY_INCLUDED: _event_day_included,
        Counting.FULL_DAYS_BETWEEN: _full_days_between,
        Counting.ART49_UNITS: _units_of_sentences,
    }
)
"""All but those of working days, which need a table of holidays."""
