"""How records are kept: the base of all tables, instants, the present session."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from threading import Lock
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    TypeDecorator,
    Uuid,
    bindparam,
    event,
)
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, Session, registry
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.selectable import GenerativeSelect

from hrdtracker.core import clock
from hrdtracker.core.field import technical

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC. SQLite keeps no zone; PostgreSQL answers in its session's zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must say its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of every table."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            datetime: Instant(),
            UUID: Uuid(),
            bytes: LargeBinary(),
            str: String(40),
        },
    )
    unaudited: ClassVar[str] = ""
    """Why the trail does not record the differences of such rows; empty where it does."""
    record_label: ClassVar[str] = ""
    """What such a row is called on the trail."""


class Entity(Base):
    """A record with a number for the database and a `uid` for everybody else."""

    __abstract__ = True

    id: Mapped[int] = technical(Integer, primary_key=True)
    uid: Mapped[UUID] = technical(unique=True, default=uuid4, insert_sentinel=True)
    """Made by us, so that many rows go in as one statement and still find their numbers."""

    def __init__(self, **values: Any) -> None:
        """Set the uid first: sealed columns are bound to it."""
        self.uid = values.pop("uid", None) or uuid4()
        late = {name: values.pop(name) for name in _late(type(self)) if name in values}
        super().__init__(**values)
        for name, value in late.items():
            setattr(self, name, value)


@cache
def _late(model: type) -> tuple[str, ...]:
    """Return the attributes that need the others of their row to be set before them."""
    found = (name for owner in model.__mro__ for name in vars(owner))
    return tuple(
        name for name in dict.fromkeys(found) if hasattr(getattr(model, name), "needs_row")
    )


def number_of(record: Entity) -> int:
    """Return the number of a record, which is not read anew where a transaction has ended since."""
    identity = instance_state(record).identity
    return identity[0] if identity else record.id


def partial_index(
    name: str, *columns: InstrumentedAttribute[Any], where: Any, unique: bool = False
) -> Index:
    """Index only the rows on which `where` holds: the few that wait are found at once."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


PREPARED = 1024
"""How many queries of a kind are kept put together: a dozen for each person at work."""


def present() -> BindParameter[datetime]:
    """Return the present instant for a query that is kept: it is found out once at each use."""
    return bindparam("present", callable_=_now, type_=Instant())


def _now() -> datetime:
    return clock.now()


def looked_up(query: Select[Any]) -> ColumnElement[bool]:
    """Return EXISTS as a condition that the database must ask of each row.

    Of an EXISTS inside an OR PostgreSQL may first list all rows that could be found, a thousand
    times too many where few are asked; a single value it looks up.
    """
    return query.limit(1).scalar_subquery().is_not(None)


_session: ContextVar[Session] = ContextVar("session")


def session() -> Session:
    """Return the session of the present unit of work; raises LookupError where none is open."""
    return _session.get()


@contextmanager
def unit_of_work(opened: Session) -> Iterator[Session]:
    """Make `opened` the session of everything inside."""
    token = _session.set(opened)
    try:
        yield opened
    finally:
        _session.reset(token)


def begin_write(opened: Session) -> None:
    """End what `opened` has read and begin a transaction that may write."""
    opened.rollback()
    opened.connection(execution_options={"write": True})


def may_write(connection: Connection) -> bool:
    """Tell whether the transaction on `connection` was begun by `begin_write`."""
    return bool(connection.get_execution_options().get("write"))


TURN = "turn"
WAIT_S = 10
"""How many seconds a writer waits for the others; then SQLite says that it is locked."""


class LiteralLimits(SQLiteCompiler):
    """Writes how many rows are wanted into the statement itself.

    SQLite looks at a parameter of LIMIT to plan by it, and therefore plans a kept statement anew at
    each use: for a page of many rules that took longer than to carry it out.
    """

    def limit_clause(self, select: GenerativeSelect, **kw: Any) -> str:
        """Return LIMIT and OFFSET with their numbers."""
        text: str = super().limit_clause(select, **{**kw, "literal_execute": True})  # type: ignore[no-untyped-call] # the compiler has no types
        return text


def prepare_sqlite(engine: Engine) -> None:
    """Let SQLite begin its transactions as asked: DEFERRED to read, IMMEDIATE to write.

    The writers of a process take turns: by itself SQLite lets each sleep for a while and try again,
    so that of eight the last waits five times as long as all the work takes.
    """
    engine.dialect.statement_compiler = LiteralLimits
    turn = Lock()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = may_write(connection)
        if writes and TURN not in connection.info and turn.acquire(timeout=WAIT_S):
            connection.info[TURN] = turn
        connection.exec_driver_sql(f"BEGIN {'IMMEDIATE' if writes else 'DEFERRED'}")

    @event.listens_for(engine, "checkin")
    def checkin(_connection: Any, record: ConnectionPoolEntry) -> None:
        held = record.info.pop(TURN, None)
        if held:
            held.release()


def set_up_sqlite_connection(connection: Any) -> None:
    """Set what every SQLite connection needs: no lost updates, no half-kept rows, real deletion.

    Each keeps 12 MB of pages decrypted, room for an index of 100,000 incidents; all together 48.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={WAIT_S * 1000}",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "cache_size=-12000",
        "soft_heap_limit=50331648",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
