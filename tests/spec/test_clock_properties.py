"""What is so of every count, whatever the dates: windows hold every hour, extensions only add."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from hrdtracker.proceedings.counting.holidays import HolidayTable
from hrdtracker.proceedings.counting.local import day_of
from hrdtracker.proceedings.counting.model import (
    OF_INSTANTS,
    OF_WORKING_DAYS,
    Counting,
    HolidayRule,
    Length,
    Window,
)
from hrdtracker.proceedings.counting.periods import Period, count
from hrdtracker.proceedings.limits.count import earlier, is_before
from tests.spec.naive_clock import naive_end

ZONES = tuple(
    ZoneInfo(name)
    for name in ("Asia/Phnom_Penh", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
)
KH = ZONES[0]
FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2029, 12, 31, tzinfo=UTC)
YEARS = frozenset(range(2024, 2041))
seconds = st.integers(0, int((LAST - FIRST).total_seconds()))
instants = seconds.map(lambda count: FIRST + timedelta(seconds=count))
open_windows = st.builds(Window, st.none(), st.none() | instants) | st.builds(
    lambda start, seconds: Window(
        start, None if seconds is None else start + timedelta(0, seconds)
    ),
    instants,
    st.none() | st.integers(0, 5 * 86_400),
)
days_off = st.dates(date(2025, 1, 1), date(2031, 12, 31))
tables = st.lists(days_off, max_size=12).map(
    lambda days: HolidayTable(dict.fromkeys(days, "off"), YEARS)
)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Draw a period that a rule could set, counted forwards."""
    counting = draw(st.sampled_from(Counting))
    is_exact = counting is Counting.EXACT_INSTANT
    in_months = not is_exact and counting not in OF_WORKING_DAYS
    months = draw(st.integers(0, 24)) if in_months else 0
    length = Length(months, draw(st.integers(0, 40)))
    if is_exact:
        length = Length(exact=timedelta(hours=draw(st.integers(0, 96))))
    rules = [rule for rule in HolidayRule if rule is not HolidayRule.COUNT_WORKING_DAYS]
    rule = HolidayRule.NONE if counting in OF_WORKING_DAYS else draw(st.sampled_from(rules))
    return Period(length, counting, draw(st.sampled_from(ZONES)), rule, draw(tables))


def ends(period: Period, start: Window) -> tuple[datetime, datetime]:
    """Return both ends of a period that ends on both sides."""
    window = count(period, start).window
    assert window.earliest
    assert window.latest
    return window.earliest, window.latest


@given(periods(), instants, instants)
def test_what_begins_on_a_later_day_never_ends_on_an_earlier_one(
    period: Period, one: datetime, other: datetime
) -> None:
    first, second = sorted((one, other))
    before, after = ends(period, Window.at(first))[0], ends(period, Window.at(second))[0]
    assert day_of(before, period.zone) <= day_of(after, period.zone)


@given(instants, instants, st.integers(0, 100), st.sampled_from(ZONES))
def test_what_is_counted_in_hours_never_ends_earlier_for_a_later_arrival(
    one: datetime, other: datetime, hours: int, zone: ZoneInfo
) -> None:
    period = Period(Length(exact=timedelta(hours=hours)), Counting.EXACT_INSTANT, zone)
    first, second = sorted((one, other))
    assert ends(period, Window.at(first)) <= ends(period, Window.at(second))


@given(open_windows, open_windows)
def test_the_first_of_two_ends_is_the_one_that_certainly_comes_before(
    one: Window, other: Window
) -> None:
    first = earlier(one, other)
    assert first == earlier(other, one)
    if is_before(one, other):
        assert first == one
    known = [end for end in (one.latest, other.latest) if end]
    assert first.latest == min(known, default=None)


@given(periods(), instants)
def test_a_reading_day_by_day_comes_to_the_same(period: Period, start: datetime) -> None:
    here = replace(period, zone=KH)
    if here.counting is Counting.EXACT_INSTANT:
        return
    earliest, _ = ends(here, Window.at(start))
    local = earliest.astimezone(KH)
    assert (local.date(), local.time()) == naive_end(here, start.astimezone(KH))


@given(periods(), instants, st.integers(0, 24), st.integers(0, 40))
def test_an_extension_never_shortens(
    period: Period, start: datetime, months: int, days: int
) -> None:
    in_months = period.length.months or period.counting not in {
        Counting.EXACT_INSTANT,
        *OF_WORKING_DAYS,
    }
    longer = period.extended(Length(months if in_months else 0, days))
    if period.counting is not Counting.ART49_UNITS:  # one month has 30 days there, two have not
        assert ends(period, Window.at(start)) <= ends(longer, Window.at(start))


@given(periods(), instants, st.integers(0, 5 * 86_400), st.floats(0, 1))
def test_a_window_holds_the_exact_end_for_every_hour_in_it(
    period: Period, start: datetime, width: int, part: float
) -> None:
    window = Window(start, start + timedelta(seconds=width))
    inside = start + timedelta(seconds=int(width * part))
    earliest, latest = ends(period, window)
    exact = ends(period, Window.at(inside))
    assert earliest <= exact[0]
    assert exact[1] <= latest


@given(periods(), instants, days_off)
def test_a_further_day_off_never_makes_what_rolls_forward_end_earlier(
    period: Period, start: datetime, day: date
) -> None:
    rolls = replace(period, holiday_rule=HolidayRule.ROLL_FORWARD)
    table = HolidayTable({**rolls.table.days, day: "one more"}, rolls.table.years)
    more = replace(rolls, table=table)
    assert ends(rolls, Window.at(start)) <= ends(more, Window.at(start))


@given(periods(), instants, days_off)
def test_a_further_day_off_never_keeps_anybody_in_prison_longer(
    period: Period, start: datetime, day: date
) -> None:
    if period.counting not in OF_INSTANTS:
        return
    before = replace(period, holiday_rule=HolidayRule.RELEASE_BEFORE)
    table = HolidayTable({**before.table.days, day: "one more"}, before.table.years)
    more = replace(before, table=table)
    assert ends(more, Window.at(start)) <= ends(before, Window.at(start))


@given(periods(), instants, st.integers(1, 40))
def test_a_full_calendar_and_an_empty_one_agree_where_no_day_off_lies_in_between(
    period: Period, start: datetime, days: int
) -> None:
    weekday = Period(Length(days=days), Counting.WORKING_DAYS, period.zone, table=period.table)
    without = replace(weekday, table=HolidayTable({}, YEARS))
    assert ends(without, Window.at(start)) <= ends(weekday, Window.at(start))


@contextmanager
def machine_in(zone: str) -> Iterator[None]:
    """Let the machine stand in another zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ")
        os.environ.update({"TZ": before} if before else {})
        time.tzset()


@given(periods(), instants)
def test_an_end_does_not_depend_on_where_the_machine_stands(
    period: Period, start: datetime
) -> None:
    here = count(period, Window.at(start))
    with machine_in("Pacific/Auckland"):
        assert count(period, Window.at(start)) == here
