"""Pages of the limits that run: all that one may see, those of a case, and why one ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.accounts.proposals import waiting_for
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock as hour
from hrdtracker.core.page import SKIP_DIGITS
from hrdtracker.proceedings.clocks.breakdown import Breakdown, breakdown
from hrdtracker.proceedings.clocks.disputed import stands
from hrdtracker.proceedings.clocks.disputes import may_dispute, open_dispute, who_disputes
from hrdtracker.proceedings.clocks.of_case import CaseCustody, custody_of
from hrdtracker.proceedings.clocks.reading import LINES, ClockLine, Skipped, clock_parts
from hrdtracker.web.clocks.custody import CustodyLine, custody_line
from hrdtracker.web.clocks.why import RuleLine, WhyReading, rule_line, why_readings
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.filters import FilterBar, filter_bar, pick
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.defence_requests import DefenceLine, request_lines
from hrdtracker.web.words.hearings import CourtLine, court_lines
from hrdtracker.web.words.limit_lines import LimitLine, limit_line, person_line
from hrdtracker.web.words.observed import ObservedWords, observed_lines
from hrdtracker.web.words.proposals import say_what_waits

bp = Blueprint("clocks", __name__)
PARTS = ("checked", "expected", "others")
WITHIN = "within"


@dataclass(frozen=True)
class LimitSection:
    """Limits of which the same may be said."""

    lines: Sequence[LimitLine]
    first: str
    later: str
    """The addresses of the first lines, and of those that end later; empty where there are none."""


@dataclass(frozen=True)
class ClocksPage:
    """What runs, in parts that never mix; `unheard` are people of whom nobody heard for a week."""

    checked: LimitSection
    expected: LimitSection
    others: LimitSection
    unheard: int
    bar: FilterBar


@bp.get("/clocks")
@needs(Action.CASE_READ)
def index() -> Response:
    """Show what runs out in the cases that one may read, the soonest first."""
    choices = [("12", gettext("12 hours")), ("24", gettext("24 hours")), ("168", gettext("7 days"))]
    bar = filter_bar("clocks.index", pick(WITHIN, gettext("Ends within"), choices))
    within = bar.chosen.get(WITHIN)
    until = hour.now() + timedelta(hours=int(within)) if within else None
    skip = Skipped(*(skipped(name) for name in PARTS))
    parts = clock_parts(identity.actor(), until, skip)
    page = ClocksPage(
        _section("checked", parts.checked),
        _section("expected", parts.expected),
        _section("others", parts.open_questions),
        parts.unheard,
        bar,
    )
    return show("clocks/index.html", page)


def skipped(name: str) -> int:
    """Return how many lines of a part the address skips."""
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= SKIP_DIGITS else 0


def _section(name: str, lines: Sequence[ClockLine]) -> LimitSection:
    skip = skipped(name)
    later = _address(name, skip + LINES) if len(lines) > LINES else ""
    first = _address(name, 0) if skip else ""
    return LimitSection([limit_line(line) for line in lines[:LINES]], first, later)


def _address(part: str, skip: int) -> str:
    """Return the address of this page with another place in one part of it."""
    here: dict[str, Any] = {name: request.args.get(name) for name in (*PARTS, WITHIN)}
    return url_for("clocks.index", _anchor=part, **{**here, part: skip or None})


@dataclass(frozen=True)
class DisputeWords:
    """Who counts another end, when, which one and why; `is_older` if it was counted anew since.

    `set_for` is why two people set that end, and since when; `asks_again` where it no longer stands
    because what it is counted from has moved; `waits` what waits for a second person.
    """

    who: str
    ends_at: datetime
    at: datetime
    reason: str
    is_older: bool
    set_for: str
    set_at: datetime | None
    asks_again: bool
    waits: str


@dataclass(frozen=True)
class LimitPage:
    """Why a limit ends when it does: every reading, and what somebody could find out."""

    found: Breakdown
    line: LimitLine
    readings: Sequence[WhyReading]
    rules: Sequence[RuleLine]
    dispute: DisputeWords | None
    may_dispute: bool


@bp.get("/clocks/<uuid:uid>")
@needs(Action.CASE_READ)
def clock(uid: UUID) -> Response:
    """Show why one limit ends when it does."""
    actor = identity.actor()
    found = breakdown(actor, uid)
    return show(
        "clocks/why.html",
        LimitPage(
            found,
            person_line(found.clock, found.letter, found.heard_at),
            why_readings(found.limit),
            [rule_line(rule) for rule in found.limit.rules],
            _dispute(found),
            may_dispute(actor, found.clock),
        ),
    )


def _dispute(found: Breakdown) -> DisputeWords | None:
    row = open_dispute(found.clock)
    if row is None:
        return None
    window, waits = found.limit.window, waiting_for(row, Action.CLOCK_REPLACE)
    return DisputeWords(
        who_disputes(row).display_name,
        row.ends_at,
        row.disputed_at,
        row.reason or "",
        row.counted_earliest != (window.earliest if window else None),
        terms().label("limit_replacement", row.replaced_for, locale()),
        row.replaced_at,
        asks_again=row.replaced_at is not None and not stands(row, found.limit),
        waits=say_what_waits(waits) if waits else "",
    )


@dataclass(frozen=True)
class CustodyPage:
    """Who of a case is held where, since when, and what runs out next for each."""

    custody: CaseCustody
    people: Sequence[CustodyLine]
    proceedings: Sequence[CourtLine]
    requests: Sequence[DefenceLine]
    observed: Sequence[ObservedWords]


@bp.get("/cases/<uuid:uid>/court")
@needs(Action.CASE_READ)
def of_case(uid: UUID) -> Response:
    """Show where the people of a case are held, and which limits run for them."""
    actor = identity.actor()
    custody = custody_of(actor, uid)
    scope_id = custody.case.scope_id
    return show(
        "clocks/case.html",
        CustodyPage(
            custody,
            [custody_line(person) for person in custody.people],
            court_lines(actor, scope_id),
            request_lines(actor, scope_id, may=custody.may_record),
            observed_lines(actor, scope_id),
        ),
    )
