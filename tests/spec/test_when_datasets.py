"""The date columns of public data are read in full, and not one day in them is invented."""

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hrdtracker.core.when.model import Precision, When, local_ends
from hrdtracker.core.when.parse import read_when, was_understood
from tests.shared import shared

ZONE = ZoneInfo("Asia/Phnom_Penh")
TODAY = date(2026, 11, 21)
NO_VALUE = "None"  # how one export writes an empty cell

CPJ = "datasets/cpj-journalists-killed/cpj.csv"
GLOBAL_WITNESS = "datasets/global-witness-land-defenders/global_witness_led_22-09-22.csv"
PRESS_MARCH = "datasets/us-press-freedom-tracker/incidents_2020-03.csv"
PRESS_JULY = "datasets/us-press-freedom-tracker/incidents_2020-07.csv"
PRISONERS = "datasets/azerbaijan-prisoners-2014/persons.csv"
COURT_EVENTS = "datasets/azerbaijan-prisoners-2014/court_events_derived.csv"


def rows(path: str) -> list[dict[str, str]]:
    with shared(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def column(path: str, name: str) -> list[str]:
    return [row[name] for row in rows(path) if row[name] != NO_VALUE]


def read(text: str, today: date = TODAY) -> When:
    return read_when(text, today, ZONE)


def days(when: When) -> tuple[date, date] | None:
    """Return the first and last day, both included."""
    found = local_ends(when)
    return None if found is None else (found[0].date(), (found[1] - timedelta(days=1)).date())


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        (
            *(CPJ, "Date"),
            {
                Precision.DAY: 1738,
                Precision.MONTH: 32,
                Precision.YEAR: 2,
                Precision.ABOUT: 1,
                Precision.UNKNOWN: 9,
            },
        ),
        (GLOBAL_WITNESS, "date", {Precision.DAY: 1733}),
        (PRESS_MARCH, "date", {Precision.DAY: 449}),
        (PRESS_MARCH, "detention_date", {Precision.DAY: 15}),
        (PRESS_MARCH, "release_date", {Precision.DAY: 14}),
        (PRESS_JULY, "date", {Precision.DAY: 516}),
        (PRESS_JULY, "detention_date", {Precision.DAY: 16}),
        (PRESS_JULY, "release_date", {Precision.DAY: 21}),
        (PRISONERS, "date_of_arrest", {Precision.DAY: 93, Precision.UNKNOWN: 5}),
        (COURT_EVENTS, "date_text", {Precision.DAY: 109}),
        (COURT_EVENTS, "sentence", {Precision.UNKNOWN: 109}),
    ],
)
def test_each_column_is_understood_to_this_count(
    path: str, name: str, expected: dict[Precision, int]
) -> None:
    assert Counter(read(text).precision for text in column(path, name)) == expected


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (GLOBAL_WITNESS, "date"),
        (PRESS_MARCH, "date"),
        (PRESS_MARCH, "detention_date"),
        (PRESS_MARCH, "release_date"),
        (PRESS_JULY, "date"),
        (PRESS_JULY, "detention_date"),
        (PRESS_JULY, "release_date"),
    ],
)
def test_each_plain_date_is_that_day(path: str, name: str) -> None:
    told = column(path, name)

    assert [days(read(text)) for text in told] == [(date.fromisoformat(t),) * 2 for t in told]


def test_each_day_of_arrest_agrees_with_the_one_its_source_worked_out() -> None:
    known = [(days(read(row["date_of_arrest"])), row) for row in rows(PRISONERS)]
    read_days = [(found, row["date_of_arrest_iso"]) for found, row in known if found]

    assert len(read_days) == 93
    assert [found[0].isoformat() for found, _ in read_days] == [iso for _, iso in read_days]


def test_a_date_of_arrest_inside_a_sentence_keeps_its_words_only() -> None:
    texts = [text for text in column(PRISONERS, "date_of_arrest") if not was_understood(read(text))]

    assert sorted(texts) == [
        "15 January 2007 34 https://search.wikileaks.org/plusd/cables/08BAKU383_a.html",
        "2 August 2 2014",
        "Pretrial detention decision was made on 14 April 2014",
        "Pretrial detention decision was made on 23 May 2014.",
        "pretrial detention decision was made on 14 April 2014.",
    ]


def test_a_court_day_without_its_year_is_read_as_of_the_day_of_the_list() -> None:
    list_of_august_2014 = date(2014, 8, 31)
    texts = [text for text in column(COURT_EVENTS, "date_text") if not text[-4:].isdigit()]

    found = Counter(days(read(text, list_of_august_2014)) for text in texts)

    assert len(texts) == 12
    assert {pair[1].year for pair in found if pair} <= {2013, 2014}


def test_each_plain_date_of_the_committee_is_that_day() -> None:
    plain = [(text, _plain(text)) for text in column(CPJ, "Date")]
    expected = [(days(read(text)), day) for text, day in plain if day]

    assert len(expected) == 1708
    assert [found for found, _ in expected] == [(day, day) for _, day in expected]


def _plain(text: str) -> date | None:
    """Return the day of "May 15, 2017" by the standard library; None for anything else."""
    try:
        return datetime.strptime(" ".join(text.split()), "%B %d, %Y").date()  # noqa: DTZ007 - a day
    except ValueError:
        return None


# Every other date of the column, by hand: first and last day, both included.
OTHER_DATES = {
    "October 2015 - June 2016": ("2015-10-01", "2016-06-30"),
    "January 30 to February 24, 2016": ("2016-01-30", "2016-02-24"),
    "August 2015": ("2015-08-01", "2015-08-31"),
    "May 22 or 23, 2015": ("2015-05-22", "2015-05-23"),
    "May 13, 14, 15, 16, 17, or 18, 2015": ("2015-05-13", "2015-05-18"),
    "May 2,3 or 4, 2015": ("2015-05-02", "2015-05-04"),
    "January 2015": ("2015-01-01", "2015-01-31"),
    "August or September, 2014": ("2014-08-01", "2014-09-30"),
    "August 2014": ("2014-08-01", "2014-08-31"),
    "May 2014": ("2014-05-01", "2014-05-31"),
    "Between February 5 and 11, 2014": ("2014-02-05", "2014-02-11"),
    "November 19 or 20, 2011": ("2011-11-19", "2011-11-20"),
    "November 2011": ("2011-11-01", "2011-11-30"),
    "May 29 or 30, 2011": ("2011-05-29", "2011-05-30"),
    "March 2011": ("2011-03-01", "2011-03-31"),
    "May 9 or 10, 2010": ("2010-05-09", "2010-05-10"),
    "May 18 or 19, 2011": ("2011-05-18", "2011-05-19"),
    "May 18 or 19, 2009": ("2009-05-18", "2009-05-19"),
    "January 2009": ("2009-01-01", "2009-01-31"),
    "June 7 or 8, 2008": ("2008-06-07", "2008-06-08"),
    "July 2007,": ("2007-07-01", "2007-07-31"),
    "June, 2007": ("2007-06-01", "2007-06-30"),
    "September 2006": ("2006-09-01", "2006-09-30"),
    "mid-April, 2005": ("2005-04-11", "2005-04-20"),
    "November, 2004": ("2004-11-01", "2004-11-30"),
    "Date unknown in 2002": ("2002-01-01", "2002-12-31"),
    "January, 1999": ("1999-01-01", "1999-01-31"),
    "January 28 1998": ("1998-01-28", "1998-01-28"),
    "March 21 1995": ("1995-03-21", "1995-03-21"),
    "January, 10, 1995": ("1995-01-10", "1995-01-10"),
    "April-June, 1994": ("1994-04-01", "1994-06-30"),
    "April 24 1994": ("1994-04-24", "1994-04-24"),
    "April 10-12, 1994": ("1994-04-10", "1994-04-12"),
    "April 8 or 9, 1994": ("1994-04-08", "1994-04-09"),
    "June or July 1993": ("1993-06-01", "1993-07-31"),
    "January 1993": ("1993-01-01", "1993-01-31"),
    "December, 1992": ("1992-12-01", "1992-12-31"),
    "June, 1992": ("1992-06-01", "1992-06-30"),
    "June 10-12, 2016": ("2016-06-10", "2016-06-12"),
    "February 8 or February 9, 2016": ("2016-02-08", "2016-02-09"),
    "June 30 or July 1, 2015": ("2015-06-30", "2015-07-01"),
    "June 19 or 20, 2015": ("2015-06-19", "2015-06-20"),
    "May 29, 30, 31, June 1, or 2, 2014": ("2014-05-29", "2014-06-02"),
    "Date unknown in 2013": ("2013-01-01", "2013-12-31"),
    "June 24 through July 9, 2013": ("2013-06-24", "2013-07-09"),
    "April 23 or 24, 2013": ("2013-04-23", "2013-04-24"),
    "June 13 or 14, 2012": ("2012-06-13", "2012-06-14"),
    "May 17 or 18, 2012": ("2012-05-17", "2012-05-18"),
    "May 2 or 3, 2012": ("2012-05-02", "2012-05-03"),
    "February 21 or 22, 2012": ("2012-02-21", "2012-02-22"),
    "August 24 or 25, 2011": ("2011-08-24", "2011-08-25"),
    "July 2011": ("2011-07-01", "2011-07-31"),
    "January 2010": ("2010-01-01", "2010-01-31"),
    "April 2007": ("2007-04-01", "2007-04-30"),
    "September 1993": ("1993-09-01", "1993-09-30"),
    "Unknown": None,
    "Date unknown": None,
    "on an unknown date (death disclosed February 2007)": None,
    "summer 1993": None,
}


def test_each_other_date_of_the_committee_is_read_as_a_person_reads_it() -> None:
    others = {text.strip() for text in column(CPJ, "Date") if not _plain(text)}

    found = {text: days(read(text)) for text in others}

    assert {
        text: None if pair is None else (pair[0].isoformat(), pair[1].isoformat())
        for text, pair in found.items()
    } == OTHER_DATES
