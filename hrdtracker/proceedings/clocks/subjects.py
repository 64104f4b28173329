"""Whose clocks are counted: somebody in a case and in each proceeding, or some of a group."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from hrdtracker.access.model import Scope
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyStep, Stay, StayStanding, StayStep
from hrdtracker.custody.service import TRANSFERRED
from hrdtracker.custody.states import says_held
from hrdtracker.incidents.model import Incident, PlaceKind, Violation
from hrdtracker.people.ages import Born, between
from hrdtracker.people.minors import said_of
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.clocks.court_facts import ByProceeding, CourtFacts, court_facts
from hrdtracker.proceedings.clocks.law import ZONE

Whose = tuple[int, int | None]
"""The numbers of a case’s scope and of a person; no person for those whom nobody named."""
IS_LAWYER = StayStep.kind == CustodyStep.LAWYER_SEEN


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
    """One person in a case and in one proceeding, or one stay of a group or of somebody.

    Without a proceeding: with all that happened to them, and the rows that name no proceeding; what
    is recorded of their proceedings stands beside. Without a stay: somebody whom the courts deal
    with and who is not held, as far as is recorded.
    """

    scope_id: int
    organisation_id: int
    person: Person | None
    stays: tuple[KnownStay, ...]
    court: CourtFacts
    born: When | None = None
    """When they were born, as far as it is said."""
    beside: tuple[CourtFacts, ...] = ()

    @property
    def proceeding_id(self) -> int | None:
        """Return the number of the proceeding in which it is."""
        return self.court.proceeding.id if self.court.proceeding else None

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


def subjects_of(
    whose: Collection[Whose], opened: Collection[int] = frozenset()
) -> list[ClockSubject]:
    """Return those of whom a stay is recorded, or something that a court did, by proceeding.

    Whoever is held in another country is left out: the law that counts here does not count there.
    What somebody only drafted counts for nobody. A bounded number of statements; in cases that
    were just `opened` no court did anything yet.
    """
    wanted, scopes = set(whose), {scope for scope, _ in whose}
    stays = _stays(wanted, scopes)
    elsewhere = {key for key, known in stays.items() if all(each.is_abroad for each in known)}
    wanted -= elsewhere
    stays = {key: known for key, known in stays.items() if key not in elsewhere}
    older = scopes - set(opened)
    by_person = court_facts(older) if older else {}
    courts = {key: facts for key, facts in by_person.items() if key in wanted}
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
                CourtFacts(),
                _born(ages[person_id]) if person_id is not None else None,
            ),
            courts.get((scope_id, person_id or 0), {}),
        )
    ]


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


def _subjects(whole: ClockSubject, courts: ByProceeding) -> Iterator[ClockSubject]:
    """Yield one person as they are; of a group, or of somebody unnamed, each part by itself.

    A part has the stays that it went through: whoever is moved arrived where they were first.
    """
    is_one = whole.person is not None and whole.person.unit == CountingUnit.PERSON
    if is_one or not whole.stays:
        yield from _by_proceeding(whole, courts)
        return
    known = {each.stay.id: each for each in whole.stays}
    gone_on = {each.stay.follows_id for each in whole.stays}
    for number, last in known.items():
        if number not in gone_on:
            way = tuple(_way(last, known))[::-1]
            yield from _by_proceeding(replace(whole, stays=way), courts)


def _way(last: KnownStay, known: Mapping[int, KnownStay]) -> Iterator[KnownStay]:
    """Yield a stay of a part and those before it, the last first."""
    stay: KnownStay | None = last
    while stay is not None:
        yield stay
        stay = known.get(stay.stay.follows_id or 0)


def _by_proceeding(whole: ClockSubject, courts: ByProceeding) -> Iterator[ClockSubject]:
    """Yield somebody with what names no proceeding, and in each proceeding.

    Where there is one proceeding, what names none is of it; of several, nobody can tell which.
    """
    parts = [facts for number, facts in courts.items() if number is not None]
    loose = courts.get(None, CourtFacts())
    if len(parts) == 1:
        parts, loose = [parts[0].with_loose(loose)], CourtFacts()
    if whole.stays or not loose.is_empty:
        yield replace(whole, court=loose, beside=tuple(parts))
    for own in parts:
        yield replace(whole, court=own, beside=tuple(one for one in parts if one is not own))


def _place(known: KnownStay) -> tuple[bool, float, int]:
    """Return where a stay stands in the order of somebody’s stays; one without a date is last."""
    began = Stay.began.plain(known.stay)
    earliest = began.earliest if began else None
    return earliest is None, earliest.timestamp() if earliest else 0.0, known.stay.id


def _born(said: Sequence[Born]) -> When | None:
    """Return when somebody was born by all that counts of what is said; None where nothing is.

    An age of a day says a year of days; where it is disputed, both ends of the dispute.
    """
    born = between(said)
    return When.days(born.first, born.last, ZONE) if born else None
