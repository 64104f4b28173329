"""The list for tonight: who is to be released or brought before a judge, without a name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, request
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.say import say_instant
from hrdtracker.proceedings.clocks.reading import HeldUntil, to_be_freed
from hrdtracker.proceedings.rules.model import Confidence
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale, number, say_told, today, zone
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.limit_lines import citation
from hrdtracker.web.words.limits import end_of_today, say_clock, say_window

bp = Blueprint("tonight", __name__)


@dataclass(frozen=True)
class SheetRow:
    """People held at one place whose limit ends at one time; `key` ticks them."""

    key: str
    people: int
    where: str
    since: str
    under: str
    limit: str
    article: str
    is_ticked: bool


@dataclass(frozen=True)
class TonightPage:
    """Who may be read out, those that are ticked, how many they are; counted at an hour."""

    rows: Sequence[SheetRow]
    ticked: Sequence[SheetRow]
    people: int
    counted_at: datetime


@bp.get("/clocks/tonight")
@needs(Action.CASE_READ)
def tonight() -> Response:
    """Show the list that is read to a prosecutor; what is ticked stands on the sheet."""
    found = to_be_freed(identity.actor(), end_of_today())
    chosen = set(request.args.getlist("row"))
    rows = _rows(found, chosen)
    ticked = [row for row in rows if row.is_ticked]
    people = sum(row.people for row in ticked)
    return show("clocks/tonight.html", TonightPage(rows, ticked, people, clock.now()))


def _rows(found: Iterable[HeldUntil], chosen: set[str]) -> list[SheetRow]:
    """Return a row for those who are held at one place with one limit."""
    groups: dict[tuple[object, ...], list[HeldUntil]] = {}
    for one in found:
        place = one.stay.place_held or one.stay.prison
        key = place, one.clock.clock, one.clock.ends_earliest, one.clock.ends_latest
        groups.setdefault((*key, one.clock.is_reviewed), []).append(one)
    return [_row(some, chosen) for some in groups.values()]


def _row(some: Sequence[HeldUntil], chosen: set[str]) -> SheetRow:
    first = some[0]
    kept, stay = first.clock, first.stay
    key = kept.uid.hex
    began = min((one.stay.since for one in some), default=stay.since)
    return SheetRow(
        key,
        sum(one.clock.people for one in some),
        stay.place_held or terms().label("prison", stay.prison, locale()) or gettext("not known"),
        say_instant(began, zone(), locale(), today()) if stay.began else say_told(None),
        say_clock(kept.clock),
        say_window(kept.ends_earliest, kept.ends_latest) if kept.ends_earliest else "",
        _article(kept.clock, is_reviewed=kept.is_reviewed),
        key in chosen,
    )


def _article(key: str, *, is_reviewed: bool) -> str:
    """Return the article, where its text was read; else that one asks; a star if not reviewed."""
    cites = citation(key)
    if cites is None or cites.confidence != Confidence.READ_IN_TEXT:
        return str(gettext("ask"))
    return number(cites.article) + ("" if is_reviewed else "*")
