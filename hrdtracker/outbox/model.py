"""The jobs: what is to be done, how far it is, who is at it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import one_of
from hrdtracker.core.db import Entity, partial_index
from hrdtracker.core.field import technical, unsaid


class JobState(StrEnum):
    """How far a job is; a dead one was tried too often and waits for an administrator."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Entity):
    """One thing to be done later. It names what it is about by its uid alone, and holds no word.

    `holder` is the worker at it until `lease_until`; whoever does not hold it any more cannot end
    it. `again` says that it was asked for once more while it ran.
    """

    __tablename__ = "job"
    unaudited = "how far a job is; what it does to other records is on the trail"
    __table_args__ = (
        CheckConstraint(one_of("state", JobState), name="state_of_a_job_is_known"),
        CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL)"
            " AND (state = 'running') = (holder IS NOT NULL)",
            name="who_runs_a_job_holds_a_lease",
        ),
    )

    kind: Mapped[str] = unsaid()
    key: Mapped[str | None] = technical(String(80), unique=True, why="a kind, and a uid at most")
    about_uid: Mapped[UUID | None] = technical()
    state: Mapped[str] = unsaid(String(12), default=JobState.WAITING)
    run_after: Mapped[datetime] = unsaid()
    tries: Mapped[int] = unsaid(default=0)
    holder: Mapped[UUID | None] = technical()
    lease_until: Mapped[datetime | None] = unsaid()
    again: Mapped[bool] = unsaid(default=False)
    last_error: Mapped[str | None] = unsaid(
        String(60), why="the name of a class of errors, never its text, which may hold a value"
    )
    failing_since: Mapped[datetime | None] = unsaid()
    made_at: Mapped[datetime] = unsaid()
    ended_at: Mapped[datetime | None] = unsaid()


ENDED = (JobState.DONE, JobState.DEAD)
DUE = partial_index("ix_job_due", Job.run_after, where=Job.state == JobState.WAITING)
AT_WORK = partial_index("ix_job_lease", Job.lease_until, where=Job.state == JobState.RUNNING)
GIVEN_UP = partial_index("ix_job_dead", Job.ended_at, where=Job.state == JobState.DEAD)
