"""Who is held, and how long a word that they are still held is good.

Whether a stay says so stands here once, in two renderings: of a row, and as SQL.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_

from hrdtracker.codelists.lookup import Terms, terms
from hrdtracker.core import clock
from hrdtracker.core.db import Instant
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import Stay, StayStanding
from hrdtracker.custody.told import HELD
from hrdtracker.people.model import Person

FRESH_FOR = timedelta(hours=24)
"""How long somebody is taken to be still held after a person said so."""
KNOWN_FOR = timedelta(days=7)
"""How long it is worth saying since when nothing was heard; then nobody knows what came of it."""
FRESH_AFTER = bindparam("fresh_after", callable_=lambda: clock.now() - FRESH_FOR, type_=Instant())
KNOWN_AFTER = bindparam("known_after", callable_=lambda: clock.now() - KNOWN_FOR, type_=Instant())
"""Found out anew at each use: a word ages while its query is kept."""


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


def has_word(state: Confirmation, row: Any = Stay) -> ColumnElement[bool]:
    """Return the condition `confirmation`, of a stay of somebody who is held."""
    at = row.confirmed_at
    words: dict[Confirmation, ColumnElement[bool]] = {
        Confirmation.FRESH: at > FRESH_AFTER,
        Confirmation.LAPSED: and_(at <= FRESH_AFTER, at > KNOWN_AFTER),
        Confirmation.UNKNOWN: or_(at.is_(None), at <= KNOWN_AFTER),
    }
    return words[state]


def lapses_at(confirmed_at: datetime) -> datetime:
    """Return when nobody may say any more that they are still held."""
    return confirmed_at + FRESH_FOR


def held_codes() -> tuple[str, ...]:
    """Return the situations of those who are held."""
    return codes_in(terms())


@lru_cache(maxsize=4)
def codes_in(lists: Terms) -> tuple[str, ...]:
    """Return them as they are in these lists, retired ones too: what is recorded stays so."""
    held = [word.code for word in lists.every("victim_status") if word.parent == HELD]
    return (HELD, *held)


RELEASED = "released"
"""The end under which `stay_end` gathers every release."""


def is_release(end_kind: str | None) -> bool:
    """Tell whether a stay ended with a release."""
    word = terms().find("stay_end", end_kind)
    return word is not None and RELEASED in {word.code, word.parent}


def says_held(row: Stay) -> bool:
    """Tell whether a stay says that somebody is held: one that is only drafted says so, too."""
    return row.end_kind is None and row.situation in held_codes()


def is_held(row: Any = Stay) -> ColumnElement[bool]:
    """Return the condition that a stay was told and says that somebody is held."""
    return and_(
        row.end_kind.is_(None), row.standing == StayStanding.TOLD, row.situation.in_(held_codes())
    )


def of_person() -> ColumnElement[int]:
    """Return how many people a person, or a group as a whole, is.

    A family of which nobody counted the people is one: so many they are at least.
    """
    return func.coalesce(Person.head_count, Person.family_count, 1)


def heads(row: Any = Stay) -> ColumnElement[int]:
    """Return of how many people a stay is; the query reads its person beside it."""
    return func.coalesce(row.people, of_person())


def as_of(*dates: When | None) -> datetime:
    """Return when what is recorded now was so: now, unless it tells of what is long past.

    An arrest of years ago that is typed in today says nothing about today.
    """
    now = clock.now()
    latest = max((date.latest for date in dates if date and date.latest), default=now)
    return latest if now - latest >= KNOWN_FOR else now


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


def count_held(confirmed: Iterable[tuple[datetime | None, int]], now: datetime) -> HeldCount:
    """Return how many are held: for each stay when it was last confirmed, and of how many it is."""
    numbers, lapsed = Counter[Confirmation](), []
    for at, people in confirmed:
        state = confirmation(at, now)
        numbers[state] += people
        if state == Confirmation.LAPSED and at is not None:
            lapsed.append(at)
    return HeldCount(
        numbers[Confirmation.FRESH],
        numbers[Confirmation.LAPSED],
        numbers[Confirmation.UNKNOWN],
        min(lapsed, default=None),
    )
