"""Beginning: setting up the organisation, once, and an invited user’s first password."""

import hmac
import ipaddress
from datetime import datetime, timedelta

from flask import Blueprint, Flask, abort, flash, g, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import User
from hrdtracker.accounts import codes, queries, sessions, staff, throttle
from hrdtracker.accounts import organisation as organisations
from hrdtracker.core import clock
from hrdtracker.core.errors import NotFound
from hrdtracker.forms.setup import SetUpForm, WelcomeForm
from hrdtracker.proceedings.checklists.load import load_first_checklist
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.web.accounts import first_page
from hrdtracker.web.admin.users import CodePage
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import PUBLIC, needs

bp = Blueprint("setup", __name__)
OFFERED_FOR = timedelta(minutes=30)
FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")


class SetUpOffer:
    """The one-time code of an instance that nobody has set up; only its digest is kept."""

    def __init__(self, code: str, ends_at: datetime) -> None:
        self._digest = codes.digest(code)
        self._ends_at = ends_at

    def fits(self, typed: str) -> bool:
        """Tell whether this is the code, and still in time."""
        is_right = hmac.compare_digest(self._digest, codes.digest(typed))
        return is_right and clock.now() < self._ends_at


def offer(app: Flask) -> str:
    """Let the instance be set up from this machine for half an hour; return the code for it."""
    code = codes.new_code()
    valid = SetUpOffer(code, clock.now() + OFFERED_FOR)

    def hold() -> None:
        g.set_up_offer, g.way_in = valid, _way_in

    steps = app.before_request_funcs.setdefault(None, [])
    steps.insert(0, hold)  # before anybody is asked to sign in
    return code


@bp.route("/setup", methods=["GET", "POST"])
@needs(PUBLIC)
def set_up() -> Response:
    """Make the organisation, its first office and its first administrator."""
    present = _present_offer()
    form = SetUpForm.received(office_code="PNH", name_en="Phnom Penh", name_km="ភ្នំពេញ")
    if form.is_valid_submission:
        keys = throttle.keys_of(network="set up from this machine")
        throttle.admit(keys)
        if not present.fits(form.code.data):
            form.code.errors = [gettext("This is not the code, or its half hour is over.")]
            return show("setup/set_up.html", form=form)
        throttle.give_back(keys)
        with form.reasons():
            organisation, first = form.draft()
            user, other, second_code = organisations.set_up(
                operator(), organisation, first, form.password.data, form.second()
            )
            _load_law(user)
            _begin(user)
            flash(gettext("The organisation is set up. Now invite your colleagues."), "ok")
            return show("admin/code.html", CodePage(other, second_code))
    return show("setup/set_up.html", form=form)


def _load_law(user: User) -> None:
    """Load the rules of law and the checklist of this program, for the organisation just set up."""
    at_the_machine = operator(user.organisation_id)
    organisation = queries.own_organisation(at_the_machine, Action.LAW_LOAD)
    load_rules(at_the_machine, organisation)
    load_first_checklist(at_the_machine, organisation)


@bp.route("/welcome", methods=["GET", "POST"])
@needs(PUBLIC)
def welcome() -> Response:
    """Let an invited user, or one who lost the password, set a new one with a code."""
    form = WelcomeForm.received()
    user: User | None = None
    if form.is_valid_submission:
        keys = throttle.keys_of(network=throttle.network_of(identity.address()))
        throttle.admit(keys)
        try:
            with form.reasons():
                user = staff.accept(form.code.data, form.password.data)
            throttle.give_back(keys)  # the code was right, even where the password was refused
        except NotFound:
            form.code.errors = [
                gettext("Nobody has this code, or it is used or older than 3 days.")
            ]
    if user is not None:
        _begin(user)
        return redirect(first_page(), 303)
    return show("setup/welcome.html", form=form)


def _present_offer() -> SetUpOffer:
    """Return what is offered to somebody at this very machine; else there is no such page."""
    present: SetUpOffer | None = g.get("set_up_offer")
    if present is None or not _is_open():
        abort(404)
    return present


def _way_in() -> str | None:
    """Return the page where a stranger begins, as long as nobody has set the instance up."""
    return "setup.set_up" if _is_open() else None


def _is_open() -> bool:
    return _is_at_this_machine() and queries.the_organisation() is None


def _is_at_this_machine() -> bool:
    """Tell whether the request comes from this machine, and through nobody’s hands."""
    try:
        if not ipaddress.ip_address(identity.address()).is_loopback:
            return False
    except ValueError:
        return False
    return not any(name in request.headers for name in FORWARDED)


def _begin(user: User) -> None:
    """Sign somebody in who has just set the password."""
    identity.enter(sessions.begin(user, identity.device()))
