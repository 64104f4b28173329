"""Everybody of a case to whom something may have happened, and where they are."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.custody.people import PersonStay, held_first, let_read, people_in
from hrdtracker.incidents.case_view import concerned
from hrdtracker.incidents.model import Incident, Violation
from hrdtracker.people.model import Person, PersonScope
from hrdtracker.proceedings.guarding import joined, stands_in
from hrdtracker.proceedings.model import Party, Proceeding


def everybody(actor: Actor, case: Case) -> list[PersonStay]:
    """Return those of whom a case says where they are, and the others whom it names as concerned.

    Who is held is first. Whoever is only alleged to have done it is left out.
    """
    known = people_in(case.scope_id)
    there = {row.person.id for row in known if row.person is not None}
    query = (
        select(Person, PersonScope.letter)
        .join(PersonScope, PersonScope.person_id == Person.id)
        .where(PersonScope.scope_id == case.scope_id, concerned(actor))
        .order_by(PersonScope.letter)
    )
    others = [
        PersonStay(None, person, letter or "", None)
        for person, letter in session().execute(query)
        if person.id not in there
    ]
    let_read(others)
    return held_first([*known, *others])


def of_incident(people: Collection[PersonStay], incident: Incident) -> list[PersonStay]:
    """Return those to whom an incident happened."""
    query = select(Violation.id, Violation.victim_id).where(Violation.incident_id == incident.id)
    rows = session().execute(query).all()
    violations, victims = {row.id for row in rows}, {row.victim_id for row in rows} - {None}
    return [
        row
        for row in people
        if (row.person and row.person.id in victims)
        or (row.stay and row.stay.violation_id in violations)
    ]


def of_proceeding(people: Collection[PersonStay], uid: UUID, scope_id: int) -> list[PersonStay]:
    """Return those who stand in a proceeding, or in one that goes on in it, as a case says."""
    parts = joined(select(Proceeding.id).where(Proceeding.uid == uid))
    query = select(Party.person_id).join(parts, stands_in(parts)).where(Party.scope_id == scope_id)
    there = set(session().scalars(query))
    return [row for row in people if row.person and row.person.id in there]
