"""How often somebody may look for people within an hour; counted in the database, for each."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, DomainError, Message
from hrdtracker.core.locks import Queue, queue_for
from hrdtracker.core.page import EPOCH
from hrdtracker.people.model import SearchCount

HOUR = timedelta(hours=1)
PARTS = 6
NAMES_A_SEARCH = 10
"""So many names of one list count as one search."""


class TooManySearches(DomainError):
    """More searches than the organisation allows in an hour; nothing was looked for."""

    def __init__(self, times: int, wait: timedelta) -> None:
        minutes = max(1, -(-wait // timedelta(minutes=1)))
        super().__init__(
            Message(
                N_(
                    "You have looked for people %(times)s times within an hour. Looking works "
                    "again in %(minutes)s minutes; all else does now."
                ),
                {"times": times, "minutes": minutes},
            )
        )
        self.wait = wait


def count_search(actor: Actor, organisation: Organisation, names: int) -> None:
    """Count a search for so many names; raises TooManySearches. Inside an open door.

    Whoever looks twice at once waits for themself, so that no more pass than the limit says.
    """
    queue_for(Queue.SEARCHES, actor.uid.bytes)
    now, weight = clock.now(), -(-max(1, names) // NAMES_A_SEARCH)
    rows = _counts(actor)
    refusal = _refusal(rows.values(), organisation.searches_hour - weight, now)
    if refusal is not None:
        raise refusal
    length = HOUR / PARTS
    began_at = EPOCH + (now - EPOCH) // length * length
    part = (began_at - EPOCH) // length % PARTS
    row = rows.get(part)
    if row is None:
        row = SearchCount(user_id=actor.id, part=part, began_at=began_at, searches=0)
        session().add(row)
    if row.began_at != began_at:
        row.began_at, row.searches = began_at, 0
    row.searches += weight


def why_wait(actor: Actor) -> Message | None:
    """Return why nobody is offered to somebody now: they have looked too often; None else."""
    organisation = session().get_one(Organisation, actor.organisation_id)
    most = organisation.searches_hour - 1
    refusal = _refusal(_counts(actor).values(), most, clock.now())
    return refusal.reason if refusal else None


def _counts(actor: Actor) -> dict[int, SearchCount]:
    theirs = select(SearchCount).where(SearchCount.user_id == actor.id)
    return {row.part: row for row in session().scalars(theirs)}


def _refusal(rows: Iterable[SearchCount], most: int, now: datetime) -> TooManySearches | None:
    """Return the refusal of whoever has looked more than so often within the hour."""
    lasting = [row for row in rows if row.began_at > now - HOUR]
    total = sum(row.searches for row in lasting)
    if total <= most:
        return None
    first = min((row.began_at for row in lasting), default=now)
    return TooManySearches(total, first + HOUR - now)


def searches_since(user_ids: list[int], since: datetime) -> dict[int, int]:
    """Return how often people looked for somebody since an instant within the last hour."""
    query = (
        select(SearchCount.user_id, func.sum(SearchCount.searches))
        .where(SearchCount.user_id.in_(user_ids), SearchCount.began_at > since)
        .group_by(SearchCount.user_id)
    )
    return {user_id: int(total) for user_id, total in session().execute(query)}
