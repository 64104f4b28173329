"""Where the people of one case are, since when, how we know, and what runs out next for each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.page import AnySelect
from hrdtracker.core.seal import ring
from hrdtracker.custody.model import Stay, StayStanding
from hrdtracker.people.model import CountingUnit, Person, PersonScope
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.reading import limits_of_case


@dataclass(frozen=True)
class PersonInCustody:
    """Where somebody was last, in one case, and their limits, the soonest first."""

    letter: str
    person: Person | None
    stay: Stay
    confirmer: User | None
    clocks: Sequence[Clock]


@dataclass(frozen=True)
class CaseCustody:
    """A case and everybody of whom it says where they are."""

    case: Case
    people: Sequence[PersonInCustody]
    may_record: bool


def custody_of(actor: Actor, uid: UUID) -> CaseCustody:
    """Return where the people of a case are; four statements, whatever their number."""
    case = policy.fetch(actor, Action.CASE_READ, Case, uid)
    clocks = defaultdict(list)
    for clock in limits_of_case(actor, case.scope_id):
        clocks[clock.stay_id].append(clock)
    rows = list(session().execute(_stays(case)))
    keys = {row.data_key_id for _, person, _, user in rows for row in (person, user) if row}
    ring().load(keys | {case.data_key_id})
    latest = {_whose(row[0], row[1]): row for row in rows}
    people = [
        PersonInCustody(letter or "", person, stay, user, clocks[stay.id])
        for stay, person, letter, user in latest.values()
    ]
    return CaseCustody(case, people, policy.allows(actor, Action.CASE_EXTEND, case))


def _stays(case: Case) -> AnySelect:
    """Return the query of the stays of a case that were told, in their order."""
    named = and_(PersonScope.scope_id == Stay.scope_id, PersonScope.person_id == Stay.person_id)
    return (
        select(Stay, Person, PersonScope.letter, User)
        .outerjoin(Person, Person.id == Stay.person_id)
        .outerjoin(PersonScope, named)
        .outerjoin(User, User.id == Stay.confirmed_by_id)
        .where(Stay.scope_id == case.scope_id, Stay.standing == StayStanding.TOLD)
        .order_by(Stay.since, Stay.id)
    )


def _whose(stay: Stay, person: Person | None) -> tuple[bool, int]:
    """Return of whom a stay is the last word: of one person, else of itself."""
    is_one = person is not None and person.unit == CountingUnit.PERSON
    return is_one, (person.id if is_one and person else stay.id)
