"""What is said of who is on duty, and of cases that they cannot open."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from hrdtracker.access.actor import Actor
from hrdtracker.codelists.lookup import terms
from hrdtracker.duty.queries import DutyLine
from hrdtracker.proceedings.clocks.on_duty import ClosedCase
from hrdtracker.web.shell.context import locale, number

OFFICE, FROM = "office", "from"
"""What of a week of duty stands in its address."""
AHEAD = timedelta(hours=12)
"""How far ahead the limits are looked at for whoever is on duty, and on the first page."""


@dataclass(frozen=True)
class ClosedLine:
    """A case that whoever is on duty cannot open, and where a director lets them in."""

    what: str
    code: str
    limits: str
    url: str


def say_on_duty(line: DutyLine, reader: Actor) -> str:
    """Return who is on duty: the reader, a colleague, or nobody, and then the directors are."""
    if line.user is None:
        return str(gettext("Nobody: the directors"))
    return str(gettext("You")) if line.user.id == reader.id else line.user.display_name


def duty_url(first: date, office: str | None = None) -> str:
    """Return the address of the week that begins with a day, in an office."""
    place: dict[str, Any] = {OFFICE: office, FROM: first.isoformat()}
    return url_for("duty.index", **place)


def closed_line(case: ClosedCase) -> ClosedLine:
    """Return one such case, with the way to letting somebody in."""
    what = terms().label("incident_type", case.lead_type, locale())
    place = terms().label("province", case.lead_province, locale())
    return ClosedLine(
        ", ".join(part for part in (what, place) if part),
        case.code,
        say_limits(case.limits),
        url_for("case_access.add_member", uid=case.uid),
    )


def say_limits(count: int) -> str:
    """Return how many limits there are."""
    said = number(count)
    return str(ngettext("%(count)s limit", "%(count)s limits", count, count=said))
