"""What is counted and checked of a database, so that two copies of it can be compared."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, Engine, case, create_engine, func, inspect, select, table
from sqlalchemy.orm import Session

from hrdtracker.audit import chain, reading_chain
from hrdtracker.audit.checkpoint import Head
from hrdtracker.backups.faults import BackupFailed
from hrdtracker.backups.manifest import Figures
from hrdtracker.backups.model import BackupFault
from hrdtracker.core.db import Base, prepare_sqlite, session, unit_of_work
from hrdtracker.core.engine import engine_options
from hrdtracker.core.postgresql import Timeouts
from hrdtracker.core.seal import (
    KeyMissing,
    Keyring,
    SealBroken,
    Sealed,
    SealedRow,
    Vault,
    passing_ring,
    sealed_attributes,
)
from hrdtracker.fund.books.integrity import check_fund
from hrdtracker.fund.model import Posting

PATIENT = Timeouts(statement_ms=0, idle_in_transaction_ms=0)
"""A copy of everything takes as long as it takes."""
SAMPLE, OF_A_KIND = 100, 40
"""How many sealed values are opened by chance, and of how many records of a kind at most."""
CHANCE = random.SystemRandom()


@contextmanager
def engine_of(url: str, vault: Vault) -> Iterator[Engine]:
    """Open a database for as long as this takes."""
    engine = create_engine(url, **engine_options(url, vault, PATIENT))
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def reading(connection: Connection, vault: Vault) -> Iterator[Session]:
    """Open a unit of work on a connection, which only reads."""
    with Session(connection, info={"vault": vault}) as opened, unit_of_work(opened):
        yield opened


def count() -> Figures:
    """Count every table of the present database, and read the heads of its chains and its books."""
    connection = session().connection()
    names = sorted(inspect(connection).get_table_names())
    rows = {
        name: session().scalar(select(func.count()).select_from(table(name))) or 0 for name in names
    }
    debit = func.sum(case((Posting.amount > 0, Posting.amount), else_=0))
    books = select(Posting.currency, debit).group_by(Posting.currency).order_by(Posting.currency)
    ledger = {currency: int(amount) for currency, amount in session().execute(books)}
    last = reading_chain.last_batch()
    return Figures(rows, str(chain.head()), ledger, str(Head(last.number, last.mac)))


def check_chains(figures: Figures) -> None:
    """Recompute trail and access log; raises BackupFailed where one does not hold to its head."""
    trail, readings = chain.verify(), reading_chain.verify()
    heads = (str(trail.head), str(readings.head))
    written = (figures.head, figures.readings or str(readings.head))
    if not (trail.holds and readings.holds) or heads != written:
        raise BackupFailed(BackupFault.BROKEN_TRAIL)


def check_pages() -> None:
    """Let SQLite check every page, by its own sum and by its structure; raises BackupFailed."""
    connection = session().connection()
    if connection.dialect.name != "sqlite":
        return
    broken = list(connection.exec_driver_sql("PRAGMA cipher_integrity_check"))
    structure = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    if broken or structure != ["ok"]:
        raise BackupFailed(BackupFault.NOT_EQUAL)


def look_inside() -> "Depth":
    """Check the books, and open sealed values by chance; raises BackupFailed where one fails."""
    books = check_fund()
    if books.faults:
        raise BackupFailed(BackupFault.NOT_EQUAL)
    try:
        with passing_ring() as ring:
            opened = sum(_opens(row, attribute) for row, attribute in _some_sealed(ring))
    except (SealBroken, InvalidTag):
        raise BackupFailed(BackupFault.NOT_EQUAL) from None
    return Depth(books.transactions, opened)


@dataclass(frozen=True)
class Depth:
    """What was looked into besides counting: entries of the books, and sealed values opened."""

    transactions: int
    opened: int


def _some_sealed(ring: Keyring) -> list[tuple[SealedRow, Sealed]]:
    """Return sealed values by chance, of every kind of record that there is."""
    values = []
    for mapper in Base.registry.mappers:
        attributes = sealed_attributes(mapper.class_).values()
        if attributes:
            query = select(mapper.class_).order_by(func.random()).limit(OF_A_KIND)
            rows: list[SealedRow] = list(session().scalars(query))
            ring.load(row.data_key_id for row in rows)
            values += [(row, each) for row in rows for each in attributes if each.ciphertext(row)]
    return CHANCE.sample(values, min(SAMPLE, len(values)))


def _opens(row: SealedRow, attribute: Sealed) -> bool:
    """Open a sealed value; tell whether it has a key, which what was erased has not any more."""
    try:
        attribute.open(row, attribute.ciphertext(row))
    except KeyMissing:
        return False
    return True
