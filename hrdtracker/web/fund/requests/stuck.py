"""Requests that nobody can go on with: passed on as the rules say, or somebody is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.errors import WrongStatus
from hrdtracker.forms.base import say
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.reading.stuck import stuck
from hrdtracker.fund.requests.passing_on import pass_on_now
from hrdtracker.fund.workflow import BEFORE_DECISION
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.stuck_requests import StuckRequestLine, stuck_lines

bp = Blueprint("fund_stuck", __name__, url_prefix="/fund")


@dataclass(frozen=True)
class StuckPage:
    """What nobody can go on with, as far as the reader is told of it."""

    lines: Sequence[StuckRequestLine]


@bp.get("/stuck")
@needs(Action.FUND_STUCK)
def index() -> Response:
    """List what nobody can go on with, and what one can do about each."""
    actor = identity.actor()
    return show("fund/requests/stuck.html", StuckPage(stuck_lines(actor, stuck(actor))))


@bp.post("/requests/<uuid:uid>/pass-on")
@needs(Action.FUND_PASS_ON)
def pass_on(uid: UUID) -> Response:
    """Pass a request on that nobody of its office can go on with."""
    actor = identity.actor()
    request = policy.fetch(actor, Action.FUND_PASS_ON, SupportRequest, uid)
    try:
        pass_on_now(actor, request)
    except WrongStatus as refused:
        flash(say(refused.reason), "warn")
    else:
        flash(say_in_whose_hands(request), "ok")
    return redirect(url_for("fund_stuck.index"), 303)


def say_in_whose_hands(request: SupportRequest) -> str:
    """Say to whom a request was passed on, or that whoever else may go on with it sees it."""
    if request.passed_to_id is None:
        return str(gettext("Whoever else may go on with it sees it now."))
    who = labels_by_id([request.passed_to_id])[request.passed_to_id]
    if request.needs_board and not request.needs_officer and request.status in BEFORE_DECISION:
        sentence = gettext(
            "It is passed on to %(who)s for the fund officer’s work. Whom the board named decides.",
            who=who,
        )
        return str(sentence)
    return str(gettext("It is passed on to %(who)s.", who=who))
