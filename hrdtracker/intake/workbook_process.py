"""Reads a sheet of a workbook in a process of its own: what breaks there breaks nothing else.

The workbook comes on the standard input; the name of the sheet, and how much memory may be used,
as arguments. One line of JSON goes out, then the rows as a CSV file. What is no workbook, or fills
the memory, ends the process.
"""

import csv
import io
import json
import resource
import sys
from collections.abc import Iterator, Mapping
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse
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
UNUSABLE, NO_SUCH_SHEET = 3, 4
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

Place = tuple[int, int]


class OutOfBounds(ValueError):
    """The sheet is no sheet, or reaches farther than one can."""


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
    except (CalamineError, BadZipFile, ParseError, ValueError, LookupError, MemoryError):
        raise SystemExit(UNUSABLE) from None


def _write(data: bytes, name: str) -> None:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    visible = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible
    ]
    if name and name not in workbook.sheet_names:
        sys.stdout.write(json.dumps({"sheets": visible}) + "\n")
        raise SystemExit(NO_SUCH_SHEET)
    name = name or (visible or workbook.sheet_names)[0]
    sheet = workbook.get_sheet_by_name(name)
    if sheet.end and (sheet.end[0] + 1) * (sheet.end[1] + 1) > CELLS_MOST:
        raise OutOfBounds("cells")
    formats = dict(_formatted_cells(data, name))
    rows = [
        [shown(cell, formats.get((row, column), GENERAL)) for column, cell in enumerate(cells)]
        for row, cells in enumerate(sheet.to_python(skip_empty_area=False))
    ]
    merged = _fill_merged(sheet, rows)
    sys.stdout.write(json.dumps({"sheet": name, "sheets": visible, "merged": merged}) + "\n")
    csv.writer(sys.stdout).writerows(rows)


def _fill_merged(sheet: CalamineSheet, rows: list[list[str]]) -> int:
    """Let a cell that reaches over several rows say in each of them what it says; count those.

    A row that holds nothing of its own stays blank.
    """
    own = [any(cell.strip() for cell in row) for row in rows]
    filled = 0
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        words = rows[first][column] if first < len(rows) and column < len(rows[first]) else ""
        for row in range(first + 1, min(last + 1, len(rows))):
            if words and own[row] and not rows[row][column]:
                rows[row][column] = words
                filled += 1
    return filled


def _formatted_cells(data: bytes, name: str) -> Iterator[tuple[Place, str]]:
    """Yield the cells of a sheet whose number format changes what they show, with that format."""
    with ZipFile(io.BytesIO(data)) as archive:
        formats = _formats(archive)
        if not formats:
            return
        with archive.open(_entry(archive, name)) as sheet:
            yield from _cells(sheet, formats)


def _cells(sheet: IO[bytes], formats: Mapping[int, str]) -> Iterator[tuple[Place, str]]:
    row = column = -1
    for event, tag, element in _elements(sheet):
        if event == "end":
            if tag == "row":
                element.clear()
        elif tag == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif tag == "c":
            row, column = _place(element.get("r", ""), row, column)
            style = int(element.get("s", 0))
            if style in formats:
                yield (row, column), formats[style]


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
    codes, styles, within = dict(BUILT_IN), [], False
    with archive.open("xl/styles.xml") as file:
        for event, tag, element in _elements(file):
            if tag == "cellXfs":
                within = event == "start"
            elif event == "start" and tag == "numFmt":
                codes[int(element.get("numFmtId", 0))] = element.get("formatCode", GENERAL)
            elif event == "start" and tag == "xf" and within:
                styles.append(int(element.get("numFmtId", 0)))
    given = enumerate(codes.get(style, GENERAL) for style in styles)
    return {style: code for style, code in given if changes_what_is_shown(code)}


def _entry(archive: ZipFile, name: str) -> str:
    """Return under which name the archive keeps a sheet."""
    with archive.open("xl/workbook.xml") as file:
        relation = next(
            element.get(RELATION)
            for _, tag, element in _elements(file)
            if tag == "sheet" and element.get("name") == name
        )
    with archive.open("xl/_rels/workbook.xml.rels") as file:
        target = next(
            element.get("Target", "")
            for _, tag, element in _elements(file)
            if tag == "Relationship" and element.get("Id") == relation
        )
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _elements(file: IO[bytes]) -> Iterator[tuple[str, str, Element]]:
    """Yield the beginning and the end of each element, with its name without its namespace."""
    # What such a file could do to its reader, the limits of this process stop.
    for event, element in iterparse(file, ("start", "end")):  # noqa: S314
        yield event, element.tag.rpartition("}")[2], element


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
