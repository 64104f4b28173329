"""Connections to PostgreSQL: the isolation level they need, and their timeouts."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

ISOLATION = "READ COMMITTED"
"""What our locks are written for: after a wait, a statement sees what the other one committed."""
Got = TypeVar("Got")


@dataclass(frozen=True)
class Timeouts:
    """How long we wait for PostgreSQL before a page says that it cannot be reached."""

    connect_s: int = 5
    """For a connection."""
    lock_ms: int = 10_000
    """For a row or a queue that somebody else holds."""
    statement_ms: int = 20_000
    """For one statement, as the server counts."""
    answer_s: float = 25
    """For one answer, as we count: the only one that ends where the server is frozen."""
    idle_in_transaction_ms: int = 60_000
    """For our next statement, before the server ends a transaction that holds up others."""
    unacknowledged_ms: int = 25_000
    """For the network to acknowledge what we sent."""
    keepalive_idle_s: int = 30
    """Until a silent connection is asked whether it lives; three times, ten seconds apart."""


TIMEOUTS = Timeouts()


class Connection(psycopg.Connection[Any]):
    """A connection that does not wait for an answer for ever."""

    answer_s: float | None = None

    def wait(
        self,
        gen: Generator[Any, Any, Got],
        interval: float = 0.1,
        timeout: float | None = None,
    ) -> Got:
        """Return what the server answers; closes the connection where it answers too late."""
        try:
            return super().wait(gen, interval, timeout or self.answer_s)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


def postgresql_options(url: str, timeouts: Timeouts) -> dict[str, Any]:
    """Return what `create_engine` needs; what the address itself says counts."""
    session = {
        "lock_timeout": timeouts.lock_ms,
        "statement_timeout": timeouts.statement_ms,
        "idle_in_transaction_session_timeout": timeouts.idle_in_transaction_ms,
        "jit": "off",  # it takes seconds to compile the rules of a page that takes milliseconds
    }
    ours: dict[str, Any] = {
        "connect_timeout": timeouts.connect_s,
        "tcp_user_timeout": timeouts.unacknowledged_ms,
        "keepalives_idle": timeouts.keepalive_idle_s,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "options": " ".join(f"-c {name}={value}" for name, value in session.items()),
    }
    chosen = make_url(url).query
    return {
        "pool_pre_ping": True,
        "pool_size": 8,
        "isolation_level": ISOLATION,
        "connect_args": {name: value for name, value in ours.items() if name not in chosen},
    }


def prepare_postgresql(engine: Engine, timeouts: Timeouts) -> None:
    """Let an engine open connections that do not wait for ever."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, given: list[Any], named: dict[str, Any]) -> Connection:
        connection = Connection.connect(*given, **named)
        connection.answer_s = timeouts.answer_s
        return connection


def fault_of(engine: Engine) -> str | None:
    """Return in a sentence what the server or the role sets otherwise than we need it."""
    if engine.dialect.name != "postgresql":
        return None
    with engine.connect() as connection:
        query = "SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_isolation'"
        isolation = str(connection.exec_driver_sql(query).scalar())
    if isolation.upper() == ISOLATION:
        return None
    return (
        f"PostgreSQL begins transactions as “{isolation}”, and hrdtracker needs “read committed”: "
        "take default_transaction_isolation out of its settings, of the role and of the database."
    )
