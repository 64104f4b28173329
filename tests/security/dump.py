"""All that stands in a database, row by row: to compare it, or to look for what must not be."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, inspect, select

Tables = Mapping[str, Table]
Cells = tuple[Any, ...]


def tables_of(connection: Connection) -> Tables:
    """Return the tables that the database itself says it has: their columns and keys alone."""
    seen, here = inspect(connection), MetaData()
    keys = seen.get_multi_pk_constraint()
    tables = {}
    for place, columns in sorted(seen.get_multi_columns().items()):
        key = keys[place]["constrained_columns"]
        if place[1] != "alembic_version":
            tables[place[1]] = Table(
                place[1],
                here,
                *(
                    Column(each["name"], each["type"], primary_key=each["name"] in key)
                    for each in columns
                ),
            )
    return tables


def rows_of(connection: Connection, table: Table, columns: Collection[str]) -> list[Cells]:
    """Return the rows of a table as the driver reads them, as far as these columns go.

    The rows are in the order of the key, their columns in that of the names.
    """
    shown = [table.columns[name] for name in sorted(table.columns.keys()) if name in columns]
    found = connection.execute(select(*shown).order_by(*table.primary_key.columns))
    return [tuple(row) for row in found.cursor.fetchall()]


def digests(connection: Connection, tables: Tables) -> dict[str, str]:
    """Return a digest of each table's rows."""
    return {
        name: hashlib.sha256(
            repr(rows_of(connection, table, table.columns.keys())).encode()
        ).hexdigest()
        for name, table in tables.items()
    }


def everything(connection: Connection) -> Iterator[bytes]:
    """Yield each cell of the database as bytes."""
    for table in tables_of(connection).values():
        for row in rows_of(connection, table, table.columns.keys()):
            for value in row:
                yield value if isinstance(value, bytes) else str(value).encode()
