"""What the trail remembers of a record: which columns changed, when, by whom."""

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, func, select
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.closed_values import open_value
from hrdtracker.audit.model import AuditEntry, Outcome
from hrdtracker.core.closed import Closed
from hrdtracker.core.db import Instant, session
from hrdtracker.core.declarations import column_of

LATEST = 20
"""How many acts on a record are looked through for the last that changed it."""


@dataclass(frozen=True)
class Change:
    """One column of one row, before and after; sealed values are still ciphertext (bytes)."""

    at: datetime
    actor_uid: UUID
    table: str
    uid: str
    key: tuple[Any, ...]
    """The primary key of the row; empty in the oldest entries, which did not keep it."""
    kind: str
    column: str
    before: Any
    after: Any


def changes_of(scope_id: int, since: int) -> list[Change]:
    """Return what changed in a case after entry number `since`, the oldest first."""
    query = (
        select(AuditEntry.at, AuditEntry.actor_uid, AuditEntry.payload)
        .where(
            AuditEntry.scope_id == scope_id,
            AuditEntry.seq > since,
            AuditEntry.outcome == Outcome.DONE,
        )
        .order_by(AuditEntry.seq)
    )
    return [
        Change(
            at=at,
            actor_uid=actor_uid,
            table=row["table"],
            uid=row["uid"],
            key=tuple(row.get("key", ())),
            kind=row["kind"],
            column=column,
            before=read_back(row["table"], column, before),
            after=read_back(row["table"], column, after),
        )
        for at, actor_uid, payload in session().execute(query)
        for row in (json.loads(payload) if payload else ())
        for column, (before, after) in row["columns"].items()
    ]


def has_done_since(actor: Actor, action: Action, subject: UUID, since: datetime) -> bool:
    """Tell whether the actor has done something to a record lately."""
    query = select(AuditEntry.seq).where(
        AuditEntry.subject_uid == subject,
        AuditEntry.actor_uid == actor.uid,
        AuditEntry.action == action,
        AuditEntry.outcome == Outcome.DONE,
        AuditEntry.at >= since,
    )
    return session().scalar(query.limit(1)) is not None


def last_act(actor: Actor, actions: tuple[Action, ...], subject: UUID) -> int:
    """Return the number of the actor's latest act of these on a record; 0 where there is none."""
    query = select(func.max(AuditEntry.seq)).where(
        AuditEntry.subject_uid == subject,
        AuditEntry.actor_uid == actor.uid,
        AuditEntry.action.in_(actions),
        AuditEntry.outcome == Outcome.DONE,
    )
    return session().scalar(query) or 0


def last_actor(actions: tuple[Action, ...], subject: UUID) -> UUID | None:
    """Return who did the latest of these acts on a record; None where nobody did."""
    return next(
        (entry.actor_uid for entry in _latest(subject, AuditEntry.action.in_(actions))), None
    )


def last_saver(subject: UUID) -> UUID | None:
    """Return who last changed a record itself; None where its latest few acts do not say."""
    for entry in _latest(subject, AuditEntry.payload != b"", most=LATEST):
        rows = json.loads(entry.payload)
        if any(row["uid"] == subject.hex for row in rows):
            return entry.actor_uid
    return None


def was_done(actions: tuple[Action, ...], subject: SQLCoreOperations[UUID]) -> ColumnElement[bool]:
    """Return the condition that somebody did one of these acts on the record of a row."""
    entries = select(AuditEntry.seq).where(
        AuditEntry.subject_uid == subject,
        AuditEntry.outcome == Outcome.DONE,
        AuditEntry.action.in_(actions),
    )
    return entries.exists()


def _latest(subject: UUID, condition: ColumnElement[bool], *, most: int = 1) -> list[AuditEntry]:
    query = (
        select(AuditEntry)
        .where(
            AuditEntry.subject_uid == subject,
            AuditEntry.outcome == Outcome.DONE,
            condition,
        )
        .order_by(AuditEntry.seq.desc())
        .limit(most)
    )
    return list(session().scalars(query))


def read_back(table: str, column: str, value: Any) -> Any:
    """Return a value of a payload as it was: ciphertext, instants and days are letters there."""
    if isinstance(value, dict) and "sealed" in value:
        return base64.b64decode(value["sealed"])
    mapped = column_of(table, column)
    if mapped is not None and isinstance(mapped.type, Closed):
        return open_value(mapped.type, value)
    if not isinstance(value, str) or mapped is None:
        return value
    if isinstance(mapped.type, Instant):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(mapped.type, Date) else value
