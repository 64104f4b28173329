"""Rows with something in every column that must not be empty, and a canary in each sealed one."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Column, func, select

from hrdtracker.core import clock
from hrdtracker.core.db import Base, Instant, session
from hrdtracker.core.seal import Compartment, SealedRow, ring, sealed_attributes

MARK = "Zq7Xcanary"
"""Every sealed text of the world begins so: found anywhere in the open, it was not sealed."""
BORN = "1941-02-17"
"""The birth date of everybody there, which stands nowhere else."""
YEAR = timedelta(days=365)
SOMETHING: dict[type, Any] = {
    bool: False,
    int: 1,
    str: "x",
    bytes: b"x",
    date: date(2026, 1, 1),
}


def filled(model: type[Any], **values: Any) -> Any:
    """Return a row of `model`; what it needs besides `values` is something plain."""
    needed = {
        column.key: _something(column)
        for column in model.__table__.columns
        if _is_needed(column) and column.key not in values
    }
    return model(**needed, **values)


def _is_needed(column: Column[Any]) -> bool:
    free = column.nullable or column.default is not None or column.primary_key
    return not (free or column.foreign_keys or column.key in {"uid", "version"})


def _something(column: Column[Any]) -> Any:
    if isinstance(column.type, Instant):
        return clock.now()
    kind = column.type.python_type
    return uuid4() if kind is UUID else SOMETHING[kind]


def sealed(model: type[SealedRow], key_id: int, **values: Any) -> Any:
    """Return a row of `model` with a canary in each of its sealed columns."""
    row = filled(model, data_key_id=key_id, **values)
    for number, attribute in enumerate(sealed_attributes(model).values()):
        text = BORN if attribute.name == "birth_date" else f"{MARK} {row.uid.hex} {number}"
        setattr(row, attribute.name, text)
    return row


def keep(*rows: Any) -> None:
    """Write rows down, in an open door; inside `together` they only get their numbers."""
    if _TOGETHER:
        _TOGETHER[-1].take(rows)
        return
    session().add_all(rows)
    session().flush()


class _Together:
    """Rows of many tables that are written at the end, each table in one statement."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Any]] = {}
        self.last: dict[str, int] = {}

    def take(self, rows: Iterable[Any]) -> None:
        """Take rows up, and number those that the database would number."""
        for row in rows:
            table = row.__tablename__
            self.rows.setdefault(table, []).append(row)
            if "id" in row.__table__.c and row.id is None:
                row.id = self.last[table] = self._last(type(row)) + 1

    def _last(self, model: type[Any]) -> int:
        table = model.__tablename__
        if table not in self.last:
            self.last[table] = session().scalar(select(func.max(model.id))) or 0
        return self.last[table]

    def write(self) -> None:
        """Write each table after those that it names."""
        for table in Base.metadata.sorted_tables:
            session().add_all(self.rows.get(table.name, ()))
            session().flush()
        if session().get_bind().dialect.name == "postgresql":
            for name, last in self.last.items():
                sequence = func.pg_get_serial_sequence(name, "id")
                session().execute(select(func.setval(sequence, last)))


_TOGETHER: list[_Together] = []


@contextmanager
def together() -> Iterator[None]:
    """Write what is kept meanwhile at the end: thousands of rows in some dozens of statements."""
    some = _Together()
    _TOGETHER.append(some)
    try:
        yield
    finally:
        _TOGETHER.pop()
    some.write()


def new_key(compartment: Compartment) -> int:
    """Return the number of a new data key that `compartment` can unwrap."""
    key = ring().create()
    keep(key)
    keep(ring().wrap(key.id, compartment))
    return key.id


def new_compartment() -> Compartment:
    """Return a new compartment."""
    made = Compartment()
    keep(made)
    return made


def span(years: tuple[int, int]) -> dict[str, datetime]:
    """Return the beginning and the end of a grant or block."""
    moment = clock.now()
    return {"starts_at": moment + years[0] * YEAR, "ends_at": moment + years[1] * YEAR}
