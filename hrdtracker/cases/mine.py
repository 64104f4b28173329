"""Somebody’s own cases: what is planned in them, and which of them colleagues gave lately."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_, select, true, union_all

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Grant, Scope, User, in_force
from hrdtracker.audit.model import AuditEntry, Opening, Outcome
from hrdtracker.cases.model import Case, CaseStatus, FollowUp, Task
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.page import AnySelect
from hrdtracker.core.seal import ring

ASSIGNMENTS_LOOKED_AT = 500
"""How far back the trail is read for who gave a case: what is new is among its latest."""


class PlannedFollowUp(NamedTuple):
    """A call, visit, hearing or meeting to come, and the case it belongs to."""

    uid: UUID
    code: str
    lead_type: str | None
    lead_province: str | None
    kind: str
    at: datetime
    timed: bool


class GivenCase(NamedTuple):
    """A case that a colleague gave, and the reader has not opened since; `owns` unless a member."""

    uid: UUID
    code: str
    lead_type: str | None
    lead_province: str | None
    at: datetime
    owns: bool
    giver: User


class DueTask(NamedTuple):
    """A task that is due, without its words: of which kind of case, by when, whose it is."""

    lead_type: str | None
    lead_province: str | None
    due_on: date | None
    owner_id: int


CASE = (Case.uid, Case.code, Case.lead_type, Case.lead_province)


def planned(actor: Actor, most: int) -> Sequence[PlannedFollowUp]:
    """Return what is planned in the open cases that the actor works on, what comes first on top."""
    query = (
        policy.visible(actor, Action.CASE_READ, FollowUp)
        .join(Case, Case.scope_id == FollowUp.scope_id)
        .with_only_columns(*CASE, FollowUp.kind, FollowUp.at, FollowUp.timed)
        .where(
            FollowUp.planned(),
            Case.status != CaseStatus.CLOSED,
            _works_on_it(actor),
        )
        .order_by(FollowUp.at, FollowUp.id)
        .limit(most)
    )
    return [PlannedFollowUp(*row) for row in session().execute(query)]


def tasks_due(actor: Actor, office_id: int, day: date) -> Sequence[DueTask]:
    """Return the tasks of an office that are due by a day, in the cases that the actor may read."""
    here = select(Scope.id).where(Scope.office_id == office_id)
    query = (
        policy.visible(actor, Action.CASE_READ, Task)
        .join(Case, Case.scope_id == Task.scope_id)
        .with_only_columns(Case.lead_type, Case.lead_province, Task.due_on, Task.assigned_to_id)
        .where(Task.due_on <= day, Task.done_at.is_(None), Task.scope_id.in_(here))
        .order_by(Task.due_on, Task.id)
    )
    return [DueTask(*row) for row in session().execute(query)]


def _works_on_it(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor planned it, or owns its case, helps or has a task there.

    Who may only read a case is not told of each of its days.
    """
    owns = select(Scope.id).where(Scope.id == FollowUp.scope_id, Scope.owner_id == actor.id)
    helps = select(Grant.id).where(
        Grant.scope_id == FollowUp.scope_id,
        Grant.user_id == actor.id,
        in_force(Grant, clock.now()),
    )
    is_asked = select(Task.id).where(
        Task.scope_id == FollowUp.scope_id,
        Task.assigned_to_id == actor.id,
        Task.done_at.is_(None),
    )
    return or_(
        FollowUp.recorded_by_id == actor.id, owns.exists(), helps.exists(), is_asked.exists()
    )


def newly_given(actor: Actor, most: int) -> Sequence[GivenCase]:
    """Return the cases that colleagues gave to the actor, until the actor opens them, latest first.

    Who gave a case to its owner stands on the trail, who let in a member with the grant.
    """
    given = union_all(_assigned(actor), _shared(actor)).subquery()
    opened = select(Opening.id).where(
        Opening.scope_id == given.c.scope_id,
        Opening.actor_id == actor.id,
        Opening.at >= given.c.at,
    )
    query = (
        policy.visible(actor, Action.CASE_READ, Case)
        .join(given, given.c.scope_id == Case.scope_id)
        .join(User, User.id == given.c.giver_id)
        .with_only_columns(*CASE, given.c.at, given.c.owns, User)
        .where(~opened.exists())
        .order_by(given.c.at.desc(), Case.id)
    )
    latest: dict[UUID, GivenCase] = {}
    for row in session().execute(query.limit(most)):
        latest.setdefault(row.uid, GivenCase(*row))
    ring().load({case.giver.data_key_id for case in latest.values()})
    return list(latest.values())


def _assigned(actor: Actor) -> AnySelect:
    """Return the query of the actor's cases that somebody else assigned, among the latest."""
    latest = (
        select(AuditEntry.scope_id, AuditEntry.at, AuditEntry.actor_uid)
        .where(AuditEntry.action == Action.CASE_ASSIGN, AuditEntry.outcome == Outcome.DONE)
        .order_by(AuditEntry.seq.desc())
        .limit(ASSIGNMENTS_LOOKED_AT)
        .subquery()
    )
    return (
        select(latest.c.scope_id, latest.c.at, User.id.label("giver_id"), true().label("owns"))
        .join(Scope, Scope.id == latest.c.scope_id)
        .join(User, User.uid == latest.c.actor_uid)
        .where(Scope.owner_id == actor.id, User.id != actor.id)
    )


def _shared(actor: Actor) -> AnySelect:
    """Return the query of the cases into which somebody else lets the actor now."""
    return select(Grant.scope_id, Grant.starts_at, Grant.granted_by_id, false()).where(
        Grant.user_id == actor.id,
        Grant.granted_by_id != actor.id,
        in_force(Grant, clock.now()),
    )
