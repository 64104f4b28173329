"""Who is held, by what the record says of them, and how long a word that they are still so is good.

Whether the record says so stands here once, in two renderings: of a row, and as SQL.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from hrdtracker.access.actor import Actor
from hrdtracker.codelists.lookup import Terms, terms
from hrdtracker.core import clock
from hrdtracker.core.when.model import When
from hrdtracker.incidents.model import Violation

HELD = "held"
"""The status under which `victim_status` gathers everybody who is deprived of liberty."""
FRESH_FOR = timedelta(hours=24)
"""How long somebody is taken to be still held after a person said so."""
KNOWN_FOR = timedelta(days=7)
"""How long it is worth saying since when nothing was heard; then nobody knows what came of it."""


class Confirmation(IntEnum):
    """How good the word is that somebody is held; the greater, the weaker."""

    FRESH = 0
    LAPSED = 1
    UNKNOWN = 2


def confirmation(confirmed_at: datetime | None, now: datetime) -> Confirmation:
    """Return how good a word is that was last given then; what was imported nobody confirmed."""
    if confirmed_at is None or now - confirmed_at >= KNOWN_FOR:
        return Confirmation.UNKNOWN
    return Confirmation.LAPSED if now - confirmed_at >= FRESH_FOR else Confirmation.FRESH


def lapses_at(confirmed_at: datetime) -> datetime:
    """Return when nobody may say any more that they are still held."""
    return confirmed_at + FRESH_FOR


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


def as_of(*dates: When | None) -> datetime:
    """Return when what is recorded now was so: now, unless it tells of what is long past.

    An arrest of years ago that is typed in today says nothing about today.
    """
    now = clock.now()
    latest = max((date.latest for date in dates if date and date.latest), default=now)
    return latest if now - latest >= KNOWN_FOR else now


def confirm(actor: Actor, row: Violation, at: datetime) -> None:
    """Note by whom, and when, it was last said that somebody is held; of others nothing is kept."""
    if not says_held(row):
        row.confirmed_at = row.confirmed_by_id = None
    elif row.confirmed_at is None or row.confirmed_at <= at:
        row.confirmed_at, row.confirmed_by_id = at, actor.id


@dataclass(frozen=True)
class HeldCount:
    """How many are held by how good the word is, and since when nobody was heard of the second."""

    fresh: int = 0
    lapsed: int = 0
    unknown: int = 0
    unheard_since: datetime | None = None

    @property
    def total(self) -> int:
        """How many the record says are held."""
        return self.fresh + self.lapsed + self.unknown


def count_held(confirmed: Iterable[datetime | None], now: datetime) -> HeldCount:
    """Return how many are held, of whom this is when each was last confirmed."""
    words = [(confirmation(at, now), at) for at in confirmed]
    numbers = Counter(state for state, _ in words)
    lapsed = [at for state, at in words if state == Confirmation.LAPSED and at is not None]
    return HeldCount(
        numbers[Confirmation.FRESH],
        numbers[Confirmation.LAPSED],
        numbers[Confirmation.UNKNOWN],
        min(lapsed, default=None),
    )
