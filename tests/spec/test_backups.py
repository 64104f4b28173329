"""Backups: checked before they are sealed, whole or not there, kept as the plan says."""

import json
import random
import shutil
import subprocess
import tarfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pyrage
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from config import Settings
from hrdtracker.access.actor import operator
from hrdtracker.audit import chain
from hrdtracker.backups import archive, keeping, making, restoring, service
from hrdtracker.backups.copying import Machine
from hrdtracker.backups.faults import BackupFailed, RestoreRefused
from hrdtracker.backups.keeping import Keep, Kept
from hrdtracker.backups.manifest import BESIDE, SUFFIX, BackupReceipt, Manifest
from hrdtracker.backups.model import BackupFault, BackupRun
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.seal import Vault
from hrdtracker.jobs.thread import worker_of
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.model import Job
from tests import make
from tests.backups import IDENTITY, PUBLIC, cut, damaged, make_backup, plan
from tests.disarmed import disarmed
from tests.readings import batches
from tests.web.somebody import in_unit

pytestmark = pytest.mark.usefixtures("unit")
TRIES = 200


def _unpacked(sealed: Path, machine: Machine) -> Path:
    """Open a backup in a folder, and check all of it."""
    folder = sealed.parent.parent / "unpacked"
    folder.mkdir()
    manifest = restoring.unpack(sealed, [IDENTITY], folder)
    restoring.check_signature(folder, machine.vault)
    restoring.check_copy(folder, manifest, machine.vault)
    return folder


def test_a_backup_holds_the_database_the_locked_key_and_what_is_no_secret(
    machine: Machine, disk: Path
) -> None:
    make.incident()
    folder = _unpacked(make_backup(machine, disk), machine)
    assert (folder / "root.key").read_bytes() == machine.key_file.read_bytes()
    assert json.loads((folder / "settings.json").read_text())["port"] == 8000
    figures = json.loads((folder / "manifest.json").read_text())["figures"]
    assert figures["rows"]["incident"] == 1
    assert (machine.instance / "root.key").exists()
    assert list(machine.instance.glob(".unfinished-*")) == []


def test_people_go_on_working_while_a_backup_is_made_and_it_is_of_one_moment(
    machine: Machine, disk: Path, app: Flask
) -> None:
    """The copy is compared with what its own transaction sees: half an act would be found."""
    plan(machine, disk)
    session().rollback()
    seqs, ended = [], Event()

    def work() -> None:
        while not ended.is_set():
            seqs.append(in_unit(app, lambda: (make.incident(), chain.head().seq)[1]))

    worker = Thread(target=work)
    worker.start()
    while not seqs:
        sleep(0.01)
    before = len(seqs)
    (put,) = making.make_backup(machine, [PUBLIC], [str(disk)])
    during = len(seqs) - before
    ended.set()
    worker.join()
    assert put.receipt
    assert seqs[0] <= put.receipt.seq <= seqs[-1]
    assert during


@pytest.mark.engines("sqlite")
def test_no_backup_takes_the_place_of_another_of_the_same_second(
    machine: Machine, disk: Path
) -> None:
    """Else one that is killed before its receipt is there would leave the other damaged."""
    second = datetime(2026, 12, 1, 3, tzinfo=UTC)
    moments = [second + timedelta(microseconds=number) for number in (0, 1, 999_999)]
    for moment in moments:
        with clock.as_of(moment):
            make_backup(machine, disk)
    (disk / "zzz.json").touch()
    kept = keeping.kept_at(str(disk), machine, reads=True)
    assert [(each.made_at, each.fault) for each in kept] == [(at, None) for at in moments[::-1]]
    assert keeping.kept_at(str(disk), machine, newest=True) == kept[:1]


@pytest.mark.engines("sqlite")
def test_debian_s_age_opens_a_backup(machine: Machine, disk: Path, tmp_path: Path) -> None:
    if shutil.which("age") is None:
        pytest.skip("no age")
    key = tmp_path / "key.txt"
    key.write_text(f"# made by age-keygen\n{IDENTITY}\n")
    opened = subprocess.run(
        ["age", "--decrypt", "--identity", str(key), str(make_backup(machine, disk))],
        capture_output=True,
        check=True,
    )
    with tarfile.open(fileobj=BytesIO(opened.stdout)) as inside:
        assert inside.getnames() == [
            "manifest.json", "manifest.mac", "settings.json", "root.key", "hrdtracker.db",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("audit_entry", "UPDATE audit_entry SET action = 'x' WHERE seq = 9"),
        ("access_log", "DELETE FROM access_log"),
        ("access_batch", "UPDATE access_batch SET row_count = 3"),
    ],
)
def test_a_backup_of_a_trail_or_an_access_log_that_was_altered_is_none(
    table: str, change: str, machine: Machine, disk: Path
) -> None:
    batches(1)
    engine = session().get_bind().dialect.name
    raw = session().connection().connection.driver_connection
    assert raw is not None
    for statement in (*disarmed(engine, table), change, "COMMIT"):
        raw.cursor().execute(statement)
    session().rollback()
    put = plan(machine, disk)
    assert [each.fault for each in put] == [BackupFault.BROKEN_TRAIL]
    assert list(disk.iterdir()) == []


@pytest.mark.engines("sqlite")
def test_a_copy_that_lacks_a_row_or_has_another_page_is_not_equal(
    machine: Machine, disk: Path
) -> None:
    folder = _unpacked(make_backup(machine, disk), machine)
    figures = Manifest.read((folder / "manifest.json").read_bytes())
    one_less = {**figures.figures.rows, "term": figures.figures.rows["term"] - 1}
    for wrong in (
        replace(figures, figures=replace(figures.figures, rows=one_less)),
        replace(figures, figures=replace(figures.figures, ledger={"USD": 1})),
    ):
        with pytest.raises(BackupFailed):
            restoring.check_copy(folder, wrong, machine.vault)
    path = folder / "hrdtracker.db"
    broken = pytest.raises(Exception, match=r"not equal|malformed|not a database|disk I/O")
    with damaged(path, 1_000_003), broken:
        restoring.check_copy(folder, figures, machine.vault)


def test_one_place_that_is_away_leaves_the_others_with_their_backup(
    machine: Machine, disk: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    organisation = make.organisation()
    service.set_places(operator(organisation.id), organisation, [str(stick), str(disk)], machine)
    stick.rmdir()
    service.set_recipients(operator(organisation.id), organisation, [PUBLIC])
    away, there = service.run(operator(organisation.id), organisation, machine)
    assert away.fault == BackupFault.NOT_REACHED
    assert there.receipt is not None
    kept = service.verify(operator(organisation.id), organisation, machine)
    assert [each.fault for each in kept] == [BackupFault.NOT_REACHED, None]
    noted = session().scalars(select(BackupRun).order_by(BackupRun.id)).all()
    assert [(row.fault, row.place) for row in noted] == [
        (BackupFault.NOT_REACHED, str(stick)),
        (None, str(disk)),
        (BackupFault.NOT_REACHED, str(stick)),
    ]
    assert service.prune(operator(organisation.id), organisation, machine) == []
    _as_if_newer(disk / f"{there.name}{SUFFIX}")
    unfinished = disk / f"backup-20260103T000000Z{SUFFIX}.part"
    unfinished.touch()
    with pytest.raises(BackupFailed):
        service.nightly(operator(organisation.id), organisation, machine)
    noted = session().scalars(select(BackupRun).order_by(BackupRun.id)).all()
    assert [(row.fault, row.place) for row in noted[3:]] == [
        (BackupFault.NOT_REACHED, str(stick)),
        (None, str(disk)),
        (BackupFault.DAMAGED, str(disk)),
    ]
    assert not unfinished.exists()


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "key", [str(IDENTITY), "age1nonsense", ""], ids=["private", "nonsense", "none"]
)
def test_a_private_key_never_becomes_a_recipient(machine: Machine, key: str) -> None:
    organisation = make.organisation()
    with pytest.raises(Refused):
        service.set_recipients(operator(organisation.id), organisation, [key])
    assert service.plan_of(organisation).recipients == ()


@pytest.mark.engines("sqlite")
def test_without_a_plan_nothing_is_made(machine: Machine, disk: Path) -> None:
    organisation = make.organisation()
    with pytest.raises(Refused):
        service.run(operator(organisation.id), organisation, machine)
    service.nightly(operator(organisation.id), organisation, machine)
    assert list(disk.iterdir()) == []


def test_the_worker_makes_a_backup_each_night(
    machine: Machine, disk: Path, app: Flask, given: Settings
) -> None:
    make_backup(machine, disk)
    before = {each.name for each in disk.iterdir()}
    worker = worker_of(app, given)
    assert not worker.work_once(), "what is due by itself is planned at the first look"
    tomorrow = clock.now() + timedelta(days=2)
    with time_machine.travel(tomorrow):
        while worker.work_once():
            pass
    made = {each.name for each in disk.iterdir()} - before
    assert len(made) == 2
    job = session().scalars(select(Job).where(Job.kind == JobKind.BACKUP)).first()
    assert job
    assert job.last_error is None


# Altered, cut, gone -------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
def test_a_bit_that_flipped_at_any_of_200_places_is_found_with_and_without_the_key(
    machine: Machine, disk: Path
) -> None:
    sealed = make_backup(machine, disk)
    size, missed = sealed.stat().st_size, []
    places = [*range(0, 400, 10), *random.Random(7).sample(range(size), TRIES - 40)]
    for each in places:  # the first bytes are its head, which has a sum of its own
        with damaged(sealed, each), cut(disk.parent / "unpacked") as folder:
            unsound = keeping.kept_at(str(disk), machine, reads=True)[0].fault
            try:
                restoring.unpack(sealed, [IDENTITY], folder)
                missed.append(each)
            except (BackupFailed, RestoreRefused):
                missed += [each] if unsound != BackupFault.DAMAGED else []
    assert missed == []
    assert keeping.kept_at(str(disk), machine, reads=True)[0].fault is None


@pytest.mark.engines("sqlite")
def test_a_backup_that_was_cut_off_anywhere_is_found(machine: Machine, disk: Path) -> None:
    sealed = make_backup(machine, disk)
    whole = sealed.read_bytes()
    for length in (0, 10, 300, 65_736, len(whole) // 2, len(whole) - 1):
        sealed.write_bytes(whole[:length])
        with pytest.raises(BackupFailed), cut(disk.parent / "unpacked") as folder:
            restoring.unpack(sealed, [IDENTITY], folder)


@pytest.mark.engines("sqlite")
def test_a_backup_that_somebody_else_made_is_not_taken_for_ours(
    machine: Machine, disk: Path
) -> None:
    """Anybody with the public key can seal an archive: the root key has signed ours."""
    folder = _unpacked(make_backup(machine, disk), machine)
    stranger = Vault(RootKey(b"\x08" * 32, demo=True))
    with pytest.raises(BackupFailed):
        restoring.check_signature(folder, stranger)
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"program": "0.1.0"', '"program": "9"'))
    with pytest.raises(BackupFailed):
        restoring.check_signature(folder, machine.vault)


@pytest.mark.engines("sqlite")
def test_the_receipt_of_an_older_backup_does_not_make_it_the_newest(
    machine: Machine, disk: Path
) -> None:
    _as_if_newer(make_backup(machine, disk))
    assert [each.fault for each in keeping.kept_at(str(disk), machine)] == [
        BackupFault.DAMAGED,
        None,
    ]


def _as_if_newer(sealed: Path) -> None:
    """Copy a backup and its receipt, under a name as if it had been made much later."""
    for each in (sealed, sealed.with_suffix(BESIDE)):
        shutil.copy(each, each.with_stem("backup-29991231T235959Z"))


@pytest.mark.engines("sqlite")
def test_what_was_put_into_a_place_and_not_removed_is_missed_there(
    machine: Machine, disk: Path, tmp_path: Path
) -> None:
    organisation, stick = make.organisation(), tmp_path / "stick"
    by_hand = operator(organisation.id)

    def faults() -> list[BackupFault | None]:
        return [each.fault for each in service.verify(by_hand, organisation, machine)]

    stick.mkdir()
    with time_machine.travel(clock.now() - timedelta(days=2)):
        plan(machine, disk, stick)
    away = stick.rename(tmp_path / "away")
    service.run(by_hand, organisation, machine)
    assert faults() == [None, None, BackupFault.NOT_REACHED]
    away.rename(stick)
    entries = chain.head().seq
    assert faults() == [None, None, None], "what never came there is not missed"
    assert service.prune(by_hand, organisation, machine) == []
    assert chain.head().seq == entries, "where all is well nothing is noted"
    for each in sorted(disk.iterdir())[:2]:
        each.rename(tmp_path / each.name)
    assert faults() == [None, None, BackupFault.MISSING], "beside others that are there"
    for each in tmp_path.glob("backup-*"):
        each.rename(disk / each.name)
    service.set_keep(by_hand, organisation, Keep(1, 0, 0))
    assert len(service.prune(by_hand, organisation, machine)) == 1
    assert faults() == [None, None], "what was removed is not missed"
    for each in (*disk.iterdir(), *stick.iterdir()):
        each.unlink()
    assert faults() == [BackupFault.MISSING, BackupFault.MISSING]
    service.set_places(by_hand, organisation, [str(disk)], machine)
    assert faults() == [BackupFault.MISSING], "a place that was given up misses nothing"


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    "name", ["../hrdtracker.db", "/etc/passwd", "other.txt", "hrdtracker.db/x"]
)
def test_an_archive_lays_down_only_what_belongs_into_it(tmp_path: Path, name: str) -> None:
    hostile = BytesIO()
    with tarfile.open(fileobj=hostile, mode="w") as outside:
        outside.addfile(tarfile.TarInfo(name))
    sealed, folder = tmp_path / "x.age", tmp_path / "in"
    sealed.write_bytes(pyrage.encrypt(hostile.getvalue(), [IDENTITY.to_public()]))
    folder.mkdir()
    with pytest.raises(BackupFailed):
        archive.unseal(sealed, [IDENTITY], folder)
    assert list(folder.iterdir()) == []


# How many are kept --------------------------------------------------------------------------------


def _night(days_ago: int) -> Kept:
    moment = datetime(2026, 11, 29, 19, tzinfo=UTC) - timedelta(days=days_ago)
    return Kept("/disk", f"{days_ago}", moment)


@pytest.mark.engines("sqlite")
def test_the_newest_of_each_day_week_and_month_is_kept() -> None:
    gone = keeping.outlived([_night(days) for days in range(100)], Keep(3, 2, 3))
    stays = {*range(100)} - {int(each.name) for each in gone}
    assert stays == {0, 1, 2, 7, 29, 60}


@pytest.mark.engines("sqlite")
def test_the_newest_is_kept_however_old_it_is_and_what_is_damaged_takes_no_place() -> None:
    damaged = replace(_night(1), fault=BackupFault.DAMAGED)
    assert keeping.outlived([damaged, _night(900)], Keep(1, 0, 0)) == []


@pytest.mark.engines("sqlite")
def test_what_outlived_the_plan_goes_and_so_does_what_a_kill_left(
    machine: Machine, disk: Path
) -> None:
    newest, organisation = make_backup(machine, disk), make.organisation()
    by_hand, old = operator(organisation.id), "backup-20260101T000000Z"
    (disk / f"{old}{SUFFIX}").write_bytes(b"x")
    receipt = BackupReceipt(old, 1, "0" * 64, 1).signed(machine.vault)
    (disk / f"{old}{BESIDE}").write_bytes(receipt.written())
    (disk / f"backup-20260102T000000Z{SUFFIX}").write_bytes(b"never finished")
    (disk / f"backup-20260103T000000Z{SUFFIX}.part").write_bytes(b"never finished")
    (disk / "holiday.jpg").write_bytes(b"somebody else's")
    service.set_keep(by_hand, organisation, Keep(1, 0, 0))
    assert [each.name for each in service.prune(by_hand, organisation, machine)] == [old]
    assert sorted(each.name for each in disk.iterdir()) == sorted(
        [newest.name, newest.with_suffix(BESIDE).name, "holiday.jpg"]
    )
