"""Which proceedings concern a case, for its page; and how far they are, for an outline."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core.db import session
from hrdtracker.proceedings.model import ACCUSED_ROLES, Party, Proceeding, ProceedingScope


@dataclass(frozen=True)
class ListedProceeding:
    """A proceeding in a line: how far it is, at which court, against how many of the case."""

    uid: UUID
    stage: str
    court: str | None
    end_kind: str | None
    accused: int


def proceedings_of(actor: Actor, scope_id: int) -> Sequence[ListedProceeding]:
    """Return the proceedings of a case, those that go on first; in one statement."""
    accused = (
        select(func.count(Party.id))
        .where(
            Party.proceeding_id == Proceeding.id,
            Party.scope_id == scope_id,
            Party.role.in_(sorted(ACCUSED_ROLES)),
        )
        .scalar_subquery()
    )
    may = policy.condition(actor, Action.PROCEEDING_READ, ProceedingScope, of_few=True)
    query = (
        select(Proceeding.uid, Proceeding.stage, Proceeding.court, Proceeding.end_kind, accused)
        .join(ProceedingScope, ProceedingScope.proceeding_id == Proceeding.id)
        .where(ProceedingScope.scope_id == scope_id, may)
        .order_by(Proceeding.end_kind.is_not(None), Proceeding.id.desc())
    )
    return [ListedProceeding(*row) for row in session().execute(query)]


@dataclass(frozen=True)
class ProceedingOutline:
    """How far a proceeding is, and at which court: what those who see outlines may know of it."""

    stage: str
    court: str | None


def outlines_of(actor: Actor, scopes: Collection[int]) -> Mapping[int, Sequence[ProceedingOutline]]:
    """Return by scope how far the proceedings of cases are that go on; in one statement."""
    may = policy.condition(actor, Action.CASE_OUTLINE, ProceedingScope, of_few=True)
    query = (
        select(ProceedingScope.scope_id, Proceeding.stage, Proceeding.court)
        .join(Proceeding, Proceeding.id == ProceedingScope.proceeding_id)
        .where(ProceedingScope.scope_id.in_(scopes), may, Proceeding.end_kind.is_(None))
        .order_by(Proceeding.id)
    )
    found = defaultdict[int, list[ProceedingOutline]](list)
    for scope_id, stage, court in session().execute(query):
        found[scope_id].append(ProceedingOutline(stage, court))
    return found
