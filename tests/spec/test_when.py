"""A date as people know it checks itself, widens, overlaps and sorts."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdtracker.core.when.model import Precision, When, about, local_ends, overlaps, sort_at

PHNOM_PENH = "Asia/Phnom_Penh"
ZONE = ZoneInfo(PHNOM_PENH)
NOON = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
RECORDED = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def here(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "earliest", "latest", "precision"),
    [
        (When.minute(NOON, ZONE), "2026-11-16T05:00", "2026-11-16T05:01", Precision.MINUTE),
        (
            When.minute(NOON + timedelta(seconds=59, microseconds=7), ZONE),
            *("2026-11-16T05:00", "2026-11-16T05:01", Precision.MINUTE),
        ),
        (When.day(date(2026, 11, 16), ZONE), "2026-11-15T17:00", "2026-11-16T17:00", Precision.DAY),
        (
            When.days(date(2024, 3, 12), date(2024, 3, 14), ZONE),
            *("2024-03-11T17:00", "2024-03-14T17:00", Precision.DAY),
        ),
        (When.month(2026, 11, ZONE), "2026-10-31T17:00", "2026-11-30T17:00", Precision.MONTH),
        (When.month(2026, 12, ZONE), "2026-11-30T17:00", "2026-12-31T17:00", Precision.MONTH),
        (When.year(2026, ZONE), "2025-12-31T17:00", "2026-12-31T17:00", Precision.YEAR),
    ],
)
def test_a_date_is_an_interval_of_utc_instants_whose_end_is_outside(
    when: When, earliest: str, latest: str, precision: Precision
) -> None:
    assert (when.earliest, when.latest) == (utc(earliest), utc(latest))
    assert when.precision is precision


def test_an_unknown_date_keeps_only_its_words() -> None:
    when = When.unknown("life", ZONE)

    assert (when.earliest, when.latest) == (None, None)
    assert (when.precision, when.as_told, when.is_known) == (Precision.UNKNOWN, "life", False)


def test_a_zone_may_be_given_by_its_name() -> None:
    assert When.day(date(2026, 11, 16), PHNOM_PENH) == When.day(date(2026, 11, 16), ZONE)


def test_a_day_in_a_zone_with_summer_time_may_have_23_hours() -> None:
    spring = When.day(date(2026, 3, 29), "Europe/Paris")

    assert spring.earliest is not None
    assert spring.latest is not None
    assert spring.latest - spring.earliest == timedelta(hours=23)


def test_its_parts_in_order_build_it_again() -> None:
    when = When.day(date(2026, 11, 16), ZONE, "Monday")
    parts = (when.earliest, when.latest, "day", PHNOM_PENH, "Monday")

    assert When(*parts) == when  # type: ignore[arg-type]  # a column gives plain text


def test_instants_of_another_offset_become_the_same_instants_in_utc() -> None:
    there = timezone(timedelta(hours=7))
    start, end = datetime(2026, 11, 16, tzinfo=there), datetime(2026, 11, 17, tzinfo=there)

    when = When(start, end, Precision.DAY, PHNOM_PENH, "")

    assert when == When.day(date(2026, 11, 16), ZONE)
    assert when.earliest is not None
    assert when.earliest.tzinfo is UTC


@pytest.mark.parametrize(
    ("earliest", "latest", "precision"),
    [
        (NOON, None, Precision.DAY),
        (None, NOON, Precision.DAY),
        (None, NOON, Precision.UNKNOWN),
        (NOON, NOON + timedelta(days=1), Precision.UNKNOWN),
        (None, None, Precision.DAY),
        (NOON, NOON, Precision.DAY),
        (NOON, NOON - timedelta(days=1), Precision.DAY),
        (NOON.replace(tzinfo=None), NOON.replace(tzinfo=None) + timedelta(1), Precision.DAY),
        (NOON, NOON + timedelta(days=1), "fortnight"),
    ],
)
def test_a_date_that_contradicts_itself_cannot_be_made(
    earliest: datetime | None, latest: datetime | None, precision: Precision
) -> None:
    with pytest.raises(ValueError, match=r"."):
        When(earliest, latest, precision, PHNOM_PENH, "")


def test_a_date_needs_a_zone_that_exists() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        When.unknown("", "Asia/Nowhere")


@pytest.mark.parametrize(
    ("when", "first", "last"),
    [
        (When.minute(NOON, ZONE), "2026-11-16T11:30", "2026-11-16T12:30"),
        (When.day(date(2026, 11, 16), ZONE), "2026-11-13", "2026-11-20"),
        (When.month(2026, 1, ZONE), "2025-12-01", "2026-03-01"),
        (When.month(2026, 12, ZONE), "2026-11-01", "2027-02-01"),
        (When.year(2024, ZONE), "2023-01-01", "2026-01-01"),
    ],
)
def test_about_reaches_to_both_sides_by_what_was_said(when: When, first: str, last: str) -> None:
    wide = about(when)

    assert wide.precision is Precision.ABOUT
    assert local_ends(wide) == (here(first), here(last))


@pytest.mark.parametrize("when", [When.unknown("?", ZONE), about(When.year(2024, ZONE))])
def test_about_leaves_the_unknown_and_estimates_as_they_are(when: When) -> None:
    assert about(when) == when


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (When.day(date(2026, 11, 16), ZONE), When.month(2026, 11, ZONE), True),
        (When.minute(NOON, ZONE), When.day(date(2026, 11, 16), ZONE), True),
        (When.day(date(2026, 11, 16), ZONE), When.day(date(2026, 11, 17), ZONE), False),
        (When.month(2026, 11, ZONE), When.month(2026, 12, ZONE), False),
        (When.month(2026, 11, ZONE), about(When.month(2026, 12, ZONE)), True),
        (When.unknown("", ZONE), When.year(2026, ZONE), False),
        (When.unknown("", ZONE), When.unknown("", ZONE), False),
    ],
)
def test_two_dates_overlap_if_both_may_have_been_at_once(one: When, other: When, may: bool) -> None:  # noqa: FBT001 - a column of the table
    assert overlaps(one, other) is may
    assert overlaps(other, one) is may


def test_a_known_date_sorts_by_its_beginning() -> None:
    assert sort_at(When.year(2026, ZONE), RECORDED) == utc("2025-12-31T17:00")


def test_an_unknown_date_sorts_by_when_it_was_recorded() -> None:
    assert sort_at(When.unknown("life", ZONE), RECORDED.astimezone(ZONE)) == RECORDED


def test_a_recorded_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sort_at(When.unknown("", ZONE), RECORDED.replace(tzinfo=None))


@given(st.dates(date(1901, 1, 1), date(2099, 12, 31)))
def test_each_day_lies_in_its_month_and_year(day: date) -> None:
    told = When.day(day, ZONE)

    assert overlaps(told, When.month(day.year, day.month, ZONE))
    assert overlaps(told, When.year(day.year, ZONE))
    assert not overlaps(told, When.day(day + timedelta(days=1), ZONE))
