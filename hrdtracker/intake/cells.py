"""One row while it is read: what has been made of its cells, what is left, what is doubtful."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hrdtracker.core.errors import N_, Message
from hrdtracker.intake.day_order import ColumnOrder, column_order
from hrdtracker.intake.mapping import INVISIBLE, Columns, Dates, MappingFile, folded
from hrdtracker.intake.plain import plain
from hrdtracker.intake.sheet import Row, Sheet

TAIL = "– Also in the sheet –"
"""The line that stands in a narrative before what no field of ours holds."""
TOO_LONG = N_("Too long for its field: kept with the narrative.")
INDENT = "\n  "
BLANK = " \t\r\n\v\f\xa0" + "".join(map(chr, INVISIBLE))
"""What says nothing at the ends of a cell."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be said of a row: in which column, and why; never what stands there."""

    row: int
    column: str
    reason: Message


class Headings:
    """The columns of a sheet by the names that a mapping uses, whatever their case and spacing.

    `dates` are the mapping’s columns with dates: of each it is known in which order they stand.
    """

    def __init__(self, sheet: Sheet, mapping: MappingFile, dates: Iterable[Dates] = ()) -> None:
        self._columns = {folded(name): name for name in sheet.columns}
        self._names: dict[str, str] = {}
        self.html = frozenset(self.find(name) for name in mapping.html)
        self.ignored = frozenset(self.find(name) for name in mapping.ignore)
        self.empty = frozenset(folded(word) for word in mapping.empty)
        formats = {
            self.find(name): written.formats
            for written in dates
            for name in (*written.column, *written.until)
            if self.has(name)
        }
        self.orders = _orders(sheet, formats) if formats else {}

    def find(self, name: str) -> str:
        """Return the sheet’s own name of a column, or the name as it is."""
        own_name = self._names.get(name)
        if own_name is None:
            own_name = self._names[name] = self._columns.get(folded(name), name)
        return own_name

    def has(self, name: str) -> bool:
        """Tell whether the sheet has such a column."""
        return folded(name) in self._columns

    def order_of(self, name: str) -> ColumnOrder:
        """Return whether a column has the day or the month first."""
        return self.orders.get(self.find(name), ColumnOrder())


def _orders(sheet: Sheet, formats: Mapping[str, Columns]) -> dict[str, ColumnOrder]:
    texts: dict[str, list[str]] = {name: [] for name in formats}
    for row in sheet.rows():
        for name in formats:
            texts[name].append(row.cells.get(name, ""))
    return {name: column_order(texts[name], formats[name]) for name in formats}


@dataclass
class Cells:
    """The cells of a row as the mapping reads them."""

    row: Row
    headings: Headings
    joined: Mapping[str, Sequence["Cells"]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._used: set[str] = set()
        self._texts: dict[str, str] = {}

    def text(self, column: str) -> str:
        """Return what stands in a column: "" where that is nothing, words where it was HTML."""
        name = self.headings.find(column)
        if name not in self._texts:
            self._texts[name] = self._read(name)
        return self._texts[name]

    def _read(self, name: str) -> str:
        text = self.row.cells.get(name, "").strip(BLANK)
        if name in self.headings.html:
            text = plain(text)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        empty = self.headings.empty
        return "" if empty and folded(text) in empty else text

    def first(self, columns: Columns) -> tuple[str, str]:
        """Return the first of these columns that says something, and what it says."""
        for column in columns:
            text = self.text(column)
            if text:
                return column, text
        return (columns[0] if columns else ""), ""

    def every(self, columns: Columns) -> list[tuple[str, str]]:
        """Return all of these columns that say something."""
        return [(column, text) for column in columns if (text := self.text(column))]

    def use(self, *columns: str) -> None:
        """Note that what these columns say is kept in full in fields of ours."""
        self._used.update(self.headings.find(column) for column in columns)

    def leave(self, *columns: str) -> None:
        """Note that what these columns say has to stand in the narrative after all."""
        self._used.difference_update(self.headings.find(column) for column in columns)

    def is_kept(self, columns: Columns) -> bool:
        """Tell whether all that these columns say is kept in fields of ours."""
        return all(self.headings.find(column) in self._used for column, _ in self.every(columns))

    def doubt(self, column: str, reason: Message | str) -> None:
        """Note what a person should look at."""
        sentence = reason if isinstance(reason, Message) else Message(reason)
        self.notes.append(Note(self.row.number, column, sentence))

    def short(self, columns: Columns, most: int) -> str | None:
        """Return the first that is said in these columns; None where that is nothing or too long.

        What is too long for its field stays with the narrative.
        """
        column, text = self.first(columns)
        if len(text) > most:
            self.doubt(column, TOO_LONG)
            return None
        if text:
            self.use(column)
        return text or None

    def left(self) -> list[str]:
        """Return a line for each column that says something which no field of ours holds."""
        passed = self._used | self.headings.ignored
        return [
            f"{column}: {text}".replace("\n", INDENT)
            for column in self.row.cells
            if column not in passed and (text := self.text(column))
        ]


def parts_of(text: str, separator: str) -> list[str]:
    """Split a cell at a separator that stands in no brackets; without one it is one part."""
    if not separator:
        return [" ".join(text.split())]
    if "(" not in text:
        return [" ".join(part.split()) for part in text.split(separator)]
    depth, start, parts = 0, 0, []
    for place, sign in enumerate(text):
        depth = max(0, depth + (sign == "(") - (sign == ")"))
        if depth == 0 and place >= start and text.startswith(separator, place):
            parts.append(text[start:place])
            start = place + len(separator)
    if depth:  # a bracket that is never closed holds nothing together
        parts, start = text.split(separator), len(text)
        return [" ".join(part.split()) for part in parts]
    return [" ".join(part.split()) for part in (*parts, text[start:])]


def with_tail(text: str, lines: Iterable[str]) -> str:
    """Return a narrative with what is left of the row under it."""
    kept = list(lines)
    return "\n".join([*([text, ""] if text else []), TAIL, *kept]) if kept else text


def tail_of(narrative: str) -> dict[str, str]:
    """Return the lines under a narrative, as `with_tail` wrote them, by their column."""
    _, mark, tail = narrative.rpartition(f"{TAIL}\n")
    lines = tail.replace(INDENT, "\0").split("\n") if mark else []
    by_column = {}
    for line in lines:
        column, colon, _ = line.partition(": ")
        if colon:
            by_column[column] = line.replace("\0", INDENT)
    return by_column
