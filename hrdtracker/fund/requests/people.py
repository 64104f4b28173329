"""Whom a request names: by letter, and by name for whoever asks, which the trail keeps."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.fund.model import RequestPerson, RequestRole, SupportRequest
from hrdtracker.people.model import Person, PersonName, PersonScope


@dataclass(frozen=True)
class RequestedPerson:
    """Somebody in a request by the letter that stands for them in the case."""

    part: RequestRole
    person: UUID
    letter: str


def people_of(request: SupportRequest) -> list[RequestedPerson]:
    """Return the people of a request by letter, without their names."""
    query = (
        select(RequestPerson.part, Person.uid, PersonScope.letter)
        .join(Person, Person.id == RequestPerson.person_id)
        .outerjoin(
            PersonScope,
            (PersonScope.person_id == Person.id) & (PersonScope.scope_id == request.scope_id),
        )
        .where(RequestPerson.request_id == request.id)
        .order_by(RequestPerson.part, Person.id)
    )
    return [
        RequestedPerson(RequestRole(part), uid, letter or "")
        for part, uid, letter in session().execute(query)
    ]


def reveal_people(actor: Actor, request: SupportRequest) -> dict[UUID, list[str]]:
    """Return the names of everybody in a request by their uid; the trail keeps that it did."""
    with authorised(actor, Action.FUND_IDENTIFY, within=request):
        query = (
            select(Person.uid, PersonName)
            .join(PersonName, PersonName.person_id == Person.id)
            .join(RequestPerson, RequestPerson.person_id == Person.id)
            .where(RequestPerson.request_id == request.id)
            .order_by(PersonName.position)
        )
        rows = session().execute(query).unique().all()
        ring().load([name.data_key_id for _, name in rows])
    names: dict[UUID, list[str]] = {}
    for uid, name in rows:
        if name.name and name.name not in names.setdefault(uid, []):
            names[uid].append(name.name)
    return names
