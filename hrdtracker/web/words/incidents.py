"""Incidents as lists say them: what tells one row apart from the next, in the reader's words."""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from flask_babel import gettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.say import say_day, say_distance
from hrdtracker.incidents.lists import ListedIncident
from hrdtracker.incidents.model import IncidentStatus, ReviewKind, Urgency
from hrdtracker.people.sizes import Count, Size
from hrdtracker.web.shell.context import locale, say_told, today, word, zone
from hrdtracker.web.shell.people import say_people, say_sizes
from hrdtracker.web.shell.sentences import begin, with_what
from hrdtracker.web.words.custody import say_states


@dataclass(frozen=True)
class IncidentLine:
    """An incident as a list says it: how it stands, what, and where, when and by whom it is told.

    `reason` is why it comes where it does, in a list that is ordered by that.
    """

    uid: UUID
    title: str
    meta: str
    code: str
    kind: str
    word: str
    reason: str = ""


def incident_line(row: ListedIncident, *, sent: bool = False) -> IncidentLine:
    """Return an incident as a list says it; with how long ago it was `sent`, where that matters."""
    stands = standing_of(row)
    parts = (
        begin(say_told(row.occurred, brief=True)),
        say_place(row),
        row.author.display_name,
        _say_sent(row) if sent else "",
        gettext("imported") if row.is_imported else "",
        word(row.review_kind) if row.review_kind == ReviewKind.SAMPLE else "",
    )
    meta = " · ".join(part for part in parts if part)
    return IncidentLine(
        row.uid,
        say_title(row),
        meta,
        row.code,
        stands,
        word(stands),
        say_reported_held(row) if sent else "",
    )


def standing_of(row: ListedIncident) -> str:
    """Return the code of what a badge says: how urgent it is where it waits, else its status."""
    is_pressing = row.status == IncidentStatus.SUBMITTED and row.urgency != Urgency.NORMAL
    return row.urgency if is_pressing else row.status


def say_title(row: ListedIncident) -> str:
    """Return what happened and to how many people."""
    return _titled(terms().label("incident_type", row.type, locale()), row.size, locale())


@lru_cache(maxsize=4096)
def _titled(what: str, size: Size, _locale: str) -> str:
    """Return a title in the language of the present page: a list says the same again and again."""
    return with_what(what, say_sizes(size) if size != Size() else "")


class Placed(Protocol):
    """What says where it was, as finely as figures know it."""

    @property
    def commune(self) -> str | None:
        """The code of the commune."""

    @property
    def district(self) -> str | None:
        """The code of the district."""

    @property
    def province(self) -> str | None:
        """The code of the province."""


def say_place(row: Placed) -> str:
    """Return the smallest place that figures know, and the province around it."""
    near = terms().label("commune", row.commune, locale()) or terms().label(
        "district", row.district, locale()
    )
    return ", ".join(
        part for part in (near, terms().label("province", row.province, locale())) if part
    )


def say_reported_held(row: ListedIncident) -> str:
    """Return how many people the incident says are held, and how good that word is.

    Since when stands there where their arrival says it; else it is the date of the incident.
    """
    if not row.held or row.held_since is None:
        return ""
    parts = [gettext("%(who)s reported held", who=say_people(Count(row.held)))]
    if row.held_since not in {row.occurred_earliest, row.recorded_at}:
        day = clock.day_of(row.held_since, zone())
        parts.append(gettext("since %(day)s", day=say_day(day, locale(), today(), brief=True)))
    if row.held_count.fresh < row.held:
        parts += say_states(row.held_count)
    return ", ".join(parts)


def _say_sent(row: ListedIncident) -> str:
    """Return how long ago it was sent."""
    if row.submitted_at is None:
        return ""
    away = say_distance(min(timedelta(), row.submitted_at - clock.now()), locale())
    return str(gettext("sent %(ago)s", ago=away))
