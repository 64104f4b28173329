"""Of which accused the questions about juveniles are asked: who was, or may have been, under 18."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.core.when.model import local_days
from hrdtracker.people.ages import why_masked
from hrdtracker.people.minors import may_have_been_minors, said_of
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.model import Charge, Party


def juveniles_among(accused: Sequence[tuple[Party, Person]]) -> set[int]:
    """Return the numbers of those parties who may have been under 18 at what they are accused of.

    Where its day is not known, anything else that happened to them counts. It is worked out anew
    each time: an age that turns out opens the annex of hearings long past. A bounded number of
    statements, whatever their number.
    """
    alleged = _first_alleged([party.id for party, _ in accused])
    ages = said_of([person for _, person in accused])
    young = may_have_been_minors({row.person_id for row, _ in accused if row.id not in alleged})
    return {
        party.id
        for party, person in accused
        if person.unit == CountingUnit.PERSON
        and (
            why_masked(ages[person.id], alleged[party.id]) is not None
            if party.id in alleged
            else person.id in young
        )
    }


def _first_alleged(parties: Sequence[int]) -> dict[int, date]:
    """Return the first day on which it is said to have been, by party, where that is known."""
    found: dict[int, date] = {}
    for charge in session().scalars(select(Charge).where(Charge.party_id.in_(parties))):
        alleged = Charge.alleged.plain(charge)
        days = local_days(alleged) if alleged is not None else None
        if days is not None:
            found[charge.party_id] = min(days[0], found.get(charge.party_id, days[0]))
    return found
