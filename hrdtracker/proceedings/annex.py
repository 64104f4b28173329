"""Of whom is asked at a hearing: the accused, and who of them was, or may have been, under 18."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.when.model import local_days
from hrdtracker.people.ages import why_masked
from hrdtracker.people.minors import may_have_been_minors, said_of
from hrdtracker.people.model import CountingUnit, Person, PersonScope
from hrdtracker.proceedings.guarding import joined, stands_in
from hrdtracker.proceedings.model import ACCUSED_ROLES, Charge, Party


@dataclass(frozen=True)
class ObservedAccused:
    """One accused, by the letter of the case that names them; `is_juvenile` opens the annex."""

    party: Party
    person: Person
    letter: str
    case: Case
    is_juvenile: bool

    @property
    def place(self) -> tuple[int | None, int | None]:
        """What an answer about them is kept under."""
        return self.party.scope_id, self.party.id


Whose = tuple[int, int, int]
"""The numbers of a proceeding, of the case that names somebody in it, and of that person."""


def accused_in(
    actor: Actor, proceedings: Collection[int], action: Action = Action.PROCEEDING_READ
) -> Mapping[int, Sequence[ObservedAccused]]:
    """Return by proceeding the accused of the cases in which somebody may do this, by case.

    Who stands in one that was joined is accused in the other too, and once where they stand in
    both. A bounded number of statements, whatever their number.
    """
    may = policy.condition(actor, action, Party, of_few=True)
    rows = session().execute(_accused(proceedings, may)).all()
    whose: list[Whose] = [(whole, party.scope_id, party.person_id) for whole, party, *_ in rows]
    people = {who: person for who, (_, _, person, *_) in zip(whose, rows, strict=True)}
    young = _juveniles_among(people, _first_alleged(whose, [party for _, party, *_ in rows]))
    found = defaultdict[int, dict[Whose, ObservedAccused]](dict)
    for who, (whole, party, person, letter, case) in zip(whose, rows, strict=True):
        line = ObservedAccused(party, person, letter, case, who in young)
        found[whole].setdefault(who, line)
    return {whole: tuple(found[whole].values()) for whole in proceedings}


def _accused(proceedings: Collection[int], may: Any) -> Any:
    """Return the query of those rows; how somebody stands in the proceeding itself comes first."""
    parts = joined(proceedings)
    return (
        select(parts.c.whole, Party, Person, PersonScope.letter, Case)
        .join(Party, stands_in(parts))
        .join(Person, Person.id == Party.person_id)
        .join(
            PersonScope,
            (PersonScope.person_id == Party.person_id) & (PersonScope.scope_id == Party.scope_id),
        )
        .join(Case, Case.scope_id == Party.scope_id)
        .where(Party.role.in_(sorted(ACCUSED_ROLES)), may)
        .order_by(Case.id, parts.c.whole != parts.c.part, Party.id)
    )


def _juveniles_among(people: Mapping[Whose, Person], alleged: Mapping[Whose, date]) -> set[Whose]:
    """Return those who may have been under 18 at what they are accused of.

    Where its day is not known, anything else that happened to them counts. It is worked out anew
    each time: an age that turns out opens the annex of hearings long past.
    """
    ages = said_of(list(people.values()))
    young = may_have_been_minors({each.id for who, each in people.items() if who not in alleged})
    return {
        who
        for who, person in people.items()
        if person.unit == CountingUnit.PERSON
        and (
            why_masked(ages[person.id], alleged[who]) is not None
            if who in alleged
            else person.id in young
        )
    }


def _first_alleged(whose: Sequence[Whose], parties: Sequence[Party]) -> dict[Whose, date]:
    """Return the first day on which it is said to have been, by whom, where that is known."""
    by_party = defaultdict[int, list[Whose]](list)
    for who, party in zip(whose, parties, strict=True):
        by_party[party.id].append(who)
    found: dict[Whose, date] = {}
    for charge in session().scalars(select(Charge).where(Charge.party_id.in_(by_party))):
        alleged = Charge.alleged.plain(charge)
        days = local_days(alleged) if alleged is not None else None
        if days is not None:
            for who in by_party[charge.party_id]:
                found[who] = min(days[0], found.get(who, days[0]))
    return found
