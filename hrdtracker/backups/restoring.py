"""Opening a backup again: whole, from this organisation, equal to what was written down of it."""

import hmac
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pyrage
from psycopg.sql import SQL, Identifier
from sqlalchemy.engine import make_url

from hrdtracker.backups import archive
from hrdtracker.backups.copying import check_sqlite, finish, run_postgresql, tables_in
from hrdtracker.backups.faults import BackupFailed, RestoreRefused
from hrdtracker.backups.figures import check_chains, count, engine_of, reading
from hrdtracker.backups.manifest import Figures, Manifest, sign
from hrdtracker.backups.model import BackupFault
from hrdtracker.core.seal import Vault

SCRATCH = "hrdtracker_rehearsal_"
"""How a database is called that lives only as long as a rehearsal."""
NO_RIGHT = (
    "A rehearsal needs a database for a moment: ALTER ROLE … CREATEDB lets the role make one."
)
HOLDS_TABLES = "The database holds tables already: nothing was restored. Make an empty one."
NOT_OWNED = "The role must own the database: ALTER DATABASE … OWNER TO … makes it the owner."
AT_WORK = "Another restore fills this database just now: nothing was done."
RESTORING = 0x72737472
"""The number of the lock that a restore holds in the database that it fills."""
UNFINISHED, FINISHED = "hrdtracker: a restore is not finished", "standard public schema"
"""What stands beside a schema while it is filled, and what PostgreSQL itself writes there."""
Keys = Sequence[pyrage.x25519.Identity]
Server = psycopg.Connection[tuple[str, ...]]


def unpack(sealed: Path, keys: Keys, folder: Path) -> Manifest:
    """Lay the files of a backup into `folder`; raises BackupFailed, RestoreRefused.

    Whether it is from this organisation only its root key can tell: see `check_signature`.
    """
    files = dict(archive.unseal(sealed, keys, folder))
    manifest = Manifest.read((folder / archive.MANIFEST).read_bytes())
    for name in (archive.MANIFEST, archive.SIGNATURE):
        files.pop(name, None)
    if files != dict(manifest.files) or archive.KEY_FILE not in files:
        raise BackupFailed(BackupFault.DAMAGED)
    return manifest


def check_signature(folder: Path, vault: Vault) -> None:
    """Raise BackupFailed where what was unpacked was not signed with this root key."""
    written = (folder / archive.MANIFEST).read_bytes()
    signature = (folder / archive.SIGNATURE).read_bytes()
    if not hmac.compare_digest(signature, sign(vault, written).encode()):
        raise BackupFailed(BackupFault.DAMAGED)


def check_copy(folder: Path, manifest: Manifest, vault: Vault) -> None:
    """Check the copy of the database where it lies, as deep as that goes without a server."""
    if manifest.engine == "sqlite":
        check_sqlite(folder / archive.SQLITE_COPY, vault, manifest.figures)
        return
    rows = {name: copied.rows for name, copied in tables_in(folder / archive.POSTGRESQL_COPY)}
    if rows != dict(manifest.figures.rows):
        raise BackupFailed(BackupFault.NOT_EQUAL)


@contextmanager
def empty_database(url: str) -> Iterator[None]:
    """Have an empty PostgreSQL database to oneself for a restore; one that fails leaves it empty.

    What a restore that was killed left is taken out first: a mark says that it is one's. Raises
    RestoreRefused where the database holds anything else, or where another restore is at work.
    """
    with _server(url) as server:
        if not _yes(server, "SELECT pg_try_advisory_lock(%s)", RESTORING):
            raise RestoreRefused(AT_WORK)
        if _yes(server, "SELECT obj_description('public'::regnamespace) = %s", UNFINISHED):
            _empty(server)
        elif _yes(server, "SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')"):
            raise RestoreRefused(HOLDS_TABLES)
        _mark(server, UNFINISHED)
        try:
            yield
        except BaseException:
            _empty(server)
            raise
        _mark(server, FINISHED)


def _yes(server: Server, question: str, *values: object) -> bool:
    row = server.execute(question, values).fetchone()
    return bool(row and row[0])


def _mark(server: Server, words: str) -> None:
    try:
        server.execute(SQL("COMMENT ON SCHEMA public IS {}").format(words))
    except psycopg.errors.InsufficientPrivilege:
        raise RestoreRefused(NOT_OWNED) from None


def _empty(server: Server) -> None:
    server.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def fill(url: str, folder: Path, figures: Figures, vault: Vault) -> None:
    """Take a dump into an empty PostgreSQL database, in one transaction, and check it there."""
    with run_postgresql(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        str(folder / archive.POSTGRESQL_COPY), url=url,
    ) as restoring:  # fmt: skip
        finish(restoring)
    check_database(url, figures, vault)


def check_database(url: str, expected: Figures, vault: Vault) -> None:
    """Raise BackupFailed where a database is not what was written down of it."""
    with (
        engine_of(url, vault) as engine,
        engine.connect() as connection,
        reading(connection, vault),
    ):
        if count() != expected:
            raise BackupFailed(BackupFault.NOT_EQUAL)
        check_chains(expected)


@contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """Make a PostgreSQL database beside another, and remove it, and any that was left before."""
    name = f"{SCRATCH}{secrets.token_hex(8)}"
    with _server(url) as server:
        _sweep(server)
        try:
            server.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise RestoreRefused(NO_RIGHT) from None
        try:
            yield make_url(url).set(database=name).render_as_string(hide_password=False)
        finally:
            _drop(server, name)


def _server(url: str) -> Server:
    """Connect without a transaction, as what concerns whole databases must be done."""
    address = make_url(url).set(drivername="postgresql")
    return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)


def _sweep(server: Server) -> None:
    """Remove what rehearsals left that were ended; one that somebody is connected to stays."""
    left = server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND NOT EXISTS"
        " (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datname = pg_database.datname)",
        [SCRATCH],
    ).fetchall()
    for (name,) in left:
        _drop(server, name)


def _drop(server: Server, name: str) -> None:
    server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
