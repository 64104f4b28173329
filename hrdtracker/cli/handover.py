"""How `unlock` gives the passphrase to the processes that wait for it, on this machine only."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "unlock.socket"
POLL_S = 0.1
PATIENCE_S = 20.0
"""How long somebody who waits may take to ask, on a machine that is busy."""
ANSWER_S = 5.0


@contextmanager
def listening(folder: Path) -> Iterator[socket.socket]:
    """Listen in the folder of an instance, which is its owner’s alone."""
    with _address(folder) as address, socket.socket(socket.AF_UNIX) as door:
        (folder / NAME).unlink(missing_ok=True)
        door.bind(address)
        (folder / NAME).chmod(0o600)
        door.listen()
        try:
            yield door
        finally:
            (folder / NAME).unlink(missing_ok=True)


def give(door: socket.socket, passphrase: str, all_have_it: Callable[[], bool]) -> int:
    """Give the passphrase to whoever asks, until all have it; return how many asked."""
    door.settimeout(POLL_S)
    count, until = 0, time.monotonic() + PATIENCE_S
    while not all_have_it() and time.monotonic() < until:
        try:
            asking, _ = door.accept()
        except TimeoutError:
            continue
        with asking:
            asking.sendall(passphrase.encode())
        count += 1
    return count


def ask(folder: Path) -> str | None:
    """Return the passphrase that somebody gives away in this folder now; None where nobody does."""
    with _address(folder) as address, socket.socket(socket.AF_UNIX) as asking:
        asking.settimeout(ANSWER_S)
        try:
            asking.connect(address)
            return b"".join(iter(lambda: asking.recv(4096), b"")).decode() or None
        except OSError:
            return None


@contextmanager
def _address(folder: Path) -> Iterator[str]:
    """Name the socket by a short way, since the whole path may be longer than an address can be."""
    number = os.open(folder, os.O_RDONLY)
    try:
        here = f"/proc/self/fd/{number}" if sys.platform == "linux" else str(folder)
        yield f"{here}/{NAME}"
    finally:
        os.close(number)
