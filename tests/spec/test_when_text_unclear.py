"""What is not understood keeps its words, and no day or year is invented for it."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hrdtracker.core.when.model import Precision, When, local_ends
from hrdtracker.core.when.parse import LONGEST_DATE, read_when, was_understood
from tests.deep import usual_or_deep
from tests.spec.when_reading import TODAY, ZERO_WIDTH_SPACE, ZONE, read

DAY, UNKNOWN = Precision.DAY, Precision.UNKNOWN


@pytest.mark.parametrize(
    "text",
    ["unknown", "not known", "Date unknown", "UNKNOWN.", "", "  ", "មិនដឹង", "មិនទាន់ដឹង"],
)
def test_not_known_is_understood_as_not_known(text: str) -> None:
    when = read(text)

    assert (when.precision, when.as_told) == (UNKNOWN, text)
    assert was_understood(when)


@pytest.mark.parametrize(
    "text",
    [
        "life",
        "detention",
        "None",
        "31 February",
        "31 February 2020",
        "29 February 2025",
        "32 November 2026",
        "16/13/2026",
        "2026-13",
        "2026-02-30",
        "2 August 2 2014",
        "16 November 2026 17 November 2026",
        "Tuesday 16 November 2026",
        "Tuesday 16 May 2570 BE",
        "16",
        "12-14",
        "2 May or June 2020",
        "16/11/26",
        "1/2/3",
        "99/99/9999",
        "1899",
        "12345",
        "7.10",
        "24:00",
        "7:60",
        "13pm",
        "yesterday 25:00",
        "2019 07:30",
        "last night at 2",
        "15:00 in the morning",
        "2 hours ago",
        "5 days",
        "from 12 March 2024",
        "until 2019",
        "before 2019",
        "14 to 12 March 2024",
        "14 to 12 March",
        "March 2024 to January 2024",
        "May 3, 1 or 5, 2015",
        "2019 to March 2019",
        "9:00 to 7:30 yesterday",
        "16 March to 16 June 2570 BE",
        "early 2570 BE",
        "summer 1993",
        "unknown 16 November 2026",
        "on an unknown date (death disclosed February 2007)",
        "Pretrial detention decision was made on 14 April 2014",
        "15 January 2007 34 https://search.wikileaks.org/plusd/cables/08BAKU383_a.html",
        "ថ្ងៃពុធ ១២រោច ខែមិគសិរ",
        "ថ្ងៃទី៣២ ខែវិច្ឆិកា",
        "ថ្ងៃមុន",
        "16 November 2026 " * 20,
    ],
)
def test_what_is_impossible_or_unclear_keeps_its_words_and_no_day(text: str) -> None:
    when = read(text)

    assert (when.precision, when.as_told) == (UNKNOWN, text)
    assert not was_understood(when)


def test_the_words_are_kept_exactly_as_told() -> None:
    told = f" ថ្ងៃទី{ZERO_WIDTH_SPACE}១៦ ខែវិច្ឆិកា ឆ្នាំ២០២៦។ "

    assert read(told).as_told == told


def test_a_day_begins_at_midnight_where_it_was_told() -> None:
    there, here = ZoneInfo("America/Los_Angeles"), ZONE

    assert read_when("2020-06-01", TODAY, there) == When.day(date(2020, 6, 1), there, "2020-06-01")
    assert read_when("2020-06-01", TODAY, here) == When.day(date(2020, 6, 1), here, "2020-06-01")


def test_a_day_that_a_zone_left_out_never_was() -> None:
    apia = ZoneInfo("Pacific/Apia")  # went from 29 to 31 December 2011

    assert read_when("30 December 2011", TODAY, apia).precision is UNKNOWN


def test_a_narrative_is_not_searched_for_dates() -> None:
    text = "16 November 2026" + " " * LONGEST_DATE

    assert read(text).precision is UNKNOWN


VOCABULARY = (
    "today yesterday Monday last this 1 2 3 12 16 30 31 February November May 2014 2026 2570 BE "
    "7:30 7.10 pm about early to - , or and from between unknown ago days week at in of / . "
    "ថ្ងៃ ថ្ងៃទី ខែ ឆ្នាំ ១៦ ២០២៦ ២៥៧០ វិច្ឆិកា ម៉ោង កន្លះ ព.ស. ម្សិលមិញ មុន អាទិត្យ ចន្ទ ប្រហែល "
    "ពី ដល់ ឬ ព្រឹក life detention 34"
)
WORDS = st.sampled_from(VOCABULARY.split())
SENTENCES = st.lists(WORDS, max_size=8).map(" ".join)
DATES = st.sampled_from(
    [
        "16 November 2026",
        "November 16, 2026",
        "12 - 14 March 2024",
        "from 30 May to 2 June 2014",
        "about October 2570 BE",
        "May 2 or 3, 2015",
        "ថ្ងៃទី ១៦ ខែ វិច្ឆិកា ឆ្នាំ ២០២៦",
        "១២ ដល់ ១៤ វិច្ឆិកា",
        "១៦ វិច្ឆិកា ព.ស. ២៥៧០",
    ]
)


def _changed(text: str, place: int, word: str, drop: int) -> str:
    words = text.split()
    return " ".join([*words[:place], word, *words[place + drop :]])


ONE_WORD_WRONG = st.builds(_changed, DATES, st.integers(0, 7), WORDS, st.integers(0, 2))
ANYTHING = (
    st.text(max_size=60)
    | st.text("0123456789០១២៣:/.-, apmbe", max_size=30)
    | SENTENCES
    | ONE_WORD_WRONG
)
SURROGATES = st.text(st.characters(categories=["Cs", "Cc", "Cf", "Nd", "Zs"]), max_size=20)


@settings(max_examples=usual_or_deep(300, 2_000), deadline=None)
@given(ANYTHING | SURROGATES, st.dates())
@example("\ud800", date.min)
@example("yesterday", date.min)
@example("tomorrow", date.max)
@example("2 years ago", date.min)
@example("16 November", date.max)
@example("\x00", TODAY)
def test_nothing_that_is_typed_raises_or_loses_a_word(text: str, today: date) -> None:
    when = read_when(text, today, ZONE)

    assert when.as_told == text
    assert was_understood(when) or not when.is_known


TELLS_A_DAY = re.compile(
    "today|yesterday|Monday|ago|week|ម្សិលមិញ|ថ្ងៃ|ចន្ទ|មុន|អាទិត្យ|:|\\.|ម៉ោង|at", re.IGNORECASE
)


@settings(max_examples=usual_or_deep(300, 2_000), deadline=None)
@given(SENTENCES | ONE_WORD_WRONG)
def test_no_day_is_invented(text: str) -> None:
    when = read(text)
    found = local_ends(when)
    numbers = {int(number) for number in re.findall(r"\d+", text)}

    if found and when.precision is DAY and not TELLS_A_DAY.search(text):
        last = found[1] - timedelta(days=1)
        assert {found[0].day, last.day} <= numbers


@settings(max_examples=usual_or_deep(300, 2_000), deadline=None)
@given(SENTENCES | ONE_WORD_WRONG)
def test_no_year_is_invented_where_one_was_told(text: str) -> None:
    found = local_ends(read(text))
    told = {int(year) for year in re.findall(r"\d{4}", text)}
    common = {year - shift for year in told for shift in (0, 543, 544)}
    estimated = {year + shift for year in common for shift in (-1, 0, 1)}

    if found and told:
        assert {found[0].year, (found[1] - timedelta(minutes=1)).year} <= estimated
