"""Dates are said in the reader's language, and what is said can be read back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hrdtracker.core.when.model import Precision, When, about
from hrdtracker.core.when.parse import read_when, was_understood
from hrdtracker.core.when.say import (
    say_day,
    say_distance,
    say_instant,
    say_left,
    say_month,
    say_when,
)
from tests.deep import usual_or_deep

ZONE = ZoneInfo("Asia/Phnom_Penh")
TODAY = date(2026, 11, 21)


def read(text: str) -> When:
    return read_when(text, TODAY, ZONE)


# What was told, in English, in Khmer.
SAID = [
    ("16/11/2026", "Monday 16 November 2026", "ថ្ងៃចន្ទ ទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
    (
        "2026-11-16 07:30",
        "Monday 16 November 2026, 07:30",
        "ថ្ងៃចន្ទ ទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ម៉ោង ០៧:៣០",
    ),
    (
        "2026-11-16 about 7:30",
        "Monday 16 November 2026, about 07:30",
        "ថ្ងៃចន្ទ ទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ប្រហែលម៉ោង ០៧:៣០",
    ),
    ("about 2026-11-16", "about 16 November 2026", "ប្រហែល ថ្ងៃទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
    ("2026-11", "November 2026", "ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
    ("about 2026-11", "about November 2026", "ប្រហែល ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
    ("2026", "2026", "ឆ្នាំ២០២៦"),
    ("about 2026", "about 2026", "ប្រហែល ឆ្នាំ២០២៦"),
    ("2570 BE", "2570 BE", "ព.ស. ២៥៧០"),
    ("October 2570 BE", "October 2026", "ខែតុលា ឆ្នាំ២០២៦"),
    ("May 2570 BE", "about May 2026 – May 2027", "ប្រហែល ពីខែឧសភា ឆ្នាំ២០២៦ ដល់ខែឧសភា ឆ្នាំ២០២៧"),
    ("early 2019", "early 2019", "ដើមឆ្នាំ២០១៩"),
    ("mid-April 2005", "mid April 2005", "ពាក់កណ្តាលខែមេសា ឆ្នាំ២០០៥"),
    ("late February 2023", "late February 2023", "ចុងខែកុម្ភៈ ឆ្នាំ២០២៣"),
    (
        "Monday morning",
        "Monday 16 November 2026, morning",
        "ថ្ងៃចន្ទ ទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ពេលព្រឹក",
    ),
    ("last night", "Friday 20 November 2026, night", "ថ្ងៃសុក្រ ទី២០ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ពេលយប់"),
    ("12 to 14 March 2024", "12–14 March 2024", "ពីថ្ងៃទី១២ ដល់ថ្ងៃទី១៤ ខែមីនា ឆ្នាំ២០២៤"),
    (
        "10 to 16 November 2026",
        "10–16 November 2026",
        "ពីថ្ងៃទី១០ ដល់ថ្ងៃទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦",
    ),
    ("1 to 30 November 2026", "1–30 November 2026", "ពីថ្ងៃទី១ ដល់ថ្ងៃទី៣០ ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
    (
        "30 May or 2 June 2014",
        "30 May – 2 June 2014",
        "ពីថ្ងៃទី៣០ ខែឧសភា ដល់ថ្ងៃទី២ ខែមិថុនា ឆ្នាំ២០១៤",
    ),
    (
        "30 December to 2 January 2016",
        "30 December 2015 – 2 January 2016",
        "ពីថ្ងៃទី៣០ ខែធ្នូ ឆ្នាំ២០១៥ ដល់ថ្ងៃទី២ ខែមករា ឆ្នាំ២០១៦",
    ),
    ("April-June 1994", "April–June 1994", "ពីខែមេសា ដល់ខែមិថុនា ឆ្នាំ១៩៩៤"),
    (
        "October 2015 - June 2016",
        "October 2015 – June 2016",
        "ពីខែតុលា ឆ្នាំ២០១៥ ដល់ខែមិថុនា ឆ្នាំ២០១៦",
    ),
    ("2019-2021", "2019–2021", "ពីឆ្នាំ២០១៩ ដល់ឆ្នាំ២០២១"),
    (
        "yesterday 7:30 to 9:00",
        "Friday 20 November 2026, 07:30–09:00",
        "ថ្ងៃសុក្រ ទី២០ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ម៉ោង ០៧:៣០ ដល់ ០៩:០០",
    ),
    (
        "Monday 22:00 to Tuesday 02:00",
        "Monday 16 November 2026, 22:00 – Tuesday 17 November 2026, 02:00",
        "ពីថ្ងៃចន្ទ ទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ម៉ោង ២២:០០ ដល់ថ្ងៃអង្គារ ទី១៧ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ម៉ោង ០២:០០",
    ),
    ("life", "not known", "មិនទាន់ដឹង"),
]


@pytest.mark.parametrize(("told", "english", "khmer"), SAID)
def test_a_date_is_said_in_the_language_of_the_reader(told: str, english: str, khmer: str) -> None:
    when = read(told)

    assert say_when(when, "en") == english
    assert say_when(when, "km") == khmer


@pytest.mark.parametrize("locale", ["en", "km"])
@pytest.mark.parametrize("told", [row[0] for row in SAID[:-1]])
@pytest.mark.parametrize("today", [None, TODAY])
def test_what_is_said_reads_back_as_the_same_date(
    told: str, locale: str, today: date | None
) -> None:
    when = read(told)

    again = read(say_when(when, locale, today))

    assert (again.earliest, again.latest) == (when.earliest, when.latest)
    assert again.precision is when.precision


@pytest.mark.parametrize("locale", ["en", "km"])
def test_not_known_reads_back_as_told_not_known(locale: str) -> None:
    assert was_understood(read(say_when(When.unknown("life", ZONE), locale)))


@pytest.mark.parametrize("locale", ["fr", "", "en_GB", "en-KH"])
def test_other_languages_are_answered_in_english(locale: str) -> None:
    assert say_day(date(2026, 11, 16), locale) == "Monday 16 November 2026"


@pytest.mark.parametrize("locale", ["km", "km_KH", "km-KH"])
def test_khmer_is_khmer_wherever_it_is_spoken(locale: str) -> None:
    assert say_day(date(2026, 11, 16), locale) == "ថ្ងៃចន្ទ ទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦"


@pytest.mark.parametrize(
    ("told", "english", "khmer"),
    [
        ("today", "today", "ថ្ងៃនេះ"),
        ("yesterday 7:30", "yesterday, 07:30", "ម្សិលមិញ ម៉ោង ០៧:៣០"),
        ("yesterday about 7:30", "yesterday, about 07:30", "ម្សិលមិញ ប្រហែលម៉ោង ០៧:៣០"),
        ("tomorrow", "tomorrow", "ថ្ងៃស្អែក"),
        ("2 days ago", "Thursday 19 November 2026", "ថ្ងៃព្រហស្បតិ៍ ទី១៩ ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
    ],
)
def test_the_days_around_today_have_names(told: str, english: str, khmer: str) -> None:
    when = read(told)

    assert say_when(when, "en", TODAY) == english
    assert say_when(when, "km", TODAY) == khmer


@pytest.mark.parametrize(
    ("told", "english", "khmer"),
    [
        ("yesterday", "yesterday", "ម្សិលមិញ"),
        ("18 November 2026 7:20", "Wed 18 Nov, 07:20", "ពុធ ១៨ វិច្ឆិកា ម៉ោង ០៧:២០"),
        ("about 23 August 2026", "about 23 Aug", "ប្រហែល ២៣ សីហា"),
        ("9 July 2025", "9 Jul 2025", "៩ កក្កដា ២០២៥"),
        ("9 to 15 November 2026", "9–15 Nov", "ពីថ្ងៃទី៩ ដល់ថ្ងៃទី១៥ វិច្ឆិកា"),
        ("October 2026", "October 2026", "ខែតុលា ឆ្នាំ២០២៦"),
    ],
)
def test_a_list_says_a_date_briefly_and_the_year_where_it_is_another(
    told: str, english: str, khmer: str
) -> None:
    when = read(told)

    assert say_when(when, "en", TODAY, brief=True) == english
    assert say_when(when, "km", TODAY, brief=True) == khmer


def test_a_date_is_said_on_the_clock_of_its_own_zone() -> None:
    paris = When.minute(datetime(2026, 11, 16, 23, 30, tzinfo=UTC), "Europe/Paris")

    assert say_when(paris, "en") == "Tuesday 17 November 2026, 00:30"


def test_an_instant_is_said_on_the_clock_of_the_reader() -> None:
    at = datetime(2026, 11, 16, 23, 30, 59, tzinfo=UTC)

    assert say_instant(at, ZONE, "en") == "Tuesday 17 November 2026, 06:30"
    assert say_instant(at, ZONE, "en", date(2026, 11, 20)) == "Tue 17 Nov, 06:30"
    assert say_instant(at, ZONE, "km", date(2026, 11, 17)) == "ថ្ងៃនេះ ម៉ោង ០៦:៣០"


@pytest.mark.parametrize(
    ("told", "english", "khmer"),
    [
        ("2026-11-16", "November 2026", "ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
        ("2026-11-16 about 7:30", "November 2026", "ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
        ("2026-11", "November 2026", "ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
        ("30 May to 2 June 2014", "May–June 2014", "ពីខែឧសភា ដល់ខែមិថុនា ឆ្នាំ២០១៤"),
        ("about 2026-11", "about November 2026", "ប្រហែល ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
        ("2026", "2026", "ឆ្នាំ២០២៦"),
        ("2570 BE", "2570 BE", "ព.ស. ២៥៧០"),
        ("last night", "November 2026", "ខែវិច្ឆិកា ឆ្នាំ២០២៦"),
        ("life", "", ""),
    ],
)
def test_a_title_names_the_month(told: str, english: str, khmer: str) -> None:
    when = read(told)

    assert say_month(when, "en") == english
    assert say_month(when, "km") == khmer


HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("left", "english", "khmer"),
    [
        (19 * HOUR, "19 h left", "នៅសល់ ១៩ ម៉ោង"),
        (20 * HOUR - SECOND, "19 h left", "នៅសល់ ១៩ ម៉ោង"),
        (48 * HOUR - SECOND, "47 h left", "នៅសល់ ៤៧ ម៉ោង"),
        (5 * HOUR + timedelta(minutes=12), "5 h 12 min left", "នៅសល់ ៥ ម៉ោង ១២ នាទី"),
        (48 * HOUR, "2 days left", "នៅសល់ ២ ថ្ងៃ"),
        (24 * HOUR, "1 day left", "នៅសល់ ១ ថ្ងៃ"),
        (71 * HOUR, "2 days left", "នៅសល់ ២ ថ្ងៃ"),
        (HOUR - SECOND, "59 min left", "នៅសល់ ៥៩ នាទី"),
        (30 * SECOND, "less than 1 min left", "នៅសល់ តិចជាង ១ នាទី"),
        (0 * SECOND, "less than 1 min left", "នៅសល់ តិចជាង ១ នាទី"),
        (-2 * HOUR, "2 h overdue", "ហួសកំណត់ ២ ម៉ោង"),
        (-24 * HOUR, "1 day overdue", "ហួសកំណត់ ១ ថ្ងៃ"),
        (-SECOND, "less than 1 min overdue", "ហួសកំណត់ តិចជាង ១ នាទី"),
    ],
)
def test_what_is_left_is_never_said_to_be_more(left: timedelta, english: str, khmer: str) -> None:
    assert say_left(left, "en") == english
    assert say_left(left, "km") == khmer


@pytest.mark.parametrize(
    ("distance", "english", "khmer"),
    [
        (48 * HOUR, "in 2 days", "២ ថ្ងៃទៀត"),
        (-48 * HOUR, "2 days ago", "២ ថ្ងៃមុន"),
        (-2 * HOUR, "2 h ago", "២ ម៉ោងមុន"),
        (90 * SECOND, "in 1 min", "១ នាទីទៀត"),
        (30 * SECOND, "now", "ឥឡូវនេះ"),
        (-30 * SECOND, "now", "ឥឡូវនេះ"),
    ],
)
def test_a_distance_says_which_way(distance: timedelta, english: str, khmer: str) -> None:
    assert say_distance(distance, "en") == english
    assert say_distance(distance, "km") == khmer


LOCALES = st.sampled_from(["en", "km"])
DAYS = st.dates(date(1901, 1, 1), date(2099, 12, 31))


@given(DAYS, LOCALES)
def test_every_day_said_reads_back_as_that_day(day: date, locale: str) -> None:
    assert read(say_day(day, locale)).earliest == When.day(day, ZONE).earliest
    assert read(say_day(day, locale)).latest == When.day(day, ZONE).latest


MINUTES = st.datetimes(datetime(1912, 1, 1), datetime(2099, 12, 31), timezones=st.just(ZONE))  # noqa: DTZ001 - hypothesis adds the zone
EXACT = st.one_of(
    MINUTES.map(lambda at: When.minute(at, ZONE)),
    DAYS.map(lambda day: When.day(day, ZONE)),
    st.tuples(DAYS, st.integers(1, 800)).map(
        lambda told: When.days(told[0] - timedelta(told[1]), told[0], ZONE)
    ),
    DAYS.map(lambda day: When.month(day.year, day.month, ZONE)),
    DAYS.map(lambda day: When.year(day.year, ZONE)),
).filter(lambda when: when.earliest is not None and when.earliest.year > 1911)
"""Until 1911 the zone moved, by minutes."""


@settings(max_examples=usual_or_deep(300, 2_000), deadline=None)
@given(EXACT | EXACT.map(about), LOCALES)
def test_every_date_said_reads_back_as_the_same_interval(when: When, locale: str) -> None:
    again = read(say_when(when, locale))

    assert (again.earliest, again.latest) == (when.earliest, when.latest)
    assert again.precision is when.precision


@settings(max_examples=usual_or_deep(300, 2_000), deadline=None)
@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(timedelta(minutes=1)), LOCALES)
def test_any_interval_can_be_said(start: datetime, length: timedelta, locale: str) -> None:
    end = min(start, datetime(9000, 1, 1, tzinfo=UTC)) + min(length, timedelta(days=9999))
    when = When(min(start, end - timedelta(minutes=1)), end, Precision.ABOUT, ZONE.key, "")

    assert say_when(when, locale)
    assert say_month(when, locale)
