"""Reads a sheet of a workbook in a process of its own: what breaks there breaks nothing else.

The workbook comes on the standard input; the name of the sheet, and how much memory may be used,
as arguments. The rows go out as a CSV file, one by one, then one line of JSON. What is no workbook,
or fills the memory, or says more than a CSV file of the largest size, ends the process.
"""

import csv
import io
import json
import resource
import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetVisibleEnum,
    WorksheetNotFound,
)

from hrdtracker.intake.number_format import BUILT_IN, GENERAL, changes_what_is_shown, shown

SECONDS_MOST = 60
ROWS_MOST, COLUMNS_MOST = 1_048_576, 16_384
"""How far a sheet reaches at most, by its format."""
CELLS_MOST = 8_000_000
SAID_MOST = 50_000_000
"""Bytes that the rows may have when written out: as many as a CSV file may."""
STYLES_MOST = 65_536
PIECE = 1 << 16
UNUSABLE, NO_SUCH_SHEET = 3, 4
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"

Place = tuple[int, int]
Attributes = Mapping[str, str]


class OutOfBounds(ValueError):
    """The sheet is no sheet, or reaches farther, or says more, than one can."""


class Bounded(io.TextIOBase):
    """A place to write to that is full at some point, however often one text is repeated."""

    def __init__(self, target: IO[str], most_bytes: int) -> None:
        self._target, self._left = target, most_bytes

    def write(self, text: str) -> int:
        """Write a text; raises OutOfBounds once there is too much."""
        self._left -= len(text.encode("utf-8", "surrogatepass"))
        if self._left < 0:
            raise OutOfBounds("text")
        return self._target.write(text)


def main(name: str, memory_bytes: int) -> None:
    """Write the sheet of this name, or the first that is not hidden."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MOST, SECONDS_MOST))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        _write(data, name)
    except WorksheetNotFound:
        raise SystemExit(NO_SUCH_SHEET) from None
    except (CalamineError, BadZipFile, expat.ExpatError, ValueError, LookupError, MemoryError):
        raise SystemExit(UNUSABLE) from None


def _write(data: bytes, name: str) -> None:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible
    ]
    if name and name not in workbook.sheet_names:
        sys.stdout.write(json.dumps({"sheets": visible}))
        raise SystemExit(NO_SUCH_SHEET)
    name = name or (visible or workbook.sheet_names)[0]
    sheet = workbook.get_sheet_by_name(name)
    if sheet.end and (sheet.end[0] + 1) * (sheet.end[1] + 1) > CELLS_MOST:
        raise OutOfBounds("cells")
    merged = MergedCells(sheet)
    writer = csv.writer(Bounded(sys.stdout, SAID_MOST))
    writer.writerows(merged.filled(_shown_rows(sheet, _formatted_rows(data, name))))
    sys.stdout.write(json.dumps({"sheet": name, "sheets": visible, "merged": merged.count}))


def _shown_rows(
    sheet: CalamineSheet, formats: Iterator[tuple[int, Mapping[int, str]]]
) -> Iterator[list[str]]:
    """Yield each row as the sheet shows it; `formats` are those of its cells, by row, in order."""
    formatted, of_row = next(formats, (ROWS_MOST, {}))
    for number, cells in enumerate(sheet.iter_rows()):
        while formatted < number:
            formatted, of_row = next(formats, (ROWS_MOST, {}))
        here = of_row if formatted == number else {}
        yield [shown(cell, here.get(column, GENERAL)) for column, cell in enumerate(cells)]


class MergedCells:
    """Cells that reach over several rows: each of the rows says what the first does.

    `count` is how many cells were filled so. A row that holds nothing of its own stays blank.
    """

    def __init__(self, sheet: CalamineSheet) -> None:
        self.count = 0
        self._beginning: dict[int, dict[int, int]] = {}
        for (first, column), (last, _) in sheet.merged_cell_ranges or ():
            of_row = self._beginning.setdefault(first, {})
            of_row[column] = max(last, of_row.get(column, last))

    def filled(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        """Yield the rows with what merged cells above them say."""
        words: dict[int, tuple[str, int]] = {}
        for number, row in enumerate(rows):
            if any(cell.strip() for cell in row):
                self._fill(row, number, words)
            for column, last in self._beginning.get(number, {}).items():
                words[column] = (row[column] if column < len(row) else "", last)
            yield row

    def _fill(self, row: list[str], number: int, words: Mapping[int, tuple[str, int]]) -> None:
        for column, (text, last) in words.items():
            if text and number <= last and column < len(row) and not row[column]:
                row[column] = text
                self.count += 1


def _formatted_rows(data: bytes, name: str) -> Iterator[tuple[int, dict[int, str]]]:
    """Yield the rows with cells whose number format changes what they show: column and format."""
    with ZipFile(io.BytesIO(data)) as archive:
        formats = _formats(archive)
        if not formats:
            return
        with archive.open(_entry(archive, name)) as sheet:
            places = array("Q", (_packed(*cell) for cell in _cells(sheet, formats)))
    if any(places[at] < places[at - 1] for at in range(1, len(places))):
        places = array("Q", sorted(places))
    for row, cells in groupby(places, lambda place: place // (COLUMNS_MOST * STYLES_MOST)):
        yield (
            row,
            {cell // STYLES_MOST % COLUMNS_MOST: formats[cell % STYLES_MOST] for cell in cells},
        )


def _packed(place: Place, style: int) -> int:
    """Return a place and a style as one number, for a sheet has many: 8 bytes, in their order."""
    row, column = place
    if not (0 <= row < ROWS_MOST and 0 <= column < COLUMNS_MOST and 0 <= style < STYLES_MOST):
        raise OutOfBounds("place")
    return (row * COLUMNS_MOST + column) * STYLES_MOST + style


def _cells(sheet: IO[bytes], formats: Mapping[int, str]) -> Iterator[tuple[Place, int]]:
    row = column = -1
    for is_start, tag, attributes in _elements(sheet):
        if is_start and tag == "row":
            row, column = int(attributes.get("r", row + 2)) - 1, -1
        elif is_start and tag == "c":
            row, column = _place(attributes.get("r", ""), row, column)
            style = int(attributes.get("s", 0))
            if style in formats:
                yield (row, column), style


def _place(reference: str, row: int, column: int) -> Place:
    """Return where a cell stands; one that does not say it stands right of the last."""
    letters = reference.rstrip("0123456789")
    if not letters:
        return row, column + 1
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]) - 1, number - 1


def _formats(archive: ZipFile) -> dict[int, str]:
    """Return the number formats that change what a cell shows, by the number of their style."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    codes, styles, within = dict(BUILT_IN), array("Q"), False
    with archive.open("xl/styles.xml") as file:
        for is_start, tag, attributes in _elements(file):
            if tag == "cellXfs":
                within = is_start
            elif is_start and tag == "numFmt":
                codes[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", GENERAL)
            elif is_start and tag == "xf" and within:
                styles.append(int(attributes.get("numFmtId", 0)))
    given = enumerate(codes.get(style, GENERAL) for style in styles)
    return {style: code for style, code in given if changes_what_is_shown(code)}


def _entry(archive: ZipFile, name: str) -> str:
    """Return under which name the archive keeps a sheet."""
    with archive.open("xl/workbook.xml") as file:
        relation = next(
            attributes.get(RELATION)
            for _, tag, attributes in _elements(file)
            if tag == "sheet" and attributes.get("name") == name
        )
    with archive.open("xl/_rels/workbook.xml.rels") as file:
        target = next(
            attributes.get("Target", "")
            for _, tag, attributes in _elements(file)
            if tag == "Relationship" and attributes.get("Id") == relation
        )
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _elements(file: IO[bytes]) -> Iterator[tuple[bool, str, Attributes]]:
    """Yield the beginning and the end of each element: its name without its namespace.

    Nothing is kept of what was read, and no entity is: a workbook declares none.
    """
    events: list[tuple[bool, str, Attributes]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, attributes: events.append(
        (True, tag.rpartition(" ")[2], attributes)
    )
    parser.EndElementHandler = lambda tag: events.append((False, tag.rpartition(" ")[2], {}))
    parser.EntityDeclHandler = _refuse_entity
    while piece := file.read(PIECE):
        parser.Parse(piece, False)  # noqa: FBT003 - of the parser
        yield from events
        events.clear()
    parser.Parse(b"", True)  # noqa: FBT003


def _refuse_entity(*_: object) -> None:
    raise OutOfBounds("entity")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
