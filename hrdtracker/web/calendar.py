"""One’s hours in one’s own calendar: its address, and what is answered there: “appointment”."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from icalendar import Calendar, Event
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access.action import Action
from hrdtracker.accounts import feeds
from hrdtracker.accounts.assignments import actor_of
from hrdtracker.accounts.queries import organisation_of
from hrdtracker.core import clock
from hrdtracker.insight.hours import BusyHour, busy_hours, fingerprint
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import reading_in
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import PUBLIC, SIGNED_IN, needs

bp = Blueprint("calendar", __name__)
AHEAD = timedelta(days=14)
MAKER = "-//Calendar//EN"
"""What a calendar must say of the program that wrote it: nothing."""


@dataclass(frozen=True)
class CalendarPage:
    """Since when one’s calendar has an address; the address itself is shown once, as it is made."""

    since: datetime | None
    address: str = field(default="", repr=False)


@bp.get("/account/calendar")
@needs(SIGNED_IN)
def index() -> Response:
    """Show whether one’s calendar has an address."""
    return _page()


@bp.post("/account/calendar/address")
@needs(Action.FEED_OPEN)
def make_address() -> Response:
    """Make an address for one’s calendar, and show it once."""
    secret = feeds.open_feed(identity.actor())
    return _page(url_for("calendar.feed", secret=secret, _external=True))


@bp.post("/account/calendar/end")
@needs(SIGNED_IN)
def end() -> AnyResponse:
    """End the address of one’s calendar."""
    feeds.close_feed(identity.actor())
    flash(gettext("The address has ended: it answers as one that never was."), "ok")
    return redirect(url_for("calendar.index"), 303)


def _page(address: str = "") -> Response:
    row = feeds.feed_of(identity.actor())
    return show("accounts/calendar.html", CalendarPage(row.began_at if row else None, address))


@bp.get("/calendar/<secret>.ics")
@needs(PUBLIC)
def feed(secret: str) -> Response:
    """Answer a calendar with the hours of its owner; whatever else is asked is not there."""
    user, uid = feeds.owner_of(secret, request.remote_addr or "")
    organisation = organisation_of(user)
    now, zone = clock.now(), ZoneInfo(organisation.zone)
    found = busy_hours(actor_of(user), now, now + AHEAD, zone)
    with reading_in(user.language or organisation.language):
        word = gettext("Appointment")
    text = calendar_of(found, str(word), uid, now)
    return Response(text, content_type="text/calendar; charset=utf-8")


def calendar_of(found: Iterable[BusyHour], word: str, feed_uid: UUID, now: datetime) -> bytes:
    """Return hours and days as a calendar: one word each, and no name of anything."""
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    for one in found:
        event = Event()
        when = one.at or one.day
        event.add("uid", fingerprint(feed_uid, one))
        event.add("dtstamp", now.replace(minute=0, second=0, microsecond=0))
        event.add("dtstart", when)
        event.add("summary", word)
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text
