"""What the door writes of a draft, so that one can see which of its fields it forgot."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from hrdtracker.audit.model import AuditEntry
from hrdtracker.core.db import session
from hrdtracker.core.field import SUFFIX
from hrdtracker.core.seal import SealedRow, ring
from hrdtracker.tables import MODELS

BY_TABLE: dict[str, Any] = {model.__tablename__: model for model in MODELS}
Stored = dict[tuple[str, int, str], str]


@dataclass(frozen=True)
class Act:
    """One way in which a draft is written.

    `draft` is a valid one, given what `prepare` made; `others` has another value for each field
    that is changed alone.
    """

    name: str
    prepare: Callable[[], Any]
    write: Callable[[Any, Any], object]
    draft: Callable[[Any], Any]
    others: Callable[[Any], Mapping[str, Any]]

    def stored(self, field: str = "") -> tuple[type, Stored]:
        """Write the draft, one field of it changed, and return what stands on the trail of it."""
        record = self.prepare()
        draft = self.draft(record)
        if field:
            draft = replace(draft, **{field: self.others(record)[field]})
        since = session().scalar(select(func.max(AuditEntry.seq))) or 0
        self.write(record, draft)
        return type(draft), _stored(since)

    def forgotten(self) -> tuple[type, dict[str, bool]]:
        """Return of each field that is changed alone whether what is stored stays the same."""
        kind, first = self.stored()
        _, second = self.stored()
        steady = {place for place in first if first[place] == second.get(place)}
        fields = list(self.others(self.prepare()))
        return kind, {name: self._same(name, first, steady) for name in fields}

    def _same(self, field: str, first: Stored, steady: set[tuple[str, int, str]]) -> bool:
        _, changed = self.stored(field)
        if changed.keys() != first.keys():
            return False
        return all(changed[place] == first[place] for place in steady)


def _stored(since: int) -> Stored:
    """Return the values that acts after an entry wrote, by table, number of its row, column."""
    found: Stored = {}
    numbers: dict[str, int] = {}
    for payload in session().scalars(
        select(AuditEntry.payload).where(AuditEntry.seq > since).order_by(AuditEntry.seq)
    ):
        for row in json.loads(payload) if payload else ():
            table = row["table"]
            numbers[table] = numbers.get(table, 0) + 1
            for column, (_, after) in row["columns"].items():
                value = _unlocked(table, row["uid"], column) if _is_sealed(after) else after
                found[table, numbers[table], column] = str(value)
    return found


def _is_sealed(value: Any) -> bool:
    return isinstance(value, dict)


def _unlocked(table: str, uid: str, column: str) -> Any:
    model = BY_TABLE[table]
    rows = session().scalars(select(model))
    row: SealedRow = next(row for row in rows if row.uid.hex == uid)
    ring().load([row.data_key_id])
    return getattr(row, column.removesuffix(SUFFIX))
