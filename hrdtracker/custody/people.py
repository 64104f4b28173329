"""Where everybody of a case is, one line each, and what was recorded of many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, or_, select

from hrdtracker.access.model import User
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.custody.model import CustodyAct, CustodyEvent, Stay, StayStanding
from hrdtracker.custody.states import HeldCount, count_held, heads, says_held
from hrdtracker.people.model import CountingUnit, Person, PersonName, PersonScope

ACTS_SHOWN = 5


@dataclass(frozen=True)
class PersonStay:
    """Where a person, a group or a part of it, or somebody unnamed is now, or was last."""

    stay: Stay
    person: Person | None
    letter: str
    confirmer: User | None
    status_at_end: str | None = None

    @property
    def is_held(self) -> bool:
        """Whether they are held."""
        return says_held(self.stay)

    @property
    def is_group(self) -> bool:
        """Whether some of them may be released and others not."""
        return self.person is not None and self.person.unit != CountingUnit.PERSON

    @property
    def heads(self) -> int:
        """How many people they are, as far as anybody counted."""
        counted = self.person and (self.person.head_count or self.person.family_count)
        return self.stay.people or counted or 1


@dataclass(frozen=True)
class RecordedAct:
    """What was recorded of several people, and how many of it can still be taken back."""

    act: CustodyAct
    people: int
    free: int
    by: User = field(repr=False)


def people_in(scope_id: int) -> list[PersonStay]:
    """Return where everybody of a case is now, or was last, who is held first; ages readable."""
    named = and_(PersonScope.scope_id == Stay.scope_id, PersonScope.person_id == Stay.person_id)
    query = (
        select(Stay, Person, PersonScope.letter, User)
        .outerjoin(Person, Person.id == Stay.person_id)
        .outerjoin(PersonScope, named)
        .outerjoin(User, User.id == Stay.confirmed_by_id)
        .where(Stay.scope_id == scope_id, Stay.standing == StayStanding.TOLD)
        .order_by(Stay.since, Stay.id)
    )
    rows = [
        PersonStay(stay, person, letter or "", user)
        for stay, person, letter, user in session().execute(query)
    ]
    people = [row.person for row in rows if row.person is not None]
    born = {person.data_key_id for person in people if Person.birth_date.ciphertext(person)}
    ring().load(born | {row.confirmer.data_key_id for row in rows if row.confirmer})
    return sorted(_last(rows), key=_held_first)


def _held_first(row: PersonStay) -> tuple[bool, bool, int, str]:
    return not row.is_held, not row.letter, len(row.letter), row.letter


def _last(rows: Iterable[PersonStay]) -> list[PersonStay]:
    """Return of each person the last stay; of a group every part, of the unnamed each."""
    latest = {}
    for row in rows:
        is_one = row.person is not None and not row.is_group
        latest[is_one, row.stay.person_id if is_one else row.stay.id] = row
    return list(latest.values())


def count_of(people: Sequence[PersonStay]) -> tuple[HeldCount, int]:
    """Return how many of some people are held, and how many they are."""
    held = ((row.stay.confirmed_at, row.heads) for row in people if row.is_held)
    return count_held(held, clock.now()), sum(row.heads for row in people)


def names_of(people: Iterable[PersonStay]) -> dict[int, tuple[str, ...]]:
    """Return the names of people, which is for whoever put on record that they are shown."""
    numbers = {row.person.id for row in people if row.person is not None}
    query = select(PersonName).where(PersonName.person_id.in_(numbers))
    rows = session().scalars(query.order_by(PersonName.position, PersonName.id)).all()
    ring().load(row.data_key_id for row in rows)
    names: dict[int, tuple[str, ...]] = {}
    for row in rows:
        names[row.person_id] = (*names.get(row.person_id, ()), row.name or "")
    return names


def acts_in(scope_id: int) -> list[RecordedAct]:
    """Return what was last recorded of several people of a case; three statements."""
    query = (
        select(CustodyAct, User)
        .join(User, User.id == CustodyAct.recorded_by_id)
        .where(CustodyAct.scope_id == scope_id, CustodyAct.undone_at.is_(None))
        .order_by(CustodyAct.recorded_at.desc(), CustodyAct.id.desc())
        .limit(ACTS_SHOWN)
    )
    acts = session().execute(query).all()
    ring().load({user.data_key_id for _, user in acts})
    stays = stays_of([act for act, _ in acts])
    return [_recorded(act, user, stays[act]) for act, user in acts]


def _recorded(act: CustodyAct, by: User, stays: Sequence[tuple[Stay, int]]) -> RecordedAct:
    free = {row.id for row in free_of(act, [row for row, _ in stays])}
    people = sum(count for _, count in stays)
    return RecordedAct(act, people, sum(count for row, count in stays if row.id in free), by)


def stays_of(acts: Sequence[CustodyAct]) -> dict[CustodyAct, list[tuple[Stay, int]]]:
    """Return the stays that each act began, or ended without beginning another, and of how many."""
    if not acts:
        return {}
    numbers = [act.id for act in acts]
    query = (
        select(Stay, heads())
        .outerjoin(Person, Person.id == Stay.person_id)
        .where(
            or_(Stay.began_with_id.in_(numbers), Stay.ended_with_id.in_(numbers)),
            Stay.standing == StayStanding.TOLD,
        )
    )
    rows = [(row, int(count)) for row, count in session().execute(query.order_by(Stay.id))]
    return {act: [(row, count) for row, count in rows if is_about(act, row)] for act in acts}


def how_many(act: CustodyAct) -> int:
    """Return to how many people something happened."""
    return sum(count for _, count in stays_of([act])[act])


def is_about(act: CustodyAct, row: Stay) -> bool:
    """Tell whether a stay says of whom an act is: it began with it, or it is an end."""
    if act.kind == CustodyEvent.ENDED:
        return row.ended_with_id == act.id
    return row.began_with_id == act.id and row.ended_with_id != act.id


def free_of(act: CustodyAct, stays: Sequence[Stay]) -> list[Stay]:
    """Return those stays of an act of which nobody has changed or told anything since."""
    people = {row.person_id for row in stays if row.person_id is not None and not row.people}
    query = select(Stay.person_id, Stay.recorded_at).where(
        Stay.scope_id == act.scope_id,
        Stay.person_id.in_(people),
        Stay.standing == StayStanding.TOLD,
    )
    last: dict[int | None, datetime] = {}
    for person_id, recorded_at in session().execute(query):
        last[person_id] = max(recorded_at, last.get(person_id, recorded_at))
    return [
        row
        for row in stays
        if row.changed_at == act.recorded_at
        and (row.person_id not in people or last[row.person_id] <= act.recorded_at)
    ]
