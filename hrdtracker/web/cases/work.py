"""Tasks and follow-ups of a case."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access.action import Action
from hrdtracker.accounts.display_names import as_choices
from hrdtracker.cases import work
from hrdtracker.cases.case_file import standing_for
from hrdtracker.cases.planning import read_coming, read_near
from hrdtracker.cases.queries import readers
from hrdtracker.cases.service import fetch
from hrdtracker.core import clock
from hrdtracker.core.when.say import say_day, say_when
from hrdtracker.forms.cases.case import FollowUpForm, TaskForm, is_moment
from hrdtracker.web.cases.answer import act_on_case, to_case
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("case_work", __name__, url_prefix="/cases")
DAYS = ("due_on", "next_look_on", "ends_on", "needed_by", "next_report_on")


@dataclass(frozen=True)
class DayReading:
    """A day as it was typed, and how it was understood; empty where it is no single day."""

    typed: str
    understood: str


@bp.route("/<uuid:uid>/tasks/new", methods=["GET", "POST"])
@needs(Action.CASE_EXTEND)
def add_task(uid: UUID) -> AnyResponse:
    """Add something to do, for oneself or a colleague who can open the case."""
    actor = identity.actor()
    standing = standing_for(actor, uid, Action.CASE_EXTEND)
    choices = as_choices(readers(actor, standing.case))
    form = TaskForm.received(assignee=actor.uid.hex).offer(choices)

    def act() -> str:
        work.add_task(actor, standing.case, form.draft(reader()))
        return str(gettext("The task is kept."))

    return act_on_case(standing, form, act, "cases/task.html")


@bp.post("/<uuid:uid>/tasks/<uuid:task_uid>/done")
@needs(Action.CASE_EXTEND)
def finish_task(uid: UUID, task_uid: UUID) -> AnyResponse:
    """Mark a task as done."""
    actor = identity.actor()
    work.finish_task(actor, fetch(actor, uid), task_uid)
    flash(gettext("Done."), "ok")
    return to_case(uid, "#due")


@bp.route("/<uuid:uid>/follow-ups/new", methods=["GET", "POST"])
@needs(Action.CASE_EXTEND)
def add_follow_up(uid: UUID) -> AnyResponse:
    """Add a call, visit, hearing or meeting, past or planned."""
    actor = identity.actor()
    standing = standing_for(actor, uid, Action.CASE_EXTEND)
    form = FollowUpForm.received().offer(reader())

    def act() -> str:
        follow_up = work.add_follow_up(actor, standing.case, form.draft(reader()))
        day = say_day(clock.day_of(follow_up.at, reader().zone), locale())
        return str(gettext("Kept on the timeline: %(day)s.", day=day))

    return act_on_case(standing, form, act, "cases/follow_up.html")


@bp.post("/read/day")
@needs(Action.CASE_EXTEND)
def read_day() -> Response:
    """Say how a day to come was understood, while it is typed."""
    typed = next((request.form[name] for name in DAYS if name in request.form), "")
    day = read_coming(typed, reader().today, reader().zone)
    understood = say_day(day, locale()) if day else ""
    return show("cases/_read.html", DayReading(typed.strip(), understood))


@bp.post("/read/moment")
@needs(Action.CASE_EXTEND)
def read_moment() -> Response:
    """Say how the day or hour of a follow-up was understood, while it is typed."""
    typed = request.form.get("when", "")
    when = read_near(typed, reader().today, reader().zone)
    understood = say_when(when, locale()) if is_moment(when) else ""
    return show("cases/_read.html", DayReading(typed.strip(), understood))
