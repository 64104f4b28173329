"""What happened in a case, as its page shows it: incidents, what became of each person, gaps."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.cases.case_file import CaseFile, Named
from hrdtracker.cases.completeness import CaseFacts, EventFacts, VictimFacts
from hrdtracker.cases.model import Case, CaseStatus
from hrdtracker.cases.queries import CaseFilter, ListedCase
from hrdtracker.cases.queries import cases as listed
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.db import PREPARED, session
from hrdtracker.core.page import AnySelect, Page
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import When
from hrdtracker.custody.drafts import HELD
from hrdtracker.custody.states import HeldCount, count_held
from hrdtracker.incidents.custody import arrest_codes, says_held
from hrdtracker.incidents.lists import occurred
from hrdtracker.incidents.model import (
    Incident,
    IncidentStatus,
    Involvement,
    PlaceKind,
    Source,
    Violation,
)
from hrdtracker.people.drafts import Birth
from hrdtracker.people.model import CountingUnit, Person, PersonScope
from hrdtracker.people.sizes import SIZED, Count, Size, size_of

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Happening:
    """One incident of a case with its violations, and what the reader may do to it."""

    incident: Incident
    violations: tuple[Violation, ...]
    sources: int
    may_review: bool
    confirmers: Mapping[int, User]
    """Who said last that somebody is held, by the user’s number."""

    @property
    def when(self) -> When:
        """The date, without the words in which it was given."""
        return occurred(self.incident)

    @property
    def victims(self) -> list[int]:
        """The people it was done to, each once."""
        ids = (violation.victim_id for violation in self.violations)
        return list(dict.fromkeys(number for number in ids if number))


@dataclass(frozen=True)
class Fate:
    """What is known last of one person in a case, and the incident that says it."""

    happening: Happening
    violation: Violation

    @property
    def is_held(self) -> bool:
        """Whether that is that they are held."""
        return says_held(self.violation)

    @property
    def root(self) -> str | None:
        """The main status: held, released, at liberty; None where it is not known."""
        return HELD if self.is_held else _root_status(self.violation.status_at_end)

    @property
    def confirmer(self) -> User | None:
        """Who said last that they are held."""
        return self.happening.confirmers.get(self.violation.confirmed_by_id or 0)


@dataclass(frozen=True)
class CaseHistory:
    """What happened in a case, the latest first; `fates` by the person’s number.

    `alleged` are the numbers of those on record who are alleged to have done some of it.
    """

    happenings: tuple[Happening, ...]
    perpetrators: Mapping[int, tuple[str, ...]]
    fates: Mapping[int, Fate]
    alleged: frozenset[int]

    @property
    def held(self) -> list[int]:
        """The numbers of the people who are held, as far as is recorded."""
        return [number for number, fate in self.fates.items() if fate.is_held]

    def held_count(self, now: datetime) -> HeldCount:
        """Return how many of them are held, by how good the word is."""
        fates = self.fates.values()
        held = ((fate.violation.confirmed_at, 1) for fate in fates if fate.is_held)
        return count_held(held, now)

    def concerns(self, named: Named) -> bool:
        """Tell whether somebody is more in the case than an alleged perpetrator."""
        return named.person.id not in self.alleged or named.person.id in self.fates


def story(actor: Actor, case: Case) -> CaseHistory:
    """Return the incidents of a case that the actor may read; two statements."""
    happenings = _happenings(actor, case)
    involved = _involved(case, {happening.incident.id for happening in happenings})
    alleged = frozenset(row.person_id for row in involved if row.person_id is not None)
    return CaseHistory(happenings, _kinds(involved), fates(happenings), alleged)


def cases(actor: Actor, criteria: CaseFilter, token: str | None) -> Page[ListedCase]:
    """Return a page of the cases that the actor may read, with how many people each concerns."""
    return listed(actor, criteria, token, _records(actor))


@lru_cache(maxsize=PREPARED)
def _records(actor: Actor) -> ColumnElement[int]:
    """Return how many people and groups a case concerns."""
    named = select(func.count()).where(PersonScope.scope_id == Case.scope_id, _concerned(actor))
    return named.correlate(Case).scalar_subquery()


def sizes(actor: Actor, rows: Sequence[ListedCase]) -> dict[int, Size]:
    """Return how many people each of some listed cases concerns, by its scope; one statement."""
    query = (
        select(PersonScope.scope_id, *SIZED)
        .join(Person, Person.id == PersonScope.person_id)
        .where(
            PersonScope.scope_id.in_([row.case.scope_id for row in rows]),
            Person.unit != CountingUnit.PERSON,
            _concerned(actor),
        )
    )
    groups: dict[int, list[Any]] = {row.case.scope_id: [] for row in rows}
    for group in session().execute(query) if rows else ():
        groups[group.scope_id].append(group)
    return {
        row.case.scope_id: size_of(theirs) + Size(people=Count(row.people - len(theirs)))
        for row in rows
        for theirs in [groups[row.case.scope_id]]
    }


def _concerned(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a case concerns somebody, as `CaseHistory.concerns` tells."""

    def named_as(
        link: type[Involvement] | type[Violation], whom: InstrumentedAttribute[int | None]
    ) -> ColumnElement[bool]:
        of_it = select(link.id).join(Incident, Incident.id == link.incident_id)
        incidents = of_it.where(
            Incident.scope_id == PersonScope.scope_id,
            whom == PersonScope.person_id,
            policy.condition(actor, Action.INCIDENT_READ, Incident),
        )
        return incidents.correlate(PersonScope).exists()

    as_alleged = named_as(Involvement, Involvement.alleged_perpetrator_id)
    as_victim = named_as(Violation, Violation.victim_id)
    return and_(PersonScope.told_to(actor.id), or_(~as_alleged, as_victim))


def _root_status(code: str | None) -> str | None:
    """Return the main status above a status of a victim."""
    word = terms().find("victim_status", code)
    while word is not None and word.parent:
        word = terms().find("victim_status", word.parent)
    return word.code if word else None


def is_arrest(kind: str) -> bool:
    """Tell whether an incident of this type deprives people of their liberty."""
    return kind in arrest_codes()


def _happenings(actor: Actor, case: Case) -> tuple[Happening, ...]:
    rows: dict[int, list[Violation]] = {}
    incidents: dict[int, tuple[Incident, int, bool]] = {}
    confirmers: dict[int, User] = {}
    rows_of_case = session().execute(_incidents_of_case(actor), {"case": case.id})
    for incident, violation, confirmer, count, may in rows_of_case:
        incidents[incident.id] = (incident, count, bool(may))
        rows.setdefault(incident.id, [])
        if violation is not None:
            rows[incident.id].append(violation)
        if confirmer is not None:
            confirmers[confirmer.id] = confirmer
    ring().load({user.data_key_id for user in confirmers.values()})
    return tuple(
        Happening(incident, tuple(rows[number]), count, may, confirmers)
        for number, (incident, count, may) in incidents.items()
    )


@lru_cache(maxsize=PREPARED)
def _incidents_of_case(actor: Actor) -> AnySelect:
    """Return the query of the incidents of a case, with their violations and count of sources."""
    sources = (
        select(func.count())
        .select_from(Source)
        .where(Source.incident_id == Incident.id)
        .correlate(Incident)
        .scalar_subquery()
    )
    may_read = policy.condition(actor, Action.INCIDENT_READ, Incident, of_few=True)
    may_review = policy.condition(actor, Action.INCIDENT_REVIEW, Incident, of_few=True)
    return (
        select(Incident, Violation, User, sources.label("sources"), may_review.label("may"))
        .outerjoin(Violation, Violation.incident_id == Incident.id)
        .outerjoin(User, User.id == Violation.confirmed_by_id)
        .where(Incident.case_id == bindparam("case"), may_read)
        .order_by(Incident.occurred_sort.desc(), Incident.id.desc(), Violation.id)
    )


def _involved(case: Case, incidents: set[int]) -> list[Any]:
    """Return who is alleged to have done what, in those incidents of the case."""
    query = select(
        Involvement.incident_id,
        Involvement.perpetrator_type.label("kind"),
        Involvement.alleged_perpetrator_id.label("person_id"),
    ).where(Involvement.scope_id == case.scope_id)
    rows = session().execute(query.order_by(Involvement.id))
    return [row for row in rows if row.incident_id in incidents]


def _kinds(involved: Iterable[Any]) -> dict[int, tuple[str, ...]]:
    """Return the types of those alleged to have done it, by the incident’s number."""
    kinds: dict[int, tuple[str, ...]] = {}
    for row in involved:
        if row.kind not in kinds.setdefault(row.incident_id, ()):
            kinds[row.incident_id] = (*kinds[row.incident_id], row.kind)
    return kinds


def fates(happenings: Iterable[Happening]) -> dict[int, Fate]:
    """Return what is known last of each person: the latest that says it, else the latest.

    Of one incident a status is the last word, else what was added last. What the reader only
    drafted says nothing of somebody of whom anything was sent.
    """
    latest: dict[int, Fate] = {}
    sent_first = sorted(
        happenings, key=lambda happening: happening.incident.status == IncidentStatus.DRAFT
    )
    for happening in sent_first:
        for violation in sorted(happening.violations, key=_says_less):
            earlier = latest.get(violation.victim_id or 0)
            is_news = earlier is None or (not _says(earlier.violation) and _says(violation))
            if violation.victim_id is not None and is_news:
                latest[violation.victim_id] = Fate(happening, violation)
    return latest


def _says(violation: Violation) -> bool:
    """Tell whether a violation says how its victim is."""
    return violation.status_at_end is not None or says_held(violation)


def _says_less(violation: Violation) -> tuple[bool, int]:
    return violation.status_at_end is None, -violation.id


def age_of(person: Person, today: date) -> int | None:
    """Return the age as it was given, or by the birth date; None where neither is known."""
    if person.age is not None:
        return person.age
    birth = Birth.read(person.birth_date)
    if birth is None:
        return None
    return today.year - birth.first.year - ((today.month, today.day) < birth.first.timetuple()[1:3])


# What the list of what is missing asks -----------------------------------------------------------


def case_facts(file: CaseFile, history: CaseHistory) -> CaseFacts:
    """Return what is known of a case, for its list of what is missing; no statement."""
    case, arrests = file.standing.case, _arrests(history)
    return CaseFacts(
        case=case.uid,
        is_open=case.status != CaseStatus.CLOSED,
        areas=bool(file.standing.areas),
        next_look=case.next_look_on is not None or any(task.due_on for task in file.tasks),
        events=[_event(happening, history) for happening in history.happenings],
        victims=[
            _victim(named, arrests.get(named.person.id, ()))
            for named in file.people
            if named.person.id in history.fates
        ],
    )


def _arrests(history: CaseHistory) -> dict[int, list[tuple[UUID, Violation]]]:
    """Return the arrests of each person with their incident, the latest first."""
    arrests: dict[int, list[tuple[UUID, Violation]]] = {}
    for happening in history.happenings:
        for violation in happening.violations:
            if violation.victim_id is not None and is_arrest(violation.type):
                pair = (happening.incident.uid, violation)
                arrests.setdefault(violation.victim_id, []).append(pair)
    return arrests


def _event(happening: Happening, history: CaseHistory) -> EventFacts:
    incident = happening.incident
    return EventFacts(
        uid=incident.uid,
        is_arrest=is_arrest(incident.type),
        date=happening.when.is_known,
        place=_is_placed(incident),
        victims=bool(happening.victims),
        source=happening.sources > 0,
        perpetrator=bool(history.perpetrators.get(incident.id)),
        lawyer=incident.lawyer_contacted not in {None, UNKNOWN},
    )


def _is_placed(incident: Incident) -> bool:
    """Tell whether the place says more than the country."""
    if incident.place_kind == PlaceKind.CAMBODIA:
        return incident.province is not None
    return incident.place_kind != PlaceKind.UNKNOWN


def _known_arrival(violation: Violation) -> bool:
    arrived = Violation.arrived.plain(violation)
    return arrived is not None and arrived.is_known


def _victim(named: Named, arrests: Sequence[tuple[UUID, Violation]]) -> VictimFacts:
    person = named.person

    def anywhere(says: Callable[[Violation], object]) -> bool:
        return any(says(violation) for _, violation in arrests)

    return VictimFacts(
        person=person.uid,
        letter=named.letter,
        is_group=person.unit != CountingUnit.PERSON,
        age=person.age is not None or Person.birth_date.ciphertext(person) is not None,
        sex=person.sex is not None,
        arrest=arrests[0][0] if arrests else None,
        arrived=anywhere(_known_arrival),
        place_held=anywhere(Violation.place_held.ciphertext),
        fate=anywhere(lambda violation: violation.status_at_end),
    )
