"""How the work in the background stands, for administrators."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.outbox.model import Job, JobState

LISTED = 50
LATE = timedelta(minutes=10)
"""After how long a job that is due and not taken tells that no worker is there."""


@dataclass(frozen=True)
class BackgroundWork:
    """What was given up, how many wait, and since when one is due that nobody takes."""

    dead: Sequence[Job]
    waiting: int
    untaken_since: datetime | None


def background_work(actor: Actor) -> BackgroundWork:
    """Return how the work in the background stands."""
    dead = policy.visible(actor, Action.JOB_RETRY, Job).where(Job.state == JobState.DEAD)
    rows = session().scalars(dead.order_by(Job.ended_at.desc(), Job.id).limit(LISTED))
    waits = select(func.count(), func.min(Job.run_after)).where(Job.state == JobState.WAITING)
    count, due = session().execute(waits).one()
    first: datetime | None = due
    is_late = first is not None and first < clock.now() - LATE
    return BackgroundWork(list(rows), count, first if is_late else None)
