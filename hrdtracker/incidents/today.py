"""What comes next for one person: what runs out, what came back, what waits for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope
from hrdtracker.cases.mine import GivenCase, PlannedFollowUp, newly_given, planned
from hrdtracker.cases.model import Case, CaseStatus, Task
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.incidents.held import HeldIncident, held_now
from hrdtracker.incidents.lists import LISTED, ListedIncident
from hrdtracker.incidents.model import UNFINISHED, Incident
from hrdtracker.incidents.reviewers import StuckIncident, stuck
from hrdtracker.incidents.reviewing import waiting

SHOWN = 5
"""How many of each list the first page shows."""
ASKED = SHOWN + 1
"""One more is read, so that the page can say whether there are more."""
SOON = timedelta(days=7)
"""A day within this is soon: on the first page, and on badges."""


@dataclass(frozen=True)
class Today:
    """The lists of the first page, each with one row more than is shown where there are more."""

    waiting: Sequence[ListedIncident]
    stuck: Sequence[StuckIncident]
    mine: Sequence[Any]
    tasks: Sequence[Any]
    looks: Sequence[Any]
    planned: Sequence[PlannedFollowUp]
    given: Sequence[GivenCase]
    held: Sequence[HeldIncident]


def today_for(actor: Actor, zone: ZoneInfo) -> Today:
    """Return what comes next, in as few statements for many cases as for one."""
    if not policy.could(actor, Action.CASE_READ):
        return Today((), (), (), (), (), (), (), ())
    today = clock.today(zone)
    tasks = _tasks(actor)
    ring().load(task.data_key_id for task, *_ in tasks)
    return Today(
        waiting=waiting(actor) if policy.could(actor, Action.INCIDENT_REVIEW) else (),
        stuck=stuck(actor),
        mine=_mine(actor),
        tasks=tasks,
        looks=_looks(actor, today),
        planned=planned(actor, ASKED),
        given=newly_given(actor, ASKED),
        held=held_now(actor, ASKED),
    )


def _mine(actor: Actor) -> Sequence[Any]:
    """Return what came back to the actor, and the actor's drafts."""
    query = (
        policy.visible(actor, Action.INCIDENT_READ, Incident)
        .join(Case, Case.id == Incident.case_id)
        .with_only_columns(*LISTED)
        .where(Incident.status.in_(UNFINISHED), Incident.recorded_by_id == actor.id)
        .order_by(Incident.status.desc(), Incident.changed_at.desc())
        .limit(ASKED)
    )
    return session().execute(query).all()


def _tasks(actor: Actor) -> Sequence[Any]:
    """Return the actor's tasks that are not done, what is due first on top."""
    query = (
        policy.visible(actor, Action.CASE_READ, Task)
        .join(Case, Case.scope_id == Task.scope_id)
        .with_only_columns(Task, Case.code, Case.uid)
        .where(Task.assigned_to_id == actor.id, Task.done_at.is_(None))
        .order_by(Task.due_on.is_(None), Task.due_on, Task.id)
        .limit(ASKED)
    )
    return session().execute(query).all()


def _looks(actor: Actor, today: date) -> Sequence[Any]:
    """Return the actor's own cases that want to be looked at again within a week."""
    own = select(Scope.id).where(Scope.id == Case.scope_id, Scope.owner_id == actor.id)
    query = (
        policy.visible(actor, Action.CASE_READ, Case)
        .with_only_columns(
            Case.uid, Case.code, Case.lead_type, Case.lead_province, Case.next_look_on
        )
        .where(own.exists(), Case.next_look_on <= today + SOON, Case.status != CaseStatus.CLOSED)
        .order_by(Case.next_look_on, Case.id)
        .limit(ASKED)
    )
    return session().execute(query).all()
