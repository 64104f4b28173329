"""Nothing changes unsigned: the session refuses it, and what is signed is written down."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.orm import InstanceState, Mapper, ORMExecuteState, Session, UOWTransaction
from sqlalchemy.orm.attributes import instance_state
from sqlalchemy.sql.schema import CallableColumnDefault

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope, Sensitivity
from hrdtracker.audit import chain
from hrdtracker.audit.closed_values import close_values
from hrdtracker.audit.model import Outcome
from hrdtracker.audit.values import AS_THEY_ARE, plain
from hrdtracker.core.db import Base, Entity, may_write, session

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "TRUNCATE")
APPEND_ONLY = ("audit_entry", "access_log", "access_batch", "ledger_transaction", "ledger_posting")
SCOPES_AT_ONCE = 5000
"""Of how many cases one statement asks."""
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Unsigned(Exception):
    """Something was about to change without passing through the door."""


@dataclass
class Signature:
    """One act as it will stand on the trail, and the differences it made."""

    actor: Actor
    action: Action
    subject_type: str
    subject_uid: UUID | None
    scope_id: int | None
    outcome: Outcome = Outcome.DONE
    changes: list[dict[str, Any]] = field(default_factory=list)
    parts: list["Signature"] = field(default_factory=list)
    """The acts that stand on the trail in place of this one, where it was many at once."""
    made: Entity | None = field(default=None, repr=False, compare=False)
    """What the act made, for the receipt of the form that asked for it."""

    @classmethod
    def of(cls, actor: Actor, action: Action, on: Entity | None) -> "Signature":
        """Sign an act on a record, or one that has no record yet."""
        if on is None:
            return cls(actor, action, "", None, None)
        return cls(actor, action, on.__tablename__, on.uid, scope_of(on))

    def about(self, record: Entity) -> None:
        """Say which record the act made, where there was none when it began."""
        self.subject_type, self.subject_uid = record.__tablename__, record.uid
        self.scope_id, self.made = scope_of(record), record

    def divide(
        self, acts: Sequence[tuple[Action, Entity]], whose: Callable[[dict[str, Any]], int]
    ) -> None:
        """Give each of several acts an entry of its own, with the differences that are its.

        `whose` says of a difference that was written, to which of `acts` it belongs.
        """
        self.parts = [Signature.of(self.actor, action, record) for action, record in acts]
        for change in self.changes:
            self.parts[whose(change)].changes.append(change)
        self.changes = []

    def entries(self) -> list["Signature"]:
        """Return what stands on the trail: this act, or those it was divided into."""
        return [*self.parts, self] if self.changes or not self.parts else self.parts

    def entry(self) -> dict[str, Any]:
        """Return the columns of the entry, but for what its place in the chain says."""
        payload = json.dumps(self.changes, separators=(",", ":"), ensure_ascii=False)
        return {
            "actor_uid": self.actor.uid,
            "organisation_id": self.actor.organisation_id,
            "channel": str(self.actor.channel),
            "action": str(self.action),
            "outcome": str(self.outcome),
            "subject_type": self.subject_type,
            "subject_uid": self.subject_uid,
            "scope_id": self.scope_id,
            "payload": payload.encode() if self.changes else b"",
        }


def scope_of(record: Entity) -> int | None:
    """Return the scope of the case that a record belongs to, if it belongs to one."""
    if record.__tablename__ == "scope":
        return record.id
    found: int | None = getattr(record, "scope_id", None)
    return found


@contextmanager
def writing() -> Iterator[None]:
    """Let statements that write pass, for as long as this is open."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def signatures(opened: Session) -> list[Signature]:
    """Return the acts that are open on a session, the innermost last."""
    stack: list[Signature] = opened.info.setdefault("signatures", [])
    return stack


def keep(signed: list[Signature]) -> None:
    """Chain finished acts to the trail."""
    acts = [act for signature in signed for act in signature.entries()]
    grades = _sensitivities(acts)
    with writing():
        chain.append({**act.entry(), "sensitivity": grades.get(act.scope_id)} for act in acts)


def _sensitivities(acts: Sequence[Signature]) -> dict[int | None, str]:
    """Return how sensitive each case of some acts was, the least before and after, by its scope."""
    ids = iter({act.scope_id for act in acts} - {None})
    shown = {change["uid"] for act in acts for change in act.changes if _was_normal(change)}
    grades: dict[int | None, str] = {}
    while some := list(islice(ids, SCOPES_AT_ONCE)):
        query = select(Scope.id, Scope.uid, Scope.sensitivity).where(Scope.id.in_(some))
        for number, uid, sensitivity in session().execute(query):
            grades[number] = Sensitivity.NORMAL if uid.hex in shown else sensitivity
    return grades


def _was_normal(change: dict[str, Any]) -> bool:
    """Tell whether a difference is of a case that was normal before."""
    if change["table"] != Scope.__tablename__ or "sensitivity" not in change["columns"]:
        return False
    before, _ = change["columns"]["sensitivity"]
    return bool(before == Sensitivity.NORMAL)


class SignedSession(Session):
    """A session that writes only what an open signature stands for."""

    def flush(self, objects: Any = None) -> None:
        """Write what changed, under the innermost signature; raises Unsigned without one."""
        if not self._is_clean() and not signatures(self):
            raise Unsigned("a change must pass through the door")
        with writing():
            super().flush(objects)


@cache
def watch() -> None:
    """Set the listeners of every session and engine; called once a process."""
    event.listen(Session, "after_flush", _write_down)
    event.listen(Session, "loaded_as_persistent", _hold)
    event.listen(Session, "pending_to_persistent", _hold)
    event.listen(Session, "detached_to_persistent", _hold)
    event.listen(Session, "do_orm_execute", _refuse_bulk)
    event.listen(Engine, "before_cursor_execute", _refuse_unsigned)
    event.listen(Mapper, "mapper_configured", _keep_what_was)


def _hold(opened: Session, row: object) -> None:
    """Keep what an act has read or made at hand until it ends, so that it is not read again."""
    held: list[object] | None = opened.info.get("held")
    if held is not None:
        held.append(row)


def _keep_what_was(mapper: Mapper[Any], model: type[Any]) -> None:
    """Make every column remember its old value, even when the row was not loaded."""
    for attribute in mapper.column_attrs:
        getattr(model, attribute.key).impl.active_history = True


def _refuse_bulk(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise Unsigned("a bulk write leaves no difference on the trail")


def _refuse_unsigned(
    connection: Connection,
    _cursor: Any,
    statement: str,
    _values: Any,
    context: Any,
    _many: bool,  # noqa: FBT001
) -> None:
    word = statement.lstrip()[:8].upper()
    is_dml = context is not None and (context.isinsert or context.isupdate or context.isdelete)
    if not (is_dml or word.startswith(WRITES)):
        return
    if connection.get_execution_options().get("schema"):
        return
    if not (_writing.get() and may_write(connection)):
        raise Unsigned("a statement that writes must pass through the door")
    if not word.startswith("INSERT") and any(name in statement for name in APPEND_ONLY):
        raise Unsigned("the trail and the books are only ever added to")


def _write_down(opened: Session, _context: UOWTransaction) -> None:
    """Record the difference of every row that this flush wrote."""
    changes = signatures(opened)[-1].changes
    for kind, rows in (("-", opened.deleted), ("~", opened.dirty), ("+", opened.new)):
        changes += [change for row in rows if (change := written(row, kind))]


def written(row: object, kind: str) -> dict[str, Any] | None:
    """Return what the trail says of a row: added +, changed ~ or deleted -; None where nothing."""
    if not isinstance(row, Base) or row.unaudited:
        return None
    difference = close_values(row.__tablename__, _difference(instance_state(row), kind))
    if not difference and kind != "-":
        return None
    identity = getattr(row, "uid", None)
    return {
        "table": row.__tablename__,
        "uid": identity.hex if identity else "",
        "key": _key(instance_state(row)),
        "kind": kind,
        "columns": difference,
    }


def _key(state: InstanceState[Any]) -> list[Any]:
    """Return the primary key of a row, by which others point to it."""
    return [state.dict.get(name) for name in _key_names(state.mapper)]


@cache
def _key_names(mapper: Mapper[Any]) -> list[str]:
    return [mapper.get_property_by_column(column).key for column in mapper.primary_key]


def _difference(state: InstanceState[Any], kind: str) -> dict[str, list[Any]]:
    """Return the columns of a row that differ, before and after.

    A new row has no "before": what was set is read off it, at a tenth of the cost of its history.
    """
    columns = _columns(state.mapper)
    if kind == "+":
        values = state.dict
        return {
            key: [None, value if type(value) in AS_THEY_ARE else plain(value)]
            for key in (*state.committed_state, *_made_up(state.mapper))
            if key in columns and (value := values.get(key)) is not None
        }
    found = {}
    for key in columns:
        history = state.attrs[key].history
        after = history.added[0] if history.added else None
        before = history.deleted[0] if history.deleted else None
        if kind == "-":
            before, after = (history.unchanged or (None,))[0], None
        if before != after:
            found[key] = [plain(before), plain(after)]
    return found


@cache
def _made_up(mapper: Mapper[Any]) -> tuple[str, ...]:
    """Return the columns whose value is found out as the row is written, but for its uid."""
    return tuple(
        attribute.key
        for attribute in mapper.column_attrs
        if isinstance(attribute.columns[0].default, CallableColumnDefault)
        and attribute.key != "uid"
    )


@cache
def _columns(mapper: Mapper[Any]) -> dict[str, None]:
    """Return the names of a row's columns, in their order."""
    return dict.fromkeys(attribute.key for attribute in mapper.column_attrs)


def present_signature() -> Signature:
    """Return the innermost open act; raises Unsigned where none is open."""
    stack = signatures(session())
    if not stack:
        raise Unsigned("no act is open")
    return stack[-1]
