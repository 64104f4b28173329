"""A database belongs to one root key: with another, nothing starts and nothing is written."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from hrdtracker.access.actor import operator
from hrdtracker.app import create_app
from hrdtracker.audit import queries as trail
from hrdtracker.audit.model import AuditEntry
from hrdtracker.backups import epoch
from hrdtracker.backups.model import ServerEpoch
from hrdtracker.cli import instance, schema
from hrdtracker.cli.stop import Stop
from hrdtracker.core import keyfile
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey
from tests import make
from tests.conftest import close
from tests.spec.cli_runs import PASSPHRASE, on, secret_file, stopped

WRONG = "The key file does not belong to this database: put the right one back."
PATIENCE_S = 10
OTHER = RootKey(b"\x08" * keyfile.KEY_BYTES, demo=True)


@contextmanager
def _inside(app: Flask) -> Iterator[None]:
    with app.app_context(), unit_of_work(make.open_session(app)):
        yield
        close(app)


@contextmanager
def _looking_at(given: Settings, root: RootKey) -> Iterator[None]:
    with _inside(create_app(given, root)):
        yield


def _start(given: Settings, root: RootKey, *words: str) -> str:
    """Start a command with a key file of this root key; return the sentence it stopped with."""
    given.key_file.unlink(missing_ok=True)
    keyfile._write(given.key_file, root, DEMO_PASSPHRASE, exclusive=True)
    environment = {"HRDTRACKER_DATABASE_URL": given.database_url} if given.database_url else {}
    result = on(given.instance, *(words or ("user", "list")), env=environment)
    return stopped(result) if result.exit_code else ""


def _entries(given: Settings, root: RootKey) -> int:
    with _looking_at(given, root):
        return session().scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_the_first_start_with_the_right_key_binds_and_another_key_never_does(
    given: Settings, root: RootKey
) -> None:
    before = _entries(given, root)
    assert _start(given, OTHER) == WRONG
    assert _entries(given, root) == before
    assert _start(given, root) == ""
    assert _entries(given, root) == before + 1
    with _looking_at(given, root):
        assert session().scalars(select(ServerEpoch.number)).all() == [1]
        assert trail.verify().holds
    assert _start(given, OTHER) == WRONG
    assert _start(given, OTHER, "audit", "verify") == WRONG
    assert _start(given, root) == ""
    assert _entries(given, root) == before + 1


def test_two_processes_that_start_at_once_both_find_the_key_bound(
    given: Settings, root: RootKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, look = Barrier(2), epoch.check_key

    def look_together() -> bool:
        is_bound = look()
        if not is_bound:
            both.wait(PATIENCE_S)
        return is_bound

    def start(app: Flask) -> None:
        with _inside(app):
            epoch.bind(operator())

    monkeypatch.setattr(epoch, "check_key", look_together)
    # Made one after the other: Python 3.11 may trip where two threads parse at once.
    apps = [create_app(given, root) for _ in range(2)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(start, apps))
    with _looking_at(given, root):
        assert session().scalars(select(ServerEpoch.number)).all() == [1]
        assert trail.verify().holds


@pytest.mark.engines("postgresql")
def test_a_bound_database_refuses_another_key_even_where_nothing_is_sealed_in_it(
    given: Settings, root: RootKey
) -> None:
    """On PostgreSQL nothing else would notice: an empty trail can be begun with any key."""
    with _looking_at(given, root):
        epoch.bind(operator())
        raw = session().connection().connection.driver_connection
        assert raw is not None
        raw.cursor().execute("DELETE FROM data_key_wrap; COMMIT")
        session().rollback()
    assert _start(given, OTHER) == WRONG
    assert _start(given, root) == ""


@pytest.mark.engines("postgresql")
def test_where_nothing_is_sealed_yet_the_trail_tells_the_key(
    given: Settings, root: RootKey
) -> None:
    with _looking_at(given, root):
        raw = session().connection().connection.driver_connection
        assert raw is not None
        raw.cursor().execute("DELETE FROM data_key_wrap; COMMIT")
        session().rollback()
    assert _start(given, OTHER) == WRONG


@pytest.mark.engines("sqlite")
def test_a_server_outside_refuses_another_key_and_a_database_that_is_not_up_to_date(
    given: Settings, root: RootKey, tmp_path: Path
) -> None:
    real = replace(root, demo=False)
    given.instance.chmod(0o700)
    keyfile._write(given.key_file, real, PASSPHRASE, exclusive=True)
    told = replace(given, passphrase_file=secret_file(tmp_path))
    app = instance.served(told)
    with app.app_context():
        close(app)
    with _looking_at(given, root):
        assert session().scalars(select(ServerEpoch.number)).all() == [1]
        raw = session().connection().connection.driver_connection
        assert raw is not None
        raw.cursor().execute("UPDATE alembic_version SET version_num = 'last_confirmed_as_held'")
        raw.cursor().execute("COMMIT")
    app = create_app(given, root)
    with pytest.raises(Stop, match="older hrdtracker"):
        schema.check_is_current(app)
    with app.app_context():
        close(app)
    given.key_file.unlink()
    keyfile._write(given.key_file, replace(OTHER, demo=False), PASSPHRASE, exclusive=True)
    with pytest.raises(Stop, match="does not belong to this database"):
        instance.served(told)
    with pytest.raises(Stop, match="PASSPHRASE_FILE"):
        instance.served(given)
