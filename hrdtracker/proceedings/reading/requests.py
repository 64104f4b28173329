"""Requests of the defence: those of a case, undecided ones first, and one for its form."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.people.model import PersonScope
from hrdtracker.proceedings.model import (
    DefenceRequest,
    Party,
    Proceeding,
    RequestStanding,
)

LISTED_MOST = 20
"""So many requests of a case are listed: those that nobody decided, then the latest."""


@dataclass(frozen=True)
class ListedDefenceRequest:
    """A request with the letter of whom it is for."""

    request: DefenceRequest
    letter: str


@dataclass(frozen=True)
class DefenceDetails:
    """A request with its case, its proceeding, and the letter of whom it is for."""

    request: DefenceRequest
    case: Case
    proceeding: Proceeding
    letter: str


def requests_of(actor: Actor, scope_id: int) -> Sequence[ListedDefenceRequest]:
    """Return the requests of the defence in a case, undecided ones first; in one statement."""
    may = policy.condition(actor, Action.CASE_READ, DefenceRequest, of_few=True)
    query = (
        select(DefenceRequest, PersonScope.letter)
        .join(Party, Party.id == DefenceRequest.party_id)
        .join(
            PersonScope,
            (PersonScope.person_id == Party.person_id) & (PersonScope.scope_id == Party.scope_id),
        )
        .where(DefenceRequest.scope_id == scope_id, may)
        .order_by(
            DefenceRequest.status != RequestStanding.UNDECIDED,
            DefenceRequest.id.desc(),
        )
        .limit(LISTED_MOST)
    )
    rows = [ListedDefenceRequest(row, letter) for row, letter in session().execute(query)]
    ring().load({row.request.data_key_id for row in rows})
    return rows


def request_details(actor: Actor, uid: UUID) -> DefenceDetails:
    """Return one request, for who may change it; raises NotFound."""
    request = policy.fetch(actor, Action.PROCEEDING_RECORD, DefenceRequest, uid)
    query = (
        select(Case, Proceeding, PersonScope.letter)
        .select_from(Party)
        .join(Case, Case.scope_id == Party.scope_id)
        .join(Proceeding, Proceeding.id == Party.proceeding_id)
        .join(
            PersonScope,
            (PersonScope.person_id == Party.person_id) & (PersonScope.scope_id == Party.scope_id),
        )
        .where(Party.id == request.party_id)
    )
    case, proceeding, letter = session().execute(query).one()
    ring().load([request.data_key_id, proceeding.data_key_id])
    return DefenceDetails(request, case, proceeding, letter)
