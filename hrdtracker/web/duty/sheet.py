"""The sheet of a day for whoever is on duty: limits, hearings, tasks; no name and no code on it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Blueprint, Response
from flask_babel import gettext, ngettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office
from hrdtracker.cases.mine import DueTask, tasks_due
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.model import DAY, midnight
from hrdtracker.duty.queries import roster
from hrdtracker.proceedings.clocks.on_duty import scopes_of
from hrdtracker.proceedings.clocks.reading import LINES, ClockLine, due_until
from hrdtracker.proceedings.reading.hearings import HearingFilter, HearingLine, agenda
from hrdtracker.web.duty.views import office_asked
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, number, office_name, today, zone
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import in_a_row
from hrdtracker.web.words.duty import say_on_duty
from hrdtracker.web.words.hearings import say_day_of, say_term
from hrdtracker.web.words.limit_lines import limit_line
from hrdtracker.web.words.limits import marks, say_clock

bp = Blueprint("duty_sheet", __name__)
AHEAD = timedelta(hours=24)


@dataclass(frozen=True)
class SheetLine:
    """One thing of the day: when, what, for how many people, and what else there is to say."""

    at: str
    what: str
    people: str
    more: str


@dataclass(frozen=True)
class DaySheetPage:
    """What a day brings in an office, as far as the reader may open it; `cut` if it is not all."""

    office: str
    day: date
    on_duty: str
    limits: Sequence[SheetLine]
    hearings: Sequence[SheetLine]
    tasks: Sequence[SheetLine]
    cut: bool
    made_at: datetime


@bp.get("/duty/sheet")
@needs(Action.DUTY_READ)
def sheet() -> Response:
    """Show what the day brings, to be printed."""
    actor, office = identity.actor(), office_asked()
    due = due_until(actor, clock.now() + AHEAD)
    here = scopes_of(office.id, {line.scope_id for line in due})
    page = DaySheetPage(
        office_name(office),
        today(),
        say_on_duty(roster([office], [today()])[0], actor),
        [_limit(line) for line in due[:LINES] if line.scope_id in here],
        [_hearing(actor, line) for line in _hearings(actor, office)],
        _tasks(actor, tasks_due(actor, office.id, today())),
        len(due) > LINES,
        clock.now(),
    )
    return show("duty/sheet.html", page)


def _limit(line: ClockLine) -> SheetLine:
    end = limit_line(line).end
    how_sure = in_a_row(*(mark.words for mark in marks(line)))
    return SheetLine(end.at, say_clock(line.clock), _people(line.people), how_sure)


def _hearings(actor: Actor, office: Office) -> Sequence[HearingLine]:
    start = midnight(today(), zone())
    chosen = HearingFilter(start, midnight(today() + DAY, zone()), office=office.code)
    return [line for line in agenda(actor, chosen).lines if line.is_open]


def _hearing(actor: Actor, line: HearingLine) -> SheetLine:
    court = terms().label("court", line.hearing.court, locale())
    kind = say_term("hearing_kind", line.hearing.kind)
    what = ", ".join(part for part in (court, kind) if part)
    people = _people(line.accused) if line.accused else ""
    return SheetLine(say_day_of(line, brief=True), what, people, _who_goes(actor, line))


def _who_goes(actor: Actor, line: HearingLine) -> str:
    if any(user.id == actor.id for user in line.monitors):
        return str(gettext("You go"))
    return str(gettext("A colleague goes") if line.monitors else gettext("Nobody goes yet"))


def _tasks(actor: Actor, tasks: Sequence[DueTask]) -> list[SheetLine]:
    """Return how many tasks there are of each kind of case: what they say may name somebody."""
    counts = Counter(_task_words(actor, task) for task in tasks)
    return [
        SheetLine(
            at, what, ngettext("%(count)s task", "%(count)s tasks", many, count=number(many)), whose
        )
        for (at, what, whose), many in counts.items()
    ]


def _task_words(actor: Actor, task: DueTask) -> tuple[str, str, str]:
    is_late = task.due_on is not None and task.due_on < today()
    kind = terms().label("incident_type", task.lead_type, locale())
    place = terms().label("province", task.lead_province, locale())
    whose = gettext("Yours") if task.owner_id == actor.id else gettext("A colleague’s")
    return (
        str(gettext("Late") if is_late else gettext("Today")),
        ", ".join(part for part in (kind, place) if part) or str(gettext("Case")),
        str(whose),
    )


def _people(count: int) -> str:
    return str(ngettext("%(count)s person", "%(count)s people", count, count=number(count)))
