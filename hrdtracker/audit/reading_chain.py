"""The chain of the access log: who read what is tied together a batch at a time, not row by row."""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, String, Uuid, cast, func, insert, select

from hrdtracker.access.action import Action
from hrdtracker.audit.checkpoint import Head, ReadingVerification
from hrdtracker.audit.model import AuditEntry, Opening, Outcome, ReadingBatch
from hrdtracker.audit.stored_bytes import stored_bytes
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.locks import Queue, queue_for
from hrdtracker.core.page import EPOCH

LONGEST = timedelta(seconds=1)
"""How long a batch stays open while pages are read."""
READ_AT_ONCE = 2000
SIGNED = (
    "id", "uid", "at", "actor_id", "scope_id", "action", "subject_type", "subject_uid",
    "shown_keys",
)  # fmt: skip
ROWS = select(
    *(
        func.replace(cast(column, String), "-", "") if isinstance(column.type, Uuid) else column
        for column in (Opening.__table__.c[name] for name in SIGNED)
    )
).order_by(Opening.id)
"""Uids are read as the text that each engine can give of them, in half the time."""
NAMED = select(AuditEntry.payload).where(
    AuditEntry.action == Action.READINGS_SEAL, AuditEntry.outcome == Outcome.DONE
)
LATEST = select(ReadingBatch.at).order_by(ReadingBatch.number.desc()).limit(1)
LAST = (
    select(ReadingBatch.number, ReadingBatch.at, ReadingBatch.last_id, ReadingBatch.mac)
    .order_by(ReadingBatch.number.desc())
    .limit(1)
)


@dataclass(frozen=True)
class BatchEnd:
    """Where the last batch ended; before the first one, at the beginning."""

    number: int = 0
    at: datetime = EPOCH
    last_id: int = 0
    mac: bytes = b"\0" * 32


def take_place() -> bool:
    """Wait for a place to add rows, beside others; tell whether the open batch is due to be closed.

    Whoever will close it waits until nobody else adds, and keeps others waiting until the commit:
    so a batch holds all rows up to its last, also of other processes.
    """
    latest = session().connection().execute(LATEST).scalar()
    due = latest is None or not timedelta(0) <= clock.now() - latest < LONGEST
    queue_for(Queue.READINGS, together=not due)
    return due


def close_batch() -> ReadingBatch | None:
    """Close a batch over every row that is in none, after `queue_for` alone; None without a row.

    Returns the batch where it is the first of its hour: the trail says so then.
    """
    connection, previous = session().connection(), last_batch()
    rows = connection.execute(
        ROWS.where(Opening.id > previous.last_id).execution_options(yield_per=READ_AT_ONCE)
    )
    count, last_id, digest = _digest(rows)
    if not count:
        return None
    values: dict[str, Any] = {
        "number": previous.number + 1,
        "at": clock.now(),
        "row_count": count,
        "last_id": last_id,
        "digest": digest,
    }
    values["mac"] = _mac(_key(), previous.mac, values)
    connection.execute(insert(ReadingBatch), [values])
    is_first = previous.number and _hour(values["at"]) != _hour(previous.at)
    return ReadingBatch(**values) if is_first else None


def close_all() -> ReadingBatch | None:
    """Close a batch over what is in none, and return the last one for the trail; None without."""
    queue_for(Queue.READINGS)
    close_batch()
    end = last_batch()
    return session().get(ReadingBatch, end.number) if end.number else None


def is_sealed() -> bool:
    """Tell whether every row is in a batch, and the trail names the last one."""
    end = last_batch()
    latest = session().scalar(select(func.max(Opening.id))) or 0
    named = session().scalar(NAMED.order_by(AuditEntry.seq.desc()).limit(1)) or b"[]"
    return latest <= end.last_id and end.number == max(_read_anchors([named]), default=0)


def last_batch() -> BatchEnd:
    """Return where the last batch ended."""
    row = session().connection().execute(LAST).one_or_none()
    return BatchEnd(*row) if row else BatchEnd()


def anchor(batch: ReadingBatch) -> dict[str, Any]:
    """Return what the trail says of a batch, so that its end cannot be cut off unnoticed."""
    columns = {"number": [None, batch.number], "mac": [None, batch.mac.hex()]}
    return {"table": ReadingBatch.__tablename__, "uid": "", "kind": "+", "columns": columns}


def verify(exported: Head | None = None) -> ReadingVerification:
    """Recompute every batch from the stored rows, and compare those that the trail names.

    `broken_at` is the first batch that does not hold; what is in no batch yet is counted.
    """
    key, kept = _key(), _anchors()
    if exported is not None and exported.seq:
        kept[exported.seq] = exported.mac
    rows = _Rows(session().execute(ROWS.execution_options(yield_per=READ_AT_ONCE)))
    mac, last, broken, entries = BatchEnd().mac, 0, None, 0
    for values in _batches():
        count, last_id, digest = _digest(rows.up_to(values["last_id"]))
        stored, number = values.pop("mac"), values["number"]
        computed = {**values, "row_count": count, "last_id": last_id, "digest": digest}
        named = kept.pop(number, stored)
        holds = (
            computed == values
            and hmac.compare_digest(_mac(key, mac, computed), stored)
            and hmac.compare_digest(named, stored)
        )
        broken = number if broken is None and not holds else broken
        mac, last, entries = stored, number, entries + count
    return ReadingVerification(entries, Head(last, mac), broken, bool(kept), rows.left())


class _Rows:
    """The rows of the access log in their order, taken a batch at a time."""

    def __init__(self, rows: Iterable[Row[Any]]) -> None:
        self._rows = iter(rows)
        self._next = next(self._rows, None)

    def up_to(self, last_id: int) -> Iterator[Row[Any]]:
        """Yield the rows to the one with this number."""
        while self._next is not None and self._next[0] <= last_id:
            yield self._next
            self._next = next(self._rows, None)

    def left(self) -> int:
        """Return how many rows are left."""
        return sum(1 for _ in self._rows) + (self._next is not None)


def _batches() -> Iterator[dict[str, Any]]:
    query = select(*ReadingBatch.__table__.c).order_by(ReadingBatch.number)
    rows = session().execute(query.execution_options(yield_per=READ_AT_ONCE))
    return (dict(row) for row in rows.mappings())


def _anchors() -> dict[int, bytes]:
    """Return the MAC of each batch that the trail names, by its number."""
    return _read_anchors(session().scalars(NAMED))


def _read_anchors(payloads: Iterable[bytes]) -> dict[int, bytes]:
    named: dict[int, bytes] = {}
    for payload in payloads:
        for change in json.loads(payload or b"[]"):
            columns: Mapping[str, Any] = change["columns"]
            named[columns["number"][1]] = bytes.fromhex(columns["mac"][1])
    return named


def _digest(rows: Iterable[Row[Any]]) -> tuple[int, int, bytes]:
    """Return how many rows there are, the number of the last, and a digest of all."""
    count, last_id, digest = 0, 0, sha256()
    for row in rows:
        count, last_id = count + 1, row[0]
        digest.update(stored_bytes(row))
    return count, last_id, digest.digest()


def _mac(key: bytes, previous: bytes, values: Mapping[str, Any]) -> bytes:
    """Return the MAC of a batch: over the one before, and each of its columns."""
    fields = [values[name] for name in ("number", "at", "row_count", "last_id", "digest")]
    return hmac.digest(key, previous + stored_bytes(fields), "sha256")


def _key() -> bytes:
    key: bytes = session().info["vault"].derive("access log")
    return key


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
