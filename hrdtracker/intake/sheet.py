"""A sheet as it comes: its bytes become rows of text, or one sentence says why they cannot."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hrdtracker.core.errors import N_, DomainError, Message
from hrdtracker.core.text import NO_KEYBOARD
from hrdtracker.intake.workbook import WorkbookUnusable, is_workbook, rows_of

EMPTY = N_("“%(name)s” is empty.")
FILE_MOST_BYTES = 50_000_000
CELL_MOST = 100_000
COLUMNS_MOST = 200
DELIMITERS = ",;\t|"
LOOKED_AT = 50
"""Rows that are looked at to find out what stands between the cells."""
STAND_IN = "\ufffd"
ZIP, WORKBOOK = b"PK", "xlsx"
ARCHIVE = N_(
    "“%(name)s” is an archive, and no CSV file or workbook. "
    "Open it in a spreadsheet program and save it as “CSV UTF-8”."
)
OLD_WORKBOOK = N_(
    "“%(name)s” is an old or a locked workbook and no CSV file. "
    "Open it in a spreadsheet program and save it as “CSV UTF-8”."
)
PDF = N_(
    "“%(name)s” is a PDF and no CSV file. "
    "Open it in a spreadsheet program and save it as “CSV UTF-8”."
)
DATABASE = N_(
    "“%(name)s” is a database and no CSV file. "
    "Open it in a spreadsheet program and save it as “CSV UTF-8”."
)
BROKEN = N_(
    "The workbook “%(name)s” is broken, or far larger than it looks. "
    "Open it in a spreadsheet program and save it as “CSV UTF-8”."
)
NO_TEXT = N_("“%(name)s” is not text. Open it in a spreadsheet program and save it as “CSV UTF-8”.")
NO_LETTERS = N_(
    "The letters of “%(name)s” cannot be read: it is in no encoding that we know. "
    "Open it in a spreadsheet program and save it as “CSV UTF-8”."
)
BEGINNINGS = (
    (ZIP, ARCHIVE),
    (b"\xd0\xcf\x11\xe0", OLD_WORKBOOK),
    (b"%PDF", PDF),
    (b"SQLite", DATABASE),
)


class SheetUnusable(DomainError):
    """The file holds no sheet that can be read; nothing of it was taken."""


@dataclass(frozen=True)
class Row:
    """One row by the names of its columns; `number` is the one a spreadsheet shows beside it."""

    number: int
    cells: Mapping[str, str] = field(repr=False)
    fault: Message | None = None
    """Why the row cannot be taken at all."""
    is_ragged: bool = False
    """Whether it has more or fewer cells than the heading."""
    is_mended: bool = False
    """Whether characters that cannot be kept were replaced in it."""


@dataclass(frozen=True)
class Sheet:
    """A file that can be read: its columns, how it is written, and its text."""

    name: str
    columns: tuple[str, ...]
    encoding: str
    delimiter: str
    size: int
    """How many rows it has, without the heading and blank ones."""
    text: str = field(repr=False)

    def rows(self) -> Iterator[Row]:
        """Yield every row that is not blank, in order."""
        records = _records(self.text, self.delimiter)
        next(record for _, record in records if _is_filled(record))
        has_unkeepable = NO_KEYBOARD.search(self.text) is not None
        for number, record in records:
            if _is_filled(record):
                yield _row(number, record, self.columns, mend=has_unkeepable)


def read_sheet(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Sheet:
    """Return the sheet in a CSV file, or the first one of a workbook (XLSX).

    What is not said of a CSV file is found out. Raises SheetUnusable.
    """
    data = _bytes(path)
    if data.startswith(ZIP) and is_workbook(data):
        text, detected, between = _from_workbook(data, path.name), WORKBOOK, ","
    else:
        text, detected = _decoded(data, path.name, encoding)
        between = delimiter or _delimiter(text)
    filled = ((n, record) for n, record in _records(text, between) if _is_filled(record))
    _, heading = next(filled, (0, []))
    columns = _columns(heading, path.name)
    size = sum(1 for _ in filled)
    _refuse_open_quote(text, between, path.name)
    return Sheet(path.name, columns, detected, between, size, text)


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise SheetUnusable(Message(N_("There is no file “%(name)s”."), {"name": path.name}))
    if path.stat().st_size > FILE_MOST_BYTES:
        values = {"name": path.name, "most": FILE_MOST_BYTES // 1_000_000}
        raise SheetUnusable(
            Message(
                N_("“%(name)s” is larger than %(most)s MB. Split it into several files."), values
            )
        )
    data = path.read_bytes()
    if not data.strip():
        raise SheetUnusable(Message(EMPTY, {"name": path.name}))
    return data


def _from_workbook(data: bytes, name: str) -> str:
    """Return the first sheet of a workbook as the text of a CSV file."""
    text = io.StringIO(newline="")
    try:
        csv.writer(text).writerows(rows_of(data))
    except WorkbookUnusable:
        raise SheetUnusable(Message(BROKEN, {"name": name})) from None
    return text.getvalue()


def _decoded(data: bytes, name: str, encoding: str | None) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8, UTF-16 where it says so, else Windows-1252."""
    for beginning, sentence in BEGINNINGS:
        if data.startswith(beginning):
            raise SheetUnusable(Message(sentence, {"name": name}))
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and data[:4096].count(0) > len(data[:4096]) // 4:
        raise SheetUnusable(Message(NO_TEXT, {"name": name}))
    for tried in (encoding,) if encoding else ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(tried), tried
        except (UnicodeDecodeError, LookupError):
            continue
    raise SheetUnusable(Message(NO_LETTERS, {"name": name}))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records with their numbers; a line break inside quotes does not begin one."""
    csv.field_size_limit(FILE_MOST_BYTES)
    yield from enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)


def _is_filled(record: Sequence[str]) -> bool:
    return any(cell and not cell.isspace() for cell in record)


def _delimiter(text: str) -> str:
    """Return what stands between the cells: what gives most rows as many cells as the heading."""
    return max(DELIMITERS, key=lambda tried: _fit(text, tried))


def _fit(text: str, delimiter: str) -> tuple[float, int]:
    widths = []
    for _, record in _records(text, delimiter):
        if _is_filled(record):
            widths.append(len(record))
        if len(widths) > LOOKED_AT:
            break
    if not widths or widths[0] == 1:
        return 0.0, 0
    fitting = sum(width == widths[0] for width in widths)
    return round(fitting / len(widths), 1), widths[0]


def _columns(heading: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the columns' names, each once: an unnamed one is called by its number."""
    if not heading:
        raise SheetUnusable(Message(EMPTY, {"name": name}))
    if len(heading) > COLUMNS_MOST:
        values = {"name": name, "found": len(heading), "most": COLUMNS_MOST}
        raise SheetUnusable(
            Message(N_("“%(name)s” has %(found)s columns; at most %(most)s can be read."), values)
        )
    columns: list[str] = []
    for position, cell in enumerate(heading, start=1):
        plain = " ".join(NO_KEYBOARD.sub(STAND_IN, cell).split())[:100] or f"column {position}"
        taken = sum(column == plain or column.startswith(f"{plain} (") for column in columns)
        columns.append(f"{plain} ({taken + 1})" if plain in columns else plain)
    return tuple(columns)


def _row(number: int, record: Sequence[str], columns: Sequence[str], *, mend: bool) -> Row:
    beyond = [f"column {place + 1}" for place in range(len(columns), len(record))]
    fault = None
    if len(record) > COLUMNS_MOST:
        fault = Message(N_("It has more than %(most)s cells."), {"most": COLUMNS_MOST})
    elif any(len(cell) > CELL_MOST for cell in record):
        fault = Message(N_("A cell is longer than %(most)s characters."), {"most": CELL_MOST})
    if fault:
        return Row(number, {}, fault)
    is_mended = mend and any(NO_KEYBOARD.search(cell) for cell in record)
    texts = [NO_KEYBOARD.sub(STAND_IN, cell) for cell in record] if is_mended else record
    cells = dict(zip((*columns, *beyond), texts, strict=False))
    is_ragged = len(record) < len(columns) or any(text.strip() for text in texts[len(columns) :])
    return Row(number, cells, None, is_ragged, is_mended)


def _refuse_open_quote(text: str, delimiter: str, name: str) -> None:
    """Refuse a text with a quotation mark that is never closed: it would swallow all after it."""
    if '"' not in text:
        return
    number, last = 0, ""
    lines = _Kept(io.StringIO(text, newline=""))
    for _ in csv.reader(lines, delimiter=delimiter):
        number, last = number + 1, lines.taken()
    try:
        list(csv.reader([last], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            values = {"name": name, "number": number}
            raise SheetUnusable(
                Message(
                    N_("“%(name)s”, row %(number)s: a quotation mark is opened and never closed."),
                    values,
                )
            ) from None


class _Kept:
    """Lines as they are read, and those that the last record was made of."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._pending: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._pending.append(line)
            yield line

    def taken(self) -> str:
        """Return the lines since the last call."""
        lines, self._pending = "".join(self._pending), []
        return lines
