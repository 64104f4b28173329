"""Requests for support: what waits, asking, changing, sending, and the story of one on a page."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.cases.case_file import standing_of
from hrdtracker.forms.base import version_of
from hrdtracker.forms.fund.requests.decisions import ReasonForm
from hrdtracker.forms.fund.requests.plan import PlanForm
from hrdtracker.forms.fund.requests.request import BasicsForm
from hrdtracker.fund.drafts.requests import RequestDraft
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.people import reveal_people
from hrdtracker.fund.requests.service import UNSENT
from hrdtracker.web.fund.requests.actions import sentence_of
from hrdtracker.web.fund.requests.answer import act_on_request, story_for, subject_of, to_request
from hrdtracker.web.fund.requests.list import queue_page
from hrdtracker.web.fund.requests.page import story_page
from hrdtracker.web.fund.requests.reason import ReasonPage
from hrdtracker.web.fund.requests.write import (
    SENT,
    budget_step,
    carriers,
    chosen_plan,
    edit_step,
    first_values,
    new_page,
    new_plan_page,
    people_choices,
    shortened,
    try_to_send,
    uid_or_missing,
    why_step,
)
from hrdtracker.web.people.hidden import reason_given
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("fund", __name__, url_prefix="/fund")


@bp.get("/queue")
@needs(Action.FUND_REQUEST_READ)
def queue() -> Response:
    """List the requests that one may open, the nearest deadline first."""
    return queue_page(identity.actor(), request.args.get("skip"))


@bp.route("/requests/new", methods=["GET", "POST"])
@needs(Action.FUND_ASK)
def ask() -> Response:
    """Ask for support in a case: one screen; what is missing may come later."""
    actor = identity.actor()
    case = standing_of(actor, uid_or_missing(request.args.get("case"))).case
    plan = chosen_plan(case)
    form = BasicsForm.received(**first_values(plan))
    form.offer(reader(), people_choices(actor, case.id), carriers(actor))
    if form.is_valid_submission:
        with form.reasons():
            begun = RequestDraft(plan=plan.uid if plan else None)
            draft = shortened(form.draft(reader(), begun), actor.organisation_id, None)
            request_ = requests.ask(actor, case, draft)
            if request_.status not in UNSENT:
                flash(gettext(SENT), "ok")
            elif "keep" in request.form:
                flash(gettext("Kept. Only you see it until you send it."), "ok")
            else:
                try_to_send(lambda: requests.submit(actor, request_, request_.version), request_)
            return to_request(request_.uid)
    return new_page(case, form, plan)


@bp.route("/requests/new/plan", methods=["GET", "POST"])
@needs(Action.FUND_ASK)
def ask_for_many() -> Response:
    """Ask for many households at once; why it is needed is said in full on the next page."""
    actor = identity.actor()
    case = standing_of(actor, uid_or_missing(request.args.get("case"))).case
    form = PlanForm.received(**first_values(None)).offer(reader())
    if form.is_valid_submission:
        with form.reasons():
            request_ = requests.ask(actor, case, form.draft(reader(), RequestDraft()))
            flash(gettext("Kept. Only you see it until you send it."), "ok")
            return redirect(url_for("fund.why", uid=request_.uid), 303)
    return new_plan_page(case, form)


@bp.get("/requests/<uuid:uid>")
@needs(Action.FUND_REQUEST_READ)
def story(uid: UUID) -> Response:
    """Show the story of one request, names hidden."""
    return story_page(identity.actor(), uid, drawn=request.args.get("drawn"))


@bp.post("/requests/<uuid:uid>/people")
@needs(Action.FUND_IDENTIFY)
def reveal(uid: UUID) -> Response:
    """Show the names of everybody in a request, once; the trail keeps that."""
    actor = identity.actor()
    shown = reveal_people(actor, request_reading.fetch(actor, uid), reason_given())
    return story_page(actor, uid, shown)


@bp.route("/requests/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.FUND_EDIT)
def basics(uid: UUID) -> Response:
    """Change who, for what, how much, by when, how to pay."""
    return edit_step(identity.actor(), uid, requests.edit)


@bp.route("/requests/<uuid:uid>/budget", methods=["GET", "POST"])
@needs(Action.FUND_EDIT)
def budget(uid: UUID) -> Response:
    """Change what it costs, line by line, and when it is paid."""
    return budget_step(identity.actor(), uid, requests.edit)


@bp.route("/requests/<uuid:uid>/why", methods=["GET", "POST"])
@needs(Action.FUND_EDIT)
def why(uid: UUID) -> Response:
    """Say the rest: the risk, the tie to rights work, what was tried, what comes after."""
    return why_step(identity.actor(), uid, requests.edit, requests.complete)


@bp.post("/requests/<uuid:uid>/send")
@needs(Action.FUND_SUBMIT)
def send(uid: UUID) -> Response:
    """Send a request to those who decide; what is missing stands on its page."""
    actor = identity.actor()
    details = story_for(actor, uid, Action.FUND_SUBMIT)
    form = ReasonForm.received()
    try_to_send(lambda: requests.submit(actor, details.request, version_of(form)), details.request)
    return to_request(uid)


@bp.route("/requests/<uuid:uid>/withdraw", methods=["GET", "POST"])
@needs(Action.FUND_WITHDRAW)
def take_back(uid: UUID) -> Response:
    """Take a request back."""
    actor = identity.actor()
    details = story_for(actor, uid, Action.FUND_WITHDRAW)
    form = ReasonForm.received(version=str(details.request.version))

    def act() -> str:
        requests.withdraw(actor, details.request, version_of(form))
        return str(gettext("The request is withdrawn."))

    del form.reason
    page = ReasonPage(
        subject=subject_of(details),
        what=gettext("Withdraw the request"),
        sentence=sentence_of(Action.FUND_WITHDRAW, details.request),
        label=gettext("Withdraw it"),
    )
    return act_on_request("fund/requests/reason.html", page, form, act)
