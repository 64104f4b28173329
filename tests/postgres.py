"""The PostgreSQL server of the tests: one a process, its files in memory, thrown away with it."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

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

NEXT, LAST = "next_copy", "last_copy"
THROW_OUT = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
"""Ends whoever is connected to a database, and waits for it: five seconds at most."""


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


class FreshDatabase:
    """A database that is new for every test: the next is made, and the last dropped, beside it."""

    def __init__(self, server: Cluster, template: str, name: str) -> None:
        self._server, self._template, self._name = server, template, name
        self._beside = ThreadPoolExecutor(1)
        self._admin = psycopg.connect(server.url("postgres").replace("+psycopg", ""))
        self._admin.autocommit = True
        self._next: Future[None] = self._beside.submit(self._make_next)

    @contextmanager
    def used(self) -> Iterator[None]:
        """Have one for a while; whoever is still connected to it at the end is thrown out."""
        self._next.result()
        self._rename(NEXT, self._name)
        try:
            yield
        finally:
            self._admin.execute(THROW_OUT, [self._name])
            self._rename(self._name, LAST)
            self._next = self._beside.submit(self._make_next)

    def _make_next(self) -> None:
        self._server.drop(LAST)
        self._server.create(NEXT, self._template)

    def _rename(self, name: str, to: str) -> None:
        words = SQL("ALTER DATABASE {} RENAME TO {}")
        self._admin.execute(words.format(Identifier(name), Identifier(to)))

    def close(self) -> None:
        """Wait for what is made beside; the server throws the databases away."""
        self._beside.shutdown()
        self._admin.close()
