"""A database belongs to one root key: with another, nothing starts and nothing is written."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.accounts import sessions
from hrdtracker.accounts.model import Invitation
from hrdtracker.app import create_app
from hrdtracker.audit import queries as trail
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.backups import epoch
from hrdtracker.backups.model import ServerEpoch
from hrdtracker.cli import instance, schema
from hrdtracker.cli.stop import Stop
from hrdtracker.core import clock, keyfile
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey
from hrdtracker.core.seal import Vault
from tests import make
from tests.conftest import close
from tests.disarmed import disarmed
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


def _nothing() -> None:
    """Leave a database as it is."""


def _bind() -> None:
    epoch.bind(operator())


def _raw(*statements: str) -> None:
    """Change a database past the program, as one of an older program would differ."""
    connection = session().connection(execution_options={"schema": True, "write": True})
    for statement in statements:
        connection.exec_driver_sql(statement)
    session().commit()


ALTERED = (*disarmed("sqlite", "audit_entry"), "UPDATE audit_entry SET action = 'x' WHERE seq = 1")
OTHERS_FIRST = f"INSERT INTO compartment (id, uid) VALUES (-1, '{UUID(int=7).hex}')"


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("unit")
@pytest.mark.parametrize(
    ("prepare", "is_bound", "tells_another"),
    [
        (_nothing, False, True),
        (_bind, True, True),
        (partial(_raw, "DROP TABLE server_epoch"), False, True),
        (partial(_raw, "DELETE FROM data_key_wrap"), False, True),
        (partial(_raw, *ALTERED, OTHERS_FIRST), False, True),
        (partial(_raw, "DROP TABLE server_epoch", "DROP TABLE data_key_wrap"), False, False),
    ],
    ids=["unbound", "bound", "no lives yet", "nothing sealed", "first entry altered", "no tables"],
)
def test_a_database_tells_its_key_from_another_however_old_it_is(
    prepare: Callable[[], None], *, is_bound: bool, tells_another: bool
) -> None:
    prepare()
    info = session().info
    info.pop("ring", None)
    assert epoch.check_key() == is_bound
    info.pop("ring", None)
    info["vault"], ours = Vault(OTHER), info["vault"]
    try:
        if tells_another:
            with pytest.raises(epoch.WrongKey):
                epoch.check_key()
        else:
            assert not epoch.check_key()
    finally:
        info["vault"] = ours


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("unit")
def test_a_restored_server_ends_every_session_and_every_code_that_could_still_be_used() -> None:
    _bind()
    user, moment = make.user("monitor"), clock.now()
    token = sessions.begin(user, "A telephone")
    ends = moment + timedelta(days=1), moment + timedelta(days=1), moment - timedelta(days=1)
    used = None, moment, None
    with authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()):
        session().add_all(
            Invitation(user_id=user.id, code_digest=bytes([n] * 32), expires_at=end, used_at=use)
            for n, (end, use) in enumerate(zip(ends, used, strict=True))
        )
    epoch.begin_anew(operator(), moment, 5)
    query = select(Invitation.expires_at).order_by(Invitation.id.desc()).limit(3)
    expired, kept, open_before = session().scalars(query).all()
    assert (kept, expired) == ends[1:]
    assert moment <= open_before <= clock.now()
    assert sessions.identify(token) is None


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
