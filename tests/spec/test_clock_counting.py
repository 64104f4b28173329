"""How a period is counted: each kind of counting, days off, clock changes and unknown hours."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.counting.holidays import NO_TABLE, HolidayTable
from hrdtracker.proceedings.counting.model import (
    Counting,
    HolidayRule,
    Length,
    StepKind,
    Window,
)
from hrdtracker.proceedings.counting.periods import CountedEnd, Period, count, lengthening
from hrdtracker.proceedings.counting.shares import share_of

PHNOM_PENH, BERLIN = ZoneInfo("Asia/Phnom_Penh"), ZoneInfo("Europe/Berlin")
HOURS = timedelta(hours=1)
OFF = HolidayTable(
    {date(2026, 4, 14): "a day off", date(2026, 4, 15): "another"}, frozenset({2026})
)


def at(text: str, zone: ZoneInfo = PHNOM_PENH) -> datetime:
    """Return the instant at which the clock in `zone` shows this."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def ended(length: Length, counting: Counting, start: str, **changes: object) -> CountedEnd:
    """Return the end of a period that began at an instant."""
    zone = changes.pop("zone", PHNOM_PENH)
    assert isinstance(zone, ZoneInfo)
    period = Period(length, counting, zone, **changes)  # type: ignore[arg-type]  # as they are named
    return count(period, Window.at(at(start, zone)))


def exact(counted: CountedEnd) -> datetime:
    """Return the one instant at which a period ends."""
    assert counted.window.is_exact
    assert counted.window.earliest
    return counted.window.earliest


@pytest.mark.parametrize(
    ("counting", "length", "start", "end"),
    [
        ("exact_instant", Length(exact=48 * HOURS), "2026-03-01T09:40", "2026-03-03T09:40"),
        ("exact_instant", Length(days=15), "2026-02-20T23:59", "2026-03-07T23:59"),
        ("same_clock_time_clamped", Length(6), "2025-08-31T10:00", "2026-02-28T10:00"),
        ("same_clock_time_clamped", Length(12), "2025-08-31T10:00", "2026-08-31T10:00"),
        ("same_clock_time_clamped", Length(12), "2028-02-29T10:00", "2029-02-28T10:00"),
        ("same_clock_time_clamped", Length(1), "2026-02-28T00:00", "2026-03-28T00:00"),
        (
            "same_clock_time_clamped",
            Length(1, 0, 5 * HOURS),
            "2026-01-31T20:00",
            "2026-03-01T01:00",
        ),
        ("same_day", Length(1), "2026-01-31T15:20", "2026-02-28T00:00"),
        ("end_of_day", Length(days=1), "2026-03-10T00:00", "2026-03-11T23:59:59"),
        ("end_of_day", Length(), "2026-03-10T11:00", "2026-03-10T23:59:59"),
        ("end_of_day_clamped", Length(1), "2026-01-31T08:00", "2026-02-28T23:59:59"),
        (
            "end_of_day_event_day_excluded",
            Length(days=14),
            "2026-03-09T09:00",
            "2026-03-23T23:59:59",
        ),
        (
            "end_of_day_event_day_included",
            Length(days=14),
            "2026-03-09T09:00",
            "2026-03-22T23:59:59",
        ),
        ("full_days_between", Length(days=7), "2026-03-02T16:00", "2026-03-10T00:00"),
        ("art49_units", Length(1), "2026-02-02T08:00", "2026-03-04T08:00"),
        ("art49_units", Length(2), "2026-02-02T08:00", "2026-04-02T08:00"),
        ("art49_units", Length(1, 15), "2026-01-10T14:00", "2026-02-25T14:00"),
        ("art49_units", Length(days=6), "2026-03-02T09:00", "2026-03-08T09:00"),
    ],
)
def test_a_period_ends_as_its_kind_of_counting_says(
    counting: str, length: Length, start: str, end: str
) -> None:
    assert exact(ended(length, Counting(counting), start)) == at(end)


def test_a_month_has_no_exact_length() -> None:
    with pytest.raises(ValueError, match="no exact length"):
        ended(Length(1), Counting.EXACT_INSTANT, "2026-03-01T09:40")


@pytest.mark.parametrize(
    ("counting", "start", "end"),
    [
        ("working_days", "2026-04-20T09:00", "2026-04-08T23:59:59"),
        ("clear_working_days", "2026-04-20T09:00", "2026-04-07T23:59:59"),
    ],
)
def test_working_days_before_an_event_leave_out_weekends_and_days_off(
    counting: str, start: str, end: str
) -> None:
    holidays = HolidayTable({**OFF.days, date(2026, 4, 16): "a third"}, OFF.years)
    counted = ended(Length(days=5), Counting(counting), start, table=holidays, backwards=True)
    assert exact(counted) == at(end)


def test_hours_before_an_event_are_taken_off_its_instant() -> None:
    counted = ended(
        Length(exact=12 * HOURS), Counting.EXACT_INSTANT, "2026-07-16T09:00", backwards=True
    )
    assert exact(counted) == at("2026-07-15T21:00")


def test_where_no_table_knows_the_year_working_days_have_an_end_on_one_side_only() -> None:
    length = Length(days=3)
    after = ended(length, Counting.WORKING_DAYS, "2027-07-08T10:00", table=OFF)
    before = ended(length, Counting.WORKING_DAYS, "2027-07-08T10:00", table=OFF, backwards=True)
    assert after.window == Window(at("2027-07-13T23:59:59"), None)
    assert before.window == Window(None, at("2027-07-05T23:59:59"))
    assert [step.detail for step in after.steps if step.what is StepKind.HOLIDAYS_UNKNOWN] == [
        "2027"
    ]


ROLLS = [
    # the rule, the start of one month, the end to act by, before days off, after them
    ("none", "2026-03-14", "2026-04-14", "2026-04-14", "2026-04-14"),
    ("roll_forward", "2026-03-14", "2026-04-16", "2026-04-14", "2026-04-16"),
    ("roll_forward", "2026-02-28", "2026-03-30", "2026-03-28", "2026-03-30"),
    ("roll_forward", "2026-03-13", "2026-04-13", "2026-04-13", "2026-04-13"),
    ("unknown", "2026-03-14", "2026-04-14", "2026-04-14", "2026-04-16"),
    ("release_before", "2026-03-15", "2026-04-13", "2026-04-15", "2026-04-13"),
    ("release_before", "2026-02-28", "2026-03-27", "2026-03-28", "2026-03-27"),
]


@pytest.mark.parametrize(("rule", "start", "window", "plain", "moved"), ROLLS)
def test_days_off_move_an_end_only_as_its_rule_says(
    rule: str, start: str, window: str, plain: str, moved: str
) -> None:
    counted = ended(
        Length(1),
        Counting.END_OF_DAY_CLAMPED,
        f"{start}T09:00",
        holiday_rule=HolidayRule(rule),
        table=OFF,
    )
    ends = [counted.window, counted.plain, counted.moved]
    assert [end.earliest for end in ends] == [
        at(f"{day}T23:59:59") for day in (window, plain, moved)
    ]


def test_an_end_in_a_year_that_no_table_knows_stays_where_it_is_and_says_so() -> None:
    counted = ended(
        Length(1),
        Counting.END_OF_DAY_CLAMPED,
        "2026-12-07T09:00",
        holiday_rule=HolidayRule.ROLL_FORWARD,
        table=OFF,
    )
    assert exact(counted) == at("2027-01-07T23:59:59")
    assert counted.steps[-1].what is StepKind.HOLIDAYS_UNKNOWN
    assert counted.steps[-1].detail == "2027"


def test_weekends_are_known_in_every_year() -> None:
    counted = ended(
        Length(1),
        Counting.END_OF_DAY_CLAMPED,
        "2026-12-09T09:00",
        holiday_rule=HolidayRule.ROLL_FORWARD,
        table=NO_TABLE,
    )
    assert exact(counted) == at("2027-01-11T23:59:59")


NIGHTS = [
    # hours are real ones; a day ends by the clock; a time that is left out is when clocks change
    ("exact_instant", Length(exact=12 * HOURS), "2026-03-28T20:00", "2026-03-29T07:00Z"),
    ("exact_instant", Length(exact=12 * HOURS), "2026-10-24T20:00", "2026-10-25T06:00Z"),
    ("end_of_day", Length(days=1), "2026-03-28T23:50", "2026-03-29T21:59:59Z"),
    ("same_clock_time_clamped", Length(1), "2026-02-28T02:30", "2026-03-28T01:30Z"),
    ("same_clock_time_clamped", Length(days=1), "2026-03-28T02:30", "2026-03-29T01:00Z"),
    ("same_clock_time_clamped", Length(days=1), "2026-10-24T02:30", "2026-10-25T00:30Z"),
]


@pytest.mark.parametrize(("counting", "length", "start", "end"), NIGHTS)
def test_nights_on_which_clocks_change_are_counted_as_the_place_shows_them(
    counting: str, length: Length, start: str, end: str
) -> None:
    counted = ended(length, Counting(counting), start, zone=BERLIN)
    assert exact(counted) == datetime.fromisoformat(end)


def test_an_unknown_hour_gives_a_window_of_the_same_width() -> None:
    window = Window.of(When.day(date(2026, 6, 15), PHNOM_PENH))
    assert window
    counted = count(Period(Length(exact=48 * HOURS), Counting.EXACT_INSTANT, PHNOM_PENH), window)
    assert counted.window == Window(at("2026-06-17T00:00"), at("2026-06-17T23:59:59"))
    assert StepKind.HOUR_UNKNOWN in [step.what for step in counted.steps]


def test_a_window_over_the_end_of_a_month_holds_the_ends_of_all_its_days() -> None:
    """30 January 10:00 and 31 January 09:00 both end on 28 February: the later start first."""
    start = Window(at("2026-01-30T10:00"), at("2026-01-31T09:00"))
    period = Period(Length(1), Counting.SAME_CLOCK_TIME_CLAMPED, PHNOM_PENH)
    assert count(period, start).window == Window(at("2026-02-28T00:00"), at("2026-02-28T23:59:59"))


def test_a_window_of_several_days_holds_the_first_second_of_each() -> None:
    start = Window(at("2026-01-30T10:00"), at("2026-02-01T09:00"))
    period = Period(Length(1), Counting.SAME_CLOCK_TIME_CLAMPED, PHNOM_PENH)
    assert count(period, start).window == Window(at("2026-02-28T00:00"), at("2026-03-01T09:00"))


def test_a_start_known_on_one_side_only_gives_an_end_on_that_side_only() -> None:
    period = Period(Length(exact=48 * HOURS), Counting.EXACT_INSTANT, PHNOM_PENH)
    counted = count(period, Window(at("2026-05-11T06:10"), None))
    assert counted.window == Window(at("2026-05-13T06:10"), None)


def test_every_step_says_where_the_end_stood() -> None:
    counted = ended(
        Length(1),
        Counting.END_OF_DAY_CLAMPED,
        "2026-01-31T09:00",
        holiday_rule=HolidayRule.ROLL_FORWARD,
        table=OFF,
    )
    assert [(step.what, step.at and step.at.earliest) for step in counted.steps] == [
        (StepKind.STARTED, at("2026-01-31T09:00")),
        (StepKind.COUNTED, at("2026-02-28T23:59:59")),
        (StepKind.CLAMPED, at("2026-02-28T23:59:59")),
        (StepKind.ROLLED_FORWARD, at("2026-03-02T23:59:59")),
    ]


@pytest.mark.parametrize(
    ("counting", "longer"),
    [
        ("end_of_day_clamped", Length(days=19)),
        ("same_clock_time_clamped", Length(exact=timedelta(days=19, hours=3))),
    ],
)
def test_a_pause_lengthens_by_the_days_or_the_time_it_lasted(counting: str, longer: Length) -> None:
    pause = Window(at("2026-07-01T09:00"), at("2026-07-20T12:00"))
    assert lengthening(pause, Counting(counting), PHNOM_PENH) == longer


@pytest.mark.parametrize(
    "pause", [Window(None, at("2026-07-20T12:00")), Window(at("2026-07-01T09:00"), None)]
)
def test_a_pause_of_which_an_end_is_not_known_has_no_length(pause: Window) -> None:
    with pytest.raises(ValueError, match="no length yet"):
        lengthening(pause, Counting.END_OF_DAY, PHNOM_PENH)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (Length(6), "6 months"),
        (Length(1, 15), "1 months 15 days"),
        (Length(exact=12.5 * HOURS), "12.5 hours"),
        (Length(), "no time"),
    ],
)
def test_a_step_says_its_length_in_the_units_of_the_law(length: Length, said: str) -> None:
    assert str(length) == said


@pytest.mark.parametrize(
    ("term", "part", "lengths"),
    [
        (Length(12), Fraction(1, 2), (Length(6),)),
        (Length(36), Fraction(2, 3), (Length(24),)),
        (Length(3), Fraction(1, 2), (Length(days=45), Length(1, 15))),
        (Length(1), Fraction(1, 2), (Length(days=15),)),
        (Length(days=6), Fraction(1, 2), (Length(days=3),)),
        (Length(days=1), Fraction(1, 2), (Length(exact=12 * HOURS),)),
        (Length(13), Fraction(2, 3), (Length(days=260), Length(8, 20))),
        (Length(3, 10), Fraction(1, 2), (Length(days=50), Length(1, 20))),
        (Length(exact=12 * HOURS), Fraction(1, 2), (Length(exact=6 * HOURS),)),
    ],
)
def test_a_share_of_a_term_is_whole_months_or_both_lengths_that_it_may_mean(
    term: Length, part: Fraction, lengths: tuple[Length, ...]
) -> None:
    assert share_of(term, part) == lengths


def test_what_has_no_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        Window.at(datetime(2026, 1, 1))  # noqa: DTZ001 - that is what is refused
