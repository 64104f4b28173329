"""A form sent twice makes its record once."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.authorised import made_before, remember
from hrdtracker.core.db import Entity, session

Made = TypeVar("Made", bound=Entity)


def sent_before(actor: Actor, sending: UUID | None, model: type[Made]) -> Made | None:
    """Return the record that this sending of a form made already; inside an open door."""
    earlier = made_before(actor, sending) if sending else None
    if earlier is None:
        return None
    return session().scalar(select(model).where(model.uid == earlier))


def keep_sending(actor: Actor, sending: UUID | None, made: Entity) -> None:
    """Keep what this sending of a form made; inside an open door."""
    if sending:
        remember(actor, sending, made)
