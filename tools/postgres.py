"""A real PostgreSQL server that a program starts for itself and that never outlives it."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

# Waits for its input to close, which happens however its owner ends: finished, interrupted, killed.
KEEPER = 'read -r _; "$0/pg_ctl" -D "$1/data" -m immediate -s stop; rm -rf "$1"'


class NoServer(Exception):
    """No PostgreSQL server is installed."""


def programs() -> Path:
    """Return the folder of the newest PostgreSQL server’s programs; raises NoServer."""
    debian = list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return max(debian, key=lambda initdb: float(initdb.parts[-3])).parent
    elsewhere = shutil.which("initdb")
    if elsewhere is None:
        raise NoServer
    return Path(elsewhere).resolve().parent


class PostgresServer:
    """One server (PostgreSQL 15 or newer) with its files in a new folder of `room`."""

    folder: Path
    _keeper: "subprocess.Popen[bytes]"
    _admin: "psycopg.Connection[tuple[object, ...]]"

    def __init__(self, room: str, settings: Mapping[str, str]) -> None:
        self.room, self.settings = room, settings

    def start(self, data: Path | None = None) -> None:
        """Start it, empty or on a copy of what `copy_data` left in `data`; raises NoServer."""
        installed = programs()
        # A short name, because the path of a socket has at most 107 bytes.
        self.folder = Path(_run("mktemp", "-d", f"{self.room}/hrd-pg-XXXXXX").strip())
        self._keeper = subprocess.Popen(
            _as_postgres("sh", "-c", KEEPER, str(installed), str(self.folder)),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal must not reach it.
        )
        if data is None:
            _run(
                f"{installed}/initdb", self._data, "--username=postgres", "--auth=trust",
                "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8",
            )  # fmt: skip
        else:
            _copy(data, self.folder / "data")
        self._control("start")

    def _control(self, word: str) -> None:
        """Start the server, or stop it as its operator would."""
        settings = " ".join(f"-c {name}={value}" for name, value in self.settings.items())
        options = f"--options=-k {self.folder} -c listen_addresses= {settings}"
        log = f"--log={self.folder}/log"
        _run(f"{programs()}/pg_ctl", self._data, log, options, "-ws", "-m", "fast", word)
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

    @property
    def _data(self) -> str:
        return f"--pgdata={self.folder}/data"

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

    def copy_data(self, to: Path) -> None:
        """Leave a copy of the server’s files in `to`; nobody may be connected."""
        with self.stopped():
            _copy(self.folder / "data", to)

    def stop(self) -> None:
        """Stop the server and remove its folder, which also happens when the process ends."""
        self._admin.close()
        self._keeper.communicate(b"\n")


def _copy(data: Path, to: Path) -> None:
    """Copy the server’s files; they keep their owner, whom alone the server accepts."""
    subprocess.run(["cp", "-a", data, to], check=True)


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
