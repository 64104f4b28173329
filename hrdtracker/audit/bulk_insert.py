"""New rows under one open act: written and signed as by a flush, in half the time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Insert, Table, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import instance_dict
from sqlalchemy.orm.util import identity_key
from sqlalchemy.sql.schema import CallableColumnDefault, Column, ScalarElementColumnDefault

from hrdtracker.audit.trail import Unsigned, present_signature, writing, written
from hrdtracker.core.db import Base, Entity, may_write, session

FIRST_VERSION = 1


def add_all(rows: Iterable[Base]) -> None:
    """Write new rows as `add_many` does, and let the session know them: they may change again."""
    added, opened = list(rows), session()
    add_many(added)
    for row in added:
        make_transient_to_detached(row)
        undone = opened.identity_map.get(identity_key(instance=row))
        if undone is not None:  # a rollback took it back, and SQLite gave its number again
            opened.expunge(undone)
        opened.add(row)


def add_many(rows: Iterable[Base]) -> None:
    """Write new rows in this order and note each on the trail; records learn their numbers.

    The session does not know them afterwards, which saves an import a sixth of its time: whoever
    wants to change one fetches it. Raises Unsigned where no act is open.
    """
    added, opened, signature = list(rows), session(), present_signature()
    opened.flush()
    connection = opened.connection()
    if not may_write(connection):
        raise Unsigned("a statement that writes must pass through the door")
    with writing():
        for model, group in groupby(added, type):
            _insert(connection, model, list(group))
    signature.changes += [change for row in added if (change := written(row, "+"))]


Keep = Callable[[Sequence[Base]], None]
"""A way to write new rows down: `add_all` or `add_many`."""


def _insert(connection: Connection, model: type[Base], rows: Sequence[Base]) -> None:
    defaults = _defaults(model)
    result = connection.execute(_statement(model), [_values(row, defaults) for row in rows])
    if issubclass(model, Entity):
        for row, number in zip(rows, result.scalars(), strict=True):
            instance_dict(row)["id"] = number


@cache
def _statement(model: type[Base]) -> Insert:
    table = _table(model)
    if not issubclass(model, Entity):
        return table.insert()
    return table.insert().returning(table.c.id, sort_by_parameter_order=True)


def _values(row: Base, defaults: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    """Return the columns of a row, which learns what was not said of them."""
    given = instance_dict(row)
    for name, default in defaults.items():
        if name not in given:
            given[name] = default()
    return {name: given[name] for name in defaults}


def _table(model: type[Base]) -> Table:
    table = inspect(model).local_table
    assert isinstance(table, Table)  # noqa: S101 - no model stands for anything else
    return table


@cache
def _defaults(model: type[Base]) -> Mapping[str, Callable[[], Any]]:
    """Return the default of every column, except of the number that the database gives."""
    version = inspect(model).version_id_col
    return {
        column.key: (lambda: FIRST_VERSION) if column is version else _default(column)
        for column in _table(model).columns
        if not (column.key == "id" and issubclass(model, Entity))
    }


def _default(column: Column[Any]) -> Callable[[], Any]:
    made = column.default
    if isinstance(made, CallableColumnDefault):
        make: Callable[[Any], Any] = made.arg  # wrapped so that it takes any context
        return lambda: make(None)
    value = made.arg if isinstance(made, ScalarElementColumnDefault) else None
    return lambda: value
