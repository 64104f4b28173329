"""A date is never finer than its cell, its column and its words make it."""

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from hrdtracker.core.when.model import Precision, When, local_ends
from hrdtracker.intake.codes import Codebook
from hrdtracker.intake.joined_sheets import Sheets, layout_of
from hrdtracker.intake.mapping_file import read_mapping
from hrdtracker.intake.number_format import shown
from hrdtracker.intake.reading import RowReader, RowReading
from hrdtracker.intake.sheet import read_sheet
from tests.shared import shared
from tests.spec.sheets import ZONE, Desk, all_terms, marker, row

MOMENT = datetime(2024, 11, 28, 18, 0)  # noqa: DTZ001 - a cell has no zone


@pytest.mark.parametrize(
    ("number_format", "text"),
    [
        ("mmm-yy", "2024-11"),
        ('mmmm" "yyyy', "2024-11"),
        ("yyyy\\-mm", "2024-11"),
        ("yyyy", "2024"),
        ("d-mmm", "28 November"),
        ("mmmm", "November"),
        ("dddd", "Thursday"),
        ("h:mm", "18:00:00"),
        ("mm:ss", "18:00:00"),
        ("m/d/yyyy", "2024-11-28"),
        ("[$-409]dddd, d mmmm yyyy;@", "2024-11-28"),
        ("dd/mm/yyyy hh:mm", "2024-11-28 18:00:00"),
        ("m/d/yy h:mm AM/PM", "2024-11-28 18:00:00"),
        ("General", "2024-11-28 18:00:00"),
    ],
)
def test_a_cell_says_no_more_of_a_date_than_its_number_format_shows(
    number_format: str, text: str
) -> None:
    assert shown(MOMENT, number_format) == text


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.25, "0%", "25%"),
        (0.125, "0.0%", "12.5%"),
        (123.0, "00000", "00123"),
        (12345678.0, "000 000 000", "012 345 678"),
        (1234567890.0, "000-000", "1234567-890"),
        (12.0, '"KH-"0000', "KH-0012"),
        (5.0, "0", "5"),
        (12345678.0, "0## ### ###", "012 345 678"),
        (7.0, "[Red]000_)", "007"),
        (5.0, "#00", "05"),
        (5.5, "0.00", "5.5"),
        (34.0, "0.00", "34"),
        (120.0, "0.0", "120"),
        (12.0, "000.0", "12"),
        (1200.0, "00,000", "1200"),
        (1200.0, "#,##0", "1200"),
        (-5.0, "0000", "-5"),
    ],
)
def test_percents_and_leading_zeros_keep_their_text(
    value: float, number_format: str, text: str
) -> None:
    assert shown(value, number_format) == text


@pytest.mark.parametrize("value", [0.0, 5.0, 34.0, 120.0, 1200.0, 8551234567.0])
@pytest.mark.parametrize(
    "number_format",
    [
        *("General", "@", "0", "0.0", "0.00", "000.00", "00", "0000000000000", "#,##0", "#,##0.00"),
        *("0 000", "# ##0", "00-00", "0.00_);(0.00)", "#,##0_);[Red](#,##0)", "0.00E+00", "# ?/?"),
        *('0" p."', '"No. "000', "[Red]0.00", "[<=99999]00000;000-000", "0.00\\ [$€-1]"),
    ],
)
def test_no_format_makes_another_number_of_a_whole_one(value: float, number_format: str) -> None:
    digits = "".join(sign for sign in shown(value, number_format) if sign.isdigit())
    assert int(digits) == value


def test_the_formats_of_a_workbook_decide_how_fine_its_dates_are(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, ["Month", "Year", "Day", "Code", "Share", "At"])
        for column, code in enumerate(["mmm-yy", "yyyy", "d mmm yyyy", "00000", "0%", "h:mm"]):
            value = {"00000": 42, "0%": 0.5}.get(code, MOMENT)
            sheet.write(1, column, value, book.add_format({"num_format": code}))
    (cells,) = read_sheet(path).rows()
    assert dict(cells.cells) == {
        "Month": "2024-11",
        "Year": "2024",
        "Day": "2024-11-28",
        "Code": "00042",
        "Share": "50%",
        "At": "18:00:00",
    }


# --- words that need a day ------------------------------------------------------------------------

RELATIVE = [
    *("yesterday", "today", "3 days ago", "last Friday night", "Friday", "November"),
    *("12 November", "last month", "2 weeks ago", "this year", "yesterday 7:30", "12/11"),
    *("ម្សិលមិញ", "៣ថ្ងៃមុន", "១២ វិច្ឆិកា", "about 12 November", "29 February"),
]
TIMES = ["07:30", "7:30 am", "at 7", "07:30:00", "in the morning", "ម៉ោង ៧", "18 h"]


def reading(desk: Desk, text: str, as_of: str = "") -> RowReading:
    """Return what one row with this date becomes."""
    mapping = f"as_of = {as_of}\n" if as_of else ""
    (only,) = desk.readings(mapping + PLAIN, row(date=text))
    return only


PLAIN = 'type = { column = "type", default = "other" }\nwhen = "date"\n'


def occurred(row_reading: RowReading) -> When:
    assert row_reading.whole is not None
    return row_reading.whole.draft.occurred


@pytest.mark.parametrize("text", RELATIVE)
def test_words_that_depend_on_the_day_they_were_written_stay_words_without_it(
    desk: Desk, text: str
) -> None:
    undated = reading(desk, text)
    assert (occurred(undated).precision, occurred(undated).as_told) == (Precision.UNKNOWN, text)
    assert undated.notes


@pytest.mark.parametrize("text", [*RELATIVE[:10], *RELATIVE[12:15]])
def test_words_are_read_as_of_the_day_of_the_list(desk: Desk, text: str) -> None:
    dated = reading(desk, text, as_of="2024-12-20")
    assert occurred(dated).is_known
    assert occurred(dated).as_told == text


@pytest.mark.parametrize("as_of", ["", "2024-12-20"])
@pytest.mark.parametrize("text", TIMES)
def test_a_time_without_a_day_is_no_day(desk: Desk, text: str, as_of: str) -> None:
    timed = reading(desk, text, as_of)
    assert not occurred(timed).is_known
    assert [note.column for note in timed.notes] == ["date"]


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("28-Nov-24", Precision.DAY),
        ("3-Mar-99", Precision.DAY),
        ("2567-06-12", Precision.DAY),
        ("2024-06-00", Precision.MONTH),
        ("Feb-2024", Precision.MONTH),
        ("2024-00-00", Precision.YEAR),
    ],
)
def test_a_date_that_needs_no_other_day_is_read_without_one(
    desk: Desk, text: str, precision: Precision
) -> None:
    undated = reading(desk, text)
    assert (occurred(undated).precision, undated.notes) == (precision, ())


# --- day and month --------------------------------------------------------------------------------


def days(desk: Desk, *texts: str, more: str = "") -> list[date | None]:
    """Return the first day of each of these dates, all in one column."""
    readings = desk.readings(
        PLAIN + more, *(row(date=text, id=str(n)) for n, text in enumerate(texts))
    )
    ends = [local_ends(occurred(each)) for each in readings]
    return [each and each[0].date() for each in ends]


def test_a_column_is_month_first_as_a_whole(desk: Desk) -> None:
    assert days(desk, "3/4/2024", "11/30/2024", "12.1.2024") == [
        date(2024, 3, 4),
        date(2024, 11, 30),
        date(2024, 12, 1),
    ]


def test_a_column_with_days_first_reads_all_of_them_so(desk: Desk) -> None:
    assert days(desk, "3/4/2024", "30/11/2024") == [date(2024, 4, 3), date(2024, 11, 30)]


def test_a_column_that_nothing_decides_stays_words(desk: Desk) -> None:
    assert days(desk, "3/4/2024", "5/5/2024", "2024-04-03") == [
        None,
        date(2024, 5, 5),
        date(2024, 4, 3),
    ]


def test_a_column_of_two_orders_is_read_only_where_a_date_is_plain_and_doubted(desk: Desk) -> None:
    texts = ["3/4/2024", "30/11/2024", "11/30/2024", "16 November 2024"]
    assert days(desk, *texts) == [None, date(2024, 11, 30), date(2024, 11, 30), date(2024, 11, 16)]
    readings = desk.readings(PLAIN, *(row(date=text) for text in texts))
    assert [bool(each.notes) for each in readings] == [True, True, True, False]


def test_formats_decide_what_the_column_does_not(desk: Desk) -> None:
    formats = 'when = { column = "date", formats = ["%m/%d/%Y"] }\n'
    mapping = PLAIN.replace('when = "date"\n', formats)
    readings = desk.readings(mapping, row(date="3/4/2024"))
    assert [local_ends(occurred(each)) is not None for each in readings] == [True]


def test_what_a_column_leaves_open_is_said_of_the_sheet(desk: Desk) -> None:
    mapping = desk.mapping(PLAIN)

    def said(*texts: str) -> list[str]:
        sheet = desk.sheet([row(date=text) for text in texts])
        return [str(remark) for remark in Sheets(mapping, sheet, {}).remarks()]

    assert said("16/11/2024", "3/4/2024") == []
    (undecided,) = said("3/4/2024", "4/3/2024")
    assert "“date”" in undecided
    assert "2 stay words" in undecided
    (mixed,) = said("3/4/2024", "30/11/2024", "11/30/2024")
    assert "the 1 that can be read both ways" in mixed
    (months,) = said("3/4/2024", "11/30/2024")
    assert "month first" in months


# --- as people write them -------------------------------------------------------------------------

PLAIN_DAYS = {
    "D01": date(2026, 11, 28),
    "D02": date(2026, 11, 27),
    "D03": date(2026, 11, 27),
    "D04": date(2026, 11, 28),
    "D06": date(2026, 11, 28),
    "D13": date(2024, 1, 1),
    "D14": date(2024, 6, 1),
    "D16": date(2024, 2, 1),
    "D17": date(2023, 6, 12),
    "D05": None,
    "D09": date(2024, 11, 30),
    "D20": None,
    "D10": None,
    "D07": None,
    "D08": None,
    "D11": None,
    "D15": None,
    "D32": None,
    "D35": None,
}


def test_dates_as_people_write_them_become_those_days_or_stay_words(desk: Desk) -> None:
    mapping = read_mapping(shared("cases/dates.toml"))
    sheet = read_sheet(shared("cases/dates.csv"), layout_of(mapping))
    reader = RowReader(mapping, Sheets(mapping, sheet, {}), Codebook(all_terms()), marker(), ZONE)
    readings = {each.cells["Ref"]: reader.read(each) for each in sheet.rows()}
    ends = {ref: local_ends(occurred(readings[ref])) for ref in PLAIN_DAYS}
    assert {ref: each and each[0].date() for ref, each in ends.items()} == PLAIN_DAYS
    assert all(readings[ref].notes for ref, day in PLAIN_DAYS.items() if day is None)
