"""A copy of the database while people work, compared with what it is a copy of."""

import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from shutil import which
from typing import IO

from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url

from hrdtracker.backups.archive import POSTGRESQL_COPY, SQLITE_COPY
from hrdtracker.backups.faults import BackupFailed
from hrdtracker.backups.figures import check_chains, check_pages, count, engine_of, reading
from hrdtracker.backups.manifest import Figures
from hrdtracker.backups.model import BackupFault
from hrdtracker.core.engine import open_encrypted
from hrdtracker.core.seal import Vault


@dataclass(frozen=True)
class Machine:
    """What a backup is made of: the instance's folder, its database, its key file and its keys.

    `settings` are those that are no secret, as they are told when the program starts.
    """

    instance: Path
    database: str
    key_file: Path
    vault: Vault = field(repr=False)
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def copy_name(self) -> str:
        """What the copy of the database is called."""
        is_sqlite = make_url(self.database).get_backend_name() == "sqlite"
        return SQLITE_COPY if is_sqlite else POSTGRESQL_COPY


def copy_database(machine: Machine, folder: Path) -> Figures:
    """Lay a copy of the database into `folder`, check it, and return what was counted.

    Others write meanwhile. Raises BackupFailed where the copy is not equal to what was copied.
    """
    to = folder / machine.copy_name
    with engine_of(machine.database, machine.vault) as engine:
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection, reading(connection, machine.vault):
                figures = count()
                _copy_sqlite(connection, machine.vault, to)
            check_sqlite(to, machine.vault, figures)
        else:
            isolated = engine.execution_options(isolation_level="REPEATABLE READ")
            with isolated.connect() as connection, reading(connection, machine.vault):
                figures = count()
                check_chains(figures)
                _dump(connection, machine.database, to)
                _compare_dump(connection, to, figures)
    return figures


# SQLite -------------------------------------------------------------------------------------------


def _copy_sqlite(connection: Connection, vault: Vault, to: Path) -> None:
    """Copy the pages that this transaction sees, all in one step."""
    target = open_encrypted(to, vault)
    try:
        raw = connection.connection.driver_connection
        raw.backup(target)  # type: ignore[union-attr]  # the pool holds it for us
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        target.close()


def check_sqlite(path: Path, vault: Vault, expected: Figures) -> None:
    """Open a copy and check all of it; raises BackupFailed where it is not what was expected."""
    with (
        engine_of(f"sqlite:///{path}", vault) as engine,
        engine.connect() as connection,
        reading(connection, vault),
    ):
        check_pages()
        if count() != expected:
            raise BackupFailed(BackupFault.NOT_EQUAL)
        check_chains(expected)


# PostgreSQL ---------------------------------------------------------------------------------------


def run_postgresql(program: str, *words: str, url: str = "") -> subprocess.Popen[bytes]:
    """Start one of PostgreSQL's programs, on the database at `url` where it needs one.

    A password goes by its environment, never as a word.
    """
    path = which(program)
    if path is None:
        raise BackupFailed(BackupFault.NO_PROGRAM)
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(Path.home()), "LC_ALL": "C.UTF-8"}
    reaching = []
    if url:
        address = make_url(url).set(drivername="postgresql")
        if address.password:
            environment["PGPASSWORD"] = str(address.password)
        reaching = ["--dbname", _without_password(address).render_as_string()]
    return subprocess.Popen(  # noqa: S603 - a program of PostgreSQL, and words of ours
        [path, *reaching, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )


def _without_password(address: URL) -> URL:
    return URL.create(
        address.drivername,
        address.username,
        host=address.host,
        port=address.port,
        database=address.database,
        query=address.query,
    )


def finish(process: subprocess.Popen[bytes]) -> None:
    """Wait for a program to end; raises BackupFailed where it failed."""
    if process.wait() != 0:
        raise BackupFailed(BackupFault.NO_PROGRAM)


def _dump(connection: Connection, url: str, to: Path) -> None:
    """Write all that this transaction sees into one file, as pg_restore reads it."""
    snapshot = str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar())
    to.touch(mode=0o600)
    with run_postgresql(
        "pg_dump", "--format=custom", "--no-owner", "--no-privileges",
        f"--snapshot={snapshot}", f"--file={to}", url=url,
    ) as dumping:  # fmt: skip
        finish(dumping)


def _compare_dump(connection: Connection, dump: Path, figures: Figures) -> None:
    """Compare a dump, row by row, with the tables as this transaction sees them."""
    for setting in ("DateStyle = ISO", "extra_float_digits = 3", "synchronize_seqscans = off"):
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    rows = {}
    for table, copied in tables_in(dump):
        if copied.digest != _digest_of(connection, copied.statement):
            raise BackupFailed(BackupFault.NOT_EQUAL)
        rows[table] = copied.rows
    if rows != dict(figures.rows):
        raise BackupFailed(BackupFault.NOT_EQUAL)


@dataclass(frozen=True)
class CopiedTable:
    """A table as it stands in a dump: the statement that takes it in, its rows, their digest."""

    statement: str
    rows: int
    digest: str


def tables_in(dump: Path) -> Iterator[tuple[str, CopiedTable]]:
    """Yield each table of a dump by its name; needs no database."""
    with run_postgresql("pg_restore", "--data-only", "--file=-", str(dump)) as reading_dump:
        assert reading_dump.stdout is not None  # noqa: S101 - asked for above
        for line in reading_dump.stdout:
            if line.startswith(b"COPY public."):
                statement = line.decode().rstrip()
                name = statement.removeprefix("COPY public.").split(" ", 1)[0]
                yield name, _copied(statement, reading_dump.stdout)
        finish(reading_dump)


def _copied(statement: str, lines: IO[bytes]) -> CopiedTable:
    digest, rows = sha256(), 0
    for line in lines:
        if line == b"\\.\n":
            break
        digest.update(line)
        rows += 1
    return CopiedTable(statement, rows, digest.hexdigest())


def _digest_of(connection: Connection, statement: str) -> str:
    """Return the digest of the rows that COPY gives out, as `statement` would take them in."""
    digest = sha256()
    raw = connection.connection.driver_connection
    outwards = statement.removesuffix(";").removesuffix("FROM stdin") + "TO STDOUT"
    with raw.cursor() as cursor, cursor.copy(outwards) as blocks:  # type: ignore[union-attr]  # psycopg's
        for block in blocks:
            digest.update(block)
    return digest.hexdigest()
