"""Who opened what: kept for a case's director, and for the day a telephone is seized."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.model import Opening
from hrdtracker.audit.trail import scope_of
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session


@dataclass(frozen=True)
class Opened:
    """One opening of something in a case."""

    at: datetime
    actor_id: int
    action: str
    subject_type: str


def opening(actor: Actor, action: Action, record: Entity) -> dict[str, object]:
    """Return the columns of an opening of `record` now."""
    return {
        "at": clock.now(),
        "actor_id": actor.id,
        "scope_id": scope_of(record),
        "action": str(action),
        "subject_type": record.__tablename__,
        "subject_uid": record.uid,
    }


def keep_opening(values: dict[str, object]) -> None:
    """Write an opening down. Inside `side_transaction`."""
    row = Opening(**values)
    columns = {"uid": row.uid, **values}
    session().connection().execute(insert(Opening), [columns])


def openings_of(scope_id: int, limit: int = 20) -> list[Opened]:
    """Return the latest openings of what belongs to a case, the latest first."""
    query = (
        select(Opening.at, Opening.actor_id, Opening.action, Opening.subject_type)
        .where(Opening.scope_id == scope_id)
        .order_by(Opening.at.desc(), Opening.id.desc())
        .limit(limit)
    )
    return [Opened(*row) for row in session().execute(query)]
