"""Who a name may belong to already: all names in memory, cut to the people one may see."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.page import EPOCH
from hrdtracker.core.seal import KeyMissing, passing_ring, ring
from hrdtracker.people.drafts import Birth
from hrdtracker.people.likeness import NameIndex, Possible
from hrdtracker.people.model import Person, PersonCategory, PersonName
from hrdtracker.people.naming import still_masked
from hrdtracker.people.search_limit import TooManySearches, count_search

READ_AT_ONCE = 5000
OVERLAP = timedelta(minutes=2)
"""The longest that a change may take from being dated to being kept, and clocks may differ."""


Described = tuple[Person, tuple[str, ...]]
"""Somebody, and the codes of what they defend."""


@dataclass(frozen=True)
class PossiblePerson:
    """Somebody the actor may see with a name like the one asked for, and what tells them apart."""

    id: int
    uid: UUID
    name: str = field(repr=False)
    """Nothing for whoever may have been under 18: what was typed and what tells them apart stay."""
    is_masked: bool
    score: int
    unit: str
    sex: str | None
    age: int | None
    age_on: date | None
    birth: Birth | None
    head_count: int | None
    head_count_about: bool
    family_count: int | None
    family_count_about: bool
    categories: tuple[str, ...]


def possible_people(actor: Actor, text: str, limit: int = 8) -> list[PossiblePerson]:
    """Return the people the actor may see with a name like `text`, most alike first."""
    return possible_for_each(actor, [text], limit)[0]


def possible_for_each(
    actor: Actor, texts: Sequence[str], limit: int = 8
) -> list[list[PossiblePerson]]:
    """Return the possible people for each name, in as few statements as for one.

    The trail keeps that somebody looked, the access log who was shown. All names are ranked before
    the policy cuts, so that hidden people neither show nor push others out. Raises TooManySearches.
    """
    organisation = session().get_one(Organisation, actor.organisation_id)
    with authorised(actor, Action.PERSON_SEARCH, within=organisation):
        count_search(actor, organisation, len(texts))
    index = _names(actor.organisation_id)
    ranked = [index.possible(text, len(index)) for text in texts]
    ids = {match.person_id for matches in ranked for match in matches}
    may = {number for some in _chunks(ids) for number in _readable(actor, some)}
    chosen = [[match for match in matches if match.person_id in may][:limit] for matches in ranked]
    return _shown(actor, chosen)


def _shown(actor: Actor, chosen: Sequence[Sequence[Possible]]) -> list[list[PossiblePerson]]:
    """Return what is known of people who were found, and the name of whoever was grown up."""
    ids = {match.person_id for matches in chosen for match in matches}
    people, masked = _described(ids), still_masked(actor, ids)
    return [
        [_possible(match, people[match.person_id], match.person_id in masked) for match in matches]
        for matches in chosen
    ]


def any_possible(actor: Actor, texts: Sequence[str]) -> bool:
    """Tell whether the actor may see anybody with a name like one of `texts`; shows nobody."""
    index = _names(actor.organisation_id)
    ids = {match.person_id for text in texts for match in index.possible(text, len(index))}
    return any(_readable(actor, some) for some in _chunks(ids))


def offered(actor: Actor, words: str, chosen: str | None = None) -> list[PossiblePerson]:
    """Return the possible people for `words`, and the one who was `chosen` for other words before.

    That one comes first and without a name, which only likeness or a reveal shows. Raises NotFound
    where the chosen one is missing or hidden. Where looking must wait, nobody else is offered.
    """
    return offered_for_each(actor, [words], [chosen])[0]


def offered_for_each(
    actor: Actor, texts: Sequence[str], chosen: Sequence[str | None], limit: int = 8
) -> list[list[PossiblePerson]]:
    """Return the possible people for each name, and whoever was `chosen` for it; as `offered`."""
    try:
        found = possible_for_each(actor, texts, limit) if any(texts) else [[] for _ in texts]
    except TooManySearches:  # what was typed and chosen is kept as it is
        found = [[] for _ in texts]
    pairs = zip(found, chosen, strict=True)
    return [_keeping(actor, people, kept) for people, kept in pairs]


def _keeping(
    actor: Actor, people: list[PossiblePerson], chosen: str | None
) -> list[PossiblePerson]:
    """Return who was found, after the one who was chosen where that one is not among them."""
    if not chosen or any(match.uid.hex == chosen for match in people):
        return people
    person = policy.fetch(actor, Action.PERSON_READ, Person, chosen)
    return [*_shown(actor, [[Possible(person.id, 0, "")]])[0], *people]


def names_readable(actor: Actor) -> Iterator[str]:
    """Yield every name of everybody whom the actor may see; the trail keeps that somebody looked.

    A few thousand at a time, so that no more of them are in memory.
    """
    organisation = session().get_one(Organisation, actor.organisation_id)
    with authorised(actor, Action.PERSON_SEARCH, within=organisation):
        pass
    readable = select(Person.id).where(policy.condition(actor, Action.PERSON_READ, Person))
    for ids in _chunks(session().scalars(readable)):
        with passing_ring():
            names = [name for _, name in _names_of(ids)]
        yield from names


def _names_of(ids: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Yield the names of people with the number of each; without its key a name is nobody’s."""
    query = select(PersonName).where(PersonName.person_id.in_(ids)).order_by(PersonName.id)
    rows = session().scalars(query).all()
    ring().load(row.data_key_id for row in rows)
    for row in rows:
        try:
            yield row.person_id, row.name or ""
        except KeyMissing:
            continue


def forget() -> None:
    """Drop every name from memory: for the day when everything must be locked at once."""
    with _lock:
        _held.clear()


def _readable(actor: Actor, ids: Iterable[int]) -> set[int]:
    return policy.allowed_ids(actor, Action.PERSON_READ, Person, ids)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), READ_AT_ONCE):
        yield ordered[start : start + READ_AT_ONCE]


def _described(ids: set[int]) -> dict[int, Described]:
    """Return people and the codes of their categories."""
    people = list(session().scalars(select(Person).where(Person.id.in_(ids)))) if ids else []
    ring().load(person.data_key_id for person in people)
    categories = categories_of(ids)
    return {person.id: (person, categories.get(person.id, ())) for person in people}


def _possible(match: Possible, described: Described, is_masked: bool) -> PossiblePerson:  # noqa: FBT001
    person, categories = described
    ring().shown[person.data_key_id] = None  # the name comes from memory, and was unlocked before
    return PossiblePerson(
        id=person.id,
        uid=person.uid,
        name="" if is_masked else match.name,
        is_masked=is_masked,
        score=match.score,
        unit=person.unit,
        sex=person.sex,
        age=person.age,
        age_on=person.age_on,
        birth=Birth.read(person.birth_date),
        head_count=person.head_count,
        head_count_about=person.head_count_about,
        family_count=person.family_count,
        family_count_about=person.family_count_about,
        categories=categories,
    )


def categories_of(ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the codes of the defender categories of people; one statement."""
    person_ids = list(ids)
    if not person_ids:
        return {}
    query = (
        select(PersonCategory.person_id, PersonCategory.category)
        .where(PersonCategory.person_id.in_(person_ids))
        .order_by(PersonCategory.category)
    )
    categories: dict[int, tuple[str, ...]] = {}
    for person_id, category in session().execute(query):
        categories[person_id] = (*categories.get(person_id, ()), category)
    return categories


# --- the names in memory -------------------------------------------------------------------------


class _Names:
    """The names of one organisation's people, and how far the database has been read."""

    def __init__(self) -> None:
        self.index = NameIndex()
        self._versions: dict[int, int] = {}
        self._last_id = 0
        self._until: datetime = EPOCH + OVERLAP
        self._lock = Lock()

    def refresh(self, organisation_id: int) -> None:
        """Read the names of the people who are new or have changed since."""
        with self._lock:
            moment = clock.now()
            theirs = select(Person.id, Person.version).where(
                Person.organisation_id == organisation_id
            )
            late = theirs.where(Person.changed_at >= self._until - OVERLAP)
            new = theirs.where(Person.id > self._last_id)
            rows = session().execute(late.union(new)).all()
            changed = {
                row.id: row.version for row in rows if row.version > self._versions.get(row.id, 0)
            }
            with passing_ring():
                for ids in _chunks(changed):
                    self._read(ids)
            self._versions |= changed
            self._last_id = max([self._last_id, *(row.id for row in rows)])
            self._until = moment

    def _read(self, ids: list[int]) -> None:
        for person_id in ids:
            self.index.discard(person_id)
        for person_id, name in _names_of(ids):
            self.index.add(person_id, name)


_held: WeakKeyDictionary[Pool, dict[int, _Names]] = WeakKeyDictionary()
"""The names that each database holds, as long as this process stays connected to it."""
_lock = Lock()


def _names(organisation_id: int) -> NameIndex:
    """Return the names of an organisation as they stand now."""
    with _lock:
        of_database = _held.setdefault(session().get_bind().engine.pool, {})
        names = of_database.setdefault(organisation_id, _Names())
    names.refresh(organisation_id)
    return names.index
