"""Asking for a job, in the act that needs it; and asking once more for one that was given up."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.outbox.kinds import RULES, JobKind
from hrdtracker.outbox.model import ENDED, Job, JobState


def enqueue(
    kind: JobKind, about: UUID | None = None, *, key: str = "", run_after: datetime | None = None
) -> None:
    """Write a job down in the transaction of the open act: undone, it leaves none (an outbox).

    `key` is an idempotency key: of one key there is one job. One that waits is not asked for
    twice; one that runs or ended is done again only where its kind has a pace. Raises Unsigned
    outside the door.
    """
    due = run_after or clock.now()
    name = f"{kind}:{key}" if key else None
    job = session().scalar(select(Job).where(Job.key == name).with_for_update()) if name else None
    if job is None:
        session().add(Job(kind=kind, key=name, about_uid=about, run_after=due, made_at=clock.now()))
        session().flush()
        return
    pace = RULES[kind].pace
    if pace is None:
        return
    if job.state == JobState.RUNNING:
        job.again = True
    elif job.state in ENDED:
        last = job.ended_at or due
        job.state, job.tries, job.run_after = JobState.WAITING, 0, max(due, last + pace)


def try_again(actor: Actor, job: Job) -> None:
    """Let a job that was given up be tried again at once; raises WrongStatus for any other."""
    with authorised(actor, Action.JOB_RETRY, on=job):
        if job.state != JobState.DEAD:
            raise WrongStatus
        job.state, job.tries, job.run_after = JobState.WAITING, 0, clock.now()
