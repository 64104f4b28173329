"""Whether the tables hold what the trail says: it is told from the beginning, and compared."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import inspect, select

from hrdtracker.access.action import Action
from hrdtracker.audit import chain
from hrdtracker.audit.closed_values import close_values, closed_columns
from hrdtracker.audit.kept_table import KeptTable, kept_tables
from hrdtracker.audit.model import AuditEntry, Outcome
from hrdtracker.audit.parts import Parts, parts
from hrdtracker.audit.told import ToldRow
from hrdtracker.core.collector import without_collector
from hrdtracker.core.db import session
from hrdtracker.core.field import SUFFIX

STATES_KEYS = 2
"""From this format of an entry on, the trail says which number the database gave a row."""
READ_AT_ONCE = 10
NUMBERS_AT_ONCE = 5000
AS_FOUND = "="
"""The kind of a difference that an upgrade made: it says what the tables hold since."""
NUMBERS = "#"
"""The kind of a change that names the numbers of many rows at once."""
ToldRows = dict[str, ToldRow]
"""The rows of a part of one table, by their identity."""


@dataclass(frozen=True)
class Discrepancy:
    """A row, or one column of it, that is not as the trail says. Without a column the whole row:
    `stated` is whether the trail knows it, `stored` whether the table holds it."""

    table: str
    identity: str
    column: str
    stated: Any
    stored: Any
    covered: bool = False
    """Whether an act changed the column again since, which says what it had found: `stored`."""
    present: Any = None
    """What that act made of it."""

    @property
    def is_sealed(self) -> bool:
        """Whether its words are locked, so that they are only said to differ."""
        if self.column in closed_columns(self.table):
            return True
        return self.column.endswith(SUFFIX) or isinstance(self.stored or self.stated, dict)

    @property
    def place(self) -> tuple[str, str, str]:
        """Which column of which row it is."""
        return self.table, self.identity, self.column


def discrepancies(present: Mapping[str, frozenset[str]] | None = None) -> Iterator[Discrepancy]:
    """Yield everything in which the tables differ from the trail, in bounded memory.

    `present` are the tables and columns of an older schema.
    """
    tables = kept_tables(present)
    with parts() as sorted_out, without_collector():
        _sort(tables, sorted_out)
        for table in tables.values():
            for part in range(table.parts):
                told = _tell(table, sorted_out.read((table.name, part)))
                yield from _compare(table, told, table.rows(part))
                yield from _left_over(table, told)


def present_columns() -> dict[str, frozenset[str]]:
    """Return the tables and columns that the database has, which may be of an older version."""
    there = inspect(session().connection())
    return {
        name: frozenset(column["name"] for column in there.get_columns(name))
        for name in there.get_table_names()
    }


def is_complete() -> bool:
    """Tell whether the trail says all that the tables hold: it began so, or was completed.

    A first entry that was altered is no reason to complete it again.
    """
    first = session().scalar(select(AuditEntry.format).order_by(AuditEntry.seq).limit(1))
    completed = select(AuditEntry.seq).where(
        AuditEntry.action == Action.STATE_RECORD, AuditEntry.outcome == Outcome.DONE
    )
    if first is None or first >= STATES_KEYS or session().scalar(completed.limit(1)) is not None:
        return True
    return not chain.begins_with_this_key()


def as_found(found: Discrepancy) -> dict[str, Any]:
    """Return what the trail says of a difference from now on, where an upgrade made it."""
    change: dict[str, Any] = {"table": found.table, "uid": found.identity, "columns": {}}
    if not found.column:
        columns = close_values(found.table, found.stored or {})
        return {**change, "kind": "-" if found.stated else "+", "columns": columns}
    value = found.present if found.covered else found.stored
    columns = close_values(found.table, {found.column: [found.stated, value]})
    return {**change, "kind": AS_FOUND, "columns": columns}


def numbers() -> Iterator[dict[str, Any]]:
    """Yield changes that name the number of every row, for a trail that did not say them."""
    for table in kept_tables().values():
        change = {"table": table.name, "uid": "", "kind": NUMBERS, "columns": {}}
        named = iter(table.numbers())
        while together := dict(islice(named, NUMBERS_AT_ONCE)):
            yield {**change, "numbers": together}


def _sort(tables: Mapping[str, KeptTable], into: Parts) -> None:
    """Read the trail once, and put each difference into the part of its row."""
    query = (
        select(AuditEntry.payload)
        .where(AuditEntry.payload != b"", AuditEntry.outcome == Outcome.DONE)
        .order_by(AuditEntry.seq)
    )
    for (payload,) in session().execute(query.execution_options(yield_per=READ_AT_ONCE)):
        for change in json.loads(payload):
            table = tables.get(change["table"])
            if table is None:
                continue
            for identity, kind, columns in _taken_apart(table, change):
                into.add((table.name, table.part(identity)), (identity, kind, columns))


def _taken_apart(
    table: KeptTable, change: Mapping[str, Any]
) -> Iterable[tuple[str, str, Mapping[str, Any]]]:
    """Return the rows that a change is about, each with what it says of its columns."""
    if change["kind"] == NUMBERS:
        return [
            (uid, AS_FOUND, {"id": (None, number)}) for uid, number in change["numbers"].items()
        ]
    columns = table.opened(change["columns"])
    if change["kind"] == "+" and table.is_entity:
        columns["uid"] = [None, change["uid"]]
        if "key" in change:
            columns["id"] = [None, change["key"][0]]
    identity = table.identity(change)
    return [(identity, change["kind"], columns)] if identity else []


def _tell(table: KeptTable, changes: Iterable[Any]) -> ToldRows:
    told: ToldRows = {}
    for identity, kind, columns in changes:
        row = told.get(identity)
        if row is None:
            row = told[identity] = ToldRow(table.defaults, table.same)
        row.add(kind, columns)
    return told


def _compare(table: KeptTable, told: ToldRows, rows: Iterable[Any]) -> Iterator[Discrepancy]:
    names = [column.key for column in table.columns]
    defaults = [(name, table.defaults.get(name)) for name in names]
    for identity, values in rows:
        row = told.pop(identity, None)
        if row is None or not row.exists:
            stored = {name: [None, value] for name, value in zip(names, values, strict=True)}
            yield Discrepancy(table.name, identity, "", None, stored)
            continue
        for name, said, before, present in row.unexplained():
            yield Discrepancy(
                table.name, identity, name, said, before, covered=True, present=present
            )
        told_values = row.values()
        stated = [told_values.get(name, default) for name, default in defaults]
        if stated != values:
            yield from _columns(table, identity, stated, values)


def _columns(
    table: KeptTable, identity: str, stated: Sequence[Any], values: Sequence[Any]
) -> Iterator[Discrepancy]:
    for column, said, stored in zip(table.columns, stated, values, strict=True):
        is_unsaid = column.key == "id" and said is None  # as on a trail of before
        if not is_unsaid and not table.same(column.key, said, stored):
            yield Discrepancy(table.name, identity, column.key, said, stored)


def _left_over(table: KeptTable, told: ToldRows) -> Iterator[Discrepancy]:
    for identity, row in told.items():
        if row.exists:
            yield Discrepancy(table.name, identity, "", stated=True, stored=None)
