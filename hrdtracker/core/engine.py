"""How the database is opened: SQLite always encrypted, PostgreSQL as the operator secured it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy.engine import make_url
from sqlalchemy.pool import QueuePool

from hrdtracker.core.db import set_up_sqlite_connection
from hrdtracker.core.postgresql import TIMEOUTS, Timeouts, postgresql_options
from hrdtracker.core.seal import Vault


def engine_options(url: str, vault: Vault, timeouts: Timeouts = TIMEOUTS) -> dict[str, Any]:
    """Return what `create_engine` needs to open `url`; parameters never reach a log."""
    shared: dict[str, Any] = {
        "hide_parameters": True,
        "poolclass": QueuePool,
        "pool_use_lifo": True,  # whoever comes next finds the pages of whoever came before
    }
    if make_url(url).get_backend_name() != "sqlite":
        return {**shared, **postgresql_options(url, timeouts)}
    database = make_url(url).database or ""
    return {
        **shared,
        "module": sqlcipher,
        "creator": _opener(Path(database), vault),
        "pool_size": 8,
        "max_overflow": 8,
    }


def open_encrypted(path: Path, vault: Vault) -> Any:
    """Open the encrypted file with a raw key: 0.2 ms, no stretching."""
    is_new = not path.exists()
    connection = sqlcipher.connect(str(path), timeout=10, check_same_thread=False)
    connection.execute(f"PRAGMA key = \"x'{vault.derive('database').hex()}'\"")
    if is_new:
        path.chmod(0o600)
    return connection


def _opener(path: Path, vault: Vault) -> Callable[[], Any]:
    def connect() -> Any:
        connection = open_encrypted(path, vault)
        set_up_sqlite_connection(connection)
        return connection

    return connect
