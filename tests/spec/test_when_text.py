"""Dates are read the way people write them, as wide as their words and no wider."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdtracker.core.when.model import Precision, When, local_ends
from tests.spec.when_reading import ZERO_WIDTH_SPACE, ZONE, read

MINUTE, DAY, MONTH = Precision.MINUTE, Precision.DAY, Precision.MONTH
YEAR, ABOUT = Precision.YEAR, Precision.ABOUT


def ends(when: When) -> tuple[str, str]:
    """Return the local ends, the last exclusive: "2026-11-16", or with a time if not midnight."""
    found = local_ends(when)
    assert found is not None, f"{when.as_told!r} was not understood"
    return _short(found[0]), _short(found[1])


def _short(at: datetime) -> str:
    return f"{at:%Y-%m-%d}" if f"{at:%H:%M}" == "00:00" else f"{at:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-21"),
        ("Today", "2026-11-21"),
        ("yesterday", "2026-11-20"),
        ("the day before yesterday", "2026-11-19"),
        ("tomorrow", "2026-11-22"),
        ("2 days ago", "2026-11-19"),
        ("two days ago", "2026-11-19"),
        ("Monday", "2026-11-16"),
        ("on Monday", "2026-11-16"),
        ("last Monday", "2026-11-16"),
        ("Saturday", "2026-11-21"),
        ("last Saturday", "2026-11-14"),
        ("Sun", "2026-11-15"),
        ("16 November", "2026-11-16"),
        ("November 16", "2026-11-16"),
        ("21 November", "2026-11-21"),
        ("22 November", "2025-11-22"),
        ("29 February", "2024-02-29"),
        ("16/11", "2026-11-16"),
        ("16 Nov 2026", "2026-11-16"),
        ("16 Nov. 2026", "2026-11-16"),
        ("16 of November 2026", "2026-11-16"),
        ("November 16, 2026", "2026-11-16"),
        ("Monday 16 November 2026", "2026-11-16"),
        ("Monday, 16 November", "2026-11-16"),
        ("16/11/2026", "2026-11-16"),
        ("05/06/2026", "2026-06-05"),
        ("16 / 11 / 2026", "2026-11-16"),
        ("16-11-2026", "2026-11-16"),
        ("16.11.2026", "2026-11-16"),
        ("16-Nov-2026", "2026-11-16"),
        ("2026-11-16", "2026-11-16"),
        ("2026/11/16", "2026-11-16"),
        ("May 15, 2017", "2017-05-15"),
        ("October  2, 2016", "2016-10-02"),
        ("January, 10, 1995", "1995-01-10"),
        ("July 23rd, 2014", "2014-07-23"),
        ("30 July 2014", "2014-07-30"),
        ("1st May 2019", "2019-05-01"),
        ("25 December 2026", "2026-12-25"),
        ("16 October 2570 BE", "2026-10-16"),
        ("16 March 2570 BE", "2027-03-16"),
        ("ថ្ងៃនេះ", "2026-11-21"),
        ("ម្សិលមិញ", "2026-11-20"),
        ("ម្សិលម៉ិញ", "2026-11-20"),
        ("ម្សិលមិ៉ញ", "2026-11-20"),
        (f"ម្សិល{ZERO_WIDTH_SPACE}មិញ", "2026-11-20"),
        ("២ ថ្ងៃមុន", "2026-11-19"),
        ("2 ថ្ងៃមុន", "2026-11-19"),
        ("ពីរថ្ងៃមុន", "2026-11-19"),
        ("ថ្ងៃចន្ទ", "2026-11-16"),
        ("ថ្ងៃច័ន្ទ", "2026-11-16"),
        ("ចន្ទ", "2026-11-16"),
        ("ថ្ងៃអង្គារ", "2026-11-17"),
        ("ថ្ងៃពុធ", "2026-11-18"),
        ("ថ្ងៃព្រហស្បតិ៍", "2026-11-19"),
        ("ថ្ងៃសុក្រ", "2026-11-20"),
        ("ថ្ងៃសៅរ៍", "2026-11-21"),
        ("ថ្ងៃអាទិត្យ", "2026-11-15"),
        ("ថ្ងៃចន្ទមុន", "2026-11-16"),
        ("ថ្ងៃសៅរ៍មុន", "2026-11-14"),
        ("១៦ វិច្ឆិកា", "2026-11-16"),
        ("ថ្ងៃទី១៦ ខែវិច្ឆិកា", "2026-11-16"),
        ("ថ្ងៃទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦", "2026-11-16"),
        ("កាលពីថ្ងៃទី ១៦ ខែ វិច្ឆិកា ឆ្នាំ ២០២៦", "2026-11-16"),
        (
            f"ថ្ងៃទី{ZERO_WIDTH_SPACE}១៦{ZERO_WIDTH_SPACE}ខែវិច្ឆិកា{ZERO_WIDTH_SPACE}ឆ្នាំ២០២៦",
            "2026-11-16",
        ),
        ("ថ្ងៃចន្ទ ទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦", "2026-11-16"),
        ("ថ្ងៃទី១៦ ខែ១១ ឆ្នាំ២០២៦", "2026-11-16"),
        ("១៦/១១/២០២៦", "2026-11-16"),
        ("១៦ តុលា ព.ស. ២៥៧០", "2026-10-16"),
        ("ថ្ងៃពុធ ១២រោច ខែមិគសិរ ព.ស. ២៥៦៩ ត្រូវនឹងថ្ងៃទី១៥ ខែធ្នូ ឆ្នាំ២០២៥", "2025-12-15"),
    ],
)
def test_a_day_is_read(text: str, day: str) -> None:
    when = read(text)

    after = date.fromisoformat(day) + timedelta(days=1)
    assert (*ends(when), when.precision) == (day, after.isoformat(), DAY)


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("yesterday 7:30", "2026-11-20 07:30"),
        ("Yesterday, at 7.30", "2026-11-20 07:30"),
        ("7:30 yesterday", "2026-11-20 07:30"),
        ("yesterday at 7", "2026-11-20 07:00"),
        ("2026-11-16 07:30", "2026-11-16 07:30"),
        ("2026-11-16T07:30", "2026-11-16 07:30"),
        ("2026-11-16 07:30:59", "2026-11-16 07:30"),
        ("16/11/2026 19h30", "2026-11-16 19:30"),
        ("Monday 7:30pm", "2026-11-16 19:30"),
        ("Monday 7:30 p.m.", "2026-11-16 19:30"),
        ("Monday 7.30 am", "2026-11-16 07:30"),
        ("Monday 7pm", "2026-11-16 19:00"),
        ("Monday 12:15am", "2026-11-16 00:15"),
        ("Monday 12:15pm", "2026-11-16 12:15"),
        ("Monday at 7 in the evening", "2026-11-16 19:00"),
        ("last night at 7:30", "2026-11-20 19:30"),
        ("7:30", "2026-11-21 07:30"),
        ("7.30", "2026-11-21 07:30"),
        ("7:30pm", "2026-11-21 19:30"),
        ("19h30", "2026-11-21 19:30"),
        ("3 o'clock", "2026-11-21 03:00"),
        ("ម៉ោង ៧:៣០", "2026-11-21 07:30"),
        ("ម៉ោង៧:៣០", "2026-11-21 07:30"),
        ("ម៉ោង ៧ កន្លះ", "2026-11-21 07:30"),
        ("ម៉ោង ៧ និង ៣០ នាទី", "2026-11-21 07:30"),
        ("ម៉ោងប្រាំពីរកន្លះ", "2026-11-21 07:30"),
        ("ម៉ោង ៧ កន្លះ ល្ងាច", "2026-11-21 19:30"),
        ("ម៉ោង ៥ ព្រឹក", "2026-11-21 05:00"),
        ("ម៉ោង ១២ ថ្ងៃត្រង់", "2026-11-21 12:00"),
        ("ម្សិលមិញ ៧:៣០", "2026-11-20 07:30"),
        ("ម្សិលមិញ ម៉ោង ៧ កន្លះ", "2026-11-20 07:30"),
        ("ថ្ងៃចន្ទ ទី១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦ ម៉ោង ០៧:៣០", "2026-11-16 07:30"),
    ],
)
def test_a_time_is_read_to_the_minute(text: str, minute: str) -> None:
    when = read(text)

    after = datetime.fromisoformat(minute) + timedelta(minutes=1)
    assert when.precision is MINUTE
    assert local_ends(when) == (
        datetime.fromisoformat(minute).replace(tzinfo=ZONE),
        after.replace(tzinfo=ZONE),
    )


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2026-11", "2026-11-01", "2026-12-01", MONTH),
        ("11/2026", "2026-11-01", "2026-12-01", MONTH),
        ("November 2026", "2026-11-01", "2026-12-01", MONTH),
        ("June, 2007", "2007-06-01", "2007-07-01", MONTH),
        ("July 2007,", "2007-07-01", "2007-08-01", MONTH),
        ("November", "2026-11-01", "2026-12-01", MONTH),
        ("December", "2025-12-01", "2026-01-01", MONTH),
        ("October last year", "2025-10-01", "2025-11-01", MONTH),
        ("last month", "2026-10-01", "2026-11-01", MONTH),
        ("ខែមុន", "2026-10-01", "2026-11-01", MONTH),
        ("ខែតុលា", "2026-10-01", "2026-11-01", MONTH),
        ("ខែ១០ ឆ្នាំ២០២៥", "2025-10-01", "2025-11-01", MONTH),
        ("October 2570 BE", "2026-10-01", "2026-11-01", MONTH),
        ("June 2570 BE", "2026-06-01", "2026-07-01", MONTH),
        ("March 2570 BE", "2027-03-01", "2027-04-01", MONTH),
        ("ខែតុលា ព.ស. ២៥៧០", "2026-10-01", "2026-11-01", MONTH),
        ("2026", "2026-01-01", "2027-01-01", YEAR),
        ("in 2026", "2026-01-01", "2027-01-01", YEAR),
        ("ឆ្នាំ២០២៦", "2026-01-01", "2027-01-01", YEAR),
        ("last year", "2025-01-01", "2026-01-01", YEAR),
        ("ឆ្នាំមុន", "2025-01-01", "2026-01-01", YEAR),
        ("Date unknown in 2002", "2002-01-01", "2003-01-01", YEAR),
        ("2570 BE", "2026-04-01", "2027-06-01", YEAR),
        ("B.E. 2570", "2026-04-01", "2027-06-01", YEAR),
        ("ព.ស. ២៥៧០", "2026-04-01", "2027-06-01", YEAR),
        ("ឆ្នាំ ព.ស. ២៥៧០", "2026-04-01", "2027-06-01", YEAR),
        ("ពុទ្ធសករាជ ២៥៧០", "2026-04-01", "2027-06-01", YEAR),
    ],
)
def test_a_month_or_a_year_stays_one(
    text: str, first: str, last: str, precision: Precision
) -> None:
    when = read(text)

    assert (*ends(when), when.precision) == (first, last, precision)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("about 07:30", "2026-11-21 07:00", "2026-11-21 08:00"),
        ("yesterday about 7:30", "2026-11-20 07:00", "2026-11-20 08:00"),
        ("about 7:30 yesterday", "2026-11-20 07:00", "2026-11-20 08:00"),
        ("Monday 16 November 2026, about 07:30", "2026-11-16 07:00", "2026-11-16 08:00"),
        ("ម៉ោងប្រហែល ០៧:៣០", "2026-11-21 07:00", "2026-11-21 08:00"),
        ("about 16 November 2026", "2026-11-13", "2026-11-20"),
        ("(Believed to be) 2020-05-30", "2020-05-27", "2020-06-03"),
        ("probably 30 May 2020", "2020-05-27", "2020-06-03"),
        ("a week ago", "2026-11-11", "2026-11-18"),
        ("about October", "2026-09-01", "2026-12-01"),
        ("ប្រហែលខែតុលា", "2026-09-01", "2026-12-01"),
        ("ប្រមាណខែតុលា ឆ្នាំ២០២៥", "2025-09-01", "2025-12-01"),
        ("2 months ago", "2026-08-01", "2026-11-01"),
        ("around 2024", "2023-01-01", "2026-01-01"),
        ("ប្រហែលឆ្នាំ២០២៤", "2023-01-01", "2026-01-01"),
        ("2 years ago", "2023-01-01", "2026-01-01"),
        ("last night", "2026-11-20 18:00", "2026-11-21 06:00"),
        ("យប់មិញ", "2026-11-20 18:00", "2026-11-21 06:00"),
        ("this morning", "2026-11-21", "2026-11-21 12:00"),
        ("ព្រឹកនេះ", "2026-11-21", "2026-11-21 12:00"),
        ("Monday morning", "2026-11-16", "2026-11-16 12:00"),
        ("ព្រឹកថ្ងៃចន្ទ", "2026-11-16", "2026-11-16 12:00"),
        ("yesterday evening", "2026-11-20 15:00", "2026-11-20 22:00"),
        ("at noon yesterday", "2026-11-20 11:00", "2026-11-20 14:00"),
        ("early 2019", "2019-01-01", "2019-05-01"),
        ("mid 2019", "2019-05-01", "2019-09-01"),
        ("late 2019", "2019-09-01", "2020-01-01"),
        ("end of 2019", "2019-09-01", "2020-01-01"),
        ("mid-April, 2005", "2005-04-11", "2005-04-21"),
        ("late February 2024", "2024-02-21", "2024-03-01"),
        ("ដើមឆ្នាំ២០១៩", "2019-01-01", "2019-05-01"),
        ("ពាក់កណ្ដាលឆ្នាំ២០១៩", "2019-05-01", "2019-09-01"),
        ("ចុងខែមេសា ឆ្នាំ២០០៥", "2005-04-21", "2005-05-01"),
        ("about 12-14 March 2024", "2024-03-12", "2024-03-15"),
        ("May 2570 BE", "2026-05-01", "2027-06-01"),
        ("16 May 2570 BE", "2026-05-16", "2027-05-17"),
        ("October 2015 - 16 June 2016", "2015-10-01", "2016-06-17"),
    ],
)
def test_an_estimate_is_as_wide_as_its_words(text: str, first: str, last: str) -> None:
    when = read(text)

    assert (*ends(when), when.precision) == (first, last, ABOUT)


def test_a_weekday_settles_which_year_a_buddhist_may_lies_in() -> None:
    when = read("Saturday 16 May 2570 BE")  # in 2027 that is a Sunday

    assert (*ends(when), when.precision) == ("2026-05-16", "2026-05-17", DAY)


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("12–14 March 2024", "2024-03-12", "2024-03-15", DAY),
        ("12-14 March 2024", "2024-03-12", "2024-03-15", DAY),
        ("from 12 to 14 March 2024", "2024-03-12", "2024-03-15", DAY),
        ("ពីថ្ងៃទី១២ ដល់ថ្ងៃទី១៤ ខែមីនា ឆ្នាំ២០២៤", "2024-03-12", "2024-03-15", DAY),
        ("Between February 5 and 11, 2014", "2014-02-05", "2014-02-12", DAY),
        ("May 22 or 23, 2015", "2015-05-22", "2015-05-24", DAY),
        ("May 2,3 or 4, 2015", "2015-05-02", "2015-05-05", DAY),
        ("May 13, 14, 15, 16, 17, or 18, 2015", "2015-05-13", "2015-05-19", DAY),
        ("May 29, 30, 31, June 1, or 2, 2014", "2014-05-29", "2014-06-03", DAY),
        ("June 30 or July 1, 2015", "2015-06-30", "2015-07-02", DAY),
        ("January 30 to February 24, 2016", "2016-01-30", "2016-02-25", DAY),
        ("December 30 to January 2, 2016", "2015-12-30", "2016-01-03", DAY),
        ("12-14 November", "2026-11-12", "2026-11-15", DAY),
        ("20-22 November", "2026-11-20", "2026-11-23", DAY),
        ("22-24 November", "2025-11-22", "2025-11-25", DAY),
        ("30 December to 2 January", "2025-12-30", "2026-01-03", DAY),
        ("October to March 2016", "2015-10-01", "2016-04-01", MONTH),
        ("12–14 October 2570 BE", "2026-10-12", "2026-10-15", DAY),
        ("last week", "2026-11-09", "2026-11-16", DAY),
        ("អាទិត្យមុន", "2026-11-09", "2026-11-16", DAY),
        ("April-June, 1994", "1994-04-01", "1994-07-01", MONTH),
        ("June or July 1993", "1993-06-01", "1993-08-01", MONTH),
        ("October 2015 - June 2016", "2015-10-01", "2016-07-01", MONTH),
        ("2019-2021", "2019-01-01", "2022-01-01", YEAR),
        ("between 7:30 and 9:00 yesterday", "2026-11-20 07:30", "2026-11-20 09:01", MINUTE),
        ("Monday 22:00 to Tuesday 02:00", "2026-11-16 22:00", "2026-11-17 02:01", MINUTE),
    ],
)
def test_a_range_or_list_reaches_from_its_first_to_its_last(
    text: str, first: str, last: str, precision: Precision
) -> None:
    when = read(text)

    assert (*ends(when), when.precision) == (first, last, precision)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_way_to_write_a_day_reads_as_that_day(day: date) -> None:
    ways = [
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d %B %Y}",
        f"{day:%B %d, %Y}",
        f"{day:%a %d %b %Y}",
    ]

    assert {(when.earliest, when.latest) for when in map(read, ways)} == {
        (When.day(day, ZONE).earliest, When.day(day, ZONE).latest)
    }


@given(st.dates(date(1904, 3, 1), date(2100, 12, 31)), st.integers(0, 365))
def test_a_day_without_its_year_is_the_most_recent_one(today: date, back: int) -> None:
    day = today - timedelta(days=back)

    found = local_ends(read(f"{day:%d %B}", today))

    assert found is not None
    read_day = found[0].date()
    assert (read_day.month, read_day.day) == (day.month, day.day)
    assert day <= read_day <= today
