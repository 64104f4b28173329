"""A number that many change at once: one statement adds to it only where a condition holds."""

from typing import Any

from sqlalchemy import ColumnElement, Table, and_, inspect, update
from sqlalchemy.orm.attributes import set_committed_value

from hrdtracker.audit.trail import Unsigned, present_signature, writing
from hrdtracker.core.db import Base, Entity, may_write, number_of, session


def add_if(row: Entity, deltas: dict[str, int], condition: ColumnElement[bool]) -> bool:
    """Add to columns of a row in one UPDATE where `condition` holds; tell whether it did.

    What others have changed meanwhile is what it adds to, and what the trail says was before.
    Raises Unsigned where no act is open.
    """
    opened, signature = session(), present_signature()
    opened.flush()
    connection = opened.connection()
    if not may_write(connection):
        raise Unsigned("a statement that writes must pass through the door")
    table = inspect(type(row)).local_table
    assert isinstance(table, Table)  # noqa: S101 - no model stands for anything else
    statement = (
        table.update()
        .where(and_(table.c.id == row.id, condition))
        .values({name: table.c[name] + delta for name, delta in deltas.items()})
        .returning(*(table.c[name] for name in deltas))
    )
    with writing():
        values = connection.execute(statement).one_or_none()
    if values is None:
        return False
    after = dict(zip(deltas, values, strict=True))
    for name, value in after.items():
        set_committed_value(row, name, value)
    signature.changes.append(_change(row, deltas, after))
    return True


def set_if(model: type[Base], condition: ColumnElement[bool], **values: Any) -> bool:
    """Set columns of unrecorded rows in one UPDATE; tell whether there were any such rows.

    So what can be used once is used once, however many come at once. Raises Unsigned where no act
    is open, or where the trail would have to record the rows.
    """
    present_signature()
    if not model.unaudited:
        raise Unsigned("the trail records such rows: add_if, or change them one by one")
    session().flush()
    with writing():
        done = session().connection().execute(update(model).where(condition).values(values))
    return bool(done.rowcount)


def _change(row: Entity, deltas: dict[str, int], after: dict[str, int]) -> dict[str, Any]:
    columns = {name: [value - deltas[name], value] for name, value in after.items()}
    return {
        "table": row.__tablename__,
        "uid": row.uid.hex,
        "key": [number_of(row)],
        "kind": "~",
        "columns": {name: change for name, change in columns.items() if change[0] != change[1]},
    }
