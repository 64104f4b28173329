"""The file with the passphrase: emptied with the lock, where it lies in memory and two know it."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

import click

MOUNTS = Path("/proc/self/mountinfo")
MEMORY = frozenset({"tmpfs", "ramfs"})
ESCAPED = re.compile(r"\\([0-7]{3})")


def is_emptied(path: Path | None) -> bool:
    """Tell whether a passphrase was in this file and is no more."""
    return path is not None and path.is_file() and path.stat().st_size == 0


def forget(path: Path) -> None:
    """Overwrite the passphrase where it lies in memory, and leave an empty file.

    On a disk that would not remove it, and whoever put it there counts on it.
    """
    if not (path.is_file() and lies_in_memory(path)):
        return
    try:
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
            file.truncate(0)
    except OSError:
        click.echo(f"There is no right to empty {path}: remove it.", err=True)


def put_back(path: Path, passphrase: str) -> None:
    """Write the passphrase into a file that was emptied; its owner and mode stay."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{passphrase}\n")


def lies_in_memory(path: Path) -> bool:
    """Tell whether a file is gone with the power: where it cannot be told, it is not."""
    try:
        mounts = [_mount(line) for line in MOUNTS.read_text("utf-8").splitlines()]
    except OSError:
        return False
    return _kind(path.resolve(), mounts) in MEMORY


def _kind(path: Path, mounts: Iterable[tuple[Path, str]]) -> str:
    """Return the kind of file system on which a path lies: the last of the longest mounts."""
    around = [(len(place.parts), kind) for place, kind in mounts if path.is_relative_to(place)]
    deepest = max((depth for depth, _ in around), default=0)
    return next((kind for depth, kind in reversed(around) if depth == deepest), "")


def _mount(line: str) -> tuple[Path, str]:
    """Read a line of mountinfo: the place is its fifth word, the kind stands after the dash."""
    before, _, after = line.partition(" - ")
    place = ESCAPED.sub(lambda code: chr(int(code[1], 8)), before.split()[4])
    return Path(place), after.split()[0]
