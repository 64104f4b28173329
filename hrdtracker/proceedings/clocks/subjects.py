"""Whose clocks are counted: a person in a case, or some of a group, and what is known of them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import DAY, When
from hrdtracker.custody.model import Stay, StayStanding
from hrdtracker.custody.states import held_codes, says_held
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.people.drafts import Birth
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.clocks.law import ZONE
from hrdtracker.proceedings.facts import (
    UNKNOWN_AGE,
    AgeFacts,
    DatedEvent,
    ProceedingFacts,
)

Whose = tuple[int, int | None]
"""The numbers of a case’s scope and of a person; no person for those whom nobody named."""


@dataclass(frozen=True)
class KnownStay:
    """A stay, and when the arrest was with which it was recorded."""

    stay: Stay
    arrest: When | None


@dataclass(frozen=True)
class ClockSubject:
    """One person in a case with all their stays, or one stay of a group or of somebody unnamed."""

    scope_id: int
    person: Person | None
    stays: tuple[KnownStay, ...]

    @property
    def last(self) -> Stay:
        """Return where they are, or were last."""
        return self.stays[-1].stay

    @property
    def people(self) -> int:
        """Return how many people they are."""
        of_group = self.person and (self.person.head_count or self.person.family_count)
        return self.last.people or of_group or 1

    @property
    def is_held(self) -> bool:
        """Whether they are held, as far as is recorded."""
        return any(says_held(known.stay) for known in self.stays)


def subjects_of(whose: Collection[Whose]) -> list[ClockSubject]:
    """Return those of whom a stay is recorded; what somebody only drafted counts for nobody.

    Three statements, whatever their number.
    """
    query = (
        select(Stay, Person, Incident)
        .outerjoin(Person, Person.id == Stay.person_id)
        .outerjoin(Violation, Violation.id == Stay.violation_id)
        .outerjoin(Incident, Incident.id == Violation.incident_id)
        .where(
            Stay.scope_id.in_({scope for scope, _ in whose}),
            Stay.standing == StayStanding.TOLD,
        )
        .order_by(Stay.scope_id, Stay.person_id, Stay.id)
    )
    wanted = set(whose)
    rows: list[tuple[Person | None, KnownStay]] = [
        (person, KnownStay(stay, _arrest(incident)))
        for stay, person, incident in session().execute(query)
        if (stay.scope_id, stay.person_id) in wanted
    ]
    ring().load({person.data_key_id for person, _ in rows if person is not None})
    return list(_subjects(rows))


def _arrest(incident: Incident | None) -> When | None:
    return None if incident is None else Incident.occurred.plain(incident)


def _subjects(rows: Iterable[tuple[Person | None, KnownStay]]) -> Iterator[ClockSubject]:
    for (scope_id, _), some in groupby(rows, key=_whose):
        theirs = list(some)
        person = theirs[0][0]
        stays = sorted((known for _, known in theirs), key=_place)
        if person is not None and person.unit == CountingUnit.PERSON:
            yield ClockSubject(scope_id, person, tuple(stays))
        else:
            yield from (ClockSubject(scope_id, person, (known,)) for known in stays)


def _whose(row: tuple[Person | None, KnownStay]) -> Whose:
    stay = row[1].stay
    return stay.scope_id, stay.person_id


def _place(known: KnownStay) -> tuple[bool, float, int]:
    """Return where a stay stands in the order of somebody’s stays; one without a date is last."""
    began = Stay.began.plain(known.stay)
    earliest = began.earliest if began else None
    return earliest is None, earliest.timestamp() if earliest else 0.0, known.stay.id


# From rows to the facts that the clocks take -----------------------------------------------------


def facts_of(subject: ClockSubject) -> ProceedingFacts:
    """Return what is known of somebody, in the words of the rules."""
    events = [
        event
        for known in subject.stays
        for event in _events(known, is_last=known is subject.stays[-1])
    ]
    age = AgeFacts(born=born_of(subject.person, ZONE)) if subject.person else UNKNOWN_AGE
    return ProceedingFacts(ZONE, tuple(events), age=age if age.born else UNKNOWN_AGE)


def _events(known: KnownStay, *, is_last: bool) -> Iterator[DatedEvent]:
    """Yield what one stay says: an arrest, the arrival at the unit, and how it ended.

    Whoever is moved stays in custody: the stay that follows says how it goes on.
    """
    stay = known.stay
    if stay.situation not in held_codes():
        return
    if known.arrest is not None:
        yield DatedEvent("arrest.made", known.arrest)
    yield DatedEvent("custody.arrival_at_unit", Stay.began.plain(stay) or _unknown())
    if is_release(stay.end_kind):
        yield DatedEvent("custody.released", Stay.ended.plain(stay) or _unknown())
    elif stay.end_kind is not None and is_last:
        yield DatedEvent("custody.ended", Stay.ended.plain(stay) or _unknown())


def is_release(end_kind: str | None) -> bool:
    """Tell whether a stay ended with a release."""
    word = terms().find("stay_end", end_kind)
    return word is not None and RELEASED in {word.code, word.parent}


RELEASED = "released"
"""The end under which `stay_end` gathers every release."""


def _unknown() -> When:
    return When.unknown("", ZONE)


def born_of(person: Person, zone: ZoneInfo) -> When | None:
    """Return when somebody was born, as finely as it is known; None where no age is known.

    An age of a day says a year of days. The birth date is compared and shown to nobody.
    """
    sealed = Person.birth_date.ciphertext(person)
    if sealed is not None:
        kept = Person.birth_date.unseal_to_compare(Person, person.uid, person.data_key_id, sealed)
        return _birth(Birth.read(kept), zone)
    if person.age is None or person.age_on is None:
        return None
    last = _years_before(person.age_on, person.age)
    return When.days(_years_before(person.age_on, person.age + 1) + DAY, last, zone)


def _birth(birth: Birth | None, zone: ZoneInfo) -> When | None:
    if birth is None:
        return None
    if birth.month is None:
        return When.year(birth.year, zone)
    return When.day(birth.first, zone) if birth.day else When.month(birth.year, birth.month, zone)


def _years_before(day: date, years: int) -> date:
    """Return the same day of an earlier year; of 29 February the day before where there is none."""
    is_leap_day = (day.month, day.day) == (2, 29)
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28 if is_leap_day else day.day)
