"""Deciding on a request: whether one knows the people, verifying, recommending, approving."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.forms.base import version_of
from hrdtracker.forms.fund.requests.decisions import DeclareForm, RatifyForm, VerificationForm
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.reading.requests import RequestDetails
from hrdtracker.fund.requests import conflicts
from hrdtracker.web.fund.requests.actions import NOBODY_IS_LEFT, sentence_of
from hrdtracker.web.fund.requests.answer import (
    ActionPage,
    act_on_request,
    story_for,
    subject_of,
    to_request,
)
from hrdtracker.web.fund.requests.page import question_page
from hrdtracker.web.fund.requests.reason import decide
from hrdtracker.web.fund.requests.stuck import say_in_whose_hands
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund_decide", __name__, url_prefix="/fund/requests")


@dataclass(frozen=True, kw_only=True)
class RatifyPage(ActionPage):
    """The page on which one says whether an emergency release was right."""

    sentence: str


@bp.route("/<uuid:uid>/declare", methods=["GET", "POST"])
@needs(Action.FUND_DECLARE)
def declare(uid: UUID) -> Response:
    """Say whether one knows the people of a request; a yes shuts one out at once."""
    actor = identity.actor()
    details = request_reading.story(actor, uid)
    form = DeclareForm.received().offer()
    if form.is_valid_submission:
        with form.reasons():
            knows = form.answer()
            conflicts.declare(actor, details.request, knows=knows, reason=form.reason.data or "")
            if knows:
                flash(*_shut_out(details.request))
                return redirect(url_for("home.today"), 303)
            return to_request(uid)
    return question_page(details, form)


@bp.route("/<uuid:uid>/verify", methods=["GET", "POST"])
@needs(Action.FUND_VERIFY)
def verify(uid: UUID) -> Response:
    """Keep what was found out: who it is, what happens, what is needed."""
    actor = identity.actor()
    details = story_for(actor, uid, Action.FUND_VERIFY)
    form = VerificationForm.received(version=str(details.request.version), **_verified(details))

    def act() -> str:
        decisions.verify(actor, details.request, form.draft(), version_of(form))
        return str(gettext("Verified. Now recommend it, or return it."))

    return act_on_request(
        "fund/requests/verify.html", ActionPage(subject=subject_of(details)), form, act
    )


@bp.route("/<uuid:uid>/recommend", methods=["GET", "POST"])
@needs(Action.FUND_RECOMMEND)
def recommend(uid: UUID) -> Response:
    """Say that what was verified should be paid."""
    what, done = gettext("Recommend the request"), gettext("Recommended.")
    return decide(uid, Action.FUND_RECOMMEND, what, done, decisions.recommend)


@bp.route("/<uuid:uid>/return", methods=["GET", "POST"])
@needs(Action.FUND_RETURN)
def send_back(uid: UUID) -> Response:
    """Send a request back to be corrected."""
    what, done = gettext("Return the request"), gettext("Returned. Its author reads your reason.")
    return decide(uid, Action.FUND_RETURN, what, done, decisions.return_request)


@bp.route("/<uuid:uid>/refuse", methods=["GET", "POST"])
@needs(Action.FUND_REFUSE)
def refuse(uid: UUID) -> Response:
    """Refuse a request for good."""
    what, done = gettext("Refuse the request"), gettext("Refused.")
    return decide(uid, Action.FUND_REFUSE, what, done, decisions.refuse)


@bp.route("/<uuid:uid>/approve", methods=["GET", "POST"])
@needs(Action.FUND_APPROVE)
def approve(uid: UUID) -> Response:
    """Approve a request, as what one is needed for."""
    what, done = gettext("Approve the request"), gettext("You have approved it.")
    return decide(uid, Action.FUND_APPROVE, what, done, decisions.approve)


@bp.route("/<uuid:uid>/emergency", methods=["GET", "POST"])
@needs(Action.FUND_EMERGENCY)
def release(uid: UUID) -> Response:
    """Sign the release of money that cannot wait."""
    what, done = gettext("Release it at once"), gettext("You have signed the release.")
    return decide(uid, Action.FUND_EMERGENCY, what, done, emergency.release)


@bp.route("/<uuid:uid>/ratify", methods=["GET", "POST"])
@needs(Action.FUND_RATIFY)
def ratify(uid: UUID) -> Response:
    """Say whether an emergency release was right."""
    actor = identity.actor()
    details = story_for(actor, uid, Action.FUND_RATIFY)
    form = RatifyForm.received(version=str(details.request.version)).offer()

    def act() -> str:
        ratified, why, version = form.answer(), form.reason.data or "", version_of(form)
        emergency.ratify(actor, details.request, ratified=ratified, reason=why, version=version)
        return str(
            gettext("Ratified.") if ratified else gettext("Not ratified: nothing more is paid.")
        )

    page = RatifyPage(
        subject=subject_of(details), sentence=sentence_of(Action.FUND_RATIFY, details.request)
    )
    return act_on_request("fund/requests/ratify.html", page, form, act)


@bp.post("/<uuid:uid>/lift")
@needs(Action.FUND_LIFT)
def lift(uid: UUID) -> Response:
    """Let the two who released this sign by themselves again."""
    actor = identity.actor()
    details = story_for(actor, uid, Action.FUND_LIFT)
    emergency.lift(actor, details.request)
    flash(gettext("The two may sign by themselves again."), "ok")
    return to_request(uid)


def _verified(details: RequestDetails) -> dict[str, str]:
    """Return what was found out about this request before, to be corrected."""
    verification = details.verification
    names = ("identity", "situation", "need", "referees", "documents")
    return {name: getattr(verification, name) or "" for name in names} if verification else {}


def _shut_out(request: SupportRequest) -> tuple[str, str]:
    """Say that whoever knows somebody is shut out, and in whose hands the request is now."""
    first = gettext("You are shut out of it from now on.")
    if request.stuck_since is not None:
        nobody = gettext(NOBODY_IS_LEFT)
        return f"{first} {nobody}", "warn"
    return f"{first} {say_in_whose_hands(request)}", "ok"
