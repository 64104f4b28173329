"""A form that waits until its sender has shown who they are: sealed, for ten minutes, done once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, delete, inspect, or_, select

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.accounts.model import HeldForm
from hrdtracker.authorised import side_transaction
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring

HELD_FOR = timedelta(minutes=10)
FORMS = cast(Table, inspect(HeldForm).local_table)
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class WaitingForm:
    """A form that waits: where it goes, for which verb, with which fields, until when."""

    uid: UUID
    target: str
    verb: str
    fields: Fields
    until: datetime


def hold(actor: Actor, session_id: int, target: str, verb: str, fields: Fields) -> None:
    """Keep what was sent to `target`, in place of what waited in this session before.

    What waited too long anywhere goes.
    """
    key_id = session().get_one(Organisation, actor.organisation_id).data_key_id
    ring().load([key_id])
    row = HeldForm(
        session_id=session_id,
        data_key_id=key_id,
        sent=json.dumps([target, verb, [list(pair) for pair in fields]]),
        expires_at=clock.now() + HELD_FOR,
    )
    values = {column.name: getattr(row, column.name) for column in FORMS.c if column.name != "id"}

    def write() -> None:
        connection = session().connection()
        over = or_(FORMS.c.session_id == session_id, FORMS.c.expires_at <= clock.now())
        connection.execute(delete(FORMS).where(over))
        connection.execute(FORMS.insert().values(values))

    side_transaction(write)


def waiting(session_id: int) -> WaitingForm | None:
    """Return what waits in a session."""
    row = session().scalar(_in_time(session_id))
    if row is None:
        return None
    ring().load([row.data_key_id])
    target, verb, fields = json.loads(row.sent or "")
    return WaitingForm(
        row.uid, target, verb, [(name, text) for name, text in fields], row.expires_at
    )


def take(session_id: int, uid: UUID) -> bool:
    """Take what waits, so that it is done once; tell whether it was still there."""
    taken: list[Any] = []

    def write() -> None:
        gone = delete(FORMS).where(
            FORMS.c.session_id == session_id, FORMS.c.uid == uid, FORMS.c.expires_at > clock.now()
        )
        taken[:] = session().connection().scalars(gone.returning(FORMS.c.id)).all()

    side_transaction(write)
    return bool(taken)


def _in_time(session_id: int) -> Select[HeldForm]:
    return select(HeldForm).where(
        HeldForm.session_id == session_id, HeldForm.expires_at > clock.now()
    )
