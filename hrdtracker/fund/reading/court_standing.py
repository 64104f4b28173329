"""How far the courts are with whom support is asked for: stage, where held, next date; no more."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.page import AnySelect
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import Stay, StayStanding
from hrdtracker.custody.states import says_held
from hrdtracker.fund.model import RequestPerson, RequestRole, SupportRequest
from hrdtracker.people.model import PersonScope
from hrdtracker.proceedings.guarding import joined, stands_in
from hrdtracker.proceedings.model import (
    ACCUSED_ROLES,
    Hearing,
    HearingStatus,
    Party,
    Proceeding,
    ProceedingScope,
)


@dataclass(frozen=True)
class CourtStanding:
    """Where somebody is who is to be helped, and how far the courts are with them.

    Codes and days alone: no words of the case, no court, no number, no judge. Of whom nothing is
    said, `situation` is None and nothing is at court.
    """

    letter: str
    situation: str | None
    is_held: bool
    prison: str | None
    since: datetime | None
    stages: Sequence[str]
    next_hearing: When | None


def court_standing(actor: Actor, request: SupportRequest) -> list[CourtStanding]:
    """Return how it stands with those whom a request is to help, to whoever holds its fund.

    Nothing to anybody else, nor of a case whose outline they may not see; two statements.
    """
    if not policy.could(actor, Action.FUND_STANDING):
        return []
    rows = session().execute(_where_they_are(actor, request)).all()
    last = {person_id: (letter, stay) for person_id, letter, stay in rows}
    courts = _at_court(actor, request) if last else {}
    return [
        _standing(letter or "", stay, courts.get(person_id, ()))
        for person_id, (letter, stay) in last.items()
    ]


def _standing(letter: str, stay: Stay | None, courts: Sequence[Any]) -> CourtStanding:
    stages = tuple(dict.fromkeys(stage for stage, _ in courts))
    days = [day for _, day in courts if day is not None and day.earliest is not None]
    return CourtStanding(
        letter,
        stay.situation if stay and stay.end_kind is None else None,
        stay is not None and says_held(stay),
        stay.prison if stay and says_held(stay) else None,
        stay.since if stay and stay.end_kind is None else None,
        stages,
        min(days, key=lambda day: day.earliest, default=None),
    )


def _of_request(actor: Actor, request: SupportRequest) -> AnySelect:
    """Return the query of whom a request is to help, for who may know how it stands with them."""
    may = policy.condition(actor, Action.FUND_STANDING, SupportRequest, of_few=True)
    return (
        select(RequestPerson.person_id)
        .select_from(SupportRequest)
        .join(RequestPerson, RequestPerson.request_id == SupportRequest.id)
        .where(SupportRequest.id == request.id, RequestPerson.part == RequestRole.BENEFICIARY, may)
    )


def _where_they_are(actor: Actor, request: SupportRequest) -> AnySelect:
    """Return the query of the stays of each in the case, the last of each last."""
    person, scope = RequestPerson.person_id, SupportRequest.scope_id
    here = and_(Stay.person_id == person, Stay.scope_id == scope)
    named = and_(PersonScope.person_id == person, PersonScope.scope_id == scope)
    return (
        _of_request(actor, request)
        .outerjoin(PersonScope, named)
        .outerjoin(Stay, and_(here, Stay.standing == StayStanding.TOLD))
        .with_only_columns(person, PersonScope.letter, Stay)
        .order_by(person, Stay.since, Stay.id)
    )


def _at_court(
    actor: Actor, request: SupportRequest
) -> Mapping[int, Sequence[tuple[str, When | None]]]:
    """Return by person the stage of each proceeding that goes on, with each hearing to come.

    Whoever stands in one that was joined is before the court in the other.
    """
    comes = and_(
        Hearing.proceeding_id == Proceeding.id,
        Hearing.status == HearingStatus.SCHEDULED,
        Hearing.starts.part(Hearing, "latest") > clock.now(),
    )
    at_court = and_(
        Party.person_id == RequestPerson.person_id,
        Party.scope_id == SupportRequest.scope_id,
        Party.role.in_(sorted(ACCUSED_ROLES)),
    )
    concern = select(ProceedingScope.proceeding_id).where(
        ProceedingScope.scope_id == request.scope_id
    )
    parts = joined(concern)
    query = (
        _of_request(actor, request)
        .join(Party, at_court)
        .join(parts, stands_in(parts))
        .join(Proceeding, Proceeding.id == parts.c.whole)
        .outerjoin(Hearing, comes)
        .where(Proceeding.end_kind.is_(None))
        .with_only_columns(RequestPerson.person_id, Proceeding.stage, Hearing)
        .order_by(Proceeding.id)
    )
    found = defaultdict[int, list[tuple[str, When | None]]](list)
    for person_id, stage, hearing in session().execute(query):
        found[person_id].append((stage, _day(hearing)))
    return found


def _day(hearing: Hearing | None) -> When | None:
    return None if hearing is None else hearing.day
