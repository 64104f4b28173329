"""All that stands in a database, row by row: to compare it, or to look for what must not be."""

import hashlib
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, MetaData, Table, select

Cells = dict[str, Any]


def tables_of(connection: Connection) -> dict[str, Table]:
    """Return the tables that the database itself says it has."""
    found = MetaData()
    found.reflect(connection)
    return {name: table for name, table in found.tables.items() if name != "alembic_version"}


def rows_of(connection: Connection, table: Table, columns: Collection[str]) -> list[Cells]:
    """Return the rows of a table in the order of its key, as far as these columns go."""
    shown = [column for column in table.columns if column.name in columns]
    query = select(*shown).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in connection.execute(query)]


def digests(connection: Connection) -> dict[str, str]:
    """Return a digest of each table's rows."""
    return {
        name: digest(rows_of(connection, table, table.columns.keys()))
        for name, table in tables_of(connection).items()
    }


def digest(rows: list[Cells]) -> str:
    """Return a digest of rows."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def everything(connection: Connection) -> Iterator[bytes]:
    """Yield each cell of the database as bytes."""
    for table in tables_of(connection).values():
        for row in rows_of(connection, table, table.columns.keys()):
            for value in row.values():
                yield value if isinstance(value, bytes) else str(value).encode()
