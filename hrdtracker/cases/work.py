"""What is to be done in a case, and what was: tasks and follow-ups."""

from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.assignments import actor_of, colleague
from hrdtracker.audit.receipts import idempotent
from hrdtracker.authorised import authorised
from hrdtracker.cases.drafts import FollowUpDraft, TaskDraft
from hrdtracker.cases.model import Case, FollowUp, Task
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Refused, WrongStatus


@idempotent
def add_task(actor: Actor, case: Case, draft: TaskDraft) -> Task:
    """Add something to do, for oneself or a colleague who can open the case."""
    with authorised(actor, Action.CASE_EXTEND, on=case, sending=draft.sending) as signature:
        task = Task(
            scope_id=case.scope_id,
            data_key_id=case.data_key_id,
            what=draft.what.strip(),
            due_on=draft.due_on,
            assigned_to_id=_assignee(actor, case, draft.assignee),
            set_by_id=actor.id,
            set_at=clock.now(),
        )
        session().add(task)
        signature.made = task
        case.changed_at = clock.now()
    return task


def finish_task(actor: Actor, case: Case, uid: UUID) -> Task:
    """Mark a task as done; raises NotFound for one of another case, WrongStatus for a done one."""
    with authorised(actor, Action.CASE_EXTEND, on=case):
        query = select(Task).where(Task.uid == uid, Task.scope_id == case.scope_id)
        task = session().scalar(query)
        if task is None:
            raise NotFound
        if task.done_at is not None:
            raise WrongStatus(N_("This task is done already."))
        end_task(actor, task)
        case.changed_at = clock.now()
    return task


def end_task(actor: Actor, task: Task) -> None:
    """Note that a task is done, and by whom; inside an open act."""
    task.done_at, task.done_by_id = clock.now(), actor.id


@idempotent
def add_follow_up(actor: Actor, case: Case, draft: FollowUpDraft) -> FollowUp:
    """Add a call, visit, hearing or meeting; what was reviewed stays reviewed."""
    check_terms({"kind": ("follow_up_kind", draft.kind)})
    with authorised(actor, Action.CASE_EXTEND, on=case, sending=draft.sending) as signature:
        follow_up = new_follow_up(actor, case, draft)
        session().add(follow_up)
        signature.made = follow_up
        case.changed_at = clock.now()
    return follow_up


def new_follow_up(actor: Actor, case: Case, draft: FollowUpDraft) -> FollowUp:
    """Return a follow-up of a case as it is recorded now; not yet added."""
    return FollowUp(
        scope_id=case.scope_id,
        data_key_id=case.data_key_id,
        kind=draft.kind,
        at=draft.at,
        timed=draft.timed,
        note=draft.note,
        recorded_by_id=actor.id,
        recorded_at=clock.now(),
    )


def _assignee(actor: Actor, case: Case, uid: UUID | None) -> int:
    """Return who is to do it; raises Refused for somebody who cannot open the case."""
    if uid is None or uid == actor.uid:
        return actor.id
    user = colleague(actor, uid)
    if user is None or not policy.allows(actor_of(user), Action.CASE_READ, case):
        raise Refused({"assignee": N_("This colleague cannot open the case. Choose another.")})
    return user.id
