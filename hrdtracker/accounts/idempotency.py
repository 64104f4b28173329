"""A form sent twice makes its record once."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.authorised import find_submission, record_submission
from hrdtracker.core.db import Entity, session

Made = TypeVar("Made", bound=Entity)


def find_made(actor: Actor, sending: UUID | None, model: type[Made]) -> Made | None:
    """Return the record that this sending of a form made already; inside an open door."""
    earlier = find_submission(actor, sending) if sending else None
    if earlier is None:
        return None
    return session().scalar(select(model).where(model.uid == earlier))


def record_made(actor: Actor, sending: UUID | None, made: Entity) -> None:
    """Keep what this sending of a form made; inside an open door."""
    if sending:
        record_submission(actor, sending, made)
