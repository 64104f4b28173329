"""Who waits for whom: a row that changes, or a place in a queue, always in the same order.

On PostgreSQL an act takes what it needs in this order, so that no two acts wait for each other:

1. the receipt of the form that is sent (the door writes it: a twin waits there);
2. the record it changes (the door locks it), then other rows with `lock`: from the part to the
   whole – payment, request, incident, case, scope – and at last a line of a budget;
3. the jobs that it asks for;
4. its place in a queue: of the books, of refusals;
5. the queue of the trail, as the last step before COMMIT.

SQLite has one writer at a time, so nothing here does anything there.
"""

from enum import IntEnum
from typing import Any
from zlib import crc32

from hrdtracker.core.db import Entity, session

LOCK: dict[str, Any] = {"key_share": True}
"""FOR NO KEY UPDATE: whoever only points to the row with a foreign key does not wait for it."""


class Queue(IntEnum):
    """What is no row and yet is done one after the other: the numbers of PostgreSQL's locks."""

    TRAIL = 0x68726474
    THROTTLE = 0x74687274
    BOOKS = 0x626F6F6B
    REFUSALS = 0x72656675
    READINGS = 0x72656164
    SEARCHES = 0x73656172


def lock(row: Entity) -> None:
    """Read a row anew, and let nobody else change it before this transaction ends."""
    session().refresh(row, with_for_update=LOCK)


def queue_for(queue: Queue, key: bytes = b"", *, together: bool = False) -> None:
    """Wait for one's turn in a queue, of those with the same key, until the transaction ends.

    Those who go `together` wait only for whoever goes alone.
    """
    connection = session().connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(turn(queue, key, together=together))


def turn(queue: Queue, key: bytes = b"", *, together: bool = False) -> str:
    """Return the statement of PostgreSQL that waits for a turn."""
    function = f"pg_advisory_xact_lock{'_shared' if together else ''}"
    return f"SELECT {function}({queue:d}, {crc32(key) - 2**31})"
