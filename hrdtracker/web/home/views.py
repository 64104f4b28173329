"""The first page: the next things to do."""

from flask import Blueprint, render_template

from hrdtracker.access.action import Action
from hrdtracker.access.policy import allows_anywhere
from hrdtracker.incidents.today import today_for
from hrdtracker.web.home.fund import fund_waits
from hrdtracker.web.home.page import confirmations, parts_of, the_first
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import today as this_day
from hrdtracker.web.shell.route_permission import SIGNED_IN, needs

bp = Blueprint("home", __name__)


@bp.get("/")
@needs(SIGNED_IN)
def today() -> str:
    """Show what comes next for whoever is here."""
    actor, day = identity.actor(), this_day()
    parts = [*parts_of(today_for(actor, day)), *fund_waits(actor), *confirmations(actor)]
    return render_template(
        "home/today.html",
        day=day,
        first=the_first(parts),
        parts=parts,
        may_log=allows_anywhere(actor, Action.INCIDENT_LOG),
    )
