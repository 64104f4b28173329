"""Of which accused the questions about juveniles are asked: who was, or may have been, under 18."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import When
from hrdtracker.people.model import Person
from hrdtracker.proceedings.clocks.law import ZONE
from hrdtracker.proceedings.clocks.subjects import born_of, facts_of, subjects_of
from hrdtracker.proceedings.facts import AgeFacts, DatedEvent, ProceedingFacts
from hrdtracker.proceedings.limits.ages import youngest
from hrdtracker.proceedings.model import Party

ADULT = 18
OFFENCE = "offence.date"


def juveniles_among(parties: Sequence[Party], heard: When) -> set[int]:
    """Return the numbers of those parties who may have been under 18 when it is said to have been.

    Where that day is not known, the earliest of all that happened to them counts, and the hearing.
    It is worked out anew each time: an age that turns out opens the annex of hearings long past.
    Seven statements, whatever their number.
    """
    if not parties:
        return set()
    whose = {(party.scope_id, party.person_id): party.id for party in parties}
    known = {
        (subject.scope_id, subject.person.id): facts_of(subject)
        for subject in subjects_of(whose)
        if subject.person is not None
    }
    ages = _ages({party.person_id for party in parties})
    return {
        number
        for key, number in whose.items()
        if _may_be(known.get(key, ProceedingFacts(ZONE)), ages[key[1]], heard)
    }


def _ages(people: Iterable[int]) -> dict[int, AgeFacts]:
    rows = session().scalars(select(Person).where(Person.id.in_(people))).all()
    ring().load({person.data_key_id for person in rows})
    return {person.id: AgeFacts(born_of(person, ZONE)) for person in rows}


def _may_be(facts: ProceedingFacts, age: AgeFacts, heard: When) -> bool:
    offences = tuple(event for event in facts.named(OFFENCE) if event.when.is_known)
    events = offences or (*facts.events, DatedEvent("hearing", heard))
    least = youngest(replace(facts, events=events, age=age))
    return least is not None and least < ADULT
