"""The rows that an act of many wrote before the courts: whose each is, and whether it changed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, select

from hrdtracker.audit.bulk_insert import add_many
from hrdtracker.core.db import Base, Entity, session
from hrdtracker.custody.model import CustodyAct, CustodyActRow
from hrdtracker.proceedings.charging import stand_at_last_step
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    CourtOrder,
    Judgment,
    LegalTitle,
    Party,
)

MODELS: tuple[type[Entity], ...] = (
    Judgment,
    ChargeOutcome,
    Charge,
    CourtOrder,
    LegalTitle,
    Party,
)
"""What is written of somebody before the courts: first what nothing else of it hangs on."""
BY_TABLE: Mapping[str, type[Entity]] = {model.__tablename__: model for model in MODELS}
Change = Mapping[str, Any]
Place = tuple[str, int]
"""A table, and the number of a row of it."""


def place_of(change: Change) -> Place:
    """Return which row a difference is of."""
    return change["table"], change["key"][0]


def person_of(table: str, number: int) -> int | None:
    """Return the number of the person of whom a row says something; None for other tables."""
    model = BY_TABLE.get(table)
    row: Any = session().get(model, number) if model else None
    if isinstance(row, ChargeOutcome):
        row = session().get_one(Charge, row.charge_id)
    if isinstance(row, Charge | Judgment):
        row = session().get_one(Party, row.party_id)
    return row.person_id if row is not None else None


def note_rows(act: CustodyAct, changes: Sequence[Change]) -> None:
    """Keep which rows an act wrote; a charge whose step is its own is not noted for that."""
    kinds: dict[Place, str] = {}
    for change in changes:
        if change["table"] in BY_TABLE:
            kinds.setdefault(place_of(change), change["kind"])
    add_many(
        CustodyActRow(
            act_id=act.id,
            scope_id=act.scope_id,
            table_name=table,
            row_id=number,
            person_id=person_of(table, number),
            is_new=kind == "+",
            row_version=getattr(session().get(BY_TABLE[table], number), "version", None),
        )
        for (table, number), kind in kinds.items()
        if kind == "+" or table != Charge.__tablename__
    )


def rows_of(acts: Collection[CustodyAct]) -> dict[int, list[CustodyActRow]]:
    """Return which rows each act wrote, by its number; one statement."""
    found = defaultdict[int, list[CustodyActRow]](list)
    query = select(CustodyActRow).where(CustodyActRow.act_id.in_([act.id for act in acts]))
    for row in session().scalars(query) if acts else ():
        found[row.act_id].append(row)
    return found


def changed_rows(rows: Iterable[CustodyActRow]) -> set[Place]:
    """Return those rows that are not as an act left them, or of which something else was said."""
    own = {(row.table_name, row.row_id): row for row in rows}
    ids = defaultdict[str, list[int]](list)
    for table, number in own:
        ids[table].append(number)
    changed: set[Place] = set()
    for table, numbers in ids.items():
        model: Any = BY_TABLE[table]
        found = {
            row.id: row for row in session().scalars(select(model).where(model.id.in_(numbers)))
        }
        for number in numbers:
            row = found.get(number)
            if row is None or getattr(row, "version", None) != own[table, number].row_version:
                changed.add((table, number))
        changed |= {(table, number) for number in _pointed_at(table, numbers, own)}
    return changed | _overtaken(own, ids[ChargeOutcome.__tablename__])


def _pointed_at(table: str, numbers: Sequence[int], own: Collection[Place]) -> set[int]:
    """Return to which rows of a table something else points: what was added to them since."""
    found: set[int] = set()
    for column in _links_to(table):
        key = next(iter(column.table.primary_key.columns))
        query = select(column, key).where(column.in_(numbers))
        found |= {
            target
            for target, number in session().execute(query)
            if (column.table.name, number) not in own
        }
    return found


@cache
def _links_to(table: str) -> tuple[Column[Any], ...]:
    """Return every column of the database that points to a table."""
    return tuple(
        key.parent
        for other in Base.metadata.tables.values()
        for key in other.foreign_keys
        if key.column.table.name == table
    )


def _overtaken(own: Collection[Place], steps: Sequence[int]) -> set[Place]:
    """Return the steps of charges after which another was recorded."""
    if not steps:
        return set()
    mine = select(ChargeOutcome.charge_id).where(ChargeOutcome.id.in_(steps))
    query = select(ChargeOutcome.charge_id, ChargeOutcome.id).where(
        ChargeOutcome.charge_id.in_(mine)
    )
    by_charge = defaultdict[int, list[int]](list)
    for charge, number in session().execute(query):
        by_charge[charge].append(number)
    table = ChargeOutcome.__tablename__
    return {
        (table, number)
        for numbers in by_charge.values()
        for number in numbers
        if number in steps and any((table, n) not in own for n in numbers if n > number)
    }


def take_back_rows(rows: Iterable[CustodyActRow]) -> None:
    """Take back what an act wrote: what it made goes, and stays whole on the trail.

    A ground of custody of which it said that it ended goes on. Inside an open door.
    """
    noted = list(rows)
    by_table = defaultdict[str, list[CustodyActRow]](list)
    for row in noted:
        by_table[row.table_name].append(row)
    charges = set[int]()
    for model in MODELS:
        for row in by_table[model.__tablename__]:
            found: Any = session().get_one(model, row.row_id)
            if isinstance(found, ChargeOutcome):
                charges.add(found.charge_id)
            if row.is_new:
                session().delete(found)
            elif isinstance(found, LegalTitle):
                found.ended = None
        session().flush()
    gone = {row.row_id for row in by_table[Charge.__tablename__] if row.is_new}
    stand_at_last_step([session().get_one(Charge, number) for number in sorted(charges - gone)])
    for row in noted:
        session().delete(row)
