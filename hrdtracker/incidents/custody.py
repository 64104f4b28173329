"""Who is held, by what the record says of them, and how long a word that they are still so is good.

Whether the record says so stands here once, in two renderings: of a row, and as SQL.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from hrdtracker.access.actor import Actor
from hrdtracker.codelists.lookup import Terms, terms
from hrdtracker.custody.drafts import HELD
from hrdtracker.incidents.model import Violation


def held_codes() -> tuple[str, ...]:
    """Return the statuses of those who are held."""
    return codes_in(terms())[0]


def arrest_codes() -> tuple[str, ...]:
    """Return the types of incident that deprive people of their liberty."""
    return codes_in(terms())[1]


@lru_cache(maxsize=4)
def codes_in(lists: Terms) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return both as they are in these lists, retired ones too: what is recorded stays so."""
    statuses, types = lists.every("victim_status"), lists.every("incident_type")
    held = [word.code for word in statuses if word.parent == HELD]
    arrests = [word.code for word in types if word.extra.get("opens") == "arrest"]
    return (HELD, *held), tuple(arrests)


def says_held(row: Violation) -> bool:
    """Tell whether a violation says that its victim is held.

    By their status; else, where no status is known, by an arrest, an arrival or a place of custody.
    """
    if row.status_at_end is not None:
        return row.status_at_end in held_codes()
    is_placed = Violation.place_held.ciphertext(row) is not None
    return is_placed or row.type in arrest_codes() or arrival(row, "latest") is not None


def is_said_held(row: Any = Violation) -> ColumnElement[bool]:
    """Return the condition `says_held`, of a violation or an alias of it."""
    status = row.status_at_end
    implied = or_(
        row.type.in_(arrest_codes()),
        arrival(row, "latest").is_not(None),
        getattr(row, Violation.place_held.column).is_not(None),
    )
    return or_(and_(status.is_not(None), status.in_(held_codes())), and_(status.is_(None), implied))


def arrival(row: Any, part: str) -> Any:
    """Return a column, or a part, of when somebody arrived at the police unit."""
    return Violation.arrived.part(row, part)


def confirm(actor: Actor, row: Violation, at: datetime) -> None:
    """Note by whom, and when, it was last said that somebody is held; of others nothing is kept."""
    if not says_held(row):
        row.confirmed_at = row.confirmed_by_id = None
    elif row.confirmed_at is None or row.confirmed_at <= at:
        row.confirmed_at, row.confirmed_by_id = at, actor.id
