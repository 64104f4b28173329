"""The agenda: hearings of a week in columns, of a month as a list, and what has no day yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import as_choices
from hrdtracker.cases.queries import choices
from hrdtracker.core import clock
from hrdtracker.core.when.model import midnight, months_after
from hrdtracker.proceedings.hearings import ASKED_AFTER
from hrdtracker.proceedings.reading.appointments import appointments
from hrdtracker.proceedings.reading.double_bookings import (
    DoubleBooking,
    double_bookings,
    who_is_free,
)
from hrdtracker.proceedings.reading.hearings import (
    Agenda,
    HearingFilter,
    HearingLine,
    agenda,
)
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import office_name, today, zone
from hrdtracker.web.shell.filters import FilterBar, filter_bar, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import asked_day, reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.appointments import AppointmentWords, appointment_words
from hrdtracker.web.words.hearings import (
    HearingWords,
    UnsetWords,
    hearing_words,
    say_day_of,
    say_term,
    unset_words,
)

bp = Blueprint("agenda", __name__)
WEEK, AGENDA, MONTH = "week", "agenda", "month"
WORKING_DAYS = 5
AGENDA_DAYS = 28


@dataclass(frozen=True)
class CourtDay:
    """The hearings of one day."""

    day: date
    is_today: bool
    hearings: Sequence[HearingWords]


@dataclass(frozen=True)
class ViewDays:
    """The days that a view shows, and the first days of those before and after it."""

    first: date
    after: date
    before: date


@dataclass(frozen=True)
class DoubleBookingWords:
    """Somebody in two courts at one hour, and who could go instead: what the button sends."""

    when: str
    who: str
    first: str
    second: str
    free: str
    url: str
    hearing: str
    monitor: str
    instead_of: str
    instead: str


@dataclass(frozen=True)
class AgendaPage:
    """A time of hearings: how many, how many nobody goes to, by day; and those without a day."""

    view: str
    span: ViewDays
    count: int
    unattended: int
    days: Sequence[CourtDay]
    unset: Sequence[UnsetWords]
    appointments: Sequence[AppointmentWords]
    clash: DoubleBookingWords | None
    bar: FilterBar
    views: Sequence[tuple[str, str, str]]
    earlier: str
    later: str


@bp.get("/hearings")
@needs(Action.PROCEEDING_READ)
def index() -> Response:
    """Show the hearings of a week, of four weeks or of a month, and which have no day."""
    actor = identity.actor()
    view = request.args.get("view", WEEK)
    view = view if view in {WEEK, AGENDA, MONTH} else WEEK
    span = days_of(view, asked_day("day"))
    bar = _bar(actor, view, span.first)
    start, end = (midnight(day, zone()) for day in (span.first, span.after))
    found = agenda(actor, _chosen(bar, start, end))
    return show("hearings/index.html", _page(actor, view, span, bar, found))


def _page(actor: Actor, view: str, span: ViewDays, bar: FilterBar, found: Agenda) -> AgendaPage:
    names = ((AGENDA, gettext("Agenda")), (WEEK, gettext("Week")), (MONTH, gettext("Month")))
    return AgendaPage(
        view,
        span,
        len(found.lines),
        found.unattended,
        _days(view, span, found.lines),
        unset_words(found.unset, ASKED_AFTER.days),
        _appointments(actor, span),
        next((_booking(actor, one) for one in double_bookings(found.lines)), None),
        bar,
        [(name, label, _address(bar, name, span.first)) for name, label in names],
        _address(bar, view, span.before),
        _address(bar, view, span.after),
    )


def _appointments(actor: Actor, span: ViewDays) -> list[AppointmentWords]:
    """Return who is to appear or to report in the days of a view, whatever else is chosen."""
    found = appointments(actor, span.first, span.after, zone())
    return [appointment_words(one) for one in found]


def days_of(view: str, day: date) -> ViewDays:
    """Return the days that a view shows around a day."""
    if view == MONTH:
        return ViewDays(months_after(day, 0), months_after(day, 1), months_after(day, -1))
    monday = day - timedelta(days=day.weekday())
    length = timedelta(days=AGENDA_DAYS if view == AGENDA else 7)
    first = day if view == AGENDA else monday
    return ViewDays(first, first + length, first - length)


def _bar(actor: Actor, view: str, day: date) -> FilterBar:
    offices, colleagues = choices(actor)
    mine = (actor.uid.hex, gettext("Only mine"))
    others = [one for one in as_choices(colleagues) if one[0] != actor.uid.hex]
    return filter_bar(
        "agenda.index",
        pick("monitor", gettext("Who goes"), [mine, *others]),
        pick("court", gettext("Court"), reader().choices("court")),
        pick("office", gettext("Office"), [(row.code, office_name(row)) for row in offices]),
        view=view,
        day=day.isoformat(),
    )


def _chosen(bar: FilterBar, start: datetime, end: datetime) -> HearingFilter:
    chosen = bar.chosen
    return HearingFilter(start, end, chosen.get("office"), chosen.get("court"), bar.uid("monitor"))


def _address(bar: FilterBar, view: str, day: date) -> str:
    return bar.turn(view=view, day=day.isoformat()) or bar.url


def _days(view: str, span: ViewDays, lines: Sequence[HearingLine]) -> list[CourtDay]:
    """Return the days of a view: of a week Monday to Friday, else those with a hearing."""
    by_day: dict[date, list[HearingWords]] = {}
    if view == WEEK:
        by_day = {span.first + timedelta(days=number): [] for number in range(WORKING_DAYS)}
    for line in lines:
        if line.at is not None:
            day = max(clock.day_of(line.at, ZoneInfo(line.hearing.day.zone)), span.first)
            by_day.setdefault(day, []).append(hearing_words(line))
    return [CourtDay(day, day == today(), some) for day, some in sorted(by_day.items())]


def _booking(actor: Actor, booking: DoubleBooking) -> DoubleBookingWords:
    free = who_is_free(actor, booking.second)
    row = booking.second.hearing
    courts = [
        say_term("court", line.hearing.court) or gettext("another court")
        for line in (booking.first, booking.second)
    ]
    return DoubleBookingWords(
        say_day_of(booking.first, brief=True),
        booking.monitor.display_name,
        courts[0],
        courts[1],
        ", ".join(user.display_name for user in free[:3]),
        url_for("hearings.send", uid=row.uid) if free else url_for("hearings.hearing", uid=row.uid),
        row.uid.hex,
        free[0].uid.hex if free else "",
        booking.monitor.uid.hex,
        free[0].display_name if free else "",
    )
