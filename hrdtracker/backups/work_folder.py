"""A folder to work in that goes away: at the end, and after a kill at the next beginning."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

PREFIX, LOCK = ".unfinished-", "lock"


@contextmanager
def work_folder(beside: Path) -> Iterator[Path]:
    """Make a folder (0700) in `beside`, and remove it in the end, and those whose maker is gone.

    Whoever works in one holds a lock in it, which goes away however the process ends.
    """
    beside.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in beside.glob(f"{PREFIX}*"):
        _sweep(left)
    folder = Path(mkdtemp(prefix=PREFIX, dir=beside))
    try:
        with (folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            inner = folder / "files"
            inner.mkdir(mode=0o700)
            yield inner
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(left: Path) -> None:
    """Remove a folder that nobody works in any more."""
    try:
        with (left / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    except FileNotFoundError:
        shutil.rmtree(left, ignore_errors=True)
    except BlockingIOError:
        pass  # somebody works in it


def keep_on_disk(path: Path) -> None:
    """Return once the disk has a file or the names in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
