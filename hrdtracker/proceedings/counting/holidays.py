"""Which days are working days, as far as a table says so; a year it does not know stays unknown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from hrdtracker.core.when.model import DAY

SATURDAY = 5


@dataclass(frozen=True)
class HolidayTable:
    """The public holidays of one country, for the years whose decree was entered."""

    days: Mapping[date, str] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool | None:
        """Tell whether people work on a day; None where only the table could say, and does not."""
        if day.weekday() >= SATURDAY:
            return False
        return day not in self.days if day.year in self.years else None


NO_TABLE = HolidayTable()


@dataclass(frozen=True)
class MovedDay:
    """A day found by going from day to day; `unknown_years` are those the table does not know."""

    day: date
    unknown_years: frozenset[int] = frozenset()


def next_working(day: date, table: HolidayTable) -> MovedDay:
    """Return `day`, or the first working day after it; one of an unknown year is where it stops."""
    return _go(day, table, lambda found: found + DAY)


def last_working(day: date, table: HolidayTable) -> MovedDay:
    """Return `day`, or the last working day before it; one of an unknown year is where it stops."""
    return _go(day, table, lambda found: found - DAY)


def _go(day: date, table: HolidayTable, onward: Callable[[date], date]) -> MovedDay:
    while (works := table.is_working(day)) is False:
        day = onward(day)
    return MovedDay(day, frozenset() if works else frozenset({day.year}))


def working_days_on(day: date, count: int, table: HolidayTable) -> MovedDay:
    """Return the working day that is `count` working days after `day`, before it if negative.

    A day of an unknown year counts as one unless it lies on a weekend.
    """
    forward = DAY if count > 0 else -DAY
    left, unknown = abs(count), set()
    while left:
        day += forward
        works = table.is_working(day)
        left -= works is not False
        unknown |= {day.year} if works is None else set()
    return MovedDay(day, frozenset(unknown))
