"""Who is on duty in an office, a week at a glance; set by its director, handed over by oneself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office
from hrdtracker.accounts.assignments import actor_of
from hrdtracker.accounts.display_names import as_choices
from hrdtracker.core import clock
from hrdtracker.core.errors import NotFound, Stale
from hrdtracker.core.when.say import say_day
from hrdtracker.duty import queries, service
from hrdtracker.duty.queries import DutyLine, day_of, roster
from hrdtracker.forms.base import say
from hrdtracker.forms.duty import DAYS, HandOverForm, WeekForm
from hrdtracker.proceedings.clocks.on_duty import ClosedCase, closed_to, unreadable
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.context import locale, office_name, today
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import asked_day
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import begin
from hrdtracker.web.words.duty import (
    AHEAD,
    FROM,
    OFFICE,
    ClosedLine,
    closed_line,
    duty_url,
    say_on_duty,
)

bp = Blueprint("duty", __name__, url_prefix="/duty")
WEEK = timedelta(days=DAYS)


@dataclass(frozen=True)
class DayWords:
    """One day: who is on duty, whom they asked to take over, what the reader can do about it."""

    label: str
    who: str
    asked: str
    uid: UUID | None
    is_today: bool
    is_own: bool
    is_asked: bool
    is_over: bool


@dataclass(frozen=True)
class DutyPage:
    """A week of an office. `closed` are the cases that whoever is on duty today cannot open.

    `unreadable` is how many limits end soon there that the reader, who is on duty, cannot open.
    """

    office: Office
    name: str
    days: Sequence[DayWords]
    may_set: bool
    unreadable: int
    closed: Sequence[ClosedLine]
    on_duty: str
    earlier: str
    later: str
    offices: Sequence[tuple[str, str, str]]
    """The code of each office that the reader works in, what it is called, and its address."""
    target: str


@bp.get("")
@needs(Action.DUTY_READ)
def index() -> Response:
    """Show who is on duty in the week, in one office."""
    return _page(identity.actor(), office_asked(), WeekForm())


@bp.post("/<uuid:uid>")
@needs(Action.DUTY_SET)
def set_week(uid: UUID) -> AnyResponse:
    """Say who is on duty on each day of a week."""
    actor = identity.actor()
    office = policy.fetch(actor, Action.DUTY_SET, Office, uid)
    form = _offered(office, WeekForm.received())

    def done() -> tuple[str, str]:
        service.set_days(actor, office, form.changes(asked_day(FROM), today()))
        return str(gettext("Kept. Whoever is concerned is told.")), _address(
            office, asked_day(FROM)
        )

    return carry_out(form, done, lambda late: _page(actor, office, form, late))


@dataclass(frozen=True)
class HandOverPage:
    """The day that somebody hands over."""

    uid: UUID
    day: str
    office: str


@bp.route("/days/<uuid:uid>/offer", methods=["GET", "POST"])
@needs(Action.DUTY_HAND_OVER)
def offer(uid: UUID) -> AnyResponse:
    """Ask a colleague to take over a day, or say that one cannot be there."""
    actor = identity.actor()
    row = day_of(actor, Action.DUTY_HAND_OVER, uid)
    office = queries.office_of_duty(row)
    others = [user for user in queries.able(office) if user.id != actor.id]
    form = HandOverForm.received().offer(as_choices(others))

    def done() -> tuple[str, str]:
        service.offer(actor, row, form.chosen)
        return str(gettext("They are asked. Until they agree, the duty is yours.")), back

    back = _address(office, row.day)
    page = HandOverPage(uid, _say(row.day), office_name(office))
    return carry_out(form, done, lambda _late: show("duty/offer.html", page, form))


@bp.post("/days/<uuid:uid>/back")
@needs(Action.DUTY_HAND_OVER)
def give_back(uid: UUID) -> AnyResponse:
    """Say that one cannot be there: the day is with the directors."""
    actor = identity.actor()
    row = day_of(actor, Action.DUTY_HAND_OVER, uid)
    service.give_back(actor, row)
    flash(gettext("The day is with the directors of the office. They are told."), "ok")
    return redirect(_address(queries.office_of_duty(row), row.day), 303)


@bp.post("/days/<uuid:uid>/take")
@needs(Action.DUTY_TAKE)
def take(uid: UUID) -> AnyResponse:
    """Take over the duty of a day."""
    actor = identity.actor()
    row = day_of(actor, Action.DUTY_TAKE, uid)
    service.take(actor, row)
    flash(gettext("You are on duty on that day. Your colleague is told."), "ok")
    return redirect(_address(queries.office_of_duty(row), row.day), 303)


@bp.post("/days/<uuid:uid>/decline")
@needs(Action.DUTY_TAKE)
def decline(uid: UUID) -> AnyResponse:
    """Say that one does not take over a day."""
    actor = identity.actor()
    row = day_of(actor, Action.DUTY_TAKE, uid)
    service.decline(actor, row)
    flash(gettext("The duty stays with your colleague, who is told."), "ok")
    return redirect(url_for("duty.index"), 303)


def office_asked() -> Office:
    """Return the office of the address, else the first that the reader works in."""
    offices = queries.offices_of(identity.actor())
    wanted = request.args.get(OFFICE)
    found = next((office for office in offices if office.code == wanted), None)
    if not offices or (wanted and found is None):
        raise NotFound
    return found or offices[0]


def _address(office: Office, first: date) -> str:
    return duty_url(first, office.code)


def _offered(office: Office, form: WeekForm) -> WeekForm:
    days = [asked_day(FROM) + timedelta(days=number) for number in range(DAYS)]
    return form.offer(as_choices(queries.able(office)), [begin(_say(day)) for day in days])


def _page(actor: Actor, office: Office, form: WeekForm, late: Stale | None = None) -> Response:
    first = asked_day(FROM)
    lines = roster([office], [first + timedelta(days=number) for number in range(DAYS)])
    may_set = policy.allows(actor, Action.DUTY_SET, office)
    if late is not None:
        form.form_errors.append(say(late.reason))
    if may_set:
        form.fill([line.user.uid.hex if line.user else "" for line in lines])
    now = roster([office], [today()])[0]
    page = DutyPage(
        office,
        office_name(office),
        [_words(actor, line) for line in lines],
        may_set,
        unreadable(actor, [office.id], clock.now() + AHEAD) if _is(actor, now) else 0,
        [closed_line(case) for case in _closed(actor, now)] if may_set else (),
        say_on_duty(now, actor),
        _address(office, first - WEEK),
        _address(office, first + WEEK),
        _offices(actor, first),
        _target(office, first),
    )
    return show("duty/index.html", page, _offered(office, form) if may_set else None)


def _target(office: Office, first: date) -> str:
    place: dict[str, Any] = {FROM: first.isoformat()}
    return url_for("duty.set_week", uid=office.uid, **place)


def _is(actor: Actor, line: DutyLine) -> bool:
    return line.user is not None and line.user.id == actor.id


def _closed(actor: Actor, line: DutyLine) -> Sequence[ClosedCase]:
    """Return the cases with a limit soon that whoever is on duty cannot open."""
    if line.user is None or _is(actor, line):
        return ()
    return closed_to(actor, actor_of(line.user), line.office.id, clock.now() + AHEAD)


def _words(actor: Actor, line: DutyLine) -> DayWords:
    is_over = line.day < today()
    return DayWords(
        begin(_say(line.day)),
        say_on_duty(line, actor),
        line.offered_to.display_name if line.offered_to else "",
        line.row.uid if line.row else None,
        line.day == today(),
        _is(actor, line) and not is_over,
        line.offered_to is not None and line.offered_to.id == actor.id and not is_over,
        is_over,
    )


def _say(day: date) -> str:
    return say_day(day, locale(), today(), brief=True)


def _offices(actor: Actor, first: date) -> list[tuple[str, str, str]]:
    return [
        (office.code, office_name(office), _address(office, first))
        for office in queries.offices_of(actor)
    ]
