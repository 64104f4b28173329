"""The worker: takes what is due, does it, and notes how it ended, until it is told to stop."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Event

import structlog

from hrdtracker.access.action import Action
from hrdtracker.accounts.assignments import candidates
from hrdtracker.accounts.queries import the_organisation
from hrdtracker.authorised import authorised, carry_out
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.core.standstill import standstill
from hrdtracker.jobs.handlers import Handlers, Write
from hrdtracker.jobs.setting import Outside, Setting
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.service import tell
from hrdtracker.outbox import leases
from hrdtracker.outbox.kinds import JobKind
from hrdtracker.outbox.leases import Lease, LeaseLost
from hrdtracker.outbox.model import Job

log = structlog.get_logger()
IDLE_S = 3.0
"""How long a worker waits before it looks again, where nothing was due."""
LEFT_LYING = "LeaseExpired"
"""What stands as the error of a job whose worker died at it."""

Unit = Callable[[], AbstractContextManager[None]]
"""Opens a unit of work of its own, and lets go of it after."""


class Worker:
    """Does one job after the other. Killed at any moment, it leaves nothing undone for good."""

    def __init__(self, unit: Unit, outside: Outside, handlers: Handlers) -> None:
        self._unit = unit
        self._outside = outside
        self._handlers = handlers
        self._stopped = Event()

    def stop(self) -> None:
        """Let the worker end once the job that it is at is done."""
        self._stopped.set()

    def run(self) -> None:
        """Work until told to stop; what goes wrong is logged by its class, and passes."""
        while not self._stopped.is_set():
            try:
                was_at_work = self.work_once()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                log.warning("the worker goes on", kind=type(error).__name__)
                was_at_work = False
            self._stopped.wait(0 if was_at_work else IDLE_S)

    def work_once(self) -> bool:
        """Do the job that is due the longest; tell whether there was one."""
        with self._unit():
            organisation = the_organisation()
            if organisation is None or standstill().is_on():
                return False
            ring().load([organisation.data_key_id])
            setting = Setting.of(organisation, self._outside)
            leases.plan(setting.zone)
            for lease in leases.expired():
                self._fail(setting, lease, LEFT_LYING)
            taken = leases.take()
            if taken is not None:
                self._attempt(setting, taken)
            return taken is not None

    def _attempt(self, setting: Setting, lease: Lease) -> None:
        """Do a job and note how it ended; one that another worker has by now is left to it."""
        try:
            write = self._handlers[lease.kind](setting, lease)
            session().rollback()
            if write is None:
                leases.end(lease, setting.zone)
            else:
                carry_out(lambda: _end(setting, lease, write))
        except LeaseLost:
            log.warning("a job went to another worker", job=str(lease.kind))
        except Exception as error:  # noqa: BLE001 - whatever it was, the job is tried again
            session().rollback()
            self._fail(setting, lease, type(error).__name__)

    def _fail(self, setting: Setting, lease: Lease, error: str) -> None:
        log.warning("a job failed", job=str(lease.kind), kind=error)
        try:
            note_failure(setting, lease, error)
        except LeaseLost:
            log.warning("a job went to another worker", job=str(lease.kind))


def _end(setting: Setting, lease: Lease, write: Write) -> None:
    """Write down what a job did, and that it is done: both or neither."""
    job = session().get_one(Job, lease.job_id)
    with authorised(setting.actor, Action.JOB_RUN, on=job):
        leases.end_within(lease, job, setting.zone)
        write()


def note_failure(setting: Setting, lease: Lease, error: str) -> None:
    """Let a job be tried again later; after the last attempt give it up and tell of it.

    Raises LeaseLost.
    """
    if lease.is_last:
        carry_out(lambda: _give_up(setting, lease, error))
    else:
        leases.wait(lease, error)


def _give_up(setting: Setting, lease: Lease, error: str) -> None:
    job = session().get_one(Job, lease.job_id)
    able = candidates(setting.organisation_id, Action.JOB_RETRY)
    administrators = [actor.id for actor in able]
    with authorised(setting.actor, Action.JOB_RUN, on=job):
        leases.give_up_within(lease, job, error, setting.zone)
        if lease.kind == JobKind.MAIL:  # one server fails many: told once, and not by mail
            tell(administrators, NoticeKind.MAIL_FAILS)
        else:
            tell(administrators, NoticeKind.JOB_GIVEN_UP, job)
