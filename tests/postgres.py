"""The PostgreSQL server of the tests: one a process, its files in memory, thrown away with it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import memory
from tools.postgres import NoServer, PostgresServer

SETTINGS = {
    "timezone": "Asia/Phnom_Penh",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "256MB",
    "checkpoint_timeout": "1h",
}


class Cluster(PostgresServer):
    """One server for one process of tests, so that nothing is shared."""

    def __init__(self) -> None:
        super().__init__(memory.room(), SETTINGS)

    def start(self, data: Path | None = None) -> None:
        """Start the server; where none is installed skip the test, and with CI set fail."""
        try:
            super().start(data)
        except NoServer:
            (pytest.fail if os.environ.get("CI") else pytest.skip)("no PostgreSQL server")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let all of the server’s processes stand still for a while, and answer nothing."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        pids = [pid, *map(int, children)]
        try:
            for each in pids:
                os.kill(each, signal.SIGSTOP)
            yield
        finally:
            for each in reversed(pids):
                os.kill(each, signal.SIGCONT)
