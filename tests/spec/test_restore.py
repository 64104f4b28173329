"""A restore makes a server of a backup, or leaves nothing; a rehearsal is certified."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from config import Settings
from hrdtracker.access.actor import operator
from hrdtracker.accounts import sessions
from hrdtracker.accounts.model import LoginSession
from hrdtracker.app import create_app
from hrdtracker.audit import queries as trail
from hrdtracker.audit.checkpoint import Head
from hrdtracker.audit.model import AuditEntry
from hrdtracker.backups import epoch, keeping, making, queries, rehearsing, service
from hrdtracker.backups.copying import Machine
from hrdtracker.backups.faults import BackupFailed
from hrdtracker.backups.figures import count
from hrdtracker.backups.manifest import BESIDE, SUFFIX, BackupReceipt
from hrdtracker.backups.model import BackupFault, BackupRun, Rehearsal, ServerEpoch
from hrdtracker.cli import restore
from hrdtracker.core import clock
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.core.keyfile import DEMO_PASSPHRASE, RootKey
from hrdtracker.core.seal import Vault
from tests import make
from tests.backups import IDENTITY, PUBLIC, damaged, make_backup, with_a_row_more
from tests.conftest import close
from tests.disarmed import disarmed
from tests.postgres import Cluster
from tests.readings import batches
from tests.spec.cli_runs import on, stopped

pytestmark = pytest.mark.usefixtures("unit")
CHANGED_BY_A_RESTORE = {"audit_entry", "server_epoch"}


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """Return the file with the private key."""
    key = tmp_path / "key.txt"
    key.write_text(f"# created by age-keygen\n{IDENTITY}\n")
    return key


@pytest.fixture
def target(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[tuple[str, Settings]]:
    """Return an empty place to restore to, as it is named, and the settings of what is there."""
    folder = tmp_path / "restored"
    if engine == "sqlite":
        yield str(folder), Settings(instance=folder)
        return
    server: Cluster = request.getfixturevalue("cluster")
    url = server.create("restored")
    yield url, Settings(instance=folder, database_url=url)
    server.drop("restored")


def _restore(sealed: Path, stick: Path, target: tuple[str, Settings]) -> Result:
    words = (str(sealed), "--identity", str(stick), "--to", target[0])
    return on(target[1].instance, "restore", *words)


def test_what_is_restored_is_equal_and_begins_a_new_life(
    machine: Machine,
    disk: Path,
    stick: Path,
    target: tuple[str, Settings],
    root: RootKey,
) -> None:
    user = make.user("monitor")
    token = sessions.begin(user, "A telephone")
    make.incident(narrative="Kept, and read again")
    sealed, before = make_backup(machine, disk), count()
    head = trail.verify().head
    make.incident(narrative="Lost: it is of after the backup")
    result = _restore(sealed, stick, target)
    assert result.exit_code == 0, result.output
    assert "is lost" in result.output
    app = create_app(target[1], root)
    with app.app_context(), unit_of_work(make.open_session(app)):
        after = count()
        differ = {name for name in before.rows if before.rows[name] != after.rows[name]}
        assert differ - {"backup_run"} == CHANGED_BY_A_RESTORE
        assert after.ledger == before.ledger
        assert trail.verify().holds
        assert trail.verify(_head_in(sealed, machine)).holds
        assert session().scalars(select(ServerEpoch.number)).all()[-1] >= 1
        assert epoch.check_key()
        assert sessions.identify(token) is None
        assert session().scalars(select(LoginSession.ended_at)).all() != [None]
        assert session().scalar(select(BackupRun.id)) is None, "it was noted after the copy"
        close(app)
    assert head.seq > 0
    assert (target[1].instance / "root.key").stat().st_mode & 0o777 == 0o600
    assert "holds" in stopped(_restore(sealed, stick, target)), (
        "a second restore overwrites nothing"
    )


def _head_in(sealed: Path, machine: Machine) -> Any:
    receipt = BackupReceipt.read(sealed.with_suffix(BESIDE).read_bytes())
    found = session().execute(
        select(AuditEntry.seq, AuditEntry.mac).where(AuditEntry.seq == receipt.seq)
    )
    return Head(*found.one())


def test_a_damaged_backup_or_another_key_leaves_nothing_behind(
    machine: Machine, disk: Path, stick: Path, target: tuple[str, Settings], tmp_path: Path
) -> None:
    sealed = make_backup(machine, disk)
    there = set(tmp_path.iterdir())
    with damaged(sealed, sealed.stat().st_size // 2):
        assert "truncated, altered" in stopped(_restore(sealed, stick, target))
    other = tmp_path / "other.txt"
    other.write_text(str(type(IDENTITY).generate()))
    assert "does not open this backup" in stopped(_restore(sealed, other, target))
    other.write_text(PUBLIC)
    assert "no private key" in stopped(_restore(sealed, other, target))
    other.unlink()
    left = set(tmp_path.iterdir()) - there
    assert [each for folder in left for each in folder.iterdir()] == []
    assert _restore(sealed, stick, target).exit_code == 0, "the target is still empty"


@pytest.mark.engines("sqlite")
def test_a_folder_that_holds_anything_is_not_touched(
    machine: Machine, disk: Path, stick: Path, tmp_path: Path
) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter.txt").write_text("mine")
    said = stopped(_restore(make_backup(machine, disk), stick, (str(full), Settings(full))))
    assert "holds something already" in said
    assert [each.name for each in full.iterdir()] == ["letter.txt"]


# Ended in the middle ------------------------------------------------------------------------------


def _kill(work: Callable[..., object], *values: object, after_s: float) -> bool:
    """Do something in a process of its own that is killed; tell whether it was done before."""
    process = multiprocessing.get_context("fork").Process(target=work, args=values)
    process.start()
    process.join(after_s)
    if process.exitcode is None and process.pid:
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    return process.exitcode == 0


def _back_up(machine: Machine, disk: Path) -> None:
    making.make_backup(machine, [PUBLIC], [str(disk)])


def _restore_quietly(sealed: Path, stick: Path, to: Path) -> None:
    result = on(to, "restore", str(sealed), "--identity", str(stick), "--to", str(to))
    os._exit(result.exit_code)


def _long(work: Callable[..., object], *values: object) -> float:
    began = time.monotonic()
    assert _kill(work, *values, after_s=60)
    return time.monotonic() - began


def _kill_often(machine: Machine, disk: Path, stick: Path, times: int) -> None:
    """Kill backups and restores at moments by chance; what is there afterwards is whole."""
    chance, sealed, to = random.Random(11), make_backup(machine, disk), disk.parent / "again"
    elsewhere = disk.parent / "killed"
    elsewhere.mkdir()
    backing = _long(_back_up, machine, elsewhere)
    restoring = _long(_restore_quietly, sealed, stick, disk.parent / "once")
    for _ in range(times // 2):
        _kill(_back_up, machine, elsewhere, after_s=chance.uniform(0, backing))
        assert all(not each.fault for each in keeping.kept_at(str(elsewhere), machine, reads=True))
        done = _kill(_restore_quietly, sealed, stick, to, after_s=chance.uniform(0, restoring))
        if to.exists():
            assert {"root.key", "hrdtracker.db"} <= {each.name for each in to.iterdir()}
            to.rename(disk.parent / f"whole-{_}")
        else:
            assert not done
    assert _kill(_back_up, machine, elsewhere, after_s=60)
    assert list(machine.instance.glob(".unfinished-*")) == [], "the next run sweeps"
    assert _kill(_restore_quietly, sealed, stick, to, after_s=60)
    assert list(disk.parent.glob(".unfinished-*")) == []


@pytest.mark.engines("sqlite")
def test_a_backup_or_a_restore_that_is_killed_leaves_nothing_half(
    machine: Machine, disk: Path, stick: Path
) -> None:
    _kill_often(machine, disk, stick, 10)


@pytest.mark.deep
@pytest.mark.engines("sqlite")
def test_a_hundred_kills_leave_nothing_half(machine: Machine, disk: Path, stick: Path) -> None:
    _kill_often(machine, disk, stick, 100)


@pytest.mark.engines("postgresql")
def test_what_a_killed_restore_left_in_a_database_is_taken_out_by_the_next_and_nothing_else_is(
    machine: Machine, disk: Path, stick: Path, target: tuple[str, Settings]
) -> None:
    sealed = make_backup(machine, disk)

    def killed_at(step: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(restore, step, lambda *_: os._exit(9))
            _restore(sealed, stick, target)

    assert not _kill(killed_at, "_begin_anew", after_s=60)
    assert not target[1].key_file.exists(), "so nothing starts there"
    assert not _kill(killed_at, "keep_on_disk", after_s=60), "it took out what was left, and ended"
    assert "holds tables already" in stopped(_restore(sealed, stick, target))


# Rehearsals ---------------------------------------------------------------------------------------


def _rehearse(
    machine: Machine, sealed: Path, upgrade: rehearsing.Upgrade = lambda _: None
) -> Rehearsal:
    organisation = make.organisation()
    rehearsed = rehearsing.rehearse(machine, sealed, [IDENTITY], DEMO_PASSPHRASE, upgrade)
    return rehearsing.certify(operator(organisation.id), organisation, rehearsed)


def test_a_rehearsal_compares_everything_and_is_certified(machine: Machine, disk: Path) -> None:
    make.incident()
    upgraded: list[Machine] = []
    certificate = _rehearse(machine, make_backup(machine, disk), upgraded.append)
    (copied,) = upgraded
    assert copied.database != machine.database
    assert copied.instance != machine.instance
    assert certificate.sealed_count > 10
    assert certificate.row_count > 2000
    assert queries.state(make.actor("director")).rehearsals == [certificate]
    assert trail.verify().holds
    assert list(machine.instance.glob(".unfinished-*")) == []
    if session().get_bind().dialect.name == "postgresql":
        raw = session().connection().exec_driver_sql("SELECT datname FROM pg_database")
        assert not [name for (name,) in raw if "rehearsal" in name]


def test_a_backup_that_an_older_program_made_is_rehearsed_by_a_newer_one(
    machine: Machine, disk: Path, stick: Path, given: Settings, app: Flask
) -> None:
    flask_migrate.downgrade()
    session().rollback()
    (put,) = making.make_backup(machine, [PUBLIC], [str(disk)])
    assert put.receipt
    environment = {"HRDTRACKER_DATABASE_URL": given.database_url} if given.database_url else {}
    sealed = str(disk / f"{put.name}{SUFFIX}")
    words = ("restore", sealed, "--identity", str(stick), "--rehearse")
    result = on(machine.instance, *words, env=environment)
    assert result.exit_code == 0, result.output
    assert "it is equal" in result.output
    assert session().scalars(select(Rehearsal.backup_name)).all() == [put.name]


@pytest.mark.engines("sqlite")
def test_what_is_not_ours_or_not_as_it_was_written_down_is_not_rehearsed(
    machine: Machine, disk: Path
) -> None:
    sealed = make_backup(machine, disk)
    stranger = replace(machine, vault=Vault(RootKey(b"\x08" * 32, demo=True)))
    for rehearsing_machine, backup, passphrase, why in (
        (stranger, sealed, DEMO_PASSPHRASE, BackupFault.DAMAGED),
        (machine, sealed, "another passphrase", BackupFault.DAMAGED),
        (machine, with_a_row_more(sealed, machine), DEMO_PASSPHRASE, BackupFault.NOT_EQUAL),
    ):
        with pytest.raises(BackupFailed) as failed:
            rehearsing.rehearse(rehearsing_machine, backup, [IDENTITY], passphrase, lambda _: None)
        assert failed.value.fault == why
    assert list(machine.instance.glob(".unfinished-*")) == []


@pytest.mark.engines("sqlite")
def test_a_certificate_that_was_altered_or_invented_does_not_count(
    machine: Machine, disk: Path
) -> None:
    certificate = _rehearse(machine, make_backup(machine, disk))
    assert rehearsing.is_genuine(certificate)
    certificate.at += timedelta(days=1)
    assert not rehearsing.is_genuine(certificate)
    session().rollback()


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("table", "cut"),
    [
        ("audit_entry", "DELETE FROM audit_entry WHERE seq >= {seq}"),
        ("access_batch", "DELETE FROM access_batch WHERE number = 2"),
    ],
)
def test_a_backup_of_another_trail_or_access_log_is_no_rehearsal_of_this_system(
    table: str, cut: str, machine: Machine, disk: Path
) -> None:
    """Somebody cut the end off the running one, and wrote another."""
    batches(2)
    sealed = make_backup(machine, disk)
    raw: Any = session().connection().connection.driver_connection
    receipt = BackupReceipt.read(sealed.with_suffix(BESIDE).read_bytes())
    for statement in (*disarmed("sqlite", table), cut.format(seq=receipt.seq), "COMMIT"):
        raw.execute(statement)
    session().rollback()
    with pytest.raises(BackupFailed, match="does not hold"):
        _rehearse(machine, sealed)


# Who is told --------------------------------------------------------------------------------------


@pytest.fixture
def real(unit: None) -> Iterator[None]:
    """Let the database be no demonstration’s."""
    session().info["vault"].demo = False
    yield
    session().info["vault"].demo = True


@pytest.mark.usefixtures("real")
@pytest.mark.engines("postgresql")
def test_all_is_quiet_where_backups_come_and_are_rehearsed(machine: Machine, disk: Path) -> None:
    admin, director = make.actor("admin"), make.actor("director")
    assert queries.alarm(admin).unplanned
    assert queries.alarm(director) == queries.BackupsAlarm()
    epoch.bind(operator(make.organisation().id))
    sealed = make_backup(machine, disk)
    calm = queries.alarm(admin)
    assert (calm.unplanned, calm.late, calm.failed, calm.rehearsal_due) == (
        False,
        False,
        None,
        None,
    )
    with clock.as_of(clock.now() + timedelta(days=34)):
        assert queries.alarm(director).rehearsal_due is None
        assert queries.alarm(admin).late
    with clock.as_of(clock.now() + timedelta(days=36)):
        assert queries.alarm(director).rehearsal_due
    _rehearse(machine, sealed)
    with clock.as_of(clock.now() + timedelta(days=34)):
        assert queries.alarm(director).rehearsal_due is None


@pytest.mark.usefixtures("real")
@pytest.mark.engines("sqlite")
def test_an_administrator_is_told_what_failed_last_and_nobody_else(
    machine: Machine, disk: Path
) -> None:
    sealed = make_backup(machine, disk)
    with damaged(sealed, 500):
        organisation = make.organisation()
        service.verify(operator(organisation.id), organisation, machine)
    failed = queries.alarm(make.actor("admin")).failed
    assert failed
    assert failed.fault == "damaged"
    assert queries.alarm(make.actor("director")).failed is None
    assert queries.alarm(make.actor("monitor")) == queries.BackupsAlarm()
    assert queries.state(make.actor("monitor")).runs == []
