"""Making a backup: copied, checked, described, sealed, and put where backups go."""

import errno
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyrage
from alembic.migration import MigrationContext
from obstore.exceptions import BaseError

from hrdtracker import VERSION
from hrdtracker.backups import archive
from hrdtracker.backups.copying import Machine, copy_database
from hrdtracker.backups.faults import BackupFailed
from hrdtracker.backups.figures import engine_of
from hrdtracker.backups.manifest import (
    BESIDE,
    FORMAT,
    SUFFIX,
    BackupReceipt,
    Manifest,
    name_of,
    sign,
)
from hrdtracker.backups.model import BackupFault
from hrdtracker.backups.places import PlaceUnusable, place
from hrdtracker.backups.work_folder import work_folder
from hrdtracker.core import clock
from hrdtracker.core.errors import DomainError


@dataclass(frozen=True)
class Put:
    """What became of a backup at one place: its receipt, or why it is not there."""

    place: str
    name: str
    receipt: BackupReceipt | None
    fault: BackupFault | None = None
    reason: DomainError | None = None


def make_backup(machine: Machine, recipients: Sequence[str], places: Sequence[str]) -> list[Put]:
    """Make a backup and put it into each place; what fails at one place does not stop another."""
    made_at = clock.now()
    try:
        with _saying_why(), work_folder(machine.instance) as folder:
            manifest = _collect(machine, folder, made_at.isoformat())
            sealed = folder.parent / f"{manifest.name}{SUFFIX}"
            names = [archive.MANIFEST, archive.SIGNATURE, *manifest.files]
            content = archive.seal(folder, names, recipients, sealed)
            shutil.rmtree(folder)  # what lies open goes before anything is sent
            receipt = BackupReceipt(
                manifest.name, content.size_bytes, content.sha256, manifest.figures.seq
            ).signed(machine.vault)
            return [_put(address, sealed, receipt, machine.instance) for address in places]
    except BackupFailed as failed:
        name = name_of(made_at)
        return [Put(address, name, None, failed.fault, failed) for address in places]


def _collect(machine: Machine, folder: Path, made_at: str) -> Manifest:
    """Lay everything that belongs into a backup into `folder`, and describe it."""
    figures = copy_database(machine, folder)
    (folder / archive.SETTINGS).write_text(json.dumps(dict(machine.settings), indent=1), "utf-8")
    shutil.copyfile(machine.key_file, folder / archive.KEY_FILE)
    names = (archive.SETTINGS, archive.KEY_FILE, machine.copy_name)
    manifest = Manifest(
        format=FORMAT,
        program=VERSION,
        revision=_revision(machine),
        engine="sqlite" if machine.copy_name == archive.SQLITE_COPY else "postgresql",
        made_at=made_at,
        figures=figures,
        files={name: archive.content_of(folder / name) for name in names},
    )
    written = manifest.written()
    (folder / archive.MANIFEST).write_bytes(written)
    (folder / archive.SIGNATURE).write_text(sign(machine.vault, written), "ascii")
    return manifest


def _revision(machine: Machine) -> str:
    with engine_of(machine.database, machine.vault) as engine, engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def _put(address: str, sealed: Path, receipt: BackupReceipt, instance: Path) -> Put:
    """Put a sealed backup and its receipt into a place: without the receipt, it does not count."""
    try:
        with _saying_why():
            there = place(address, instance)
            there.put(f"{receipt.name}{SUFFIX}", sealed)
            beside = sealed.with_suffix(BESIDE)
            beside.write_bytes(receipt.written())
            there.put(f"{receipt.name}{BESIDE}", beside)
    except BackupFailed as failed:
        return Put(address, receipt.name, None, failed.fault, failed)
    except PlaceUnusable as refused:
        return Put(address, receipt.name, None, BackupFault.NOT_REACHED, refused)
    return Put(address, receipt.name, receipt)


@contextmanager
def _saying_why() -> Iterator[None]:
    """Turn what the machine or a bucket says into a fault that is kept."""
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        raise BackupFailed(BackupFault.DISK_FULL if full else BackupFault.NOT_REACHED) from None
    except (BaseError, pyrage.EncryptError):
        raise BackupFailed(BackupFault.NOT_REACHED) from None
