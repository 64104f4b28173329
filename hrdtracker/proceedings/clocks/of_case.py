"""Where the people of one case are, since when, how we know, and what runs out next for each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.cases.model import Case
from hrdtracker.core.seal import ring
from hrdtracker.custody.bail import bails_in
from hrdtracker.custody.model import Bail, Stay
from hrdtracker.custody.people import people_in
from hrdtracker.custody.steps import TimeInCustody, times_in_custody
from hrdtracker.people.model import Person
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
    time: TimeInCustody
    bail: Bail | None = None
    """On what terms, of whoever was released on bail."""


@dataclass(frozen=True)
class CaseCustody:
    """A case and everybody of whom it says where they are."""

    case: Case
    people: Sequence[PersonInCustody]
    may_record: bool


def custody_of(actor: Actor, uid: UUID) -> CaseCustody:
    """Return where the people of a case are; six statements, whatever their number."""
    case = policy.fetch(actor, Action.CASE_READ, Case, uid)
    clocks = defaultdict(list)
    for clock in limits_of_case(actor, case.scope_id):
        clocks[clock.stay_id].append(clock)
    rows = people_in(case.scope_id)
    keys = {row.person.data_key_id for row in rows if row.person}
    ring().load(keys | {case.data_key_id})
    times, terms = times_in_custody(case.scope_id), bails_in(case.scope_id)
    people = [
        PersonInCustody(
            row.letter,
            row.person,
            row.stay,
            row.confirmer,
            clocks[row.stay.id],
            times[row.stay.id],
            terms.get(row.stay.id),
        )
        for row in rows
        if row.stay
    ]
    return CaseCustody(case, people, policy.allows(actor, Action.CASE_EXTEND, case))
