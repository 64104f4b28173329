"""Days to come, as people say them: tomorrow, Monday, 10 December, in three months."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hrdtracker.core.numerals import latin_digits
from hrdtracker.core.when.model import Precision, When, local_days, months_after
from hrdtracker.core.when.parse import read_when

WEEK = timedelta(days=7)
# Read as of these days from now, "Monday" moves on by a week, what lacks its year by one or none,
# and what is told from today ("yesterday") by as much as the day: so the three are told apart.
NEXT_WEEK, HALF_A_YEAR, A_YEAR = (timedelta(days=count) for count in (6, 200, 365))
UNITS = {
    "day": "day", "days": "day", "ថ្ងៃ": "day",
    "week": "week", "weeks": "week", "សប្តាហ៍": "week", "សប្ដាហ៍": "week",
    "month": "month", "months": "month", "ខែ": "month",
    "year": "year", "years": "year", "ឆ្នាំ": "year",
}  # fmt: skip
FROM_NOW = re.compile(rf"(?:in\s+)?(\d{{1,3}})\s*({'|'.join(UNITS)})\s*(?:from now|ទៀត)?")


def read_near(text: str, today: date, zone: ZoneInfo) -> When:
    """Return what `text` says of a day or hour; one without a year is the nearest to today."""
    near = read_when(text, today, zone)
    coming = _later(text, today, zone)
    if coming is None:
        return near
    return min(
        (when for when in (near, coming) if when.is_known), key=lambda when: _off(when, today)
    )


def read_coming(text: str, today: date, zone: ZoneInfo) -> date | None:
    """Return the day that `text` says, today or later; the next one where it leaves that open.

    None where no single day is said. A day that is told and past is returned as it is: whether it
    may be is the caller’s to say.
    """
    ahead = _from_now(text, today)
    if ahead is not None:
        return ahead
    day = _day(read_when(text, today, zone))
    if day is not None and day >= today:
        return day
    monday = _day(read_when(text, today + NEXT_WEEK, zone))
    if day is not None and monday is not None and monday - day == WEEK:
        return monday
    coming = _later(text, today, zone)
    return (_day(coming) if coming is not None else None) or day


def _later(text: str, today: date, zone: ZoneInfo) -> When | None:
    """Return the next such day of what is told without its year; None of anything else."""
    soon = read_when(text, today + HALF_A_YEAR, zone)
    late = read_when(text, today + A_YEAR, zone)
    first, second = _first(soon), _first(late)
    if first is None or second is None or not _same_day_of_year(first, second):
        return None
    return next((when for when, day in ((soon, first), (late, second)) if day >= today), None)


def _from_now(text: str, today: date) -> date | None:
    match = FROM_NOW.fullmatch(latin_digits(text.strip().casefold()))
    if match is None:
        return None
    count, unit = int(match[1]), UNITS[match[2]]
    if unit in {"day", "week"}:
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    month = months_after(today, count * (12 if unit == "year" else 1))
    last = months_after(month, 1) - timedelta(days=1)
    return month.replace(day=min(today.day, last.day))


def _first(when: When) -> date | None:
    days = local_days(when)
    return days[0] if days else None


def _day(when: When) -> date | None:
    """Return the day of what says a day or an hour of it."""
    days = local_days(when)
    if days is None or when.precision not in {Precision.DAY, Precision.MINUTE}:
        return None
    first, after = days
    return first if after - first == timedelta(days=1) else None


def _same_day_of_year(day: date, other: date) -> bool:
    return (day.month, day.day) == (other.month, other.day)


def _off(when: When, today: date) -> int:
    first = _first(when)
    return abs((first - today).days) if first else 0
