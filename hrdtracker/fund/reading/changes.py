"""What changed in a request since somebody decided on it: fields, lines, instalments, people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.history import Change, changes_of, last_act
from hrdtracker.core.field import SUFFIX
from hrdtracker.core.money import Money
from hrdtracker.core.seal import sealed_attributes
from hrdtracker.fund.drafts.requests import InstalmentDraft, ItemDraft, RequestDraft
from hrdtracker.fund.model import (
    Instalment,
    RequestItem,
    RequestPerson,
    RequestRole,
    SupportRequest,
)
from hrdtracker.fund.requests.parts import instalment_as_draft, item_as_draft

DECIDED_ON = (
    Action.FUND_RECOMMEND, Action.FUND_APPROVE, Action.FUND_RETURN, Action.FUND_VERIFY,
    Action.FUND_EMERGENCY,
)  # fmt: skip
SHOWN = {field.name for field in fields(RequestDraft)} | {"amount"}
"""What is asked for: of the plain columns these say something to whoever decides."""


@dataclass(frozen=True)
class ChangedSince:
    """One field that changed; codes are no words. An amount is Money of the currency it was in."""

    at: datetime
    actor_uid: UUID
    table: str
    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class ChangedPart:
    """A line or an instalment that changed; None before it was added, or after it was taken out.

    The currency of a line is that of the request at the time.
    """

    at: datetime
    actor_uid: UUID
    table: str
    before: tuple[ItemDraft | InstalmentDraft, str] | None
    after: tuple[ItemDraft | InstalmentDraft, str] | None


@dataclass(frozen=True)
class ChangedPerson:
    """That somebody else is now whom it is for, who is paid, who carries, or of the household."""

    at: datetime
    actor_uid: UUID
    part: RequestRole


class WholeSum(NamedTuple):
    """What a request says of all its money, at one time."""

    currency: str
    amount: int
    needed_by: date | None

    def all_at_once(self) -> InstalmentDraft | None:
        """Return the one instalment that nobody wrote: it only repeats this."""
        if self.needed_by is None:
            return None
        return InstalmentDraft(self.needed_by, self.amount, self.currency)


Changed = ChangedSince | ChangedPart | ChangedPerson


def changed_since(
    actor: Actor,
    request: SupportRequest,
    items: Iterable[RequestItem],
    instalments: Iterable[Instalment],
) -> list[Changed]:
    """Return what changed in a request since this reader last decided on it, the oldest first."""
    since = last_act(actor, DECIDED_ON, request.uid)
    if not since:
        return []
    changes = changes_of(request.scope_id, since)
    own = [change for change in changes if change.uid == request.uid.hex]
    former = {change.column: change.before for change in reversed(own)}
    sums = (
        WholeSum(*(former.get(name, getattr(request, name)) for name in WholeSum._fields)),
        WholeSum(*(getattr(request, name) for name in WholeSum._fields)),
    )
    rows: dict[str, RequestItem | Instalment] = {row.uid.hex: row for row in items}
    rows |= {row.uid.hex: row for row in instalments}
    found: list[Changed] = [
        *_fields(request, own, sums),
        *_parts(request, rows, changes, sums),
        *_people(request, changes),
    ]
    return sorted(found, key=lambda change: change.at)


def _fields(
    request: SupportRequest, changes: Iterable[Change], sums: tuple[WholeSum, WholeSum]
) -> Iterable[ChangedSince]:
    sealed_columns = sealed_attributes(SupportRequest)
    for change in changes:
        values: tuple[Any, ...] = (change.before, change.after)
        sealed = sealed_columns.get(change.column)
        if sealed is not None:
            values = (sealed.open(request, values[0]), sealed.open(request, values[1]))
        elif change.column not in SHOWN:
            continue
        elif change.column == "amount":
            pairs = zip(values, sums, strict=True)
            values = tuple(Money(value, whole.currency) for value, whole in pairs)
        column = change.column.removesuffix(SUFFIX)
        yield ChangedSince(change.at, change.actor_uid, change.table, column, *values)


def _parts(
    request: SupportRequest,
    rows: Mapping[str, RequestItem | Instalment],
    changes: Iterable[Change],
    sums: tuple[WholeSum, WholeSum],
) -> Iterable[ChangedPart]:
    """Yield each line and instalment that differs from what it was, once, however often changed."""
    for model in (RequestItem, Instalment):
        mine = [change for change in changes if change.table == model.__tablename__]
        for uid, group in groupby(sorted(mine, key=lambda change: change.uid), _uid):
            history = list(group)
            if uid not in rows and not _was_of(request, history):
                continue
            states = _states(request, model, rows.get(uid), history)
            if states[0] != states[1] and states != tuple(whole.all_at_once() for whole in sums):
                told = [
                    (draft, getattr(draft, "currency", whole.currency)) if draft else None
                    for draft, whole in zip(states, sums, strict=True)
                ]
                last = history[-1]
                yield ChangedPart(last.at, last.actor_uid, model.__tablename__, *told)


def _uid(change: Change) -> str:
    return change.uid


def _was_of(request: SupportRequest, history: Sequence[Change]) -> bool:
    """Tell whether what was taken out belonged to this request, not to another of its case."""
    return any(
        change.column == "request_id" and request.id in {change.before, change.after}
        for change in history
    )


def _states(
    request: SupportRequest,
    model: type[RequestItem] | type[Instalment],
    row: RequestItem | Instalment | None,
    history: Sequence[Change],
) -> tuple[ItemDraft | InstalmentDraft | None, ItemDraft | InstalmentDraft | None]:
    """Return what a line or an instalment said when its history begins, and what it says now."""
    after = _draft(row) if row is not None else None
    if history[0].kind == "+":
        return None, after
    former: dict[str, Any] = {}
    for change in history:
        former.setdefault(change.column, change.before)
    columns = {column.name: getattr(row, column.name, None) for column in model.__table__.c}
    earlier = model(**columns | former | {"uid": UUID(history[0].uid)})
    if isinstance(earlier, RequestItem):
        earlier.data_key_id = request.data_key_id
    return _draft(earlier), after


def _draft(row: RequestItem | Instalment) -> ItemDraft | InstalmentDraft:
    return item_as_draft(row) if isinstance(row, RequestItem) else instalment_as_draft(row)


def _people(request: SupportRequest, changes: Iterable[Change]) -> Iterable[ChangedPerson]:
    """Yield each part that somebody else has now; who it was stays as hidden as who it is."""
    here = [
        change
        for change in changes
        if change.table == RequestPerson.__tablename__ and change.key[:1] == (request.id,)
    ]
    for part in RequestRole:
        of_part = [change for change in here if change.key[-1] == part]
        first = {change.key: change.kind for change in reversed(of_part)}
        last = {change.key: change.kind for change in of_part}
        if any((first[key] == "+") == (last[key] == "+") for key in first):
            yield ChangedPerson(of_part[-1].at, of_part[-1].actor_uid, part)
