"""The database's history goes up, down and up again, and loses nothing that the steps keep."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, Connection, Engine, Table, inspect

from hrdtracker.core.db import Base, unit_of_work
from tests.make import open_session
from tests.security.dump import Cells, rows_of, tables_of
from tests.security.world import build_world

FOLDER = Path(__file__).resolve().parents[2] / "migrations"
HISTORY = ScriptDirectory(str(FOLDER))
REVISIONS = [each.revision for each in HISTORY.walk_revisions()]
"""The newest first."""
Contents = dict[str, dict[str, Cells]]
"""The values of each column, by table and column."""


def _engine(app: Flask) -> Engine:
    engine: Engine = app.extensions["sqlalchemy"].engine
    return engine


def _fill(app: Flask) -> None:
    """Put at least one row into every table of a database with the cast."""
    with unit_of_work(open_session(app)) as opened:
        build_world("own")
        opened.rollback()
    app.extensions["sqlalchemy"].session.remove()


@pytest.fixture
def filled(app: Flask) -> Iterator[Flask]:
    """Return the application, in its context, with something in every table."""
    with app.app_context():
        _fill(app)
        yield app


def _contents(app: Flask) -> Contents:
    """Return all values, column by column, in the order of each table's key."""
    with _engine(app).connect() as connection:
        return {
            name: dict(zip(sorted(table.columns.keys()), _columns(connection, table), strict=True))
            for name, table in tables_of(connection).items()
        }


def _columns(connection: Connection, table: Table) -> list[Cells]:
    rows = rows_of(connection, table, table.columns.keys())
    return list(zip(*rows, strict=True)) or [()] * len(table.columns)


def _schema(app: Flask) -> dict[str, Any]:
    """Return all that the database says of its tables."""
    seen = inspect(_engine(app))
    return {
        name: {
            "columns": [
                (each["name"], str(each["type"]), each["nullable"])
                for each in seen.get_columns(name)
            ],
            "indexes": sorted(str(each["name"]) for each in seen.get_indexes(name)),
            "unique": sorted(str(each["name"]) for each in seen.get_unique_constraints(name)),
            "checks": sorted(str(each["name"]) for each in seen.get_check_constraints(name)),
            "links": sorted(str(each["name"]) for each in seen.get_foreign_keys(name)),
        }
        for name in seen.get_table_names()
    }


def test_the_history_is_one_line() -> None:
    assert len(HISTORY.get_heads()) == 1
    assert len(HISTORY.get_bases()) == 1
    steps = list(HISTORY.walk_revisions())
    assert [each.revision for each in steps if each.is_merge_point or each.is_branch_point] == []


def test_a_step_is_named_by_its_time() -> None:
    names = [Path(each.path).name for each in HISTORY.walk_revisions()]
    assert names == sorted(names, reverse=True)
    assert all(name[:16].replace("_", "").isdigit() for name in names)


def test_the_migrated_database_is_what_the_models_say(empty: Flask) -> None:
    flask_migrate.upgrade()
    with _engine(empty).connect() as connection:
        assert _differences(connection) == []


def _differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, Base.metadata))


def test_a_forgotten_column_is_noticed(empty: Flask) -> None:
    flask_migrate.upgrade()
    with _engine(empty).connect().execution_options(schema=True, write=True) as connection:
        connection.exec_driver_sql("ALTER TABLE office DROP COLUMN name_en")
        assert [each[0] for each in _differences(connection)] == ["add_column"]
        connection.rollback()


def test_every_check_of_the_models_is_in_the_database(empty: Flask) -> None:
    flask_migrate.upgrade()
    seen = inspect(_engine(empty))
    for table in Base.metadata.sorted_tables:
        said = {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
        assert {str(each["name"]) for each in seen.get_check_constraints(table.name)} == said


def test_up_down_and_up_again_leaves_the_same_database(empty: Flask) -> None:
    flask_migrate.upgrade()
    first = _schema(empty)
    flask_migrate.downgrade(revision="base")
    assert set(_schema(empty)) <= {"alembic_version"}
    assert _left_over(empty) == []
    flask_migrate.upgrade()
    assert _schema(empty) == first


def _left_over(app: Flask) -> list[str]:
    """Return what else than tables is still there."""
    postgresql = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    sqlite = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    with _engine(app).connect() as connection:
        query = sqlite if connection.dialect.name == "sqlite" else postgresql
        return [row[0] for row in connection.execute(sqlalchemy.text(query))]


def test_each_step_back_and_forth_keeps_every_row(filled: Flask) -> None:
    """A step back loses no row of a table that stays; forth again, no value; and on from there."""
    contents = _contents(filled)
    assert [name for name, columns in contents.items() if not _rows(columns)] == []
    lost: list[tuple[str, ...]] = []
    for newer, older in pairwise(REVISIONS):
        flask_migrate.downgrade(revision=older)
        before, full = _contents(filled), contents
        flask_migrate.upgrade(revision=newer)
        contents = _contents(filled)
        flask_migrate.downgrade(revision=older)
        lost += [
            (older, name)
            for name in before.keys() & full
            if _rows(before[name]) != _rows(full[name])
        ]
        lost += [
            (newer, name, column)
            for name in before.keys() & contents
            for column in before[name].keys() & contents[name]
            if before[name][column] != contents[name][column]
        ]
        contents = before
    assert lost == []


def _rows(columns: dict[str, Cells]) -> int:
    return len(next(iter(columns.values())))


def test_the_trail_can_only_grow_whoever_asks(filled: Flask) -> None:
    for table in ("audit_entry", "access_log", "access_batch"):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET at = at"):
            with (
                _engine(filled).connect().execution_options(schema=True, write=True) as connection,
                pytest.raises(sqlalchemy.exc.DBAPIError, match="only ever added to"),
            ):
                connection.exec_driver_sql(change)
