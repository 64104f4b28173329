"""Who has read how much, whom a colleague has opened, and who has opened a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext, ngettext

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User, UserState
from hrdtracker.core import clock
from hrdtracker.core.errors import N_
from hrdtracker.core.when.say import say_instant
from hrdtracker.incidents.of_person import traces
from hrdtracker.insight.model import Measure
from hrdtracker.insight.readings import (
    ColleagueTally,
    DayTally,
    ReadByUser,
    ReadPerson,
    UnusualLine,
    figures,
    person_readings,
    read_by_user,
    user_read,
)
from hrdtracker.people import service
from hrdtracker.people.model import Person, PersonName
from hrdtracker.people.naming import ShownNames
from hrdtracker.web.people.hidden import HiddenNames, hidden_names, reason_given
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, number, today, zone
from hrdtracker.web.shell.filters import FilterBar, filter_bar, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.paging import Paging, paging
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.cases import case_title
from hrdtracker.web.words.openings import OpeningLines, opening_lines
from hrdtracker.web.words.people import say_trace

bp = Blueprint("readings", __name__)
DAYS = (1, 7, 30, 90)
USUAL_DAYS, LEFT_DAYS = 7, 90
"""How far back it is shown at first: of a colleague, and of one who has left."""
REACHED: Mapping[Measure, str] = MappingProxyType(
    {
        Measure.SEARCHES_HOUR: N_("%(most)s searches or more in an hour"),
        Measure.PAGES_HOUR: N_("%(most)s pages or more in an hour"),
        Measure.PEOPLE_HOUR: N_("%(most)s people or more in an hour"),
        Measure.CASES_HOUR: N_("%(most)s cases or more in an hour"),
        Measure.PAGES_DAY: N_("%(most)s pages or more in a day"),
        Measure.PEOPLE_DAY: N_("%(most)s people or more in a day"),
        Measure.CASES_DAY: N_("%(most)s cases or more in a day"),
    }
)


@dataclass(frozen=True)
class UnusualReadingLine:
    """Somebody who read unusually much: who, on which day, and which limit they reached."""

    user: User
    day: date
    what: str


@dataclass(frozen=True)
class ReadingsPage:
    """Who has read unusually much, and how much each colleague has read in a day."""

    unusual: Sequence[UnusualReadingLine]
    colleagues: Sequence[ColleagueTally]


@dataclass(frozen=True)
class ReadPersonLine:
    """Somebody whom a colleague opened: what may be said of them, and how they are reached."""

    read: ReadPerson
    trace: str
    last: str
    names: tuple[PersonName, ...]


@dataclass(frozen=True)
class ReadCaseLine:
    """A case that a colleague opened: its address, code and title, and when it was last read."""

    uid: UUID
    code: str
    title: str
    last: str


@dataclass(frozen=True)
class UserReadingsPage:
    """What a colleague has opened; numbers alone where the reader `sees_what` not."""

    user: User
    bar: FilterBar
    days: Sequence[DayTally]
    sees_what: bool
    people: Sequence[ReadPersonLine]
    people_total: int
    people_paging: Paging | None
    cases: Sequence[ReadCaseLine]
    cases_total: int
    cases_paging: Paging | None
    outlines: int
    names_url: str
    names_shown: bool
    hidden: HiddenNames | None


@dataclass(frozen=True)
class PersonOpeningsPage:
    """Who has opened a person."""

    person: Person
    openings: OpeningLines


@bp.get("/readings")
@needs(Action.READINGS_COUNT)
def index() -> Response:
    """Show who has read unusually much, and how much each colleague has read in a day."""
    read = figures(identity.actor())
    unusual = [_unusual(line) for line in read.unusual]
    return show("readings/index.html", ReadingsPage(unusual, read.colleagues))


@bp.get("/readings/<uuid:uid>")
@needs(Action.READINGS_COUNT)
def user(uid: UUID) -> Response:
    """Show whom and what a colleague has opened in the last days: to warn them, for instance."""
    actor = identity.actor()
    user = user_read(actor, uid)
    bar = _bar(user)
    return _user_page(actor, user, bar, _read(actor, user, bar))


@bp.post("/readings/<uuid:uid>/names")
@needs(Action.READINGS_READ)
def names(uid: UUID) -> Response:
    """Show the names of one page of whom a colleague has opened; the trail keeps it as one act."""
    actor = identity.actor()
    user = user_read(actor, uid)
    bar = _bar(user)
    read = _read(actor, user, bar)
    people = [line.person.id for line in read.people]
    shown = service.reveal_listed(actor, people, reason_given())
    return _user_page(actor, user, bar, read, shown)


@bp.get("/people/<uuid:uid>/openings")
@needs(Action.READINGS_OF_PERSON)
def person(uid: UUID) -> Response:
    """Show a director who has opened a person, through the cases that the director may open."""
    actor = identity.actor()
    person = policy.fetch(actor, Action.READINGS_OF_PERSON, Person, uid)
    read = person_readings(actor, person, request.args.get("page"))
    openings = opening_lines(
        read.page, read.labels, lambda token: url_for("readings.person", uid=uid, page=token)
    )
    return show("readings/person.html", PersonOpeningsPage(person, openings))


def _bar(user: User) -> FilterBar:
    first = _first_days(user)
    words = [(str(days), _say_days(days)) for days in DAYS if days != first]
    field = pick("days", gettext("Since when"), words, unset=_say_days(first))
    return filter_bar("readings.user", field, uid=str(user.uid))


def _first_days(user: User) -> int:
    return LEFT_DAYS if user.state == UserState.LEFT else USUAL_DAYS


def _say_days(days: int) -> str:
    return str(ngettext("The last day", "The last %(count)s days", days, count=number(days)))


def _read(actor: Actor, user: User, bar: FilterBar) -> ReadByUser:
    since = clock.now() - timedelta(days=int(bar.chosen.get("days", _first_days(user))))
    skip = {name: request.args.get(name) for name in ("people", "cases")}
    return read_by_user(actor, user, since, zone(), skip)


def _user_page(
    actor: Actor, user: User, bar: FilterBar, read: ReadByUser, shown: ShownNames | None = None
) -> Response:
    seen = traces(actor, [line.person.id for line in read.people])
    here: dict[str, Any] = {"uid": user.uid, **bar.chosen}
    page = UserReadingsPage(
        user=user,
        bar=bar,
        days=read.days,
        sees_what=policy.allows(actor, Action.READINGS_READ, user),
        people=[
            ReadPersonLine(
                line,
                say_trace(seen[line.person.id], line.person.recorded_at),
                _last(line.last),
                shown.names.get(line.person.id, ()) if shown else (),
            )
            for line in read.people
        ],
        people_total=read.people_part.total,
        people_paging=paging(read.people_part, "readings.user", "people", **here),
        cases=[
            ReadCaseLine(line.case.uid, line.case.code, case_title(line.case), _last(line.last))
            for line in read.cases
        ],
        cases_total=read.cases_part.total,
        cases_paging=paging(read.cases_part, "readings.user", "cases", **here),
        outlines=read.outlines,
        names_url=url_for("readings.names", people=request.args.get("people"), **here),
        names_shown=shown is not None,
        hidden=hidden_names(shown.masked) if shown else None,
    )
    return show("readings/user.html", page)


def _last(moment: datetime) -> str:
    when = say_instant(moment, zone(), locale(), today())
    return str(gettext("last opened %(when)s", when=when))


def _unusual(line: UnusualLine) -> UnusualReadingLine:
    sentence = gettext(REACHED[Measure(line.measure)], most=number(line.most))
    return UnusualReadingLine(line.user, line.day, sentence)
