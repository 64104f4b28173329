"""Lock now: whatever held a key ends, nothing that still runs holds one, and a passphrase opens."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Thread
from typing import NoReturn
from urllib.parse import urlencode

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from config import Settings
from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import User
from hrdtracker.accounts import sessions
from hrdtracker.audit import queries as trail
from hrdtracker.audit.model import AuditEntry
from hrdtracker.cli import watch
from hrdtracker.cli.passphrase_file import put_back
from hrdtracker.cli.watch import ENDED, LOCKED, Locked, Watch, nobody_holds_keys, watched
from hrdtracker.cli.worker import BEGUN
from hrdtracker.core import clock, keyfile
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.errors import WrongStatus
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.seal import Vault
from hrdtracker.lockdown import service
from hrdtracker.lockdown.model import ServerLock
from tests import make
from tests.conftest import close
from tests.spec.cli_runs import free_port, on, secret_file, stopped
from tests.spec.lock_now import (
    FIRST,
    PATIENCE_S,
    SECOND,
    answers,
    ask,
    held_by,
    outside,
    prepare,
    running,
    token_in,
)
from tests.spec.lock_now import (
    wait_for_line as until_line,
)

LISTENS = "listens on"
THIRD = "a third passphrase, of somebody new"
CANARY = "Canary of the marshes"
NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="reads the memory of a process")
pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def real(given: Settings, root: RootKey, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return an instance as people have one, whose passphrase is quickly tried."""
    monkeypatch.setattr(keyfile, "REAL", keyfile.CHEAP)
    prepare(given, root)
    return given


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """Return a passphrase file that is gone with the power, as deploy.md has it."""
    folder = Path(mkdtemp(dir="/dev/shm"))
    yield secret_file(folder, FIRST)
    shutil.rmtree(folder)


def _on_trail(app: Flask) -> list[str]:
    """Return who locked and unlocked everything, as the trail has it."""
    with app.app_context(), unit_of_work(make.open_session(app)):
        assert trail.verify().holds
        names = {user.uid: user.login for user in session().scalars(select(User))}
        acts = select(AuditEntry.action, AuditEntry.actor_uid).where(
            AuditEntry.action.in_((Action.SERVER_LOCK, Action.SERVER_UNLOCK))
        )
        lines = session().execute(acts.order_by(AuditEntry.seq)).all()
        close(app)
    return [f"{action} {names.get(uid, 'machine')}" for action, uid in lines]


def _two_prove(given: Settings, app: Flask) -> None:
    """Let two people each have a passphrase, and prove it."""
    second = keyfile.add_passphrase(given.key_file, FIRST, SECOND)
    first = keyfile.unlock_by(given.key_file, FIRST)[1]
    with app.app_context(), unit_of_work(make.open_session(app)):
        organisation = make.organisation()
        machine = operator(organisation.id)
        service.prove(machine, organisation, make.user("director"), first)
        service.prove(machine, organisation, make.user("admin"), second)
        close(app)


def _incident_and_token(app: Flask, root: RootKey) -> tuple[str, dict[str, bytes]]:
    """Return the address of an incident, and what must lie in no memory once all is locked."""
    with app.app_context(), unit_of_work(make.open_session(app)):
        incident = make.incident("director", narrative=f"{CANARY}. " * 500)
        token = sessions.begin(make.user("director"), "a test")
        path = f"/incidents/{incident.uid}"
        close(app)
    vault = Vault(root)  # whose root key is a byte 32 times over, as any memory has it
    return path, {
        "canary": CANARY.encode(),
        "passphrase": FIRST.encode(),
        "token": token.encode(),
        "key of the cookies": vault.derive("cookies").hex().encode(),
        "key of the database": vault.derive("database").hex().encode(),
    }


@NEEDS_ROOT
def test_after_the_button_nothing_that_runs_holds_a_key_or_a_canary_until_somebody_unlocks(
    real: Settings, app: Flask, root: RootKey, in_memory: Path
) -> None:
    _two_prove(real, app)
    path, secrets = _incident_and_token(app, root)
    port, cookie = free_port(), f"day={secrets['token'].decode()}"
    words = ("--passphrase-file", str(in_memory))
    with (
        running(real, *words, "serve", "--port", str(port)) as server,
        running(real, *words, "worker") as worker,
    ):
        until_line(server, LISTENS)
        until_line(worker, BEGUN)
        assert CANARY in ask(port, path, cookie)[1]
        # a passphrase read from its file is let go: where it lay may be written over by now
        assert held_by(server.pid, secrets) >= secrets.keys() - {"passphrase"}
        assert "key of the cookies" in held_by(worker.pid, secrets)
        _, page, seed = ask(port, "/lock", cookie)
        sent = urlencode({"csrf_token": token_in(page)})
        assert ask(port, "/lock/now", f"{cookie}; {seed}", sent)[0] == 200
        assert ask(port, path, cookie)[0] == 503
        until_line(server, LOCKED)
        until_line(worker, LOCKED)
        assert held_by(server.pid, secrets) == held_by(worker.pid, secrets) == set()
        status, page, _ = ask(port, path, cookie)
        assert (status, "Closed for now" in page, "បិទ" in page) == (503, True, True)
        assert in_memory.read_bytes() == b""
        assert stopped(on(real.instance, "user", "list")) == LOCKED
        assert "does not open" in stopped(on(real.instance, "unlock", input="a wrong one\n"))
        assert ask(port, path, cookie)[0] == 503
        unlocked = on(real.instance, *words, "unlock", input=f"{SECOND}\n")
        assert "2 waited" in unlocked.output
        until_line(server, LISTENS)
        until_line(worker, BEGUN)
        assert ask(port, path, cookie)[0] == 302, "everybody signs in anew"
        assert in_memory.read_text() == f"{SECOND}\n"
    assert _on_trail(app) == ["server.lock director", "server.unlock machine"]


def test_the_command_asks_nothing_and_says_when_no_process_holds_a_key_any_more(
    real: Settings, app: Flask
) -> None:
    with watched(real):
        assert not nobody_holds_keys(real.instance)
    assert "no process on this machine holds a key" in on(real.instance, "lock").output
    assert stopped(on(real.instance, "worker", "--once")) == LOCKED
    assert stopped(on(real.instance, "audit", "verify")) == LOCKED
    assert "Nothing waited" in on(real.instance, "unlock", input=f"{FIRST}\n").output
    assert "Nothing is locked" in on(real.instance, "unlock", input=f"{FIRST}\n").output
    assert on(real.instance, "user", "list", input=f"{FIRST}\n").exit_code == 0
    assert _on_trail(app) == ["server.unlock machine"]
    with app.app_context(), unit_of_work(make.open_session(app)):
        lock = session().scalars(select(ServerLock)).one()
        assert (lock.locked_by_id, lock.unlocked_by_id) == (None, None)
        assert lock.unlocked_at is not None
        assert lock.locked_at < lock.unlocked_at


def test_a_process_that_died_in_the_middle_of_the_lock_leaves_everything_locked(
    real: Settings, app: Flask
) -> None:
    _two_prove(real, app)
    with app.app_context(), unit_of_work(make.open_session(app)):
        service.lock_everything(
            make.actor("director"), make.organisation(), keyfile.lock_names(real.key_file)
        )
        close(app)
    assert not real.lock_file.exists(), "the process died before it laid the file down"
    assert LOCKED in stopped(on(real.instance, "user", "list", input=f"{FIRST}\n"))
    assert real.lock_file.exists()


def test_a_demonstration_has_nothing_to_lock(tmp_path: Path) -> None:
    keyfile.create(tmp_path / "root.key", keyfile.DEMO_PASSPHRASE, demo=True)
    assert "demonstration" in stopped(on(tmp_path, "lock"))
    assert not (tmp_path / "locked").exists()


def test_only_two_people_who_each_proved_it_make_the_button_appear(
    real: Settings, app: Flask
) -> None:
    def locks() -> bool:
        with app.app_context(), unit_of_work(make.open_session(app)):
            names = keyfile.lock_names(real.key_file)
            try:
                service.lock_everything(make.actor("director"), make.organisation(), names)
            except WrongStatus:
                return False
            finally:
                close(app)
        return True

    def prove(login: str, words: str) -> Result:
        return on(real.instance, "key", "prove", login, input=f"{words}\n")

    assert not locks()
    assert prove("director", FIRST).exit_code == 0
    assert "somebody else’s" in stopped(prove("admin", FIRST))
    typed = f"{FIRST}\n{SECOND}\n{SECOND}\n"
    assert on(real.instance, "key", "add", "admin", input=typed).exit_code == 0
    assert not locks(), "whoever was given a passphrase has not shown yet that they know it"
    assert "People who have: 2" in prove("admin", SECOND).output
    changed = on(real.instance, "key", "passphrase", input=f"{SECOND}\n{THIRD}\n{THIRD}\n")
    assert changed.exit_code == 0
    assert not locks(), "nobody has proved that they know the new one"
    assert "People who have: 2" in prove("admin", THIRD).output
    removed = on(real.instance, "key", "remove", "director", input=f"{THIRD}\n")
    assert removed.exit_code == 0
    assert not locks()
    assert "does not open" in stopped(on(real.instance, "user", "list", input=f"{FIRST}\n"))


@pytest.mark.engines("sqlite", "postgresql")
def test_the_row_in_the_database_ends_what_runs_beside_another_folder(
    given: Settings, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "EVERY_S", 0.01)
    monkeypatch.setattr(watch, "ANSWERED_S", 0)
    ended, last_words = Event(), Event()
    looking = Watch(replace(given, instance=tmp_path), lambda: _end(ended))
    looking.look_into(app, last_words.set)

    def look() -> None:
        with suppress(SystemExit):
            looking.run()

    thread = Thread(target=look)
    thread.start()
    assert not ended.wait(0.2)
    with app.app_context(), unit_of_work(make.open_session(app)):
        service.note_lock(operator(make.organisation().id), make.organisation(), clock.now())
    assert ended.wait(PATIENCE_S)
    thread.join(PATIENCE_S)
    assert last_words.is_set()
    assert (tmp_path / "locked").exists()
    with pytest.raises(Locked):
        Watch(given, lambda: _end(ended)).look_into(app, last_words.set)


def _end(ended: Event) -> NoReturn:
    ended.set()
    raise SystemExit


@pytest.mark.deep
def test_a_server_of_another_maker_loses_its_processes_and_the_next_hold_no_key(
    real: Settings, app: Flask, in_memory: Path
) -> None:
    _two_prove(real, app)
    on(real.instance, "--passphrase-file", str(in_memory), "user", "list")
    port = free_port()
    code = f"import wsgi, waitress; waitress.serve(wsgi.app, host='127.0.0.1', port={port})"
    variables = {"INSTANCE": str(real.instance), "PASSPHRASE_FILE": str(in_memory)}
    with outside(code, variables) as first:
        answers(port, 302)
        real.lock_file.touch()
        assert first.wait(PATIENCE_S) == ENDED
    with outside(code, variables) as second:
        answers(port, 503)
        words = ("--passphrase-file", str(in_memory), "unlock")
        assert on(real.instance, *words, input=f"{FIRST}\n").exit_code == 0
        assert second.wait(PATIENCE_S) == ENDED
    with outside(code, variables):
        answers(port, 302)


@pytest.mark.deep
@pytest.mark.parametrize("wait_s", [0, 0.05, 0.2, 0.6, 1.0, 1.5])
def test_a_server_that_is_killed_while_it_locks_starts_locked(
    real: Settings, app: Flask, root: RootKey, in_memory: Path, wait_s: float
) -> None:
    _two_prove(real, app)
    _, secrets = _incident_and_token(app, root)
    port, cookie = free_port(), f"day={secrets['token'].decode()}"
    words = ("--passphrase-file", str(in_memory), "serve", "--port", str(port))
    with running(real, *words) as server:
        until_line(server, LISTENS)
        _, page, seed = ask(port, "/lock", cookie)
        sent = urlencode({"csrf_token": token_in(page)})
        ask(port, "/lock/now", f"{cookie}; {seed}", sent)
        time.sleep(wait_s)
    put_back(in_memory, FIRST)
    with running(real, *words) as server:
        until_line(server, LOCKED)
        answers(port, 503)
