"""Limits of an office for whoever is on duty: those they cannot open are only a number."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, not_, or_, select
from sqlalchemy.orm import aliased

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.custody.model import Stay
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.reading import DUE_TO_END


class ClosedCase(NamedTuple):
    """A case in which something ends soon, and which whoever is on duty cannot open."""

    uid: UUID
    code: str
    lead_type: str | None
    lead_province: str | None
    limits: int


def unreadable(actor: Actor, offices: Collection[int], until: datetime) -> int:
    """Return how many limits end by then in cases of these offices that somebody cannot open.

    Nothing of a secret case is counted, nor of one from which they are shut out.
    """
    rows = policy.visible(actor, Action.DUTY_COUNT, Clock).outerjoin(Stay, Stay.id == Clock.stay_id)
    query = rows.where(
        DUE_TO_END,
        _lies_in(offices),
        not_(policy.condition(actor, Action.CASE_READ, Clock)),
    )
    counted = query.with_only_columns(func.count(Clock.id.distinct()))
    return session().scalar(counted, {"until": until}) or 0


def closed_to(actor: Actor, other: Actor, office_id: int, until: datetime) -> Sequence[ClosedCase]:
    """Return the cases that `actor` says who opens, where a limit ends, and `other` cannot open."""
    query = (
        policy.visible(actor, Action.CASE_MEMBERS, Clock)
        .outerjoin(Stay, Stay.id == Clock.stay_id)
        .join(Case, Case.scope_id == Clock.scope_id)
        .where(
            DUE_TO_END,
            _lies_in([office_id]),
            not_(policy.condition(other, Action.CASE_READ, Clock)),
        )
        .with_only_columns(
            Case.uid, Case.code, Case.lead_type, Case.lead_province, func.count(Clock.id.distinct())
        )
        .group_by(Case.uid, Case.code, Case.lead_type, Case.lead_province)
        .order_by(func.min(Clock.ends_earliest))
    )
    return [ClosedCase(*row) for row in session().execute(query, {"until": until})]


def closed_in(actor: Actor, others: Mapping[int, Actor], until: datetime) -> Mapping[int, int]:
    """Return of each office how many such limits there are, for whom of `others` is on duty there.

    Offices without any are left out; one statement for all.
    """
    of_case = aliased(Scope)  # the rules look at the scope themselves
    query = (
        policy.visible(actor, Action.CASE_MEMBERS, Clock)
        .outerjoin(Stay, Stay.id == Clock.stay_id)
        .join(of_case, of_case.id == Clock.scope_id)
        .where(
            DUE_TO_END,
            or_(
                *(
                    (of_case.office_id == office)
                    & not_(policy.condition(other, Action.CASE_READ, Clock))
                    for office, other in others.items()
                )
            ),
        )
        .with_only_columns(of_case.office_id, func.count(Clock.id.distinct()))
        .group_by(of_case.office_id)
    )
    return dict(session().execute(query, {"until": until}).all())


def _lies_in(offices: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a limit is of a case of these offices."""
    return Clock.scope_id.in_(select(Scope.id).where(Scope.office_id.in_(offices)))


def scopes_of(office_id: int, scopes: Collection[int]) -> frozenset[int]:
    """Return which of some scopes are of an office."""
    query = select(Scope.id).where(Scope.id.in_(scopes), Scope.office_id == office_id)
    return frozenset(session().scalars(query))
