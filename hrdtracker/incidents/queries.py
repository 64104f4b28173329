"""Incidents as lists and pages show them; every query begins at what the actor may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import Integer, bindparam, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.cases.model import Case
from hrdtracker.core.db import PREPARED, session
from hrdtracker.core.page import AnySelect
from hrdtracker.core.seal import ring
from hrdtracker.custody.model import IS_KEPT, Stay
from hrdtracker.custody.states import says_held
from hrdtracker.incidents.headcount import SOMEBODY
from hrdtracker.incidents.model import (
    ImportBatch,
    Incident,
    IncidentStatus,
    Involvement,
    Source,
    SourceSupport,
    Violation,
)
from hrdtracker.people.model import Person, PersonCategory, PersonScope
from hrdtracker.people.sizes import Size, size_of


@dataclass(frozen=True)
class VictimLine:
    """One violation against somebody, as the incident's page shows it; the name stays sealed."""

    violation: Violation
    person: Person | None
    letter: str
    categories: tuple[str, ...]
    stay: Stay | None
    """Where they are, or were last, as the incident says it."""
    confirmer: User | None
    """Who said last that they are held."""

    @property
    def is_held(self) -> bool:
        """Whether they are held, and the case says nothing later of them."""
        return self.stay is not None and says_held(self.stay)

    @property
    def status_at_end(self) -> str | None:
        """What else was said of them: charged, injured."""
        return self.violation.status_at_end


@dataclass(frozen=True)
class InvolvementLine:
    """Who is alleged to have done it: somebody on record by their letter, or only a type."""

    involvement: Involvement
    person: Person | None
    letter: str


@dataclass(frozen=True)
class SourceLine:
    """A source by its letter; `supports` are the violations it speaks for."""

    source: Source
    supports: frozenset[int]
    may_identify: bool


@dataclass(frozen=True)
class IncidentDetails:
    """One incident with all that belongs to it, and what the reader may do with it."""

    incident: Incident
    case: Case
    victims: Sequence[VictimLine]
    involvements: Sequence[InvolvementLine]
    sources: Sequence[SourceLine]
    may: set[Action]
    is_being_undone: bool
    """Whether the import that brought it is being undone, so that it will be withdrawn."""

    @property
    def size(self) -> Size:
        """How many people, families and groups it was done to; somebody unknown is one too."""
        victims = {line.violation.victim_id: line.person for line in self.victims}
        known = size_of(person for person in victims.values() if person)
        return known + SOMEBODY if None in victims.values() else known

    @property
    def held(self) -> int:
        """How many violations say that somebody is held."""
        return sum(line.is_held for line in self.victims)


ACTS = (
    Action.INCIDENT_EDIT,
    Action.INCIDENT_CONFIRM_HELD,
    Action.INCIDENT_SUBMIT,
    Action.INCIDENT_RETURN,
    Action.INCIDENT_REVIEW,
    Action.INCIDENT_DISCARD,
    Action.CASE_MEMBERS,
)


def incident_details(actor: Actor, uid: UUID) -> IncidentDetails:
    """Return one incident with all that belongs to it, in as few statements for 1 as for 40."""
    incident = policy.fetch(actor, Action.INCIDENT_READ, Incident, uid)
    case = case_of(incident)
    ring().load([incident.data_key_id])
    return IncidentDetails(
        incident=incident,
        case=case,
        victims=victims_of(incident),
        involvements=involvements_of(incident),
        sources=sources_of(actor, incident),
        may=policy.allowed(actor, ACTS, incident),
        is_being_undone=is_being_undone([incident]),
    )


def case_of(incident: Incident) -> Case:
    """Return the case that an incident belongs to."""
    return session().get_one(Case, incident.case_id)


def is_being_undone(incidents: Iterable[Incident]) -> bool:
    """Tell whether an import that brought one of these is being undone."""
    numbers = {incident.batch_id for incident in incidents} - {None}
    if not numbers:
        return False
    query = select(ImportBatch.id).where(
        ImportBatch.id.in_(numbers),
        ImportBatch.undoing_at.is_not(None),
        ImportBatch.undone_at.is_(None),
    )
    return session().scalars(query).first() is not None


def sent_incidents(uids: Iterable[UUID]) -> set[UUID]:
    """Return those of some incidents that were sent: no draft, be it kept or discarded."""
    query = select(Incident.uid).where(
        Incident.uid.in_(set(uids)), Incident.status != IncidentStatus.DRAFT
    )
    return set(session().scalars(query))


def incident_uid(source: Source) -> UUID:
    """Return the uid of the incident that a source belongs to."""
    return session().get_one(Incident, source.incident_id).uid


INCIDENT = bindparam("incident", type_=Integer)
VICTIMS = (
    select(Violation, Person, PersonScope.letter, Stay, User)
    .outerjoin(Stay, (Stay.violation_id == Violation.id) & IS_KEPT)
    .outerjoin(User, User.id == Stay.confirmed_by_id)
    .outerjoin(Person, Person.id == Violation.victim_id)
    .outerjoin(
        PersonScope,
        (PersonScope.person_id == Person.id) & (PersonScope.scope_id == Violation.scope_id),
    )
    .where(Violation.incident_id == INCIDENT)
    .order_by(Violation.type, Violation.id, Stay.since, Stay.id)
)
KINDS = (
    select(PersonCategory)
    .where(
        PersonCategory.person_id.in_(
            select(Violation.victim_id).where(Violation.incident_id == INCIDENT)
        )
    )
    .order_by(PersonCategory.category)
)


def victims_of(incident: Incident) -> list[VictimLine]:
    """Return the violations of an incident with their victims; two statements."""
    parameters = {"incident": incident.id}
    kinds: dict[int | None, list[str]] = {}
    for link in session().scalars(KINDS, parameters):
        kinds.setdefault(link.person_id, []).append(link.category)
    lines: dict[int, VictimLine] = {}
    for row, person, letter, stay, user in session().execute(VICTIMS, parameters):
        categories = tuple(kinds.get(row.victim_id, ()))
        lines[row.id] = VictimLine(row, person, letter or "", categories, stay, user)
    ring().load({line.confirmer.data_key_id for line in lines.values() if line.confirmer})
    return list(lines.values())


def involvements_of(incident: Incident) -> list[InvolvementLine]:
    """Return who is alleged to have done it; one statement.

    Somebody on record is shown as far as the case names them: who reads the case may see them.
    """
    named = (PersonScope.person_id == Involvement.alleged_perpetrator_id) & (
        PersonScope.scope_id == Involvement.scope_id
    )
    query = (
        select(Involvement, Person, PersonScope.letter)
        .outerjoin(PersonScope, named)
        .outerjoin(Person, Person.id == PersonScope.person_id)
        .where(Involvement.incident_id == incident.id)
        .order_by(Involvement.id)
    )
    return [
        InvolvementLine(row, person, letter or "")
        for row, person, letter in session().execute(query)
    ]


def sources_of(actor: Actor, incident: Incident) -> list[SourceLine]:
    """Return the sources of an incident, and which of them the actor may identify."""
    sources: dict[int, tuple[Source, set[int], bool]] = {}
    for source, violation_id, may_identify in session().execute(
        _sources(actor), {"incident": incident.id}
    ):
        _, supports, _ = sources.setdefault(source.id, (source, set(), bool(may_identify)))
        if violation_id is not None:
            supports.add(violation_id)
    return [SourceLine(source, frozenset(ids), may) for source, ids, may in sources.values()]


@lru_cache(maxsize=PREPARED)
def _sources(actor: Actor) -> AnySelect:
    may = policy.condition(actor, Action.SOURCE_IDENTIFY, Source, of_few=True).label("may")
    return (
        select(Source, SourceSupport.violation_id, may)
        .outerjoin(SourceSupport, SourceSupport.source_id == Source.id)
        .where(Source.incident_id == INCIDENT)
        .order_by(Source.id)
    )


def is_first(incident: Incident) -> bool:
    """Tell whether an incident is the first of its case, of those that were sent if any was."""
    first = (
        select(Incident.id)
        .where(Incident.case_id == incident.case_id)
        .order_by(Incident.status == IncidentStatus.DRAFT, Incident.id)
    )
    return session().scalar(first.limit(1)) == incident.id


def people_in(incident: Incident) -> set[int]:
    """Return the people whom an incident names, as victims or as alleged perpetrators."""
    victims = select(Violation.victim_id).where(Violation.incident_id == incident.id)
    alleged = select(Involvement.alleged_perpetrator_id).where(
        Involvement.incident_id == incident.id
    )
    numbers = session().scalars(victims.union(alleged))
    return {number for number in numbers if number is not None}
