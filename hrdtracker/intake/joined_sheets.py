"""A sheet together with the files that are joined to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace

from hrdtracker.core.errors import N_, Message
from hrdtracker.intake.cells import Cells, Headings, Note
from hrdtracker.intake.mapping import Columns, CourtColumns, Dates, Join, MappingFile, folded
from hrdtracker.intake.mapping_file import coded_parts
from hrdtracker.intake.sheet import Layout, Row, Sheet, SheetUnusable

RAGGED = N_("The row has more or fewer cells than the heading.")
MENDED = N_("Characters that cannot be kept were replaced by “\ufffd”.")
NO_SUCH_ROW = N_("“%(file)s”: no row of the sheet goes with it.")


@dataclass
class _Joined:
    """A joined file: its rows by what they say in the key’s column."""

    join: Join
    headings: Headings
    rows: dict[str, list[Row]] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)


class Sheets:
    """The rows of a sheet as a mapping reads them, each with the rows of other files."""

    def __init__(self, mapping: MappingFile, sheet: Sheet, others: Mapping[str, Sheet]) -> None:
        """Take a sheet and the files joined to it, by the names that the mapping gives them."""
        self.sheet = sheet
        self._mapping = mapping
        self._headings = Headings(sheet, mapping, _dates(mapping))
        self._joined = {
            join.file: _join(join, others[join.file], mapping)
            for join in mapping.join
            if join.file in others
        }
        self._refuse_missing()

    def cells(self, row: Row) -> Cells:
        """Return a row to be read, with one more column for each joined file."""
        others: dict[str, Sequence[Cells]] = {}
        texts = dict(row.cells)
        for file, joined in self._joined.items():
            key = row.cells.get(self._headings.find(joined.join.on), "").strip()
            joined.met.add(key)
            rows = joined.rows.get(key, []) if key else []
            others[file] = [Cells(joined_row, joined.headings) for joined_row in rows]
            lines = (_line(cells, joined.join) for cells in others[file])
            texts[column_of(file)] = "\n".join(lines)
        widened = replace(row, cells=texts) if others else row
        cells = Cells(widened, self._headings, others)
        if row.is_ragged:
            cells.doubt("", RAGGED)
        if row.is_mended:
            cells.doubt("", MENDED)
        return cells

    def remarks(self) -> list[Message]:
        """Return what somebody should know before these sheets are taken in."""
        orders = [*self._headings.orders.items()]
        for joined in self._joined.values():
            orders += joined.headings.orders.items()
        sentences = (order.sentence(column) for column, order in orders)
        return [*self.sheet.remarks, *(sentence for sentence in sentences if sentence)]

    def left_over(self) -> Iterator[Note]:
        """Yield the rows of joined files that went with no row of the sheet."""
        for file, joined in self._joined.items():
            for key in joined.rows.keys() - joined.met:
                for row in joined.rows[key]:
                    yield Note(row.number, joined.join.key, Message(NO_SUCH_ROW, {"file": file}))

    def missing(self) -> list[str]:
        """Return the columns that the mapping names and the sheet has not, nor another instead."""
        files = {(column_of(join.file),) for join in self._mapping.join}
        columns_wanted = [
            *_alternatives(self._mapping),
            *((name,) for name in _each(self._mapping)),
        ]
        return [
            " / ".join(columns)
            for columns in dict.fromkeys(columns_wanted)
            if columns and columns not in files
            if not any(self._headings.has(name) for name in columns)
        ]

    def _refuse_missing(self) -> None:
        """Refuse a sheet that lacks a required column."""
        kind, when = self._mapping.type, self._mapping.when
        needed = [("when", when.year or when.column)]
        needed += [("type", () if kind.default else kind.column)]
        needed += [("id", (name,)) for name in self._mapping.id]
        needed += [("join", (joined.join.on,)) for joined in self._joined.values()]
        for what, columns in needed:
            if columns and not any(self._headings.has(name) for name in columns):
                raise _no_column(self.sheet, columns, what)


def layout_of(mapping: MappingFile) -> Layout:
    """Return how the files are laid out, as far as their mapping says it."""
    names = {name for columns in _alternatives(mapping) for name in columns}
    names |= {*_each(mapping), *mapping.id, *mapping.ignore, *mapping.html}
    names |= {name for join in mapping.join for name in (join.key, *join.columns)}
    return Layout(
        mapping.encoding,
        mapping.delimiter,
        mapping.sheet,
        mapping.heading,
        frozenset(folded(name) for name in names),
    )


def column_of(file: str) -> str:
    """Return the name of the column in which the rows of a joined file stand."""
    return f"{file}.csv"


def _join(join: Join, sheet: Sheet, mapping: MappingFile) -> _Joined:
    headings = Headings(sheet, mapping, _dates(mapping, join.file))
    if not headings.has(join.key):
        raise _no_column(sheet, (join.key,), "join")
    joined = _Joined(join, headings)
    for row in sheet.rows():
        key = row.cells.get(headings.find(join.key), "").strip()
        joined.rows.setdefault(key, []).append(row)
    return joined


def _no_column(sheet: Sheet, columns: Columns, what: str) -> SheetUnusable:
    values = {"name": sheet.name, "what": what, "columns": ", ".join(columns)}
    return SheetUnusable(
        Message(N_("“%(name)s” has no column “%(columns)s”, the mapping’s “%(what)s”."), values)
    )


def _dates(mapping: MappingFile, file: str = "") -> list[Dates]:
    """Return the dates that stand in the sheet, or in a joined file."""
    later = [fact.date for fact in mapping.later if fact.file == file]
    later += [date for part in mapping.of_courts if part.file == file for date in _dates_of(part)]
    births = [people.birth for people in mapping.victims]
    custody = mapping.held.arrived, mapping.held.released
    return later if file else [mapping.when, *custody, *births, *later]


def _dates_of(part: CourtColumns) -> list[Dates]:
    given = (getattr(part, declared.name) for declared in fields(part))
    return [value for value in given if isinstance(value, Dates)]


def _line(cells: Cells, join: Join) -> str:
    return " – ".join(text for _, text in cells.every(join.columns))


def _alternatives(mapping: MappingFile) -> list[Columns]:
    """Return the columns of which one is enough."""
    places, custody = mapping.place, mapping.held
    alternatives = [
        places.province,
        places.district,
        places.commune,
        places.village,
        places.account,
    ]
    alternatives += [places.link, custody.place, mapping.tie, mapping.type.column]
    for date in _dates(mapping):
        alternatives += [date.column, date.until, date.year, date.month, date.day]
    alternatives += [coded.column for coded in coded_parts(mapping)]
    exact = places.coordinates
    alternatives += [exact.column, exact.latitude, exact.longitude]
    for people in mapping.victims:
        alternatives += [people.column, people.sex, people.age, people.organisation]
        alternatives += [people.count, people.families, people.but]
    for charge in mapping.charges:
        alternatives += [] if charge.file else [charge.article, charge.words]
        alternatives += [law.column for law in charge.law]
    for hearing in mapping.hearings:
        alternatives += [] if hearing.file else [hearing.room, hearing.judge]
    return alternatives


def _each(mapping: MappingFile) -> list[str]:
    """Return the columns that are wanted one by one."""
    required = [mapping.id, mapping.case, mapping.narrative, mapping.place.words]
    required += [(join.on,) for join in mapping.join]
    for people in mapping.victims:
        required += [people.remarks, people.other_names, people.phone]
    required += [name for each in mapping.perpetrators for name in (each.body, each.name)]
    required += [fact.note for fact in (*mapping.later, *mapping.of_courts) if not fact.file]
    court = mapping.proceeding
    required += [court.court_number, court.prosecutor, court.judges, court.note]
    if mapping.known_from is not None:
        required.append(mapping.known_from.remarks)
    return [name for columns in required for name in columns]
