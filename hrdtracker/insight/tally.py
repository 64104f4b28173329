"""How much people have read: pages, people and cases, as the access log names them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import select

from hrdtracker.audit.access_log import KEY_BYTES
from hrdtracker.audit.model import Opening
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.declarations import models
from hrdtracker.core.seal import SealedRow
from hrdtracker.people.model import Person

AT_ONCE = 5000
"""How many keys one statement asks for."""


@dataclass(frozen=True)
class PageRead:
    """A page that somebody read, and the data keys of whatever it showed."""

    at: datetime
    keys: frozenset[int]


@dataclass(frozen=True)
class Tally:
    """How many pages somebody read, and of how many people and cases; each counts once."""

    pages: int = 0
    people: int = 0
    cases: int = 0


@dataclass(frozen=True)
class KeyKinds:
    """Which data keys are those of people, and which those of cases."""

    people: frozenset[int]
    cases: frozenset[int]

    def tally(self, pages: Collection[PageRead]) -> Tally:
        """Return how much was on some pages."""
        keys = {key for page in pages for key in page.keys}
        return Tally(len(pages), len(keys & self.people), len(keys & self.cases))


def pages_read(
    users: Collection[int], since: datetime, before: datetime | None = None
) -> dict[int, list[PageRead]]:
    """Return the pages that each of some people has read in [since, before), the oldest first."""
    query = select(
        Opening.actor_id, Opening.at, Opening.subject_type, Opening.subject_uid, Opening.shown_keys
    ).where(Opening.actor_id.in_(users), Opening.at >= since)
    if before is not None:
        query = query.where(Opening.at < before)
    rows = session().execute(query.order_by(Opening.at)).all()
    keys = _keys_of((kind, uid) for _, _, kind, uid, _ in rows if uid is not None)
    read: dict[int, dict[datetime, set[int]]] = {}
    for user, at, _, uid, shown in rows:
        on_page = read.setdefault(user, {}).setdefault(at, set())
        on_page |= unpack(shown)
        if uid is not None and uid in keys:
            on_page.add(keys[uid])
    return {
        user: [PageRead(at, frozenset(shown)) for at, shown in pages.items()]
        for user, pages in read.items()
    }


def unpack(shown: bytes | None) -> set[int]:
    """Return the data keys that a row of the log names."""
    packed = shown or b""
    places = range(0, len(packed), KEY_BYTES)
    return {int.from_bytes(packed[place : place + KEY_BYTES], "big") for place in places}


def kinds_of(pages: Iterable[PageRead]) -> KeyKinds:
    """Return which keys on some pages are of people and which of cases."""
    keys = {key for page in pages for key in page.keys}
    return KeyKinds(people=frozenset(_present(Person, keys)), cases=frozenset(_present(Case, keys)))


def _present(model: type[SealedRow], keys: Iterable[int]) -> Iterator[int]:
    for some in chunks(keys):
        query = select(model.data_key_id).where(model.data_key_id.in_(some))
        yield from session().scalars(query)


def chunks(keys: Iterable[int]) -> Iterator[Sequence[int]]:
    """Yield keys as many at a time as one statement asks for."""
    rest = iter(keys)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _keys_of(subjects: Iterable[tuple[str, UUID]]) -> Mapping[UUID, int]:
    """Return the data key of each record that a page was about; one statement for each kind."""
    uids: dict[str, set[UUID]] = {}
    for kind, uid in subjects:
        uids.setdefault(kind, set()).add(uid)
    keys: dict[UUID, int] = {}
    for kind, theirs in uids.items():
        model = models().get(kind)
        if model is not None and issubclass(model, SealedRow):
            rest = iter(theirs)
            while some := list(islice(rest, AT_ONCE)):
                query = select(model.uid, model.data_key_id).where(model.uid.in_(some))
                keys |= {row.uid: row.data_key_id for row in session().execute(query)}
    return keys
