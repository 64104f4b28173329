"""Jobs: asked for in an act, done by one worker at a time, tried again, given up, never lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any, NoReturn
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import or_, select

from config import Settings
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Channel
from hrdtracker.access.model import Submission
from hrdtracker.accounts.model import Invitation, LoginSession
from hrdtracker.audit.model import AuditEntry
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.jobs import worker
from hrdtracker.jobs.handlers import HANDLERS, Handler
from hrdtracker.jobs.setting import Outside, Setting
from hrdtracker.jobs.thread import worker_of
from hrdtracker.jobs.worker import Worker
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from hrdtracker.notices.queries import unseen
from hrdtracker.outbox import leases
from hrdtracker.outbox.kinds import RULES, JobKind, Schedule, pause_after
from hrdtracker.outbox.leases import Lease, LeaseLost
from hrdtracker.outbox.model import Job, JobState
from hrdtracker.outbox.service import enqueue, try_again
from tests import make
from tests.web.somebody import in_unit

NOW = (clock.now() + timedelta(days=1)).replace(hour=21, minute=0, second=0, microsecond=0)
"""Tomorrow, just after what is due each night in Phnom Penh."""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PAST_EVERY_LEASE = timedelta(minutes=6)


@pytest.fixture(autouse=True)
def _only_one_is_scheduled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing but the housekeeping be due by itself, whatever else the program does."""
    rules = {
        kind: rule if kind == JobKind.HOUSEKEEPING else replace(rule, schedule=None)
        for kind, rule in RULES.items()
    }
    monkeypatch.setattr(leases, "RULES", rules)


def ask(kind: JobKind = JobKind.HOUSEKEEPING, count: int = 1, **options: Any) -> None:
    """Ask for jobs, in an act of an administrator."""
    with authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()):
        for _ in range(count):
            enqueue(kind, options.get("about", uuid4()), key=options.get("key", ""))


def jobs() -> list[Job]:
    """Return the jobs as they stand now, without the scheduled ones."""
    session().expire_all()
    scheduled = [str(kind) for kind, rule in RULES.items() if rule.schedule]
    query = select(Job).where(or_(Job.key.is_(None), Job.key.not_in(scheduled)))
    return list(session().scalars(query.order_by(Job.id)))


def states(app: Flask) -> list[str]:
    return list(in_unit(app, lambda: [job.state for job in jobs()]))


def work(app: Flask, handler: Handler, at: datetime = NOW) -> bool:
    """Let a worker do what is due at a moment, with `handler` for every kind."""
    with time_machine.travel(at, tick=False):
        return worker_of(
            app, Settings(Path(app.root_path)), dict.fromkeys(HANDLERS, handler)
        ).work_once()


def nothing(_setting: Setting, _lease: Lease) -> None:
    """Do nothing, well."""


def fails(_setting: Setting, _lease: Lease) -> None:
    raise ZeroDivisionError("the name of somebody")


def notes(_setting: Setting, lease: Lease) -> Callable[[], None]:
    """Do a job whose effect is one row."""
    return lambda: note(lease.about)


def note(about: UUID | None) -> None:
    user_id, moment = make.user("admin").id, clock.now()
    kind = NoticeKind.MAIL_FAILS
    session().add(
        Notice(user_id=user_id, kind=kind, about_table="job", about_uid=about, made_at=moment)
    )


# --- one worker at a time -------------------------------------------------------------------------


def test_of_four_workers_at_once_each_job_is_done_by_one(app: Flask) -> None:
    in_unit(app, lambda: ask(count=24))
    done: list[UUID | None] = []

    def handle(_setting: Setting, lease: Lease) -> Callable[[], None]:
        done.append(lease.about)
        return lambda: note(lease.about)

    def work_on(_number: int) -> None:
        at_work = worker_of(app, Settings(Path(app.root_path)), dict.fromkeys(HANDLERS, handle))
        for _ in range(24):
            at_work.work_once()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work_on, range(4)))
    assert set(states(app)) == {JobState.DONE}
    assert len(done) == len(set(done)) == 24
    assert in_unit(app, lambda: len(session().scalars(select(Notice)).all())) == 24


def test_a_worker_that_comes_too_late_keeps_nothing_of_what_it_did(app: Flask) -> None:
    in_unit(app, ask)
    turns: list[int] = []

    def slow(setting: Setting, lease: Lease) -> Callable[[], None]:
        turns.append(lease.tries)
        if len(turns) == 1:  # while it is at it, its lease ends, and another takes the job
            later = NOW + PAST_EVERY_LEASE
            with ThreadPoolExecutor(1) as pool:
                pool.submit(work, app, slow, later).result(60)
                pool.submit(work, app, slow, later + 2 * MINUTE).result(60)
        return lambda: note(lease.about)

    work(app, slow)
    assert turns == [1, 2]
    assert states(app) == [JobState.DONE]
    assert in_unit(app, lambda: len(session().scalars(select(Notice)).all())) == 1


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("unit")
def test_only_who_holds_a_job_renews_or_ends_it() -> None:
    ask()
    lease = leases.take()
    assert lease is not None
    leases.renew(lease)
    (job,) = jobs()
    assert job.lease_until
    assert job.lease_until > clock.now() + 4 * MINUTE
    other = Lease(lease.job_id, lease.kind, lease.about, uuid4(), lease.tries)
    for attempt in (
        partial(leases.renew, other),
        partial(leases.end, other, make.ZONE),
        partial(leases.wait, other, "Error"),
    ):
        with pytest.raises(LeaseLost):
            attempt()
    leases.end(lease, make.ZONE)
    assert leases.take() is None


@pytest.mark.engines("sqlite")
def test_a_worker_goes_from_job_to_job_until_it_is_told_to_stop(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "IDLE_S", 60)
    in_unit(app, lambda: ask(count=3))
    done: list[Lease] = []

    def handle(_setting: Setting, lease: Lease) -> None:
        done.append(lease)
        if len(done) == 2:
            at_work.stop()

    at_work = worker_of(app, Settings(Path(app.root_path)), dict.fromkeys(HANDLERS, handle))
    _run(at_work)
    assert len(done) == 2
    assert states(app) == [JobState.DONE, JobState.DONE, JobState.WAITING]


def test_a_worker_whose_database_is_away_looks_again_after_a_pause(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "IDLE_S", 0.05)
    looked_at: list[float] = []

    def away() -> NoReturn:
        looked_at.append(monotonic())
        if len(looked_at) == 3:
            at_work.stop()
        raise OSError("away")

    at_work = Worker(away, Outside(), HANDLERS)
    _run(at_work)
    assert len(looked_at) == 3
    assert looked_at[2] - looked_at[0] >= 0.1


def _run(at_work: Worker) -> None:
    """Let a worker run, which is told to stop meanwhile, until it ends."""
    thread = Thread(target=at_work.run, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


# --- in vain --------------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
def test_what_fails_waits_longer_each_time_and_is_given_up_and_administrators_are_told(
    app: Flask,
) -> None:
    in_unit(app, ask)
    most = RULES[JobKind.HOUSEKEEPING].tries
    moment = NOW
    for tries in range(1, most + 1):
        assert work(app, fails, moment)
        assert not work(app, fails, moment + pause_after(tries) - timedelta(seconds=1))
        moment += pause_after(tries)

    def check() -> None:
        (job,) = jobs()
        assert (job.state, job.tries, job.last_error) == (JobState.DEAD, most, "ZeroDivisionError")
        assert job.failing_since == NOW
        told = [unseen(make.actor(login)) for login in ("admin", "admin2", "director")]
        assert [len(notices) for notices in told] == [1, 1, 0]
        assert told[0][0].kind == NoticeKind.JOB_GIVEN_UP
        entry = session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
        assert (entry.action, entry.channel) == (Action.JOB_RUN, Channel.JOB)
        try_again(make.actor("admin"), job)

    in_unit(app, check)
    assert work(app, notes, moment)
    assert states(app) == [JobState.DONE]


@pytest.mark.engines("sqlite")
def test_a_job_that_kills_its_worker_each_time_is_given_up_too(app: Flask) -> None:
    in_unit(app, ask)
    moment = NOW
    for _ in range(RULES[JobKind.HOUSEKEEPING].tries):
        with time_machine.travel(moment, tick=False):
            in_unit(app, leases.take)  # and nothing more is heard of whoever took it
        moment += PAST_EVERY_LEASE
        work(app, nothing, moment)
        moment += timedelta(hours=7)
    (job,) = in_unit(app, jobs)
    assert (job.state, job.last_error) == (JobState.DEAD, "LeaseExpired")


@pytest.mark.engines("sqlite")
@pytest.mark.usefixtures("unit")
def test_only_what_was_given_up_is_tried_again_by_hand() -> None:
    ask()
    with pytest.raises(WrongStatus):
        try_again(make.actor("admin"), jobs()[0])


# --- once -----------------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
def test_of_one_key_there_is_one_job_done_again_no_sooner_than_its_pace(app: Flask) -> None:
    def ask_twice() -> None:
        ask(JobKind.MAIL, key="one")
        ask(JobKind.MAIL, key="one")

    def ask_meanwhile(_setting: Setting, _lease: Lease) -> None:
        ask(JobKind.MAIL, key="one")

    with time_machine.travel(NOW, tick=False):
        in_unit(app, ask_twice)
    assert states(app) == [JobState.WAITING]
    assert work(app, ask_meanwhile)
    assert not work(app, nothing, NOW + HOUR - MINUTE)
    assert work(app, nothing, NOW + HOUR)
    assert states(app) == [JobState.DONE]
    with time_machine.travel(NOW + HOUR + MINUTE, tick=False):
        in_unit(app, ask_twice)
    assert not work(app, nothing, NOW + HOUR + 59 * MINUTE)
    assert work(app, nothing, NOW + 2 * HOUR)


@pytest.mark.engines("sqlite")
def test_what_has_a_key_and_no_pace_is_done_once(app: Flask) -> None:
    in_unit(app, lambda: ask(key="one"))
    assert work(app, nothing)
    in_unit(app, lambda: ask(key="one"))
    assert states(app) == [JobState.DONE]


# --- by itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "after", "due"),
    [
        (
            Schedule(HOUR),
            datetime(2026, 11, 1, 5, tzinfo=UTC),
            datetime(2026, 11, 1, 6, tzinfo=UTC),
        ),
        (
            Schedule(at=time(3, 20)),  # in Phnom Penh, seven hours ahead
            datetime(2026, 11, 1, 5, tzinfo=UTC),
            datetime(2026, 11, 1, 20, 20, tzinfo=UTC),
        ),
        (
            Schedule(at=time(3, 20)),
            datetime(2026, 11, 1, 20, 20, tzinfo=UTC),
            datetime(2026, 11, 2, 20, 20, tzinfo=UTC),
        ),
    ],
)
def test_a_schedule_says_when_it_is_due_next(
    schedule: Schedule, after: datetime, due: datetime
) -> None:
    assert schedule.next(after, make.ZONE) == due


@pytest.mark.engines("sqlite")
def test_what_is_due_by_itself_comes_again_also_after_it_was_given_up(app: Flask) -> None:
    def the_job() -> Job:
        query = select(Job).where(Job.key == JobKind.HOUSEKEEPING)
        return session().scalars(query).one()

    day = timedelta(days=1)
    work(app, fails)
    work(app, fails)
    assert in_unit(app, the_job).state == JobState.WAITING
    moment = NOW + day
    for tries in range(1, RULES[JobKind.HOUSEKEEPING].tries + 1):
        assert work(app, fails, moment)
        moment += pause_after(tries)
    given_up = in_unit(app, the_job)
    assert given_up.state == JobState.DEAD
    assert work(app, nothing, given_up.run_after)
    job = in_unit(app, the_job)
    assert (job.state, job.run_after) == (JobState.WAITING, given_up.run_after + day)


@pytest.mark.engines("sqlite")
def test_what_has_expired_is_removed_and_nothing_else(app: Flask) -> None:
    def add(ago: timedelta) -> None:
        user_id, moment = make.user("monitor").id, clock.now() - ago
        with authorised(make.actor("admin"), Action.USER_INVITE, within=make.organisation()):
            session().add_all(
                [
                    Submission(user_id=user_id, submission_id=uuid4(), button="", made_at=moment),
                    Invitation(user_id=user_id, code_digest=uuid4().bytes, expires_at=moment),
                    LoginSession(
                        user_id=user_id,
                        token_digest=uuid4().bytes,
                        device="Test",
                        began_at=moment,
                        seen_at=moment,
                    ),
                    Job(
                        kind="mail",
                        state=JobState.DONE,
                        run_after=moment,
                        made_at=moment,
                        ended_at=moment,
                    ),
                ]
            )

    def count() -> list[int]:
        models: tuple[Any, ...] = (Submission, Invitation, LoginSession, Job)
        return [len(session().scalars(select(model.id)).all()) for model in models]

    before = in_unit(app, count)
    in_unit(app, lambda: add(timedelta(days=91)))
    in_unit(app, lambda: add(timedelta(days=1)))
    in_unit(app, ask)
    work(app, HANDLERS[JobKind.HOUSEKEEPING], clock.now())
    after = in_unit(app, count)
    assert after[:3] == [number + 1 for number in before[:3]]
    assert after[3] == before[3] + 3, "the scheduled one, the one that removed, and the young one"


def test_every_kind_has_a_handler_and_a_name_of_its_own() -> None:
    assert set(HANDLERS) == set(RULES) == set(JobKind)
    assert len({rule.label for rule in RULES.values()}) == len(RULES)
