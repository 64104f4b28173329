"""Where everybody of a case is, one line each, and of whom an act of many is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from hrdtracker.access.model import User
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_
from hrdtracker.core.seal import ring
from hrdtracker.custody.model import CustodyAct, CustodyActRow, CustodyEvent, Stay, StayStanding
from hrdtracker.custody.states import HeldCount, count_held, heads, of_person, says_held
from hrdtracker.people.model import CountingUnit, Person, PersonScope
from hrdtracker.people.naming import names_of

GONE = N_("What is recorded of some of them has changed. Look again, then record it.")
"""What is said where a form names somebody whose stay is another by now."""
BEGINS = frozenset({CustodyEvent.ARRIVED, CustodyEvent.MOVED})
LINKS = (Stay.began_with_id, Stay.ended_with_id, Stay.other_with_id)
"""Which act a stay began with, ended with, or got another hour of arrival from."""


class OfStay(Protocol):
    """A line about a stay, and whose it is."""

    @property
    def stay(self) -> Stay | None:
        """The stay, where there is one."""

    @property
    def person(self) -> Person | None:
        """Whose it is, where somebody or some group was named."""


@dataclass(frozen=True)
class PersonStay:
    """Where a person, a group or a part of it, or somebody unnamed is now, or was last.

    Of some who are named in a case nothing says where they are.
    """

    stay: Stay | None
    person: Person | None
    letter: str
    confirmer: User | None
    status_at_end: str | None = None

    @property
    def uid(self) -> UUID:
        """What a form says for them: where they are, else who they are."""
        known = self.stay or self.person
        assert known is not None  # noqa: S101 - somebody is named, or a stay says of them
        return known.uid

    @property
    def is_held(self) -> bool:
        """Whether they are held."""
        return self.stay is not None and says_held(self.stay)

    @property
    def is_group(self) -> bool:
        """Whether some of them may be released and others not."""
        return self.person is not None and self.person.unit != CountingUnit.PERSON

    @property
    def is_counted(self) -> bool:
        """Whether somebody said how many people they are."""
        of_stay = self.stay and self.stay.people
        return bool(of_stay or (self.person and self.person.head_count))

    @property
    def heads(self) -> int:
        """How many people they are, as far as anybody counted."""
        counted = self.person and (self.person.head_count or self.person.family_count)
        return (self.stay and self.stay.people) or counted or 1


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
    let_read(rows)
    return held_first(last_of(rows))


def let_read(rows: Sequence[PersonStay]) -> None:
    """Let the ages of people be read, and what those are called who said that they are held."""
    people = [row.person for row in rows if row.person is not None]
    born = {person.data_key_id for person in people if Person.birth_date.ciphertext(person)}
    ring().load(born | {row.confirmer.data_key_id for row in rows if row.confirmer})


def held_first(rows: Iterable[PersonStay]) -> list[PersonStay]:
    """Return people in the order of a page: who is held, then by their letters."""
    return sorted(
        rows, key=lambda row: (not row.is_held, not row.letter, len(row.letter), row.letter)
    )


Row = TypeVar("Row", bound="OfStay")


def last_of(rows: Iterable[Row]) -> list[Row]:
    """Return of each person the last stay; of a group every part, of the unnamed each.

    The rows are in the order of their stays. What goes on in another stay is no part any more, so
    that nobody is counted twice.
    """
    told = list(rows)
    gone_on = {row.stay.follows_id for row in told if row.stay is not None}
    latest: dict[tuple[bool, int | None], Row] = {}
    for row in told:
        is_one = row.person is not None and row.person.unit == CountingUnit.PERSON
        if row.stay is None or is_one:
            latest[True, row.person.id if row.person else None] = row
        elif row.stay.id not in gone_on:
            latest[False, row.stay.id] = row
    return list(latest.values())


def count_of(people: Sequence[PersonStay]) -> tuple[HeldCount, int]:
    """Return how many of some people are held, and how many they are."""
    held = ((row.stay.confirmed_at, row.heads) for row in people if row.stay and row.is_held)
    return count_held(held, clock.now()), sum(row.heads for row in people)


def names_in(people: Iterable[PersonStay]) -> dict[int, tuple[str, ...]]:
    """Return all names of people, to compare with those that somebody typed.

    They are drawn for whoever put on record that they are shown, without those `still_masked`.
    """
    found = names_of({row.person.id for row in people if row.person is not None})
    return {number: tuple(row.name or "" for row in rows) for number, rows in found.items()}


def touched_by(acts: Sequence[CustodyAct]) -> dict[CustodyAct, list[tuple[Stay, int]]]:
    """Return every stay that each act began or ended, and of how many people it is."""
    if not acts:
        return {}
    numbers = [act.id for act in acts]
    query = (
        select(Stay, heads())
        .outerjoin(Person, Person.id == Stay.person_id)
        .where(
            or_(*(link.in_(numbers) for link in LINKS)),
            Stay.standing == StayStanding.TOLD,
        )
    )
    rows = [(row, int(count)) for row, count in session().execute(query.order_by(Stay.id))]
    return {
        act: [pair for pair in rows if act.id in {getattr(pair[0], link.key) for link in LINKS}]
        for act in acts
    }


def court_acts_of(scope_id: int) -> list[tuple[CustodyAct, int]]:
    """Return what courts did about several people of a case at once, and about how many of them.

    One statement; what was taken back is left out.
    """
    whose = (
        select(CustodyActRow.act_id, CustodyActRow.person_id)
        .where(CustodyActRow.scope_id == scope_id)
        .distinct()
        .subquery()
    )
    count = func.sum(of_person())
    query = (
        select(CustodyAct, count)
        .join(whose, whose.c.act_id == CustodyAct.id)
        .join(Person, Person.id == whose.c.person_id)
        .where(CustodyAct.scope_id == scope_id, CustodyAct.undone_at.is_(None))
        .group_by(CustodyAct.id)
        .order_by(CustodyAct.id)
    )
    return [(act, int(people)) for act, people in session().execute(query)]


def is_about(act: CustodyAct, row: Stay) -> bool:
    """Tell whether a stay says of whom an act is: it began with it, or it is an end.

    Some of a group, of whom it is, have another stay before.
    """
    if row.other_with_id == act.id:
        return True
    if act.kind in BEGINS:
        return row.began_with_id == act.id and row.parted_from_id is None
    return act.kind == CustodyEvent.ENDED and row.ended_with_id == act.id


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
