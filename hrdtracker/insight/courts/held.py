"""Who is held now, and who of them is held over a limit that a lawyer reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from hrdtracker.access.actor import Actor
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.custody.model import Stay
from hrdtracker.custody.states import Confirmation, confirmation, heads, is_held
from hrdtracker.insight.courts.counting import CourtFilter, by_whom, how_many, visible
from hrdtracker.people.model import Person
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.reading import FREES, IS_HEARD, IS_OVER


class HeldRow(NamedTuple):
    """Somebody who is held, as one case says; when that was last confirmed."""

    scope_id: int
    person_id: int | None
    unit: str | None
    stay_id: int | None
    people: int
    since: datetime
    confirmed_at: datetime | None


class OverRow(NamedTuple):
    """Somebody who is held over a limit, which, and when it ended at the latest."""

    scope_id: int
    person_id: int | None
    unit: str | None
    stay_id: int | None
    people: int
    ended_at: datetime | None
    clock: str


@dataclass(frozen=True)
class HeldFigures:
    """Who is held now; of how many the word is a day or a week old; who is held over a limit.

    Those of whom nothing was heard for a week are held on record; what came of them is not known.
    """

    rows: Sequence[HeldRow]
    over_rows: Sequence[OverRow]

    @property
    def people(self) -> int:
        """How many are held."""
        return how_many(self.rows)

    @property
    def over(self) -> int:
        """How many are held over a limit that a lawyer reviewed."""
        return how_many(self.over_rows)

    def heard(self, state: Confirmation) -> Sequence[HeldRow]:
        """Return those of whom the best word, in any case, is so good."""
        now = clock.now()
        found = list[HeldRow]()
        for some in by_whom(self.rows).values():
            if min(confirmation(row.confirmed_at, now) for row in some) == state:
                found += some
        return found


def held_figures(actor: Actor, chosen: CourtFilter) -> HeldFigures:
    """Return who is held now, in the cases that the actor reads; two statements.

    The period does not narrow it: it is as of now.
    """
    held = (
        visible(actor, Stay, chosen)
        .outerjoin(Person, Person.id == Stay.person_id)
        .where(is_held())
        .with_only_columns(
            Stay.scope_id,
            Stay.person_id,
            Person.unit,
            Stay.id,
            heads(),
            Stay.since,
            Stay.confirmed_at,
        )
        .order_by(Stay.since, Stay.id)
    )
    over = (
        visible(actor, Clock, chosen)
        .join(Stay, Stay.id == Clock.stay_id)
        .outerjoin(Person, Person.id == Clock.person_id)
        .where(IS_OVER, FREES, IS_HEARD, is_held())
        .with_only_columns(
            Clock.scope_id,
            Clock.person_id,
            Person.unit,
            Clock.stay_id,
            Clock.people,
            Clock.ends_latest,
            Clock.clock,
        )
        .order_by(Clock.ends_latest, Clock.id)
    )
    return HeldFigures(
        [HeldRow(*row) for row in session().execute(held)],
        _one_limit([OverRow(*row) for row in session().execute(over)]),
    )


def _one_limit(rows: Sequence[OverRow]) -> Sequence[OverRow]:
    """Return of each stay the limit that ended first: whoever is over two is over one limit."""
    first: dict[int | None, OverRow] = {}
    for row in rows:
        first.setdefault(row.stay_id, row)
    return list(first.values())
