"""Who is at which job: taken by one worker at a time, given back by the clock where it dies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Table, case, inspect, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from hrdtracker.authorised import side_transaction
from hrdtracker.core import clock
from hrdtracker.core.db import Instant, session
from hrdtracker.outbox.kinds import RULES, JobKind, Schedule, pause_after
from hrdtracker.outbox.model import Job, JobState

JOBS = cast(Table, inspect(Job).local_table)
AT_ONCE = 50
"""How many that were left lying are taken up at once."""
UNLESS_THERE = {
    name: dialect.insert(JOBS).on_conflict_do_nothing()
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
"""The statement that writes a job, unless there is one with its key."""
Values = Mapping[str, object]


class LeaseLost(Exception):
    """Another worker has the job by now: what this one did is not kept."""


@dataclass(frozen=True)
class Lease:
    """One attempt at a job: only whoever is its `holder` can end it."""

    job_id: int
    kind: JobKind
    about: UUID | None
    holder: UUID
    tries: int

    @property
    def is_last(self) -> bool:
        """Tell whether the job is given up where this attempt fails."""
        return self.tries >= RULES[self.kind].tries


def take() -> Lease | None:
    """Take the job that has been due the longest; None where none is due.

    One conditional UPDATE: of all workers, on whatever machine, one has it. Nothing is written
    while nothing is due.
    """
    if session().scalar(_due().limit(1)) is None:
        return None
    leases: list[Lease | None] = []
    side_transaction(lambda: leases.append(_take()))
    return leases[-1]


def _take() -> Lease | None:
    moment = clock.now()
    until = {kind: literal(moment + rule.lease, Instant()) for kind, rule in RULES.items()}
    first = _due().limit(1).with_for_update(skip_locked=True).scalar_subquery()
    taken = (
        JOBS.update()
        .where(JOBS.c.id == first, JOBS.c.state == JobState.WAITING)
        .values(
            state=JobState.RUNNING,
            holder=uuid4(),
            lease_until=case(until, value=JOBS.c.kind, else_=moment),
            tries=JOBS.c.tries + 1,
        )
        .returning(*JOBS.c)
    )
    row = session().connection().execute(taken).one_or_none()
    return _lease(row) if row else None


def _due() -> Any:
    """Return the query of the jobs that are due, the one that waited longest first."""
    due = JOBS.c.state == JobState.WAITING, JOBS.c.run_after <= clock.now()
    return select(JOBS.c.id).where(*due).order_by(JOBS.c.run_after, JOBS.c.id)


def _lease(row: Row[Any]) -> Lease:
    return Lease(row.id, JobKind(row.kind), row.about_uid, row.holder, row.tries)


def expired() -> list[Lease]:
    """Return the attempts whose worker has said nothing for the whole of its lease."""
    over = JOBS.c.state == JobState.RUNNING, JOBS.c.lease_until <= clock.now()
    rows = session().execute(select(JOBS).where(*over).order_by(JOBS.c.id).limit(AT_ONCE))
    return [_lease(row) for row in rows]


# How an attempt ends ------------------------------------------------------------------------------


def renew(lease: Lease) -> None:
    """Say that this worker is still at it, for work that takes long; raises LeaseLost."""
    until = clock.now() + RULES[lease.kind].lease
    side_transaction(lambda: _write(lease, {"lease_until": until}))


def end(lease: Lease, zone: ZoneInfo) -> None:
    """Note that a job is done which had nothing to write; raises LeaseLost."""
    side_transaction(lambda: _write(lease, _ended(_row(lease), zone)))


def end_within(lease: Lease, job: Job, zone: ZoneInfo) -> None:
    """Note that a job is done, in the act that writes what it did; raises LeaseLost."""
    _set(lease, job, _ended(job, zone))


def wait(lease: Lease, error: str) -> None:
    """Let a job be tried again after a pause that grows; raises LeaseLost."""
    due = clock.now() + pause_after(lease.tries)
    side_transaction(lambda: _write(lease, {**_failed(_row(lease), error), "run_after": due}))


def give_up_within(lease: Lease, job: Job, error: str, zone: ZoneInfo) -> None:
    """Give a job up, in the act that tells administrators so; raises LeaseLost.

    What has a schedule is tried again at its next time.
    """
    schedule, moment = _schedule(job), clock.now()
    due = schedule.next(moment, zone) if schedule else job.run_after
    dead = {"state": JobState.DEAD, "run_after": due, "ended_at": moment}
    _set(lease, job, {**_failed(job, error), **dead})


FREE: Values = {"holder": None, "lease_until": None}


def _ended(job: Row[Any] | Job, zone: ZoneInfo) -> Values:
    """Return what stands in a job that is done: its end, or when it comes next."""
    moment, schedule, pace = clock.now(), _schedule(job), RULES[JobKind(job.kind)].pace
    well = {**FREE, "tries": 0, "again": False, "last_error": None, "failing_since": None}
    ended = {**well, "ended_at": moment, "state": JobState.DONE}
    if schedule:
        return {**ended, "state": JobState.WAITING, "run_after": schedule.next(moment, zone)}
    if job.again and pace is not None:
        return {**ended, "state": JobState.WAITING, "run_after": moment + pace}
    return ended


def _failed(job: Row[Any] | Job, error: str) -> Values:
    since = job.failing_since or clock.now()
    return {**FREE, "state": JobState.WAITING, "last_error": error[:60], "failing_since": since}


def _schedule(job: Row[Any] | Job) -> Schedule | None:
    return RULES[JobKind(job.kind)].schedule if job.key == job.kind else None


def _mine(lease: Lease) -> tuple[Any, ...]:
    running = JOBS.c.state == JobState.RUNNING
    return JOBS.c.id == lease.job_id, JOBS.c.holder == lease.holder, running


def _row(lease: Lease) -> Row[Any]:
    """Return a job as it stands now, which nobody else changes until it is written."""
    row = session().connection().execute(select(JOBS).where(*_mine(lease)).with_for_update())
    job = row.one_or_none()
    if job is None:
        raise LeaseLost
    return job


def _write(lease: Lease, values: Values) -> None:
    written = session().connection().execute(JOBS.update().where(*_mine(lease)).values(values))
    if not written.rowcount:
        raise LeaseLost


def _set(lease: Lease, job: Job, values: Values) -> None:
    if (job.holder, job.state) != (lease.holder, JobState.RUNNING):
        raise LeaseLost
    for name, value in values.items():
        setattr(job, name, value)


# Schedules ----------------------------------------------------------------------------------------


def plan(zone: ZoneInfo) -> None:
    """See that every schedule has its job, and that one given up is tried at its next time."""
    moment, scheduled = clock.now(), {kind: rule.schedule for kind, rule in RULES.items()}
    jobs = {
        row.key: row for row in session().execute(select(JOBS).where(JOBS.c.key.in_(scheduled)))
    }
    missing = [
        _first(kind, schedule.next(moment, zone))
        for kind, schedule in scheduled.items()
        if schedule and kind not in jobs
    ]
    due = JOBS.c.key.in_(scheduled), JOBS.c.state == JobState.DEAD, JOBS.c.run_after <= moment
    is_due = [
        row for row in jobs.values() if row.state == JobState.DEAD and row.run_after <= moment
    ]

    def write() -> None:
        connection = session().connection()
        if missing:
            connection.execute(UNLESS_THERE[connection.dialect.name], missing)
        connection.execute(JOBS.update().where(*due).values(state=JobState.WAITING, tries=0))

    if missing or is_due:
        side_transaction(write)


def _first(kind: JobKind, due: datetime) -> dict[str, object]:
    return {
        "uid": uuid4(),
        "kind": kind,
        "key": kind,
        "state": JobState.WAITING,
        "run_after": due,
        "tries": 0,
        "again": False,
        "made_at": clock.now(),
    }
