"""A sheet as it comes: its bytes become rows of text, or one sentence says why they cannot."""

import csv
import gzip
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from hrdtracker.core.errors import N_, DomainError, Message
from hrdtracker.core.text import NO_KEYBOARD
from hrdtracker.intake import encodings
from hrdtracker.intake.mapping import folded, visible
from hrdtracker.intake.workbook import (
    NoSuchSheet,
    WorkbookSheet,
    WorkbookUnusable,
    is_workbook,
    open_workbook,
)

EMPTY = N_("“%(name)s” is empty.")
FILE_MOST_BYTES = 50_000_000
CELL_MOST = 100_000
COLUMNS_MOST = 200
PIECE = 1 << 20
SURROGATES = "surrogatepass"
"""A workbook may hold half a letter: it is a fault of its row, not of the file."""
PRINTED = re.compile("[!-~]")
"""What is seen in any case, and found at once; of other letters it takes longer to tell."""
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
DELIMITERS = ",;\t|"
LOOKED_AT = 50
"""Rows that are looked at to find out what stands between the cells, and where the heading is."""
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
NO_SHEET = N_("“%(name)s” has no sheet “%(sheet)s”; it has %(sheets)s.")
NO_HEADING = N_("“%(name)s”: row %(number)s, which the mapping calls the heading, is empty.")
OTHER_SHEETS = N_(
    "Only the sheet “%(sheet)s” of “%(name)s” is read. It also has %(others)s: "
    "the mapping’s “sheet” chooses."
)
MERGED = N_("“%(name)s” has merged cells: what they say counts for each of their rows (%(count)s).")
TWO_ALIKE = N_(
    "“%(name)s” has two columns “%(column)s”: give one of them another name, so that none is lost."
)
NO_TEXT = N_("“%(name)s” is not text. Open it in a spreadsheet program and save it as “CSV UTF-8”.")
NO_LETTERS = N_(
    "The letters of “%(name)s” cannot be read: it is in no encoding that we know. "
    "Open it in a spreadsheet program and save it as “CSV UTF-8”."
)
ALMOST_UTF8 = N_(
    "“%(name)s” is UTF-8, but line %(line)s is not: it was put together from two files, or cut. "
    "Nothing was written. Mend that line, or save the file as “CSV UTF-8” again."
)
WHICH_LETTERS = N_(
    "The letters of “%(name)s” may be read in more than one way: nothing was written. "
    "Say which with --encoding.\n%(readings)s"
)
READ_AS = N_(
    "“%(name)s” is not UTF-8 and was read as %(encoding)s: look at its letters, "
    "or save it as “CSV UTF-8”."
)
CERTAIN = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
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
    """A file that can be read: its columns, how it is written, and its text, packed in memory."""

    name: str
    columns: tuple[str, ...]
    encoding: str
    delimiter: str
    size: int
    """How many rows it has, without the heading and blank ones."""
    packed: bytes = field(repr=False)
    has_unkeepable: bool
    """Whether some of its characters cannot be kept."""
    heading: int = 1
    """The number of the row in which the names of the columns stand."""
    remarks: tuple[Message, ...] = ()
    """What somebody should know before the sheet is taken in."""

    def lines(self) -> io.TextIOWrapper:
        """Open its text, in lines with what ends them."""
        packed = io.BufferedReader(gzip.GzipFile(fileobj=io.BytesIO(self.packed)))
        return io.TextIOWrapper(packed, "utf-8", SURROGATES, newline="")

    def rows(self) -> Iterator[Row]:
        """Yield every row that is not blank, in order."""
        with self.lines() as lines:
            for number, record in _records(lines, self.delimiter):
                if number > self.heading and _is_filled(record):
                    yield _row(number, record, self.columns, mend=self.has_unkeepable)


@dataclass(frozen=True)
class Layout:
    """How a file is laid out; what is not said is found out.

    `sheet` names one of a workbook, `heading` the row with the names of the columns; `names` are
    those that the mapping uses, as words are compared: without `heading`, it is the row with most.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    heading: int = 0
    names: frozenset[str] = frozenset()


FOUND_OUT = Layout()


def read_sheet(path: Path, layout: Layout = FOUND_OUT) -> Sheet:
    """Return the sheet in a CSV file, or one of a workbook (XLSX); raises SheetUnusable."""
    text, detected, remarks = _read(path, layout)
    between = "," if detected == WORKBOOK else layout.delimiter or _delimiter(text)
    records = _records(_lines(text), between)
    filled = ((n, record) for n, record in records if _is_filled(record))
    first = list(islice(filled, LOOKED_AT))
    number, heading = _heading(first, layout, path.name)
    columns = _columns(heading, path.name)
    size = sum(n > number for n, _ in first) + sum(1 for _ in filled)
    _refuse_open_quote(text, between, path.name)
    has_unkeepable = NO_KEYBOARD.search(text) is not None
    return Sheet(
        path.name, columns, detected, between, size, _packed(text), has_unkeepable, number, remarks
    )


def _read(path: Path, layout: Layout) -> tuple[str, str, tuple[Message, ...]]:
    """Return the text of a file, how it is written, and what somebody should know of it."""
    data = _bytes(path)
    if data.startswith(ZIP) and is_workbook(data):
        opened = _from_workbook(data, path.name, layout.sheet)
        return opened.text, WORKBOOK, _remarks(opened, path.name)
    text, detected = _decoded(data, path.name, layout.encoding)
    if detected in (*CERTAIN, layout.encoding):
        return text, detected, ()
    values = {"name": path.name, "encoding": encodings.name_of(detected)}
    return text, detected, (Message(READ_AS, values),)


def _packed(text: str) -> bytes:
    """Return a text packed piece by piece, for a copy of all of it is large."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6) as pieces:
        for begin in range(0, len(text), PIECE):
            pieces.write(text[begin : begin + PIECE].encode("utf-8", SURROGATES))
    return packed.getvalue()


def _heading(
    rows: Sequence[tuple[int, list[str]]], layout: Layout, name: str
) -> tuple[int, list[str]]:
    """Return the row with the names of the columns: titles may stand above it."""
    if not rows:
        raise SheetUnusable(Message(EMPTY, {"name": name}))
    if layout.heading:
        for number, record in rows:
            if number == layout.heading:
                return number, record
        values = {"name": name, "number": layout.heading}
        raise SheetUnusable(Message(NO_HEADING, values))
    return max(rows, key=lambda row: len(layout.names & {folded(cell) for cell in row[1]}))


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


def _from_workbook(data: bytes, name: str, sheet: str) -> WorkbookSheet:
    """Return a sheet of a workbook."""
    try:
        return open_workbook(data, sheet)
    except WorkbookUnusable:
        raise SheetUnusable(Message(BROKEN, {"name": name})) from None
    except NoSuchSheet as missing:
        values = {"name": name, "sheet": sheet, "sheets": listed(missing.names)}
        raise SheetUnusable(Message(NO_SHEET, values)) from None


def _remarks(opened: WorkbookSheet, name: str) -> tuple[Message, ...]:
    """Return what a workbook holds besides the cells that are read."""
    values = {"name": name, "sheet": opened.name, "others": listed(opened.others)}
    remarks = [Message(OTHER_SHEETS, values)] if opened.others else []
    if opened.merged:
        remarks.append(Message(MERGED, {"name": name, "count": opened.merged}))
    return tuple(remarks)


def listed(names: Iterable[str]) -> str:
    """Return names in quotation marks, one after the other."""
    return ", ".join(f"“{name}”" for name in names)


def _decoded(data: bytes, name: str, encoding: str) -> tuple[str, str]:
    """Return the text and its encoding; raises SheetUnusable where it may be one of several."""
    for beginning, sentence in BEGINNINGS:
        if data.startswith(beginning):
            raise SheetUnusable(Message(sentence, {"name": name}))
    encoding = encoding or encodings.marked_or_utf8(data) or _detected(data, name)
    if not encoding.startswith("utf-16") and data[:4096].count(0) > len(data[:4096]) // 4:
        raise SheetUnusable(Message(NO_TEXT, {"name": name}))
    try:
        return data.decode(encoding), encoding
    except (UnicodeDecodeError, LookupError):
        raise SheetUnusable(Message(NO_LETTERS, {"name": name})) from None


def _detected(data: bytes, name: str) -> str:
    """Return the encoding that a detector finds; raises SheetUnusable where it is not sure."""
    line = encodings.line_beyond_utf8(data)
    if line:
        raise SheetUnusable(Message(ALMOST_UTF8, {"name": name, "line": line}))
    candidates = encodings.readings(data)
    certain = encodings.certain(candidates)
    if certain:
        return certain.encoding
    if not candidates:
        raise SheetUnusable(Message(NO_LETTERS, {"name": name}))
    lines = (
        f"  {reading.encoding}:\n{encodings.first_lines(reading.sample)}" for reading in candidates
    )
    raise SheetUnusable(Message(WHICH_LETTERS, {"name": name, "readings": "\n".join(lines)}))


def _records(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records with their numbers; a line break inside quotes does not begin one."""
    csv.field_size_limit(FILE_MOST_BYTES)
    yield from enumerate(csv.reader(lines, delimiter=delimiter), start=1)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a text with what ends them, each when it is wanted: a copy is large."""
    return (match[0] for match in LINE.finditer(text))


def _is_filled(record: Sequence[str]) -> bool:
    return any(PRINTED.search(cell) or visible(cell).strip() for cell in record if cell)


def _delimiter(text: str) -> str:
    """Return what stands between the cells: what gives most rows as many cells as the heading."""
    return max(DELIMITERS, key=lambda tried: _fit(text, tried))


def _fit(text: str, delimiter: str) -> tuple[float, int]:
    widths = []
    for _, record in _records(_lines(text), delimiter):
        if _is_filled(record):
            widths.append(len(record))
        if len(widths) > LOOKED_AT:
            break
    if not widths or widths[0] == 1:
        return 0.0, 0
    fitting = sum(width == widths[0] for width in widths)
    return round(fitting / len(widths), 1), widths[0]


def _columns(heading: Sequence[str], name: str) -> tuple[str, ...]:
    """Return the columns’ names: an unnamed one is called by its number, and no two are alike."""
    if len(heading) > COLUMNS_MOST:
        values = {"name": name, "found": len(heading), "most": COLUMNS_MOST}
        raise SheetUnusable(
            Message(N_("“%(name)s” has %(found)s columns; at most %(most)s can be read."), values)
        )
    columns: dict[str, str] = {}
    for position, cell in enumerate(heading, start=1):
        plain = visible(" ".join(NO_KEYBOARD.sub(encodings.STAND_IN, cell).split()))[:100].strip()
        column = plain or f"column {position}"
        if folded(column) in columns:
            raise SheetUnusable(Message(TWO_ALIKE, {"name": name, "column": column}))
        columns[folded(column)] = column
    return tuple(columns.values())


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
    texts = [NO_KEYBOARD.sub(encodings.STAND_IN, cell) for cell in record] if is_mended else record
    cells = dict(zip((*columns, *beyond), texts, strict=False))
    is_ragged = len(record) < len(columns) or any(text.strip() for text in texts[len(columns) :])
    return Row(number, cells, None, is_ragged, is_mended)


def _refuse_open_quote(text: str, delimiter: str, name: str) -> None:
    """Refuse a text with a quotation mark that is never closed: it would swallow all after it."""
    if '"' not in text:
        return
    number, last = 0, ""
    lines = _Kept(_lines(text))
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
