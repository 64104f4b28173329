"""The first page: the next things to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response

from hrdtracker.access.action import Action
from hrdtracker.access.policy import allows_anywhere
from hrdtracker.incidents.today import today_for
from hrdtracker.web.home.fund import fund_waits
from hrdtracker.web.home.page import HomeLine, HomeSection, confirmations, parts_of, the_first
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import today as this_day
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import SIGNED_IN, needs

bp = Blueprint("home", __name__)


@dataclass(frozen=True)
class TodayPage:
    """What comes next for whoever is here: the first thing, then all that waits, part by part."""

    day: date
    first: HomeLine | None
    parts: Sequence[HomeSection]
    may_log: bool


@bp.get("/")
@needs(SIGNED_IN)
def today() -> Response:
    """Show what comes next for whoever is here."""
    actor, day = identity.actor(), this_day()
    parts = [*parts_of(today_for(actor, day)), *fund_waits(actor), *confirmations(actor)]
    page = TodayPage(day, the_first(parts), parts, allows_anywhere(actor, Action.INCIDENT_LOG))
    return show("home/today.html", page)
