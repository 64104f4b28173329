"""Many new rows at once under one open act: written and signed as by a flush, in half the time."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Table, inspect
from sqlalchemy.orm.attributes import instance_dict
from sqlalchemy.sql.schema import CallableColumnDefault, Column, ScalarElementColumnDefault

from hrdtracker.audit.trail import Unsigned, present_signature, writing, written
from hrdtracker.core.db import Base, Entity, may_write, session

FIRST_VERSION = 1


def add_many(rows: Sequence[Base]) -> None:
    """Write new rows in this order and note each on the trail; records learn their numbers.

    The session does not know them afterwards: whoever wants to change one fetches it. Raises
    Unsigned where no act is open.
    """
    opened, signature = session(), present_signature()
    opened.flush()
    connection = opened.connection()
    if not may_write(connection):
        raise Unsigned("a statement that writes must pass through the door")
    changes = [change for row in rows if (change := written(row, "+"))]
    with writing():
        for model, group in groupby(rows, type):
            _insert(connection, model, list(group))
    signature.changes += changes


def _insert(connection: Connection, model: type[Base], rows: Sequence[Base]) -> None:
    table, defaults = _table(model), _defaults(model)
    values = [_values(row, defaults) for row in rows]
    if not issubclass(model, Entity):
        connection.execute(table.insert(), values)
        return
    statement = table.insert().returning(table.c.id, sort_by_parameter_order=True)
    numbers = connection.execute(statement, values).scalars()
    for row, number in zip(rows, numbers, strict=True):
        instance_dict(row)["id"] = number


def _values(row: Base, defaults: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
    given = instance_dict(row)
    return {name: given[name] if name in given else default() for name, default in defaults.items()}


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
