"""The chain that ties each entry of the trail to all before it, and its verifier."""

import hmac
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, insert, inspect, null, select

from hrdtracker.audit.checkpoint import ChainVerification, Head
from hrdtracker.audit.model import AuditEntry
from hrdtracker.audit.stored_bytes import stored_bytes
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.locks import Queue, turn

FORMAT = 2
"""From 2 on, a difference names the primary key of its row, and the sensitivity is signed."""
SIGNED = (
    "seq", "at", "actor_uid", "organisation_id", "channel", "action", "outcome",
    "subject_type", "subject_uid", "scope_id", "format", "payload", "sensitivity",
)  # fmt: skip
FORMAT_PLACE = SIGNED.index("format")
START = b"\0" * 32


TAKE_TURN = "; ".join(
    (turn(Queue.TRAIL), "SELECT seq, mac FROM audit_entry ORDER BY seq DESC LIMIT 1")
)
"""Two statements on one way to the server: the second one sees what was kept while we waited."""


def append(entries: Iterable[dict[str, Any]]) -> None:
    """Chain `entries` to the trail; the last step before COMMIT, since others wait meanwhile."""
    waiting = list(entries)
    if not waiting:
        return
    connection = session().connection()
    key = session().info["vault"].derive("audit")
    last = _take_turn(connection)
    seq, mac, moment = last.seq, last.mac, clock.now()
    rows = []
    for entry in waiting:
        seq += 1
        row = {**entry, "seq": seq, "at": moment, "format": FORMAT}
        mac = _mac(key, mac, [row[name] for name in SIGNED])
        rows.append({**row, "mac": mac})
    connection.execute(insert(AuditEntry), rows)


def _take_turn(connection: Connection) -> Head:
    """Wait until nobody else appends, and return the head that they left."""
    if connection.dialect.name != "postgresql":
        return head()
    cursor: Any = connection.exec_driver_sql(TAKE_TURN).cursor
    cursor.nextset()
    row = cursor.fetchone()
    return Head(*row) if row else Head(0, START)


def head() -> Head:
    """Return the last entry's number and MAC."""
    query = select(AuditEntry.seq, AuditEntry.mac).order_by(AuditEntry.seq.desc()).limit(1)
    row = session().execute(query).one_or_none()
    return Head(row.seq, row.mac) if row else Head(0, START)


def mac_of(seq: int) -> bytes | None:
    """Return the MAC of one entry, where there is such a one."""
    found: bytes | None = session().scalar(select(AuditEntry.mac).where(AuditEntry.seq == seq))
    return found


def verify(exported: Head | None = None) -> ChainVerification:
    """Recompute the chain over the stored bytes; with an `exported` head also find a cut end."""
    key = session().info["vault"].derive("audit")
    query = _signed().execution_options(yield_per=2000)
    mac, seq, broken, seen = START, 0, None, exported is None or exported.seq == 0
    for *fields, stored in session().execute(query):
        expected = _mac(key, mac, fields)
        if broken is None and (fields[0] != seq + 1 or not hmac.compare_digest(expected, stored)):
            broken = fields[0]
        seq, mac = fields[0], stored
        if exported is not None and exported.seq == seq:
            seen = hmac.compare_digest(exported.mac, stored)
    return ChainVerification(entries=seq, head=Head(seq, mac), broken_at=broken, cut=not seen)


def begins_with_this_key() -> bool:
    """Tell whether the first entry was signed with the key at hand; an empty trail has none."""
    first = session().execute(_signed().limit(1)).one_or_none()
    if first is None:
        return True
    *fields, stored = first
    return hmac.compare_digest(_mac(session().info["vault"].derive("audit"), START, fields), stored)


def _signed() -> Select[Any]:
    """Return the query of what is signed of each entry, and its MAC, the oldest first.

    A backup of before lacks a column; none of its entries is signed with it.
    """
    there = inspect(session().connection()).get_columns(AuditEntry.__tablename__)
    present = {column["name"] for column in there}
    names = (*SIGNED, "mac")
    columns = [getattr(AuditEntry, name) if name in present else null() for name in names]
    return select(*columns).order_by(AuditEntry.seq)


def _mac(key: bytes, previous: bytes, fields: Sequence[Any]) -> bytes:
    """Return the MAC of an entry: over the one before, and the length and bytes of each column."""
    if fields[FORMAT_PLACE] == 1:  # which did not sign how sensitive the case was
        fields = fields[:-1]
    return hmac.digest(key, previous + stored_bytes(fields), "sha256")
