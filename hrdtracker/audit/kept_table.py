"""One table that the trail records: its rows, a part at a time, and how they are told apart."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    LargeBinary,
    Table,
    func,
    inspect,
    select,
    type_coerce,
)
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from hrdtracker.audit.closed_values import closed_columns, open_value
from hrdtracker.audit.values import AS_THEY_ARE, plain
from hrdtracker.core.closed import Closed
from hrdtracker.core.db import Base, Entity, Instant, session
from hrdtracker.core.seal import SealBroken

READ_AT_ONCE = 1000
BETWEEN = " "
"""What stands between the values of a key: the first is a number, so two keys never look alike."""
BYTES = 256
"""The values of the first byte of a uid, by which rows are parted."""
ROWS_IN_PART = 4096
"""How many rows of a table are compared at once, as far as 256 parts go."""


class KeptTable:
    """A table whose every change stands on the trail; `present` are the columns that it has."""

    def __init__(self, model: type[Base], present: frozenset[str] | None = None) -> None:
        mapper = inspect(model)
        self.name, self.is_entity = model.__tablename__, issubclass(model, Entity)
        table = mapper.local_table
        assert isinstance(table, Table)  # noqa: S101 - no model stands for anything else
        self.columns = [
            column
            for column in table.columns
            if column is not mapper.version_id_col and (present is None or column.name in present)
        ]
        self.types = {column.key: column.type for column in self.columns}
        self._closed = closed_columns(self.name)
        self._key_names = [column.key for column in mapper.primary_key]
        self._table, self._key = table, table.columns[self._key_names[0]]
        self.defaults = {
            column.key: plain(column.default.arg)
            for column in self.columns
            if isinstance(column.default, ScalarElementColumnDefault)
        }

    @cached_property
    def parts(self) -> int:
        """How many parts it is compared in."""
        rows = session().scalar(select(func.count()).select_from(self._table)) or 0
        return min(BYTES, 1 << (rows // ROWS_IN_PART).bit_length())

    @cached_property
    def _width(self) -> int:
        """How many numbers of a link's first column fall into one part."""
        return (session().scalar(select(func.max(self._key))) or 0) // self.parts + 1

    def identity(self, change: Mapping[str, Any]) -> str | None:
        """Return what tells the row of a difference from others: its uid, or its whole key.

        None where an entry of before does not say which row it changed.
        """
        if self.is_entity or change["uid"]:
            return str(change["uid"])
        if "key" in change:
            return _joined(change["key"])
        columns, at = change["columns"], 0 if change["kind"] == "-" else 1
        if not columns.keys() >= set(self._key_names):
            return None
        return _joined(columns[name][at] for name in self._key_names)

    def part(self, identity: str) -> int:
        """Return in which part a row is."""
        if self.parts == 1:
            return 0
        if self.is_entity:
            return int(identity[:2], 16) * self.parts // BYTES
        return min(int(identity.partition(BETWEEN)[0]) // self._width, self.parts - 1)

    def rows(self, part: int) -> Iterator[tuple[str, Sequence[Any]]]:
        """Yield the rows of a part: their identity, and their values in the order of `columns`."""
        stored = (
            type_coerce(column, LargeBinary) if column.key in self._closed else column
            for column in self.columns
        )
        query = select(*stored).where(*self._range(part))
        names = [column.key for column in self.columns]
        closed = [(names.index(name), name) for name in self._closed if name in names]
        uid = names.index("uid") if self.is_entity else 0
        keys = [] if self.is_entity else [names.index(name) for name in self._key_names]
        for row in session().execute(query.execution_options(yield_per=READ_AT_ONCE)):
            values = [value if type(value) in AS_THEY_ARE else plain(value) for value in row]
            for number, name in closed:
                values[number] = _opened(self._closed[name], row[number])
            yield values[uid] if self.is_entity else _joined(values[n] for n in keys), values

    def numbers(self) -> Iterator[tuple[str, int]]:
        """Yield the uid of each row and the number that others point to; none of links."""
        if self.is_entity:
            query = select(self._table.columns["uid"], self._key)
            for uid, number in session().execute(query.execution_options(yield_per=READ_AT_ONCE)):
                yield uid.hex, number

    def opened(self, columns: dict[str, Any]) -> dict[str, Any]:
        """Return what a difference says of columns, with what is closed in its words."""
        for name, kind in self._closed.items():
            if name in columns:
                columns[name] = [_opened(kind, value) for value in columns[name]]
        return columns

    def same(self, name: str, first: Any, second: Any) -> bool:
        """Tell whether two values of a column are one: an instant may be said in another zone."""
        if first == second:
            return True
        if not (isinstance(first, str) and isinstance(second, str)):
            return False
        read = _read_date if isinstance(self.types.get(name), Instant | Date) else str
        return bool(read(first) == read(second))

    def _range(self, part: int) -> list[ColumnElement[bool]]:
        if self.parts == 1:
            return []
        if self.is_entity:
            width, column = BYTES // self.parts, self._table.columns["uid"]
            ends: list[Any] = [_first_uid(part * width), _first_uid((part + 1) * width)]
        else:
            width, column = self._width, self._key
            ends = [part * width, (part + 1) * width]
        return [column >= ends[0], *([column < ends[1]] if part + 1 < self.parts else [])]


def _opened(kind: Closed, value: Any) -> Any:
    """Return a closed value as if it lay open; one that our key did not close as it is."""
    try:
        return plain(open_value(kind, value))
    except SealBroken:
        return plain(value)


def _joined(key: Iterable[Any]) -> str:
    return BETWEEN.join(map(str, key))


def _first_uid(byte: int) -> UUID | None:
    return UUID(bytes=bytes([byte]) + bytes(15)) if byte < BYTES else None


def _read_date(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def kept_tables(present: Mapping[str, frozenset[str]] | None = None) -> dict[str, KeptTable]:
    """Return every table that the trail records; of an older schema those that are `present`."""
    models = [mapper.class_ for mapper in Base.registry.mappers]
    return {
        model.__tablename__: KeptTable(
            model, None if present is None else present[model.__tablename__]
        )
        for model in sorted(models, key=lambda model: model.__tablename__)
        if not model.unaudited and (present is None or model.__tablename__ in present)
    }
