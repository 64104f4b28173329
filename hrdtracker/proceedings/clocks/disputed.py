"""Which limits are disputed now, and whose each dispute is."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.proceedings.clocks.model import IS_DISPUTED, ClockDispute, ClockIdentity
from hrdtracker.proceedings.guarding import joined
from hrdtracker.proceedings.limits.model import Limit
from hrdtracker.proceedings.model import ProceedingScope

Whose = tuple[int, int | None, int | None, str]


class OpenDisputes:
    """The disputes that go on, found by the limit that each is about.

    Each comes with a proceeding in which its own goes on, once for each of them.
    """

    def __init__(self, rows: Iterable[tuple[ClockDispute, int | None]]) -> None:
        self._by_whose = defaultdict[Whose, list[tuple[ClockDispute, int | None]]](list)
        for row, goes_on in rows:
            self._by_whose[_whose(row)].append((row, goes_on))

    def every(self, limit: ClockIdentity) -> list[ClockDispute]:
        """Return the disputes of a limit, those of an earlier custody too.

        One from before it was known in which proceeding the limit runs, or from before that was
        joined with another, stays about that limit: what is disputed must never be lost, for then
        it would be called over.
        """
        rows = self._by_whose.get(_whose(limit), ())
        same = [row for row, goes_on in rows if goes_on == limit.proceeding_id]
        others = [row for row, _ in rows if None in {row.proceeding_id, limit.proceeding_id}]
        return list(dict.fromkeys([*same, *others]))

    def about(self, limit: ClockIdentity, since: datetime | None = None) -> ClockDispute | None:
        """Return the dispute of a limit; what began after it (`since`) is counted without it."""
        rows = (row for row in self.every(limit) if since is None or since <= row.disputed_at)
        return next(rows, None)


def _whose(one: ClockDispute | ClockIdentity) -> Whose:
    """Return whose it is: of a person, wherever they are; of somebody unnamed, of that stay."""
    stay_id = one.stay_id if one.person_id is None else None
    return one.scope_id, one.person_id, stay_id, one.clock


def open_disputes(scopes: Collection[int]) -> OpenDisputes:
    """Return the disputes that go on in some cases; one statement."""
    if not scopes:
        return OpenDisputes(())
    concern = select(ProceedingScope.proceeding_id).where(ProceedingScope.scope_id.in_(scopes))
    parts = joined(concern)
    query = (
        select(ClockDispute, parts.c.whole)
        .outerjoin(
            parts,
            (parts.c.part == ClockDispute.proceeding_id)
            & (parts.c.scope_id == ClockDispute.scope_id),
        )
        .where(ClockDispute.scope_id.in_(scopes), IS_DISPUTED)
    )
    rows = session().execute(query.order_by(ClockDispute.id))
    return OpenDisputes((row, goes_on) for row, goes_on in rows)


def fingerprint(limit: Limit) -> str:
    """Return a digest of how a limit is counted: it is another where an input or a rule moves.

    Every reading with its steps, what is asked, and which rules made it.
    """
    counted = [
        (
            reading.end.kind,
            reading.end.window,
            [(step.step.what, step.step.at, step.step.detail) for step in reading.end.steps],
            [rule.key for rule in reading.end.rules],
        )
        for reading in limit.readings
    ]
    return hashlib.sha256(repr((limit.clock, counted, limit.asks)).encode()).hexdigest()


def stands(dispute: ClockDispute, limit: Limit) -> bool:
    """Tell whether an end that two people set stands: what it was set against is counted so now."""
    return dispute.replaced_at is not None and dispute.counted_as == fingerprint(limit)
