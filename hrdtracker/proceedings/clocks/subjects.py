"""Whose clocks are counted: a person in a case, or some of a group, and what is known of them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from hrdtracker.access.model import Scope
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyStep, Stay, StayStanding, StayStep
from hrdtracker.custody.service import TRANSFERRED
from hrdtracker.custody.states import held_codes, is_release, says_held
from hrdtracker.incidents.model import Incident, PlaceKind, Violation
from hrdtracker.people.ages import Born, between
from hrdtracker.people.minors import said_of
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.clocks.court_facts import (
    CourtFacts,
    charges_of,
    court_facts,
    events_of,
    extensions_of,
)
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
    """A stay, when the arrest was with which it was recorded; whether in another country.

    `lawyer_seen` is when they first saw a lawyer, where that is recorded.
    """

    stay: Stay
    arrest: When | None
    is_abroad: bool = False
    lawyer_seen: When | None = None


@dataclass(frozen=True)
class ClockSubject:
    """One person in a case with all that happened to them, or one stay of a group or of somebody.

    Without a stay: somebody whom the courts deal with and who is not held, as far as is recorded.
    """

    scope_id: int
    organisation_id: int
    person: Person | None
    stays: tuple[KnownStay, ...]
    court: CourtFacts
    born: When | None = None
    """When they were born, as far as it is said."""

    @property
    def stay_id(self) -> int | None:
        """Return the number of where they are, or were last."""
        return self.stays[-1].stay.id if self.stays else None

    @property
    def held_since(self) -> datetime | None:
        """Return when the custody began in which they are, or were last: a transfer goes on."""
        began = None
        for known in reversed(self.stays):
            if began is not None and known.stay.end_kind != TRANSFERRED:
                break
            began = known.stay.since
        return began

    @property
    def people(self) -> int:
        """Return how many people they are."""
        of_stay = self.stays[-1].stay.people if self.stays else None
        of_group = self.person and (self.person.head_count or self.person.family_count)
        return of_stay or of_group or 1

    @property
    def is_held(self) -> bool:
        """Whether they are held, as far as is recorded."""
        return any(says_held(known.stay) for known in self.stays)


def subjects_of(whose: Collection[Whose]) -> list[ClockSubject]:
    """Return those of whom a stay is recorded, or something that a court did.

    Whoever is held in another country is left out: the law that counts here does not count there.
    What somebody only drafted counts for nobody. Nine statements, whatever their number.
    """
    wanted, scopes = set(whose), {scope for scope, _ in whose}
    stays = _stays(wanted, scopes)
    elsewhere = {key for key, known in stays.items() if all(each.is_abroad for each in known)}
    wanted -= elsewhere
    stays = {key: known for key, known in stays.items() if key not in elsewhere}
    courts = {key: facts for key, facts in court_facts(scopes).items() if key in wanted}
    people = _people({person for _, person in (*stays, *courts) if person is not None})
    ages = said_of(people.values())
    organisations = dict(
        session().execute(select(Scope.id, Scope.organisation_id).where(Scope.id.in_(scopes))).all()
    )
    return [
        subject
        for scope_id, person_id in sorted({*stays, *courts}, key=_number)
        for subject in _subjects(
            ClockSubject(
                scope_id,
                organisations[scope_id],
                people[person_id] if person_id is not None else None,
                tuple(sorted(stays.get((scope_id, person_id), ()), key=_place)),
                courts.get((scope_id, person_id or 0), NOTHING),
                _born(ages[person_id]) if person_id is not None else None,
            )
        )
    ]


NOTHING = CourtFacts()


def _number(whose: Whose) -> tuple[int, int]:
    return whose[0], whose[1] or 0


def _stays(wanted: Collection[Whose], scopes: Collection[int]) -> dict[Whose, list[KnownStay]]:
    """Return the stays that were told, by whose they are."""
    query = (
        select(Stay, Incident, StayStep)
        .outerjoin(StayStep, (StayStep.stay_id == Stay.id) & IS_LAWYER)
        .outerjoin(Violation, Violation.id == Stay.violation_id)
        .outerjoin(Incident, Incident.id == Violation.incident_id)
        .where(Stay.scope_id.in_(scopes), Stay.standing == StayStanding.TOLD)
        .order_by(Stay.id)
    )
    found: dict[Whose, list[KnownStay]] = {}
    for stay, incident, step in session().execute(query):
        key = (stay.scope_id, stay.person_id)
        if key in wanted:
            known = KnownStay(stay, _arrest(incident), _is_abroad(incident), _seen(step))
            found.setdefault(key, []).append(known)
    return found


def _seen(step: StayStep | None) -> When | None:
    return None if step is None else StayStep.happened.plain(step)


def _people(numbers: Collection[int]) -> dict[int, Person]:
    rows = session().scalars(select(Person).where(Person.id.in_(numbers)))
    return {person.id: person for person in rows}


def _arrest(incident: Incident | None) -> When | None:
    return None if incident is None else Incident.occurred.plain(incident)


def _is_abroad(incident: Incident | None) -> bool:
    return incident is not None and incident.place_kind == PlaceKind.ABROAD


def _subjects(whole: ClockSubject) -> Iterator[ClockSubject]:
    """Yield one person as they are; of a group, or of somebody unnamed, each part by itself.

    A part has the stays that it went through: whoever is moved arrived where they were first.
    """
    is_one = whole.person is not None and whole.person.unit == CountingUnit.PERSON
    if is_one or not whole.stays:
        yield whole
        return
    known = {each.stay.id: each for each in whole.stays}
    gone_on = {each.stay.follows_id for each in whole.stays}
    for number, last in known.items():
        if number not in gone_on:
            yield replace(whole, stays=tuple(_way(last, known))[::-1])


def _way(last: KnownStay, known: Mapping[int, KnownStay]) -> Iterator[KnownStay]:
    """Yield a stay of a part and those before it, the last first."""
    stay: KnownStay | None = last
    while stay is not None:
        yield stay
        stay = known.get(stay.stay.follows_id or 0)


def _place(known: KnownStay) -> tuple[bool, float, int]:
    """Return where a stay stands in the order of somebody’s stays; one without a date is last."""
    began = Stay.began.plain(known.stay)
    earliest = began.earliest if began else None
    return earliest is None, earliest.timestamp() if earliest else 0.0, known.stay.id


# From rows to the facts that the clocks take -----------------------------------------------------


def facts_of(subject: ClockSubject) -> ProceedingFacts:
    """Return what is known of somebody, in the words of the rules."""
    stays, court = subject.stays, subject.court
    custody = [event for known in stays for event in _events(known, is_last=known is stays[-1])]
    return ProceedingFacts(
        ZONE,
        (*custody, *events_of(court)),
        tuple(charges_of(court)),
        AgeFacts(born=subject.born) if subject.born else UNKNOWN_AGE,
        tuple(extensions_of(court)),
    )


def _events(known: KnownStay, *, is_last: bool) -> Iterator[DatedEvent]:
    """Yield what one stay says: an arrest, the arrival at the unit, a lawyer, how it ended.

    Whoever is moved stays in custody: the stay that follows says how it goes on.
    """
    stay = known.stay
    if stay.situation not in held_codes():
        return
    if known.arrest is not None:
        yield DatedEvent("arrest.made", known.arrest)
    yield DatedEvent("custody.arrival_at_unit", Stay.began.plain(stay) or _unknown())
    if known.lawyer_seen is not None:
        yield DatedEvent("lawyer.seen", known.lawyer_seen)
    if is_release(stay.end_kind):
        yield DatedEvent("custody.released", Stay.ended.plain(stay) or _unknown())
    elif stay.end_kind is not None and is_last:
        yield DatedEvent("custody.ended", Stay.ended.plain(stay) or _unknown())


IS_LAWYER = StayStep.kind == CustodyStep.LAWYER_SEEN


def _unknown() -> When:
    return When.unknown("", ZONE)


def _born(said: Sequence[Born]) -> When | None:
    """Return when somebody was born by all that counts of what is said; None where nothing is.

    An age of a day says a year of days; where it is disputed, both ends of the dispute.
    """
    born = between(said)
    return When.days(born.first, born.last, ZONE) if born else None
