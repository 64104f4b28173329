"""Days to come are read as people say them."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from hrdtracker.cases.planning import read_coming, read_near
from hrdtracker.core.when.model import Precision, local_ends

ZONE = ZoneInfo("Asia/Phnom_Penh")
TODAY = date(2026, 11, 17)
"""A Tuesday."""


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", date(2026, 11, 17)),
        ("tomorrow", date(2026, 11, 18)),
        ("ស្អែក", date(2026, 11, 18)),
        ("Monday", date(2026, 11, 23)),
        ("Tuesday", date(2026, 11, 17)),
        ("10 December", date(2026, 12, 10)),
        ("១០ ធ្នូ", date(2026, 12, 10)),
        ("16 November", date(2027, 11, 16)),
        ("Wednesday 18 November", date(2026, 11, 18)),
        ("2027-02-01", date(2027, 2, 1)),
        ("1/2/2027", date(2027, 2, 1)),
        ("18 November 09:40", date(2026, 11, 18)),
        ("in 3 days", date(2026, 11, 20)),
        ("in 2 weeks", date(2026, 12, 1)),
        ("in 3 months", date(2027, 2, 17)),
        ("៣ ខែទៀត", date(2027, 2, 17)),
        ("in 1 year", date(2027, 11, 17)),
        ("yesterday", date(2026, 11, 16)),
        ("16 November 2026", date(2026, 11, 16)),
        ("December", None),
        ("about 10 December", None),
        ("12 to 14 December", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_coming_day_is_the_next_one_that_the_words_fit(said: str, day: date | None) -> None:
    assert read_coming(said, TODAY, ZONE) == day


def test_in_a_month_from_the_thirty_first_is_the_last_day_of_a_shorter_month() -> None:
    assert read_coming("in 1 month", date(2027, 1, 31), ZONE) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("16 November", date(2026, 11, 16)),
        ("18 November", date(2026, 11, 18)),
        ("18 November 2025", date(2025, 11, 18)),
        ("1 December 08:30", date(2026, 12, 1)),
        ("3 March", date(2027, 3, 3)),
        ("1 July", date(2026, 7, 1)),
        ("Monday", date(2026, 11, 16)),
        ("yesterday 11:20", date(2026, 11, 16)),
    ],
)
def test_a_day_that_may_be_past_or_coming_is_the_nearest_one(said: str, day: date) -> None:
    ends = local_ends(read_near(said, TODAY, ZONE))
    assert ends is not None
    assert ends[0].date() == day


def test_words_that_say_no_day_stay_unknown() -> None:
    assert read_near("soon", TODAY, ZONE).precision is Precision.UNKNOWN
