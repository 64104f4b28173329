"""The trail as an auditor reads it: who did what; of hidden cases only that it was done."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope, Sensitivity
from hrdtracker.audit import chain, reading_chain, state
from hrdtracker.audit.checkpoint import ChainVerification, Head, ReadingVerification
from hrdtracker.audit.history import read_back
from hrdtracker.audit.model import AuditEntry, Outcome
from hrdtracker.audit.state import Discrepancy
from hrdtracker.core.db import session
from hrdtracker.core.declarations import field_of
from hrdtracker.core.field import SUFFIX

PAGE_ENTRIES = 30
COUNTED_TO = 1000
SHOWN_CHANGES = 40
LEADS = frozenset({"lead_at", "lead_precision", "lead_province", "lead_type"})
"""What a case leads with: of a draft, until something of the case is sent."""
ABOUT_NO_CASE = frozenset(
    {"organisation", "office", "user_account", "membership", "term", "proposal"}
)
"""What an act may be about, outside a case, for its differences to be shown."""


@dataclass(frozen=True)
class Sought:
    """Which entries a reader wants; None is any. The period is [since, before)."""

    actor_uid: UUID | None = None
    action: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Changed:
    """One column that an act changed; `sealed` where its words are locked."""

    table: str
    column: str
    before: Any
    after: Any
    sealed: bool


@dataclass(frozen=True)
class TrailLine:
    """One entry. Where it is `hidden`, only its number and time are shown."""

    seq: int
    at: datetime
    hidden: bool
    actor_uid: UUID | None = None
    channel: str = ""
    action: str = ""
    outcome: str = ""
    subject_type: str = ""
    subject_uid: UUID | None = None
    scope_id: int | None = None
    changes: Sequence[Changed] = ()
    more_changes: int = 0


@dataclass(frozen=True)
class TrailPage:
    """Some entries, the newest first; `newer` and `older` are numbers from where to go on."""

    lines: Sequence[TrailLine]
    total: int
    more_than_counted: bool
    newer: int | None
    older: int | None


def entries(
    actor: Actor, sought: Sought, older_than: int | None = None, newer_than: int | None = None
) -> TrailPage:
    """Return a page of the trail; two statements, whatever the place."""
    query = _sought(actor, sought)
    total = session().scalar(
        select(func.count()).select_from(
            query.with_only_columns(AuditEntry.seq).limit(COUNTED_TO + 1).subquery()
        )
    )
    listed = query.order_by(AuditEntry.seq.desc())
    if newer_than is not None:
        listed = query.where(AuditEntry.seq > newer_than).order_by(AuditEntry.seq)
    elif older_than is not None:
        listed = query.where(AuditEntry.seq < older_than).order_by(AuditEntry.seq.desc())
    rows = list(session().execute(listed.limit(PAGE_ENTRIES + 1)))
    more, rows = len(rows) > PAGE_ENTRIES, rows[:PAGE_ENTRIES]
    if newer_than is not None:
        rows.reverse()
    lines = [_line(entry, hidden=hidden) for entry, hidden in rows]
    has_newer = more if newer_than is not None else older_than is not None
    has_older = newer_than is not None or more
    return TrailPage(
        lines=lines,
        total=min(total or 0, COUNTED_TO),
        more_than_counted=(total or 0) > COUNTED_TO,
        newer=lines[0].seq if lines and has_newer else None,
        older=lines[-1].seq if lines and has_older else None,
    )


def figures(actor: Actor, sought: Sought) -> tuple[list[tuple[str, str, int]], int]:
    """Return how often each act was done or refused, the most frequent first, and, beside them,
    how many entries are about cases that are not shown."""
    shown = _sought(actor, sought).where(~_hidden())
    count = func.count().label("acts")
    grouped = shown.with_only_columns(AuditEntry.action, AuditEntry.outcome, count)
    query = grouped.group_by(AuditEntry.action, AuditEntry.outcome).order_by(
        count.desc(), AuditEntry.action
    )
    rows = [(action, outcome, acts) for action, outcome, acts in session().execute(query)]
    if sought != Sought(since=sought.since, before=sought.before):
        return rows, 0
    unseen = _sought(actor, sought).where(_hidden()).with_only_columns(func.count())
    return rows, session().scalar(unseen) or 0


def verify(exported: Head | None = None) -> ChainVerification:
    """Recompute the chain of the whole trail; with an `exported` head also find a cut end."""
    return chain.verify(exported)


def verify_readings() -> ReadingVerification:
    """Recompute the chain of the access log, against the batches that the trail names."""
    return reading_chain.verify()


def stand_still() -> None:
    """Let everything that is read from now on be of one moment, while others go on writing."""
    session().rollback()
    connection = session().connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def discrepancies() -> Iterator[Discrepancy]:
    """Yield everything in which the tables differ from what the trail says."""
    return state.discrepancies()


def _hidden() -> ColumnElement[bool]:
    """Return the condition that an entry is about a case of which nothing is shown.

    One that was not normal when it was done, whatever the case is now: so making a case secret
    hides nothing of before, and making it normal shows nothing. And one of which nothing was sent
    yet, one of another organisation.
    """
    shown = and_(
        AuditEntry.sensitivity.is_not_distinct_from(Sensitivity.NORMAL),
        Scope.begun_at.is_not(None),
        Scope.organisation_id == AuditEntry.organisation_id,
    )
    return and_(Scope.id.is_not(None), ~shown)


def _sought(actor: Actor, sought: Sought) -> Select[AuditEntry, bool]:
    """Return the query of the entries sought; one about a hidden case answers to its time only."""
    filters = {
        AuditEntry.actor_uid: sought.actor_uid,
        AuditEntry.action: sought.action,
        AuditEntry.outcome: sought.outcome,
    }
    conditions = [column == value for column, value in filters.items() if value is not None]
    if conditions:
        conditions.append(~_hidden())
    if sought.since is not None:
        conditions.append(AuditEntry.at >= sought.since)
    if sought.before is not None:
        conditions.append(AuditEntry.at < sought.before)
    return (
        select(AuditEntry, _hidden())
        .outerjoin(Scope, Scope.id == AuditEntry.scope_id)
        .where(policy.condition(actor, Action.TRAIL_READ, AuditEntry), *conditions)
    )


def _line(entry: AuditEntry, *, hidden: bool) -> TrailLine:
    if hidden:
        return TrailLine(entry.seq, entry.at, hidden=True)
    shown = entry.scope_id is not None or entry.subject_type in ABOUT_NO_CASE
    is_shown = shown or entry.outcome == Outcome.REFUSED  # then it says how often
    changes = list(_changes(entry.payload)) if is_shown else []
    return TrailLine(
        seq=entry.seq,
        at=entry.at,
        hidden=False,
        actor_uid=entry.actor_uid,
        channel=entry.channel,
        action=entry.action,
        outcome=entry.outcome,
        subject_type=entry.subject_type,
        subject_uid=entry.subject_uid if shown else None,
        scope_id=entry.scope_id,
        changes=changes[:SHOWN_CHANGES],
        more_changes=max(0, len(changes) - SHOWN_CHANGES),
    )


def _changes(payload: bytes) -> list[Changed]:
    rows = json.loads(payload) if payload else []
    begins = any(_begins(row["table"], row["columns"]) for row in rows)
    return [
        _changed(row["table"], column, None if begins and column in LEADS else before, after)
        for row in rows
        for column, (before, after) in row["columns"].items()
        if _says_something(row["table"], column)
    ]


def _says_something(table: str, column: str) -> bool:
    """Tell whether a column means something to a reader; one that is gone is said by its name."""
    field = field_of(table, column)
    return field is None or bool(field.label)


def _begins(table: str, columns: dict[str, list[Any]]) -> bool:
    """Tell whether an act was the first to send something of a case, led by a draft before."""
    return table == Scope.__tablename__ and "begun_at" in columns


def _changed(table: str, column: str, before: Any, after: Any) -> Changed:
    if column.endswith(SUFFIX) or any(
        isinstance(value, dict) and "sealed" in value for value in (before, after)
    ):
        return Changed(table, column.removesuffix(SUFFIX), None, None, sealed=True)
    before, after = (read_back(table, column, value) for value in (before, after))
    return Changed(table, column, before, after, sealed=False)
