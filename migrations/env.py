"""How migrations run: on a connection of their own, whole or not at all."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection

from hrdtracker.core.db import Base, Instant
from hrdtracker.tables import TABLES

assert TABLES  # noqa: S101 - importing them is what declares the tables


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write an instant as plain SQLAlchemy, so that a migration never depends on our code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def configure(connection: Connection) -> None:
    """Tell Alembic what to compare and how to alter tables on SQLite."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=False,
    )


def run() -> None:
    """Run the migrations in one transaction; on SQLite without cascades, then check every link."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(schema=True, write=True) as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.connection.driver_connection.answer_s = None
        with connection.begin():
            if not is_sqlite:
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            configure(connection)
            context.run_migrations()
            if is_sqlite:
                loose = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if loose:
                    raise RuntimeError(f"{len(loose)} rows would point to nothing")
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
        else:
            connection.invalidate()  # the next one is waited for no longer than any other


run()
