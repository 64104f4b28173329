"""A workbook’s first sheet is read like a CSV file; one that would fill the memory is refused."""

import io
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from hrdtracker.intake import workbook
from hrdtracker.intake.sheet import SheetUnusable, read_sheet
from tests.shared import shared

ROOT = Path(__file__).resolve().parents[2]
MIB_300 = 300 * 1024 * 1024
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="First" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>',
}


SHARED = {
    "[Content_Types].xml": '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    "xl/_rels/workbook.xml.rels": f'<Relationship Id="r3" Type="{OFFICE}/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
}


def book(folder: Path, rows: str, shared: str = "", merged: str = "", doctype: str = "") -> Path:
    """Write a workbook whose first sheet has these rows, as XML."""
    path = folder / "book.xlsx"
    parts = dict(PARTS)
    if shared:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{shared}</sst>'
        for name, text in SHARED.items():
            parts[name] = parts[name].replace(text[text.rindex("<") :], text)
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{merged}</worksheet>'
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", f"{doctype}{sheet}")
    return path


def text(place: str, words: str) -> str:
    at = f' r="{place}"' if place else ""
    return f'<c{at} t="inlineStr"><is><t>{words}</t></is></c>'


def refused(path: Path) -> str:
    with pytest.raises(SheetUnusable) as found:
        read_sheet(path)
    return str(found.value.reason)


def test_cells_are_text_as_the_sheet_shows_them(tmp_path: Path) -> None:
    rows = (
        f'<row r="1">{text("A1", "who")}{text("B1", "n")}{text("C1", "day")}{text("D1", "at")}'
        f"{text('E1', 'yes')}</row>"
        f'<row r="3">{text("A3", "ស្រី, =1+1")}<c r="B3"><v>5</v></c><c r="C3" s="1"><v>45612</v></c>'
        '<c r="D3" s="2"><v>45612.75</v></c><c r="E3" t="b"><v>1</v></c></row>'
    )
    (row,) = read_sheet(book(tmp_path, rows)).rows()
    assert row.number == 3
    assert dict(row.cells) == {
        "who": "ស្រី, =1+1",
        "n": "5",
        "day": "2024-11-16",
        "at": "2024-11-16 18:00:00",
        "yes": "TRUE",
    }


def test_workbooks_of_others_are_read() -> None:
    sheet = read_sheet(shared("datasets/xlsforms/xlsformutil_demo.xlsx"))
    assert sheet.columns[:3] == ("type", "name", "label::English")
    assert (sheet.size, sheet.encoding) == (79, "xlsx")


def test_an_old_or_locked_workbook_is_one_sentence() -> None:
    path = shared("datasets/xlsforms/unhcr_mena_refugee_survey_form.xls")
    assert "an old or a locked workbook" in refused(path)


@pytest.mark.parametrize("name", ["zip-slip.zip", "zip-slip-win.zip"])
def test_an_archive_is_no_workbook(name: str) -> None:
    assert "is an archive" in refused(shared(f"datasets/nasty-input/zip_slip/{name}"))


FAR = {
    "a cell far away": f'<row r="1">{text("A1", "x")}</row>'
    f'<row r="1048576">{text("XFD1048576", "y")}</row>',
    "in the other quotes": f'<row r="1">{text("A1", "x")}</row>'
    + f'<row r="1048576">{text("XFD1048576", "y")}</row>'.replace('"', "'"),
    "cells without a place in a row far away": '<row r="1048576">'
    + text("", "x") * 16000
    + f'</row><row r="1">{text("A1", "y")}</row>',
}


@pytest.mark.parametrize("rows", FAR.values(), ids=list(FAR))
def test_a_sheet_that_spans_more_than_the_memory_holds_is_not_opened(
    tmp_path: Path, rows: str
) -> None:
    assert "far larger than it looks" in refused(book(tmp_path, rows))


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path, f'<row r="1">{text("A1", "x" * 60_000_000)}</row>')
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(workbook, "MEMORY_MOST", 150_000_000)
    assert "far larger than it looks" in refused(path)


LONG = "x" * 1_000_000
REPEATED = {
    "one long text in many cells": {
        "rows": "".join(
            f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 6001)
        ),
        "shared": f"<si><t>{LONG}</t></si>",
    },
    "one long text of many pieces": {
        "rows": "".join(
            f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 3001)
        ),
        "shared": f"<si>{f'<r><t>{LONG[:1000]}</t></r>' * 1000}</si>",
    },
    "one long text in a merged cell of many rows": {
        "rows": f'<row r="1">{text("A1", LONG)}{text("B1", "x")}</row>'
        + "".join(f'<row r="{row}">{text(f"B{row}", "x")}</row>' for row in range(2, 301)),
        "merged": '<mergeCells><mergeCell ref="A1:A300"/></mergeCells>',
    },
}


@pytest.mark.parametrize("about", REPEATED.values(), ids=list(REPEATED))
def test_a_workbook_that_says_one_thing_often_is_one_sentence_in_little_memory(
    tmp_path: Path, about: dict[str, str]
) -> None:
    path = book(tmp_path, **about)
    assert path.stat().st_size < 500_000
    code = (
        "import sys; from pathlib import Path; from hrdtracker.intake import sheet\n"
        "try: sheet.read_sheet(Path(sys.argv[1]))\n"
        "except sheet.SheetUnusable as found: print(found.reason)\n"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    words = (sys.executable, "-c", code, str(path))
    answer = subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT)
    sentence, most_kib = answer.stdout.splitlines()
    assert "far larger than it looks" in sentence
    assert int(most_kib) * 1024 < MIB_300
    assert workbook.MEMORY_MOST < MIB_300  # of the process that reads it


def test_many_merges_of_the_same_cells_take_no_longer_than_one(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}">{text(f"B{row}", "x")}</row>' for row in range(1, 3001))
    merge = '<mergeCell ref="A1:C3000"/>'
    merges = f"<mergeCells>{merge * 20_000}</mergeCells>"
    assert read_sheet(book(tmp_path, rows, merged=merges)).size == 2999


def test_a_workbook_that_declares_entities_is_none(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    rows = f'<row r="1">{text("A1", "x")}</row><row r="2"><c s="1"><v>1</v></c></row>'
    assert "book.xlsx" in refused(book(tmp_path, rows, doctype=doctype))


CRASHES = {
    "a row beyond the format": f'<row r="4294967290">{text("A4294967290", "x")}</row>',
    "blanks around the sign": '<row r              =    "4294967290"><c r               = '
    '"A4294967290" t="inlineStr"><is><t>x</t></is></c></row>',
    "a column beyond the format": f'<row r="1">{text("ZZZZZZZ1", "x")}</row>',
    "a place as a character’s number": f'<row r="1">{text("A429496729&#48;", "x")}</row>',
}


@pytest.mark.parametrize("rows", CRASHES.values(), ids=list(CRASHES))
def test_what_breaks_the_reader_of_workbooks_breaks_nothing_else(tmp_path: Path, rows: str) -> None:
    assert "book.xlsx" in refused(book(tmp_path, f'<row r="1">{text("A1", "x")}</row>{rows}'))


def test_a_row_number_beyond_the_format_is_one_sentence() -> None:
    assert "row_number_beyond.xlsx" in refused(shared("cases/row_number_beyond.xlsx"))


def test_a_large_honest_sheet_is_read(tmp_path: Path) -> None:
    row = "".join(text("", f"cell {number}") for number in range(20))
    sheet = read_sheet(book(tmp_path, f"<row>{row}</row>" * 3000))
    assert sheet.size == 2999


@pytest.mark.parametrize("cut", [40, 400, 900])
def test_a_broken_workbook_is_one_sentence(tmp_path: Path, cut: int) -> None:
    path = book(tmp_path, f'<row r="1">{text("A1", "x")}</row>')
    path.write_bytes(path.read_bytes()[:-cut])
    assert "book.xlsx" in refused(path)


def test_a_workbook_without_its_sheet_is_one_sentence(tmp_path: Path) -> None:
    held = io.BytesIO()
    with ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    path = tmp_path / "book.xlsx"
    path.write_bytes(held.getvalue())
    assert "is broken" in refused(path)
