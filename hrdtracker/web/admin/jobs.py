"""The work in the background, for administrators: what was given up, and once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.outbox import queries, service
from hrdtracker.outbox.kinds import RULES, JobKind
from hrdtracker.outbox.model import Job
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("jobs", __name__, url_prefix="/admin/jobs")


@dataclass(frozen=True)
class JobLine:
    """A job that was given up: what it is, since when and how often it failed, with what."""

    uid: UUID
    what: str
    since: datetime
    tries: int
    error: str


@dataclass(frozen=True)
class JobsPage:
    """What was given up, how many wait, and since when one is due that nobody takes."""

    lines: Sequence[JobLine]
    waiting: int
    untaken_since: datetime | None


@bp.get("")
@needs(Action.JOB_RETRY)
def index() -> Response:
    """Show how the work in the background stands."""
    work = queries.background_work(identity.actor())
    lines = [_line(job) for job in work.dead]
    return show("admin/jobs.html", JobsPage(lines, work.waiting, work.untaken_since))


def _line(job: Job) -> JobLine:
    what, since = gettext(RULES[JobKind(job.kind)].label), job.failing_since or job.made_at
    return JobLine(job.uid, what, since, job.tries, job.last_error or "")


@bp.post("/<uuid:uid>/again")
@needs(Action.JOB_RETRY)
def try_again(uid: UUID) -> AnyResponse:
    """Let a job that was given up be tried again."""
    actor = identity.actor()
    service.try_again(actor, policy.fetch(actor, Action.JOB_RETRY, Job, uid))
    flash(gettext("It is tried again within a minute."), "ok")
    return redirect(url_for("jobs.index"), 303)
