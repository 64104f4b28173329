"""A real PostgreSQL server that the tests start for themselves and that never outlives them."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

SETTINGS = {
    "listen_addresses": "",  # no TCP, only the socket in the server's own folder
    "timezone": "Asia/Phnom_Penh",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "256MB",
    "checkpoint_timeout": "1h",
}
MEMORY, ROOM_BYTES = "/dev/shm", 1 << 30  # noqa: S108 - what is made there has a name by chance

# Waits for its input to close, which happens however the tests end: finished, interrupted, killed.
KEEPER = 'read -r _; "$0/pg_ctl" -D "$1/data" -m immediate -s stop; rm -rf "$1"'


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs, None where there is none."""
    debian = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return max(debian, key=lambda initdb: float(initdb.parts[-3])).parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere else None


class Cluster:
    """One server (PostgreSQL 15 or newer) for one process of tests, so that nothing is shared."""

    folder: Path
    _keeper: "subprocess.Popen[bytes]"
    _admin: "psycopg.Connection[tuple[object, ...]]"

    def start(self) -> None:
        """Start the server; where none is installed skip the test, and with CI set fail."""
        installed = programs()
        if installed is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)("no PostgreSQL server")
        # A short name, because the path of a socket has at most 107 bytes.
        self.folder = Path(_run("mktemp", "-d", f"{_where()}/hrd-pg-XXXXXX").strip())
        self._keeper = subprocess.Popen(
            _as_postgres("sh", "-c", KEEPER, str(installed), str(self.folder)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal must not reach it.
        )
        data = f"--pgdata={self.folder}/data"
        _run(
            f"{installed}/initdb", data, "--username=postgres", "--auth=trust", "--no-sync",
            "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        self._control("start")

    def _control(self, word: str) -> None:
        """Start the server, or stop it as its operator would."""
        settings = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        options = f"--options=-k {self.folder} {settings}"
        data, log = f"--pgdata={self.folder}/data", f"--log={self.folder}/log"
        _run(f"{programs()}/pg_ctl", data, log, options, "-ws", "-m", "fast", word)
        if word == "start":
            self._admin = psycopg.connect(host=str(self.folder), user="postgres", autocommit=True)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Be without the server for a while."""
        self._admin.close()
        self._control("stop")
        try:
            yield
        finally:
            self._control("start")

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

    def url(self, dbname: str) -> str:
        """Return the address of a database, in SQLAlchemy's form."""
        return f"postgresql+psycopg://postgres@/{dbname}?host={self.folder}"

    def create(self, dbname: str, template: str = "template0") -> str:
        """Copy `template`, to which nobody may be connected; return the new database's address."""
        self._admin.execute(
            SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                Identifier(dbname), Identifier(template)
            )
        )
        return self.url(dbname)

    def drop(self, dbname: str) -> None:
        """Drop a database, and whoever is still connected to it."""
        self._admin.execute(
            SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(dbname))
        )

    def stop(self) -> None:
        """Stop the server and remove its folder, which also happens when the process ends."""
        self._admin.close()
        self._keeper.communicate(b"\n")


def _where() -> str:
    """Return where the server keeps its files: in memory, where a copy takes 20 ms and not 400."""
    room = shutil.disk_usage(MEMORY).free if os.access(MEMORY, os.W_OK) else 0
    return MEMORY if room > ROOM_BYTES else "/tmp"  # noqa: S108 - as above


def _as_postgres(*command: str) -> list[str]:
    """Return `command`, as user postgres if we are root, whom the server refuses."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else [*command]


def _run(*command: str) -> str:
    """Run `command` to its end and return what it printed."""
    done = subprocess.run(
        _as_postgres(*command),
        cwd="/",
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, f"{command[0]} failed: {done.stdout}"
    return done.stdout
