"""A second, slow reading of how periods are counted: day by day on a calendar, as by hand."""

from datetime import date, datetime, time, timedelta

from hrdtracker.proceedings.counting.model import Counting, HolidayRule
from hrdtracker.proceedings.counting.periods import Period

DAY = timedelta(days=1)
WITH_CLOCK_TIME = {Counting.SAME_CLOCK_TIME_CLAMPED, Counting.ART49_UNITS}
LAST = time(23, 59, 59)


def day_months_later(day: date, months: int) -> date:
    """Turn the leaves of the calendar, then look for the number of the day, or the one before."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


def days_later(day: date, count: int) -> date:
    """Go on one day at a time."""
    for _ in range(count):
        day += DAY
    return day


def is_off(day: date, period: Period) -> bool:
    """Tell whether nobody works."""
    return day.weekday() in {5, 6} or day in period.table.days


def naive_end(period: Period, start: datetime) -> tuple[date, time]:
    """Return the day and the clock time at which a period ends, in whole days and months.

    `start` is what the clock of the place shows. Not for lengths in hours.
    """
    begins = start.date()
    if period.counting in {Counting.WORKING_DAYS, Counting.CLEAR_WORKING_DAYS}:
        return _working_days(period, begins), LAST
    if (
        period.counting is Counting.ART49_UNITS
        and period.length.months == 1
        and not period.length.days
    ):
        end = days_later(begins, 30)
    else:
        end = days_later(day_months_later(begins, period.length.months), period.length.days)
    shown = LAST
    if period.counting is Counting.END_OF_DAY_EVENT_DAY_INCLUDED:
        end -= DAY
    elif period.counting is Counting.FULL_DAYS_BETWEEN:
        end, shown = end + DAY, time()
    elif period.counting is Counting.SAME_DAY:
        shown = time()
    elif period.counting in WITH_CLOCK_TIME:
        shown = start.time()
    return _off_days_off(period, end), shown


def _working_days(period: Period, day: date) -> date:
    wanted = period.length.days + (period.counting is Counting.CLEAR_WORKING_DAYS)
    while wanted:
        day += DAY
        if not is_off(day, period):
            wanted -= 1
    return day


def _off_days_off(period: Period, day: date) -> date:
    onward = {HolidayRule.ROLL_FORWARD: DAY, HolidayRule.RELEASE_BEFORE: -DAY}
    step = onward.get(period.holiday_rule)
    while step and is_off(day, period):
        day += step
    return day
