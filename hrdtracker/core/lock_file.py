"""The file that says an instance is locked: whoever locked it stands on the trail, not in it."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class LockFile:
    """An empty file in the instance’s folder. While it is there, no process reads a key."""

    path: Path

    @property
    def is_there(self) -> bool:
        """Whether the instance is locked on this machine."""
        return self.path.exists()

    @property
    def since(self) -> datetime | None:
        """Since when; None where it is not locked."""
        try:
            return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None

    def put(self) -> None:
        """Lock the instance on this machine; it stays so when the power fails now."""
        os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        self._keep_on_disk()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let whoever removes the file know that a process waits for it; it lets go of it inside.

        The system takes the lock on the file back however the process ends.
        """
        with self._opened() as number:
            if number is not None:
                fcntl.flock(number, fcntl.LOCK_SH)
            yield

    @contextmanager
    def removed(self) -> Iterator[Callable[[], bool]]:
        """Let processes read keys again; what is returned tells whether none waits any more."""
        with self._opened() as number:
            self.path.unlink(missing_ok=True)
            self._keep_on_disk()
            yield lambda: number is None or _is_free(number)

    @contextmanager
    def _opened(self) -> Iterator[int | None]:
        try:
            number = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            yield None
            return
        try:
            yield number
        finally:
            os.close(number)

    def _keep_on_disk(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _is_free(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
