"""What is removed by itself: what has expired and that nobody can use any more."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, or_, select

from hrdtracker.access.model import Submission
from hrdtracker.accounts.model import Invitation, LoginSession, Throttle
from hrdtracker.accounts.throttle import FORGOTTEN
from hrdtracker.authorised import side_transaction
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.jobs.setting import Setting
from hrdtracker.outbox.leases import Lease
from hrdtracker.outbox.model import Job, JobState

KEPT = timedelta(days=90)
"""How long it is kept who was signed in when, and what a form sent twice would be answered."""
JOBS_KEPT = timedelta(days=14)
AT_ONCE = 500
"""How many rows one short transaction removes, so that nobody waits for it."""


def remove_expired(_setting: Setting, _lease: Lease) -> None:
    """Remove ended sessions, used codes, old receipts, forgotten failures and jobs that are done.

    Nothing of it stands on the trail, and removing it twice is removing it once.
    """
    moment = clock.now()
    for model, is_over in _expired(moment):
        while _remove(model, is_over):
            pass


def _expired(moment: datetime) -> list[tuple[Any, Any]]:
    return [
        (
            LoginSession,
            or_(LoginSession.seen_at < moment - KEPT, LoginSession.ended_at < moment - KEPT),
        ),
        (Invitation, Invitation.expires_at < moment - KEPT),
        (Submission, Submission.made_at < moment - KEPT),
        (Throttle, Throttle.last_at < moment - FORGOTTEN),
        (Job, (Job.state == JobState.DONE) & (Job.ended_at < moment - JOBS_KEPT)),
    ]


def _remove(model: Any, is_over: Any) -> bool:
    """Remove some rows; tell whether there may be more."""
    key = model.__mapper__.primary_key[0]
    rows = list(session().scalars(select(key).where(is_over).limit(AT_ONCE)))
    if rows:
        side_transaction(partial(_delete, delete(model.__table__).where(key.in_(rows), is_over)))
    return len(rows) == AT_ONCE


def _delete(statement: Any) -> None:
    session().connection().execute(statement)
