"""Exported sheets: whatever stands in a cell, no spreadsheet of any country takes it for more."""

import csv
import io
import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hrdtracker.core.safe_export import as_csv, as_workbook, plain_cell

ROOT = Path(__file__).resolve().parents[2]
NASTY = st.text(
    st.sampled_from(
        "=+-@|%;,\t\r\n\"' \x00\x01\x0b\x7f\u200b\u2066\ufeff\u3164\u034f"
        "\uff1d\uff0b\uff0d\uff20\ufe63\u2212aក1"
    ),
    max_size=12,
)
TEXTS = st.one_of(st.text(max_size=40), NASTY)
NOTHING = re.compile('[\\s"\u3164\u115f\u1160\uffa0\u2800\ufeff]')


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'  =1+1"),
        ("\u200b@x", "'\u200b@x"),
        ("\x01=1+1", "'\x01=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff20x", "'\uff20x"),
        ("a;=1+1", "a;'=1+1"),
        ('a; "=1+1', "a;' \"=1+1"),
        ("a\n=1+1", "a\n'=1+1"),
        ("\t1", "'\t1"),
        ("-5", "'-5"),
        ("%x", "'%x"),
        ("Rent", "Rent"),
        ("Rent; food", "Rent; food"),
        ("1 - 2", "1 - 2"),
        (None, ""),
        ("", ""),
        (-5, "-5"),
        (Decimal("-5.00"), "-5.00"),
    ],
)
def test_a_cell_that_would_act_gets_a_quote_before_it(cell: object, safe: str) -> None:
    assert plain_cell(cell) == safe


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@given(rows=st.lists(st.lists(TEXTS, min_size=1, max_size=3), min_size=1, max_size=3))
@example(rows=[["x", 'a;"=1+1']])
@example(rows=[["x", "a\n=1+1"]])
@example(rows=[['x";=1+1']])
def test_no_cell_is_a_formula_wherever_a_file_is_opened(
    rows: list[list[str]], delimiter: str
) -> None:
    text = as_csv(rows[0], rows).decode("utf-8-sig", "surrogatepass")
    for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        assert not any(_acts(cell) for cell in line)
    if delimiter != ",":  # a program that minds no quotation marks
        assert not any(_acts(cell) for cell in re.split(f"[\r\n{delimiter}]", text))


def _acts(cell: str) -> bool:
    """Tell whether somebody sees a cell begin with what begins a formula."""
    seen = "".join(
        sign for sign in NOTHING.sub("", cell) if unicodedata.category(sign)[0] not in "CMZ"
    )
    return unicodedata.normalize("NFKC", seen)[:1] in {"=", "+", "-", "@", "\u2212"}


@given(TEXTS)
def test_a_workbook_holds_words_and_no_formula(text: str) -> None:
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cs")
    with ZipFile(io.BytesIO(as_workbook(["a"], [[text], [Decimal("-1.5")], [3]]))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<v>-1.5</v>" in sheet


def test_every_file_of_cells_is_written_in_one_place() -> None:
    places = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "hrdtracker").rglob("*.py")
        if re.search(r"csv\.(Dict)?[wW]riter|xlsxwriter", path.read_text("utf-8"))
    }
    inside_our_own_process = {"hrdtracker/intake/workbook_process.py"}
    assert places == {"hrdtracker/core/safe_export.py"} | inside_our_own_process
