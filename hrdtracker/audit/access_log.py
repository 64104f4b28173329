"""Who read what: kept for a case's director, and for the day a telephone is seized."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Integer, LargeBinary, func, insert, literal, or_, select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.policy import Fetched
from hrdtracker.audit import reading_chain
from hrdtracker.audit.model import Opening, ReadingBatch
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.page import Listing, Page
from hrdtracker.core.seal import DataKey, ring

KEY_BYTES = 8
LOOKED_THROUGH = 60
"""How many openings of others the page of a case looks through for the latest people."""
A_LIST = {"scope_id": None, "subject_type": DataKey.__tablename__, "subject_uid": None}
"""What stands in the row of a page that was about no record of its own."""


@dataclass(frozen=True)
class Opened:
    """A page that showed something of a case; `listed` says among how many, 0 for its own page."""

    at: datetime
    actor_id: int
    action: str
    subject_type: str
    listed: int = 0

    @property
    def is_list(self) -> bool:
        """Whether the page was about no record of its own."""
        return self.subject_type == DataKey.__tablename__


def take_reading() -> tuple[Mapping[int, Fetched], Sequence[int]]:
    """Return which records this unit of work fetched, by data key, and the keys of what was read.

    Both begin anew: what is taken is written down once, or was shown to nobody.
    """
    fetched: Mapping[int, Fetched] = session().info.pop("fetched", {})
    shown = ring().shown
    keys = tuple(shown)
    shown.clear()
    return fetched, keys


def openings(
    actor: Actor, verb: Action | None, fetched: Mapping[int, Fetched], keys: Sequence[int]
) -> list[dict[str, Any]]:
    """Return the rows for a page: one for each fetched record that was read, or one for a list.

    What was read without being fetched stands beside the first record. `verb` is what the page
    needs; a page for everybody shows what the fetching, or reading a case, allows.
    """
    records = [record for key, record in fetched.items() if key in keys]
    beside = pack(key for key in keys if key not in fetched) or None
    always = {"at": clock.now(), "actor_id": actor.id}
    if beside and not records:
        return [{**always, **A_LIST, "action": verb or Action.CASE_READ, "shown_keys": beside}]
    scope_id = _case_of_the_page(records, fetched)
    return [
        {
            **always,
            "scope_id": record.scope_id or scope_id,
            "action": verb or record.action,
            "subject_type": record.table,
            "subject_uid": record.uid,
            "shown_keys": None if number else beside,
        }
        for number, record in enumerate(records)
    ]


def _case_of_the_page(records: Sequence[Fetched], fetched: Mapping[int, Fetched]) -> int | None:
    """Return the scope of a case that was fetched while somebody of it was read.

    A person belongs to no case, and is read in one: that opening is for its director to see.
    """
    if any(record.scope_id for record in records):
        return None
    return next((record.scope_id for record in fetched.values() if record.scope_id), None)


def keep_openings(rows: Sequence[dict[str, Any]]) -> ReadingBatch | None:
    """Write openings down, in one statement, and close a batch of them where one is due.

    Returns the batch where the trail has to name it. Inside `side_transaction`.
    """
    values = [{"uid": uuid4(), **row} for row in rows]
    due = reading_chain.take_place()
    session().connection().execute(insert(Opening), values)
    return reading_chain.close_batch() if due else None


def pack(keys: Iterable[int]) -> bytes:
    """Return the numbers of data keys as the log keeps them."""
    return b"".join(key.to_bytes(KEY_BYTES, "big") for key in keys)


OPENED = (Opening.at, Opening.actor_id, Opening.action, Opening.subject_type)
"""What a list says of a row: the columns of `Opened`, but for `LISTED_COUNT`."""
LISTED_COUNT = func.coalesce(func.length(Opening.shown_keys), 0, type_=Integer) // KEY_BYTES
LOOKS = (Action.CASE_OPENINGS, Action.READINGS_OF_PERSON, Action.READINGS_COUNT)
"""The acts by which somebody looks at who has read what."""


def latest_openers(actor: Actor, scope_id: int, limit: int) -> list[Opened]:
    """Return what others opened of a case lately: of each act of somebody the latest time.

    The latest first: nobody pushes another out by opening it again.
    """
    query = (
        select(*OPENED)
        .where(Opening.scope_id == scope_id, Opening.actor_id != actor.id)
        .order_by(Opening.at.desc(), Opening.id.desc())
        .limit(LOOKED_THROUGH)
    )
    latest: dict[tuple[int, str], Opened] = {}
    for row in session().execute(query):
        latest.setdefault((row.actor_id, row.action), Opened(*row))
    return list(latest.values())[:limit]


def openings_of(actor: Actor, scope_id: int, token: str | None) -> Page[Opened]:
    """Return a page of the openings of what belongs to a case, the latest first."""
    query = select(*OPENED).where(Opening.scope_id == scope_id, not_own_look(actor))
    return Listing(query, Opening.at, Opening.id, Opened).page(token)


def listings_of(actor: Actor, key_id: int, since: datetime, token: str | None) -> Page[Opened]:
    """Return a page of where a case was read in a list, or beside another record.

    It looks through all that was listed since `since`, when the case was begun.
    """
    query = select(*OPENED, LISTED_COUNT).where(
        Opening.at >= since, names_key(key_id), not_own_look(actor)
    )
    return Listing(query, Opening.at, Opening.id, Opened).page(token)


def not_own_look(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a row is no look of the actor’s own at who has read what."""
    return or_(Opening.actor_id != actor.id, Opening.action.not_in(LOOKS))


def names_key(key_id: int) -> ColumnElement[bool]:
    """Return the condition that a row names a data key; each engine has its own word for it."""
    key = literal(pack([key_id]), type_=LargeBinary)
    if session().get_bind().dialect.name == "sqlite":
        return func.instr(Opening.shown_keys, key) > 0
    return func.position(key.op("IN")(Opening.shown_keys)) > 0
