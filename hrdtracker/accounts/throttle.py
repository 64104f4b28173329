"""Waiting times after failed sign-ins: longer each time, never for ever."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from hrdtracker.accounts.model import Throttle
from hrdtracker.core import clock
from hrdtracker.core.db import session

FREE = {"account": 5, "network": 20}
"""Failures that cost no waiting time."""
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=12)


def key_of(kind: str, value: str) -> str:
    """Return the row's key: a keyed digest, so that the table names nobody."""
    digest: str = session().info["vault"].fingerprint(f"throttle/{kind}", value)
    return f"{kind[:1]}{digest[:63]}"


def wait(keys: dict[str, str]) -> timedelta:
    """Return how long these accounts and networks must still wait."""
    moment = clock.now()
    until = session().scalar(
        select(func.max(Throttle.wait_until)).where(
            Throttle.key.in_(keys.values()), Throttle.wait_until > moment
        )
    )
    return until - moment if until else timedelta()


def failed(keys: dict[str, str]) -> None:
    """Count one more failure for each key; exact across processes. Inside `aside`."""
    moment = clock.now()
    for kind, key in keys.items():
        values = {"key": key, "failures": 1, "last_at": moment, "wait_until": moment}
        build = pg_insert if session().get_bind().dialect.name == "postgresql" else sqlite_insert
        statement = build(Throttle).values(**values)
        counted = statement.on_conflict_do_update(
            index_elements=[Throttle.key],
            set_={"failures": Throttle.failures + 1, "last_at": moment},
        )
        connection = session().connection()
        connection.execute(counted)
        failures = connection.scalar(select(Throttle.failures).where(Throttle.key == key)) or 0
        seconds = 2 ** min(max(failures - FREE[kind], -1), 10) if failures >= FREE[kind] else 0
        pause = min(timedelta(seconds=seconds), LONGEST)
        connection.execute(
            update(Throttle).where(Throttle.key == key).values(wait_until=moment + pause)
        )
    session().connection().execute(delete(Throttle).where(Throttle.last_at < moment - FORGOTTEN))


def succeeded(key: str) -> None:
    """Forget the failures of an account that signed in. Inside `aside` or an open door."""
    session().connection().execute(delete(Throttle).where(Throttle.key == key))
