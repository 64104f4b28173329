"""What happened in a case, as its page shows it: incidents, what became of each person, gaps."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.cases.case_file import Named
from hrdtracker.cases.model import Case
from hrdtracker.cases.queries import CaseFilter, ListedCase
from hrdtracker.cases.queries import cases as listed
from hrdtracker.core.db import PREPARED, session
from hrdtracker.core.page import AnySelect, Page
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import IS_KEPT, CustodyAct, Stay, StayStanding
from hrdtracker.custody.people import LINKS, court_acts_of, is_about
from hrdtracker.custody.states import HeldCount, count_held, of_person, says_held
from hrdtracker.custody.told import HELD
from hrdtracker.incidents.custody import DEAD, DIED, RELEASED, arrest_codes, root_status
from hrdtracker.incidents.lists import occurred
from hrdtracker.incidents.model import (
    Incident,
    IncidentStatus,
    Involvement,
    Source,
    Violation,
)
from hrdtracker.people.drafts import Birth
from hrdtracker.people.model import CountingUnit, Person, PersonScope
from hrdtracker.people.sizes import SIZED, Count, Size, size_of

UNKNOWN = "unknown"


@dataclass(frozen=True)
class ActOfMany:
    """What happened to several people at once, and to how many of an incident."""

    act: CustodyAct
    people: int


@dataclass(frozen=True)
class Happening:
    """One incident of a case with its violations, and what the reader may do to it."""

    incident: Incident
    violations: tuple[Violation, ...]
    stays: tuple[Stay, ...]
    acts: tuple[ActOfMany, ...]
    """What was recorded of several people at once, with this incident."""
    heads: Mapping[int, int]
    """How many people each victim is, by their number: a group is several."""
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
    """What is known last of one person in a case, and the incident that says it.

    `stays` are where they are now, or were last: of a group there may be several at once.
    """

    happening: Happening
    violation: Violation
    stays: tuple[Stay, ...] = ()
    status_at_end: str | None = None
    """What else was said of them last: charged, injured."""

    @property
    def stay(self) -> Stay | None:
        """Where they are; of a group in parts, the part that is still held before others."""
        return next((row for row in self.stays if says_held(row)), next(iter(self.stays), None))

    @property
    def is_held(self) -> bool:
        """Whether that is that they are held."""
        return self.stay is not None and says_held(self.stay)

    @property
    def root(self) -> str | None:
        """The main status: held, released, at liberty; None where it is not known."""
        if self.is_held or self.stay is None:
            return HELD if self.is_held else root_status(self.status_at_end)
        if self.stay.end_kind in {None, DIED}:
            return root_status(DEAD if self.stay.end_kind else self.stay.situation)
        if self.stay.end_kind == UNKNOWN:
            return root_status(self.status_at_end) or UNKNOWN
        return root_status(self.stay.end_kind) or RELEASED

    @property
    def heads(self) -> int:
        """How many people they are."""
        return self.happening.heads.get(self.violation.victim_id or 0, 1)

    @property
    def confirmer(self) -> User | None:
        """Who said last that they are held."""
        return self.happening.confirmers.get((self.stay and self.stay.confirmed_by_id) or 0)


@dataclass(frozen=True)
class CaseHistory:
    """What happened in a case, the latest first; `fates` by the person’s number.

    `alleged` are the numbers of those on record who are alleged to have done some of it.
    """

    happenings: tuple[Happening, ...]
    perpetrators: Mapping[int, tuple[str, ...]]
    fates: Mapping[int, Fate]
    alleged: frozenset[int]
    court_acts: tuple[ActOfMany, ...] = ()
    """What courts did about several people at once."""

    @property
    def held(self) -> list[int]:
        """The numbers of the people who are held, as far as is recorded."""
        return [number for number, fate in self.fates.items() if fate.is_held]

    def held_count(self, now: datetime) -> HeldCount:
        """Return how many of them are held, by how good the word is."""
        held = (
            (stay.confirmed_at, stay.people or fate.heads)
            for fate in self.fates.values()
            for stay in fate.stays
            if says_held(stay)
        )
        return count_held(held, now)

    @property
    def victims(self) -> int:
        """How many people it was done to, those of groups with them."""
        return sum(fate.heads for fate in self.fates.values())

    def concerns(self, named: Named) -> bool:
        """Tell whether somebody is more in the case than an alleged perpetrator."""
        return named.person.id not in self.alleged or named.person.id in self.fates


def story(actor: Actor, case: Case) -> CaseHistory:
    """Return the incidents of a case that the actor may read; three statements."""
    happenings = _happenings(actor, case)
    involved = _involved(case, {happening.incident.id for happening in happenings})
    alleged = frozenset(row.person_id for row in involved if row.person_id is not None)
    in_court = tuple(ActOfMany(act, people) for act, people in court_acts_of(case.scope_id))
    return CaseHistory(happenings, _kinds(involved), fates(happenings), alleged, in_court)


def cases(actor: Actor, criteria: CaseFilter, token: str | None) -> Page[ListedCase]:
    """Return a page of the cases that the actor may read, with how many people each concerns."""
    return listed(actor, criteria, token, _records(actor))


@lru_cache(maxsize=PREPARED)
def _records(actor: Actor) -> ColumnElement[int]:
    """Return how many people and groups a case concerns."""
    named = select(func.count()).where(PersonScope.scope_id == Case.scope_id, concerned(actor))
    return named.correlate(Case).scalar_subquery()


def sizes(actor: Actor, rows: Sequence[ListedCase]) -> dict[int, Size]:
    """Return how many people each of some listed cases concerns, by its scope; one statement."""
    query = (
        select(PersonScope.scope_id, *SIZED)
        .join(Person, Person.id == PersonScope.person_id)
        .where(
            PersonScope.scope_id.in_([row.case.scope_id for row in rows]),
            Person.unit != CountingUnit.PERSON,
            concerned(actor),
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


def concerned(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that a case concerns whom it names, as `CaseHistory.concerns` tells."""

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


def is_arrest(kind: str) -> bool:
    """Tell whether an incident of this type deprives people of their liberty."""
    return kind in arrest_codes()


def _happenings(actor: Actor, case: Case) -> tuple[Happening, ...]:
    rows: dict[int, dict[int, Violation]] = {}
    stays: dict[int, dict[int, Stay]] = {}
    acts: dict[int, dict[CustodyAct, set[Stay]]] = {}
    sizes: dict[int, int] = {}
    incidents: dict[int, tuple[Incident, int, bool]] = {}
    confirmers: dict[int, User] = {}
    rows_of_case = session().execute(_incidents_of_case(actor), {"case": case.id})
    for incident, violation, stay, act, confirmer, people, count, may in rows_of_case:
        incidents[incident.id] = (incident, count, bool(may))
        rows.setdefault(incident.id, {})
        stays.setdefault(incident.id, {})
        if violation is not None:
            rows[incident.id][violation.id] = violation
            sizes[violation.victim_id or 0] = people
        if stay is not None:
            stays[incident.id][stay.id] = stay
        if act is not None and is_about(act, stay):
            acts.setdefault(incident.id, {}).setdefault(act, set()).add(stay)
        if confirmer is not None:
            confirmers[confirmer.id] = confirmer
    ring().load({user.data_key_id for user in confirmers.values()})
    return tuple(
        Happening(
            incident,
            tuple(rows[number].values()),
            tuple(stays[number].values()),
            tuple(_of_many(acts.get(number, {}), sizes)),
            sizes,
            count,
            may,
            confirmers,
        )
        for number, (incident, count, may) in incidents.items()
    )


def _of_many(
    acts: Mapping[CustodyAct, Iterable[Stay]], sizes: Mapping[int, int]
) -> Iterator[ActOfMany]:
    for act, stays in acts.items():
        people = (stay.people or sizes.get(stay.person_id or 0, 1) for stay in stays)
        yield ActOfMany(act, sum(people))


@lru_cache(maxsize=PREPARED)
def _incidents_of_case(actor: Actor) -> AnySelect:
    """Return the query of the incidents of a case, with their violations and count of sources."""
    sources = (
        select(func.count())
        .select_from(Source)
        .where(Source.incident_id == Incident.id)
        .correlate(Incident)
        .scalar_subquery()
        .label("sources")
    )
    may_read = policy.condition(actor, Action.INCIDENT_READ, Incident, of_few=True)
    may_review = policy.condition(actor, Action.INCIDENT_REVIEW, Incident, of_few=True)
    return (
        select(
            Incident,
            Violation,
            Stay,
            CustodyAct,
            User,
            of_person(),
            sources.label("sources"),
            may_review.label("may"),
        )
        .outerjoin(Violation, Violation.incident_id == Incident.id)
        .outerjoin(Stay, (Stay.violation_id == Violation.id) & IS_KEPT)
        .outerjoin(CustodyAct, CustodyAct.id.in_(LINKS))
        .outerjoin(User, User.id == Stay.confirmed_by_id)
        .outerjoin(Person, Person.id == Violation.victim_id)
        .where(Incident.case_id == bindparam("case"), may_read)
        .order_by(Incident.occurred_sort.desc(), Incident.id.desc(), Violation.id, Stay.id)
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


def fates(happenings: Sequence[Happening]) -> dict[int, Fate]:
    """Return what is known last of each person: where they are, and what else was said of them.

    What the reader only drafted says nothing of somebody of whom anything was sent.
    """
    sent_first = sorted(
        happenings, key=lambda happening: happening.incident.status == IncidentStatus.DRAFT
    )
    known: dict[int, Fate] = {}
    for happening in sent_first:
        for violation in sorted(happening.violations, key=_says_less):
            number = violation.victim_id
            if number is None:
                continue
            fate = known.setdefault(number, Fate(happening, violation))
            if fate.status_at_end is None and violation.status_at_end is not None:
                known[number] = Fate(happening, violation, (), violation.status_at_end)
    for number, stays in _last_stays(sent_first).items():
        happening, violation = _told_with(sent_first, stays[-1])
        known[number] = replace(
            known[number], happening=happening, violation=violation, stays=stays
        )
    return known


def _last_stays(happenings: Iterable[Happening]) -> dict[int, tuple[Stay, ...]]:
    """Return of each person the stays that go on, else the last; drafted ones where no other."""
    stays: dict[int, list[Stay]] = {}
    for happening in happenings:
        for stay in happening.stays:
            if stay.person_id is not None:
                stays.setdefault(stay.person_id, []).append(stay)
    return {number: _last_of(rows) for number, rows in stays.items()}


def _last_of(rows: Sequence[Stay]) -> tuple[Stay, ...]:
    told = [row for row in rows if row.standing == StayStanding.TOLD] or rows
    ordered = sorted(told, key=lambda row: (row.since, row.id))
    return tuple(row for row in ordered if row.end_kind is None) or (ordered[-1],)


def _told_with(happenings: Iterable[Happening], stay: Stay) -> tuple[Happening, Violation]:
    """Return the incident that says a stay, and the violation it was told with."""
    return next(
        (happening, violation)
        for happening in happenings
        for violation in happening.violations
        if violation.id == stay.violation_id
    )


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
