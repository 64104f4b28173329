"""The database’s own version: brought up to date at the start, never taken back."""

import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import Flask
from sqlalchemy import create_engine, inspect

from hrdtracker.app import ROOT
from hrdtracker.cli.stop import Stop
from hrdtracker.core.postgresql import TIMEOUTS, fault_of, postgresql_options

NEWER = "This database was last used by a newer hrdtracker: update the program first."
OLDER = (
    "This database is of an older hrdtracker, or empty. Any command brings it up to date: "
    "`hrdtracker user list`, or `hrdtracker serve` where it is new."
)


def check_isolation(app: Flask) -> None:
    """Raise Stop where PostgreSQL is set to another isolation than our locks are written for."""
    with app.app_context():
        fault = fault_of(app.extensions["sqlalchemy"].engine)
    if fault is not None:
        raise Stop(fault)


def is_current(app: Flask) -> bool:
    """Tell whether the database lacks nothing that this version of the program needs.

    Raises Stop where it is of a newer version.
    """
    with app.app_context():
        present = _present(app)
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    if present == scripts.get_current_head():
        return True
    if present is not None:
        _check_is_known(scripts, present)
    return False


def bring_up_to_date(app: Flask) -> None:
    """Run the migrations that this database lacks."""
    with app.app_context():
        flask_migrate.upgrade()


def check_is_current(app: Flask) -> None:
    """Raise Stop where the database lacks something that this version of the program needs."""
    if not is_current(app):
        raise Stop(OLDER)


def has_tables(url: str) -> bool:
    """Tell whether a PostgreSQL database holds an instance already."""
    engine = create_engine(url, hide_parameters=True, **postgresql_options(url, TIMEOUTS))
    try:
        return inspect(engine).has_table("organisation")
    finally:
        engine.dispose()


def _present(app: Flask) -> str | None:
    with app.extensions["sqlalchemy"].engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _check_is_known(scripts: ScriptDirectory, revision: str) -> None:
    try:
        scripts.get_revision(revision)
    except CommandError:
        raise Stop(NEWER) from None
