"""What the tests of backups share: a key, a plan, a backup, and ways to damage it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyrage

from hrdtracker.access.actor import operator
from hrdtracker.backups import archive, restoring, service
from hrdtracker.backups.copying import Machine
from hrdtracker.backups.making import Put
from hrdtracker.backups.manifest import SUFFIX, sign
from tests import make

IDENTITY = pyrage.x25519.Identity.generate()
PUBLIC = str(IDENTITY.to_public())


def plan(machine: Machine, *places: Path) -> list[Put]:
    """Say to whom and where backups go, make one, and return what became of it."""
    organisation = make.organisation()
    by_hand = operator(organisation.id)
    service.set_recipients(by_hand, organisation, [PUBLIC])
    service.set_places(by_hand, organisation, [str(each) for each in places], machine)
    return service.run(by_hand, organisation, machine)


def make_backup(machine: Machine, disk: Path) -> Path:
    """Make a backup in a folder, and return its file."""
    (put,) = plan(machine, disk)
    assert put.receipt, put
    return disk / f"{put.name}{SUFFIX}"


def with_a_row_more(sealed: Path, machine: Machine) -> Path:
    """Return a backup, signed as ours, that says of itself what its database does not hold."""
    with cut(sealed.parent / "unpacked") as folder:
        manifest = restoring.unpack(sealed, [IDENTITY], folder)
        rows = {**manifest.figures.rows, "term": manifest.figures.rows["term"] + 1}
        written = replace(manifest, figures=replace(manifest.figures, rows=rows)).written()
        (folder / archive.MANIFEST).write_bytes(written)
        (folder / archive.SIGNATURE).write_text(sign(machine.vault, written), "ascii")
        other = sealed.with_stem("other")
        archive.seal(
            folder, [archive.MANIFEST, archive.SIGNATURE, *manifest.files], [PUBLIC], other
        )
    return other


@contextmanager
def damaged(path: Path, place: int) -> Iterator[None]:
    """Let one bit of a file be another for a moment."""
    _flip(path, place)
    try:
        yield
    finally:
        _flip(path, place)


def _flip(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        (byte,) = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1 << place % 8]))


@contextmanager
def cut(folder: Path) -> Iterator[Path]:
    """Make a folder for a moment."""
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
