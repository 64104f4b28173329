"""Where a person is named: the cases, incidents and contacts that one may see, and no others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, select, union
from sqlalchemy.orm import aliased

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope, Sensitivity, User
from hrdtracker.cases.model import Case, CaseStatus
from hrdtracker.cases.queries import areas_of
from hrdtracker.core.db import PREPARED, session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.page import Listing, Page
from hrdtracker.core.seal import ring
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import IS_KEPT, Stay
from hrdtracker.custody.states import says_held
from hrdtracker.incidents.lists import occurred
from hrdtracker.incidents.model import Incident, Involvement, Violation
from hrdtracker.people.model import Contact, Person, PersonScope

CONTACTS_MOST = 60
Home = aliased(Scope)
"""A case's scope under another name, so that the policy's own conditions keep theirs."""


@dataclass(frozen=True)
class ContactLine:
    """A way to reach the person, and the case that keeps it."""

    contact: Contact
    case: Case


class PersonCase(NamedTuple):
    """A case that names the person, and by which letter."""

    case: Case
    letter: str
    sensitivity: Sensitivity


class PersonIncident(NamedTuple):
    """An incident that names the person, and as what."""

    incident: Incident
    case: Case
    as_victim: bool
    as_alleged: bool


class AgainstPerson(NamedTuple):
    """A violation against the person, and where they are or were last, as it says."""

    violation: Violation
    stay: Stay | None
    confirmer: User | None

    @property
    def is_held(self) -> bool:
        """Whether they are held, and the case says nothing later of them."""
        return self.stay is not None and says_held(self.stay)

    @property
    def status_at_end(self) -> str | None:
        """What else was said of them: charged, injured."""
        return self.violation.status_at_end


@dataclass(frozen=True)
class Links:
    """Everything that the actor may see of where a person is named.

    `violations` are those against the person, by the incident's number.
    """

    cases: Page[PersonCase]
    incidents: Page[PersonIncident]
    violations: Mapping[int, tuple[AgainstPerson, ...]]
    contacts: tuple[ContactLine, ...]


def links_of(
    actor: Actor, person: Person, cases: str | None = None, incidents: str | None = None
) -> Links:
    """Return the first page, or the pages at these places, of each list; keys are loaded."""
    links = Links(
        cases=_cases(actor).page(cases, person=person.id),
        incidents=(happened := _incidents(actor).page(incidents, person=person.id)),
        violations=_violations(person, [row.incident.id for row in happened.rows]),
        contacts=contacts_of(actor, person),
    )
    ring().load(
        [person.data_key_id]
        + [row.case.data_key_id for row in links.cases.rows]
        + [row.case.data_key_id for row in links.incidents.rows]
        + [line.contact.data_key_id for line in links.contacts]
    )
    return links


class NamedIn(NamedTuple):
    """A case that names somebody, as a list of people says it: by which letter, about what."""

    letter: str
    code: str
    areas: tuple[str, ...]


class LastIncident(NamedTuple):
    """The latest incident of somebody: where it was, and when."""

    commune: str | None
    district: str | None
    province: str | None
    occurred: When


@dataclass(frozen=True)
class PersonTrace:
    """What may be said of somebody without a name: where they are named and were last a victim."""

    cases: tuple[NamedIn, ...] = ()
    last: LastIncident | None = None


def traces(actor: Actor, ids: Iterable[int]) -> dict[int, PersonTrace]:
    """Return the traces of people, as far as the actor may see them; three statements."""
    people = list(ids)
    cases, last = _named_in(actor, people), _last_incidents(actor, people)
    return {number: PersonTrace(cases.get(number, ()), last.get(number)) for number in people}


def open_cases(actor: Actor, ids: Iterable[int]) -> dict[int, Case]:
    """Return the latest open case that names each person and that the actor may add to."""
    query = (
        select(PersonScope.person_id, Case)
        .join(Case, Case.scope_id == PersonScope.scope_id)
        .where(
            PersonScope.person_id.in_(list(ids)),
            PersonScope.told_to(actor.id),
            Case.status != CaseStatus.CLOSED,
            policy.condition(actor, Action.CASE_EXTEND, Case, of_few=True),
        )
        .order_by(Case.lead_at, Case.id)
    )
    return {row.person_id: row.Case for row in session().execute(query)}


def _named_in(actor: Actor, people: list[int]) -> dict[int, tuple[NamedIn, ...]]:
    """Return the cases that name each person, the latest first."""
    query = (
        select(PersonScope.person_id, PersonScope.letter, Case.id, Case.code)
        .join(Case, Case.scope_id == PersonScope.scope_id)
        .where(
            PersonScope.person_id.in_(people),
            PersonScope.told_to(actor.id),
            policy.condition(actor, Action.CASE_READ, Case, of_few=True),
        )
        .order_by(Case.lead_at.desc(), Case.id.desc())
    )
    rows = session().execute(query).all() if people else []
    areas = areas_of({case_id for _, _, case_id, _ in rows}) if rows else {}
    cases: dict[int, tuple[NamedIn, ...]] = {}
    for person_id, letter, case_id, code in rows:
        named = NamedIn(letter, code, areas.get(case_id, ()))
        cases[person_id] = (*cases.get(person_id, ()), named)
    return cases


def _last_incidents(actor: Actor, people: list[int]) -> dict[int, LastIncident]:
    """Return the latest incident of each person who was a victim of any."""
    latest_first = Incident.occurred_sort.desc(), Incident.id.desc()
    place = func.row_number().over(partition_by=Violation.victim_id, order_by=latest_first)
    ranked = (
        select(Violation.victim_id, Incident.id.label("incident_id"), place.label("place"))
        .join(Incident, Incident.id == Violation.incident_id)
        .where(
            Violation.victim_id.in_(people),
            policy.condition(actor, Action.INCIDENT_READ, Incident, of_few=True),
        )
        .subquery()
    )
    query = (
        select(
            ranked.c.victim_id,
            Incident.commune,
            Incident.district,
            Incident.province,
            *Incident.occurred.columns(Incident),
        )
        .join(ranked, ranked.c.incident_id == Incident.id)
        .where(ranked.c.place == 1)
    )
    return {
        row.victim_id: LastIncident(row.commune, row.district, row.province, occurred(row))
        for row in (session().execute(query) if people else ())
    }


PERSON = bindparam("person", type_=Integer)


@lru_cache(maxsize=PREPARED)
def _cases(actor: Actor) -> Listing[PersonCase]:
    query = (
        select(Case, PersonScope.letter, Home.sensitivity)
        .join(PersonScope, PersonScope.scope_id == Case.scope_id)
        .join(Home, Home.id == Case.scope_id)
        .where(
            PersonScope.person_id == PERSON,
            PersonScope.told_to(actor.id),
            policy.condition(actor, Action.CASE_READ, Case, of_few=True),
        )
    )
    return Listing(query, Case.lead_at, Case.id, PersonCase)


@lru_cache(maxsize=PREPARED)
def _incidents(actor: Actor) -> Listing[PersonIncident]:
    suffered = select(Violation.incident_id).where(Violation.victim_id == PERSON)
    alleged = select(Involvement.incident_id).where(Involvement.alleged_perpetrator_id == PERSON)
    as_victim, as_alleged = Incident.id.in_(suffered), Incident.id.in_(alleged)
    query = (
        select(Incident, Case, as_victim, as_alleged)
        .join(Case, Case.id == Incident.case_id)
        .where(
            Incident.id.in_(union(suffered, alleged)),
            policy.condition(actor, Action.INCIDENT_READ, Incident, of_few=True),
        )
    )
    return Listing(query, Incident.occurred_sort, Incident.id, PersonIncident)


def _violations(person: Person, ids: list[int]) -> dict[int, tuple[AgainstPerson, ...]]:
    query = (
        select(Violation, Stay, User)
        .outerjoin(Stay, (Stay.violation_id == Violation.id) & IS_KEPT)
        .outerjoin(User, User.id == Stay.confirmed_by_id)
        .where(Violation.incident_id.in_(ids), Violation.victim_id == person.id)
        .order_by(Violation.id, Stay.since, Stay.id)
    )
    told = [AgainstPerson(*row) for row in session().execute(query)] if ids else []
    rows = {row.violation.id: row for row in told}.values()
    ring().load({row.confirmer.data_key_id for row in rows if row.confirmer})
    by_incident: dict[int, tuple[AgainstPerson, ...]] = {}
    for row in rows:
        number = row.violation.incident_id
        by_incident[number] = (*by_incident.get(number, ()), row)
    return by_incident


def contacts_of(actor: Actor, person: Person) -> tuple[ContactLine, ...]:
    """Return the latest contacts of a person in the cases that the actor may see."""
    query = (
        select(Contact, Case)
        .join(Case, Case.scope_id == Contact.scope_id)
        .where(
            Contact.person_id == person.id,
            policy.condition(actor, Action.CONTACT_READ, Contact, of_few=True),
        )
        .order_by(Contact.recorded_at.desc(), Contact.id.desc())
        .limit(CONTACTS_MOST)
    )
    return tuple(ContactLine(contact, case) for contact, case in session().execute(query))


def contact(actor: Actor, uid: UUID) -> tuple[Contact, Case]:
    """Return a contact that can be read, and its case; raises NotFound."""
    record = policy.fetch(actor, Action.CONTACT_READ, Contact, uid)
    ring().load([record.data_key_id])
    case = session().scalars(select(Case).where(Case.scope_id == record.scope_id)).one()
    return record, case


def person_of(actor: Actor, contact: Contact) -> Person:
    """Return whom a contact reaches; raises NotFound where the actor may not see them."""
    may = policy.condition(actor, Action.PERSON_READ, Person, of_few=True)
    person = session().scalar(select(Person).where(Person.id == contact.person_id, may))
    if person is None:
        raise NotFound
    return person
