"""What a case says of courts: its proceedings, and why people are held."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.people.model import PersonScope
from hrdtracker.proceedings.guarding import joined, stands_in
from hrdtracker.proceedings.model import (
    ACCUSED_ROLES,
    CourtOrder,
    LegalTitle,
    Party,
    Proceeding,
    ProceedingScope,
)


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
    concern = select(ProceedingScope.proceeding_id).where(ProceedingScope.scope_id == scope_id)
    parts = joined(concern)
    accused = (
        select(func.count(Party.person_id.distinct()))
        .join(parts, stands_in(parts))
        .where(
            parts.c.whole == Proceeding.id,
            Party.scope_id == scope_id,
            Party.role.in_(sorted(ACCUSED_ROLES)),
        )
        .correlate(Proceeding)
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


TIED_MOST = 200
"""So many cases are offered to tie a proceeding to, those that changed last."""


def cases_to_tie(actor: Actor, proceeding: Proceeding, most: int = TIED_MOST) -> Sequence[Case]:
    """Return the cases to which somebody may add, and which a proceeding does not concern yet."""
    there = select(ProceedingScope.scope_id).where(ProceedingScope.proceeding_id == proceeding.id)
    query = (
        policy.visible(actor, Action.PROCEEDING_RECORD, Case)
        .where(Case.scope_id.not_in(there))
        .order_by(Case.changed_at.desc(), Case.id.desc())
        .limit(most)
    )
    return session().scalars(query).all()


@dataclass(frozen=True)
class TitleDetails:
    """Why somebody is held, with the case that says so, and the proceeding it belongs to."""

    title: LegalTitle
    case: Case
    proceeding_uid: UUID | None


def title_details(actor: Actor, uid: UUID) -> TitleDetails:
    """Return why somebody is held, for who may change it; raises NotFound."""
    title = policy.fetch(actor, Action.PROCEEDING_RECORD, LegalTitle, uid)
    case = session().scalars(select(Case).where(Case.scope_id == title.scope_id)).one()
    ring().load([title.data_key_id])
    query = select(Proceeding.uid).where(Proceeding.id == title.proceeding_id)
    return TitleDetails(title, case, session().scalar(query))


@dataclass(frozen=True)
class OrderDetails:
    """An order, with the case that says so, and the proceeding it belongs to."""

    order: CourtOrder
    case: Case
    proceeding_uid: UUID | None


def order_details(actor: Actor, uid: UUID) -> OrderDetails:
    """Return an order, for who may change it; raises NotFound."""
    order = policy.fetch(actor, Action.PROCEEDING_RECORD, CourtOrder, uid)
    case = session().scalars(select(Case).where(Case.scope_id == order.scope_id)).one()
    ring().load([order.data_key_id])
    query = select(Proceeding.uid).where(Proceeding.id == order.proceeding_id)
    return OrderDetails(order, case, session().scalar(query))


def titles_of(actor: Actor, scope_id: int) -> Sequence[tuple[LegalTitle, str]]:
    """Return why people of a case are held, with the letter of each; what has ended too."""
    may = policy.condition(actor, Action.PROCEEDING_RECORD, LegalTitle, of_few=True)
    query = (
        select(LegalTitle, PersonScope.letter)
        .join(
            PersonScope,
            (PersonScope.person_id == LegalTitle.person_id)
            & (PersonScope.scope_id == LegalTitle.scope_id),
        )
        .where(LegalTitle.scope_id == scope_id, may)
        .order_by(LegalTitle.id)
    )
    rows = [(row, letter) for row, letter in session().execute(query)]
    ring().load({row.data_key_id for row, _ in rows})
    return rows
