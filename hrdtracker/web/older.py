"""The one page of a database that is older than it was, until two people have said why."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access.action import Action
from hrdtracker.access.policy import could
from hrdtracker.accounts.queries import own_organisation
from hrdtracker.backups import older as service
from hrdtracker.backups.older import Older
from hrdtracker.core.errors import NotFound
from hrdtracker.forms.older import OlderForm
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import SETTING_UP, needs

bp = Blueprint("older", __name__)


@dataclass(frozen=True)
class OlderPage:
    """What is missing, whether the operator or somebody else has said why, whether one may."""

    older: Older
    lost: int
    said: int
    operator_said: bool
    said_oneself: bool
    may: bool


@bp.route("/older", methods=["GET", "POST"])
@needs(SETTING_UP)
def index() -> AnyResponse:
    """Say what is known elsewhere and not here, and let two people say why."""
    actor, form, older = identity.actor(), OlderForm.received(), service.present_standstill()
    if older is None:
        raise NotFound
    if form.is_valid_submission:
        with form.reasons():
            organisation = own_organisation(actor, Action.OLDER_EXPLAIN)
            service.explain(actor, organisation, form.chosen())
            flash(gettext("You have said why. It stands on the trail."), "ok")
            goes_on = service.present_standstill() is None
            return redirect(url_for("home.today" if goes_on else "older.index"), 303)
    page = OlderPage(
        older,
        lost=max(0, older.known.trail.seq - older.ends.seq),
        said=len(older.said_by),
        operator_said=None in older.said_by,
        said_oneself=actor.id in older.said_by,
        may=could(actor, Action.OLDER_EXPLAIN),
    )
    return show("older.html", page, form)
