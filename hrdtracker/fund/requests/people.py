"""Whom a request names: by letter, and by name for whoever asks, which the trail keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.fund.model import RequestPerson, RequestRole, SupportRequest
from hrdtracker.people.ages import WhyMasked
from hrdtracker.people.model import Person, PersonScope
from hrdtracker.people.naming import show_names


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


@dataclass(frozen=True)
class IdentifiedPeople:
    """The names of the people of a request by their uid, and whose stay hidden."""

    names: Mapping[UUID, Sequence[str]] = field(repr=False)
    masked: Mapping[int, WhyMasked]


def reveal_people(
    actor: Actor, request: SupportRequest, reason: str | None = None
) -> IdentifiedPeople:
    """Return the names of everybody in a request; the trail keeps that it did.

    Of whoever may have been under 18 only for a `reason`, which is kept.
    """
    query = (
        select(Person.id, Person.uid)
        .join(RequestPerson, RequestPerson.person_id == Person.id)
        .where(RequestPerson.request_id == request.id)
    )
    with authorised(actor, Action.FUND_IDENTIFY, within=request):
        uids = dict(session().execute(query).all())
        shown = show_names(actor, list(uids), reason)
    names = {
        uids[number]: list(dict.fromkeys(row.name for row in rows if row.name))
        for number, rows in shown.names.items()
    }
    return IdentifiedPeople(names, shown.masked)
