"""A file becomes rows, or one sentence says why it cannot; no row of it is lost on the way."""

import time
from pathlib import Path
from typing import Any

import pytest

from hrdtracker.intake import sheet as sheets
from hrdtracker.intake.plain import plain
from hrdtracker.intake.sheet import Layout, Sheet, SheetUnusable, read_sheet
from tests.shared import shared


@pytest.fixture
def read(tmp_path: Path) -> "Read":
    return Read(tmp_path)


class Read:
    """Writes bytes into a file and reads it as a sheet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, data: bytes | str, **how: Any) -> Sheet:
        path = self.folder / "list.csv"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return read_sheet(path, Layout(**how))


def texts(sheet: Sheet) -> list[list[str]]:
    return [list(row.cells.values()) for row in sheet.rows()]


def numbers(sheet: Sheet) -> list[int]:
    return [row.number for row in sheet.rows()]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("who,what\nវណ្ណា,ë\n".encode(), "utf-8-sig"),
        (b"\xef\xbb\xbf" + "who,what\nវណ្ណា,ë\n".encode(), "utf-8-sig"),
        ("who,what\nវណ្ណា,ë\n".encode("utf-16"), "utf-16"),
    ],
)
def test_unicode_is_read_with_or_without_its_mark(read: Read, data: bytes, encoding: str) -> None:
    found = read(data)
    assert found.columns == ("who", "what")
    assert texts(found) == [["វណ្ណា", "ë"]]
    assert found.encoding == encoding


def test_what_is_no_unicode_is_read_as_windows_1252_and_says_so(read: Read) -> None:
    found = read("who,what\nDembélé,“x”\n".encode("cp1252"))
    assert found.encoding == "cp1252"
    assert texts(found) == [["Dembélé", "“x”"]]


def test_an_encoding_that_is_given_is_used(read: Read) -> None:
    assert texts(read("who\nЖ\n".encode("koi8-r"), encoding="koi8-r")) == [["Ж"]]


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
def test_what_stands_between_the_cells_is_found_out(read: Read, between: str) -> None:
    rows = [["who", "what", "where"], ["A, B", "1;2", "x"], ["C", "3|4", "y"]]
    data = "\n".join(between.join(f'"{cell}"' for cell in row) for row in rows)
    assert texts(read(data)) == rows[1:]


def test_a_separator_inside_the_values_does_not_mislead(read: Read) -> None:
    assert read("title,tags\nOne,a|b|c\nTwo,d|e\n").columns == ("title", "tags")


def test_one_column_alone_is_a_sheet_too(read: Read) -> None:
    assert texts(read("what\nfirst; and more\nsecond\n")) == [["first; and more"], ["second"]]


def test_line_breaks_and_quotes_inside_a_cell_stay(read: Read) -> None:
    assert texts(read('a,b\n"one\ntwo","say ""x"""\n')) == [["one\ntwo", 'say "x"']]


def test_a_row_has_the_number_that_a_spreadsheet_shows(read: Read) -> None:
    assert numbers(read('a,b\n"one\ntwo",1\n\n,\nx,2\n')) == [2, 5]


def test_rows_shorter_and_longer_than_the_heading_are_kept_and_marked(read: Read) -> None:
    found = list(read("a,b\n1\n1,2\n1,2,3\n1,2,\n").rows())
    assert [row.is_ragged for row in found] == [True, False, True, False]
    assert dict(found[0].cells) == {"a": "1"}
    assert dict(found[2].cells) == {"a": "1", "b": "2", "column 3": "3"}


def test_columns_without_a_name_have_a_number(read: Read) -> None:
    assert read("a,,  A  b ,\n1,2,3,4\n").columns == ("a", "column 2", "A b", "column 4")


@pytest.mark.parametrize(
    "alike", ["Date", "date", " DATE ", "Da\u200bte", "\ufeffDate", "Date\u00a0"]
)
def test_two_columns_that_look_alike_are_an_error_lest_one_is_lost(read: Read, alike: str) -> None:
    with pytest.raises(SheetUnusable) as refused:
        read(f"Date,Name,{alike}\n1,2,3\n")
    assert "two columns" in str(refused.value.reason)


def test_headings_are_compared_without_what_nobody_sees(read: Read) -> None:
    sheet = read(shared("cases/zw_header.csv").read_bytes())
    assert sheet.columns == ("Ref", "Date", "Name")


def test_rows_of_blanks_that_nobody_sees_are_blank(read: Read) -> None:
    assert numbers(read(shared("cases/blank_rows.csv").read_bytes())) == [2, 7]


@pytest.mark.parametrize(
    ("name", "how", "rows"),
    [
        ("title_above.xlsx", {"names": frozenset({"ref", "date"})}, [4, 5, 6]),
        ("title_above.xlsx", {"heading": 3}, [4, 5, 6]),
        ("title_rows.xlsx", {"sheet": "Cases"}, [2]),
    ],
)
def test_a_title_above_the_heading_is_no_heading(
    name: str, how: dict[str, Any], rows: list[int]
) -> None:
    sheet = read_sheet(shared(f"cases/{name}"), Layout(**how))
    assert sheet.columns == ("Ref", "Date", "Name")
    assert numbers(sheet) == rows


def test_other_sheets_of_a_workbook_are_named_before_anything_is_written() -> None:
    (remark,) = read_sheet(shared("cases/title_rows.xlsx")).remarks
    assert "“Cases”" in str(remark)


def test_a_sheet_that_is_not_there_is_one_sentence_with_those_that_are() -> None:
    with pytest.raises(SheetUnusable) as refused:
        read_sheet(shared("cases/title_rows.xlsx"), Layout(sheet="Kases"))
    assert "“Cover”, “Cases”" in str(refused.value.reason)


def test_a_heading_that_is_not_there_is_one_sentence(read: Read) -> None:
    with pytest.raises(SheetUnusable) as refused:
        read("a,b\n1,2\n", heading=7)
    assert "row 7" in str(refused.value.reason)


def test_a_merged_cell_counts_for_each_of_its_rows_and_is_said() -> None:
    sheet = read_sheet(shared("cases/merged.xlsx"))
    assert [row.cells["Date"] for row in sheet.rows()] == ["12 March 2024"] * 3
    assert "(2)" in str(sheet.remarks[0])


def test_characters_that_cannot_be_kept_are_replaced_and_marked(read: Read) -> None:
    first, second = read(b"a,b\nx\x00y,\x07\nplain,\t\n").rows()
    assert (dict(first.cells), first.is_mended) == ({"a": "x\ufffdy", "b": "\ufffd"}, True)
    assert second.is_mended is False


def test_a_formula_is_text(read: Read) -> None:
    row = ["=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1"]
    assert texts(read("a;b;c;d\n" + ";".join(row) + "\n")) == [row]


def test_a_cell_that_is_too_long_refuses_its_row_and_no_other(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "CELL_MOST", 10)
    first, second = read("a,b\n" + "x" * 11 + ",1\ny,2\n").rows()
    assert first.fault is not None
    assert (first.number, dict(first.cells)) == (2, {})
    assert dict(second.cells) == {"a": "y", "b": "2"}


def test_a_row_with_too_many_cells_is_refused_and_no_other(read: Read) -> None:
    first, second = read("a,b\n" + "," * 300 + "x\ny,2\n").rows()
    assert first.fault is not None
    assert second.fault is None


UNUSABLE = {
    "no CSV file": b"PK\x03\x04rest",
    "locked workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest",
    "PDF": b"%PDF-1.7",
    "is empty": b" \n\n",
    "not text": bytes(range(4)) * 500 + b"\0" * 2000,
    "more than one way": b"a,b\n\x81\x8d\x8f,x\n",
    "never closed": b'a,b\n1,2\n3,"open\n4,5\n',
    "columns": ",".join(f"c{n}" for n in range(201)).encode(),
}


@pytest.mark.parametrize("words", UNUSABLE)
def test_what_is_no_sheet_is_one_sentence(read: Read, words: str) -> None:
    with pytest.raises(SheetUnusable) as refused:
        read(UNUSABLE[words])
    assert words in str(refused.value.reason)
    assert "list.csv" in str(refused.value.reason)


def test_an_open_quotation_mark_is_told_with_its_row(read: Read) -> None:
    with pytest.raises(SheetUnusable) as refused:
        read('a,b\n"x\ny",2\n3,"open\n4,5\n6,7\n')
    assert "row 3" in str(refused.value.reason)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SheetUnusable):
        read_sheet(tmp_path / "missing.csv")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(10**9)
    began = time.perf_counter()
    with pytest.raises(SheetUnusable) as refused:
        read_sheet(path)
    assert "larger than 50 MB" in str(refused.value.reason)
    assert time.perf_counter() - began < 1


# --- formatting -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One&nbsp;two</p><p>three</p>", "One two\n\nthree"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>one<li>two</ul>end", "– one\n– two\nend"),
        ('see <a href="https://x.org/?a=1&amp;b=2">this</a>', "see this (https://x.org/?a=1&b=2)"),
        ('<a href="javascript:alert(1)">this</a>', "this"),
        ("<style>p{}</style>a<script>x<y</script>b", "ab"),
        ("a<!-- hidden <b> -->b", "ab"),
        ("<b>1</b> < 2 &lt; 3 & 4", "1 < 2 < 3 & 4"),
        ("<b>x</b><!-- never closed", "x<!-- never closed"),
        ("<b>x</b><script>never closed", "xnever closed"),
        ("mail <x@y.org> <b>me</b>", "mail <x@y.org> me"),
        ("1 < 2 and\n 3 > 2", "1 < 2 and\n 3 > 2"),
    ],
)
def test_html_becomes_its_words(html: str, words: str) -> None:
    assert plain(html) == words


@pytest.mark.parametrize(
    "part",
    [
        *("<", "<a ", "<!--", "&", "<![", "</", '<a href="', "<script>", "</s", "<textarea>"),
        *("<!-- x --", "<a b='", "&#", "<?", "<!doctype", "&amp", "<a href=x", " href="),
    ],
)
def test_no_html_takes_long_to_read(part: str) -> None:
    began = time.process_time()
    plain("<b>x</b>" + part * (sheets.CELL_MOST // len(part)))
    assert time.process_time() - began < 2
