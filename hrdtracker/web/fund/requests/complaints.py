"""Complaints about money: for a national director whom they do not concern, and nobody else."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.errors import NotFound
from hrdtracker.forms.fund.requests.decisions import AnswerForm
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.requests import by_at

bp = Blueprint("fund_complaints", __name__, url_prefix="/fund/complaints")


@bp.get("")
@needs(Action.FUND_COMPLAINT_READ)
def index() -> str:
    """List the complaints that one may read, the unanswered first."""
    found = request_reading.complaints(identity.actor())
    users = labels_by_id(one.taken_by_id for one in found)
    lines = [(one, by_at(users.get(one.taken_by_id, ""), one.taken_at)) for one in found]
    return render_template("fund/requests/complaints.html", lines=lines)


@bp.route("/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.FUND_COMPLAINT_READ)
def complaint(uid: UUID) -> Response:
    """Show a complaint, and keep what was done about it."""
    actor = identity.actor()
    held = next((one for one in request_reading.complaints(actor) if one.uid == uid), None)
    if held is None:
        raise NotFound
    form = AnswerForm.received(answer=held.answer or "")
    if form.is_valid_submission:
        with form.reasons():
            acquittals.answer_complaint(actor, held, form.answer.data or "")
            flash(gettext("Kept."), "ok")
            return redirect(url_for("fund_complaints.index"), 303)
    users = labels_by_id([held.taken_by_id, held.answered_by_id])
    taken = by_at(users.get(held.taken_by_id, ""), held.taken_at)
    return answer("fund/requests/complaint.html", form, held=held, taken=taken)
