"""How backups stand, for those who answer for them: the last good ones, what failed, rehearsals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.backups.model import BackupPlan, BackupRun, Rehearsal, ServerEpoch
from hrdtracker.backups.older import were_heads_kept
from hrdtracker.backups.rehearsing import is_genuine
from hrdtracker.core import clock
from hrdtracker.core.db import session

REHEARSED_EVERY = timedelta(days=35)
TOO_OLD = timedelta(hours=36)
"""A night’s backup that did not come."""
LISTED = 60


@dataclass(frozen=True)
class BackupsAlarm:
    """What is wrong with the backups: each is None, or False, where nothing is.

    `unplanned` says that nobody said to whom and where; `late`, that the newest good one is too
    old, or that there is none; `failed` is what went wrong last at some place; `rehearsal_due`,
    since when a rehearsal is overdue.
    """

    unplanned: bool = False
    late: bool = False
    last_good: datetime | None = None
    failed: BackupRun | None = None
    rehearsal_due: datetime | None = None


@dataclass(frozen=True)
class BackupsState:
    """All that is known of the backups, and whether heads were ever kept elsewhere."""

    plan: BackupPlan | None
    runs: Sequence[BackupRun]
    rehearsals: Sequence[Rehearsal]
    alarm: BackupsAlarm
    heads_are_kept: bool


def alarm(actor: Actor) -> BackupsAlarm:
    """Return what of the backups is not in order, for the first page; nothing in a demonstration.

    Whether they are made is for whoever looks after the settings.
    """
    if session().info["vault"].demo or not policy.could(actor, Action.BACKUP_READ):
        return BackupsAlarm()
    due = _rehearsal_due(_rehearsals(actor, 1))
    if not policy.could(actor, Action.SETTINGS_CHANGE):
        return BackupsAlarm(rehearsal_due=due)
    return _alarm(actor, _plan(actor), due)


def state(actor: Actor) -> BackupsState:
    """Return all that is known of the backups; nothing to whoever may not see it."""
    plan, rehearsals = _plan(actor), _rehearsals(actor, 12)
    runs = (
        policy.visible(actor, Action.BACKUP_READ, BackupRun)
        .where(BackupRun.removed_at.is_(None))
        .order_by(BackupRun.at.desc(), BackupRun.id.desc())
        .limit(LISTED)
    )
    return BackupsState(
        plan,
        list(session().scalars(runs)),
        rehearsals,
        _alarm(actor, plan, _rehearsal_due(rehearsals)),
        were_heads_kept(),
    )


def _alarm(actor: Actor, plan: BackupPlan | None, due: datetime | None) -> BackupsAlarm:
    if plan is None or not (plan.recipients and plan.places):
        return BackupsAlarm(unplanned=True, rehearsal_due=due)
    mine = BackupRun.organisation_id == actor.organisation_id
    good = session().scalar(select(func.max(BackupRun.at)).where(mine, BackupRun.fault.is_(None)))
    latest = select(func.max(BackupRun.id)).where(mine).group_by(BackupRun.place)
    failed = select(BackupRun).where(BackupRun.id.in_(latest), BackupRun.fault.is_not(None))
    places = plan.places.splitlines()
    return BackupsAlarm(
        late=good is None or good < clock.now() - TOO_OLD,
        last_good=good,
        failed=next((run for run in session().scalars(failed) if run.place in places), None),
        rehearsal_due=due,
    )


def _rehearsal_due(rehearsals: Sequence[Rehearsal]) -> datetime | None:
    """Return since when a rehearsal is overdue; the first is due as long after the first start."""
    last = rehearsals[0].at if rehearsals else _began()
    due = last + REHEARSED_EVERY if last else None
    return due if due and due <= clock.now() else None


def _plan(actor: Actor) -> BackupPlan | None:
    return session().scalar(policy.visible(actor, Action.BACKUP_READ, BackupPlan))


def _rehearsals(actor: Actor, most: int) -> list[Rehearsal]:
    """Return the latest certificates that are genuine, the latest first."""
    query = policy.visible(actor, Action.BACKUP_READ, Rehearsal)
    rows = session().scalars(query.order_by(Rehearsal.at.desc(), Rehearsal.id.desc()).limit(most))
    return [row for row in rows if is_genuine(row)]


def _began() -> datetime | None:
    """Return since when this server lives: no rehearsal can be due before."""
    query = select(ServerEpoch.began_at).order_by(ServerEpoch.number.desc()).limit(1)
    return session().scalar(query)
