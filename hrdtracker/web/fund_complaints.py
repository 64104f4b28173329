"""Complaints about money: for a national director whom they do not concern, and nobody else."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.accounts.labels import labels_by_id
from hrdtracker.core.errors import NotFound
from hrdtracker.forms.fund_work import AnswerForm
from hrdtracker.fund import accounting, queries
from hrdtracker.web.fund_words import by_at
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer
from hrdtracker.web.shell.doors import needs

bp = Blueprint("fund_complaints", __name__, url_prefix="/fund/complaints")


@bp.get("")
@needs(Action.FUND_COMPLAINT_READ)
def index() -> str:
    """List the complaints that one may read, the unanswered first."""
    found = queries.complaints(identity.actor())
    users = labels_by_id(one.taken_by_id for one in found)
    lines = [(one, by_at(users.get(one.taken_by_id, ""), one.taken_at)) for one in found]
    return render_template("fund/complaints.html", lines=lines)


@bp.route("/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.FUND_COMPLAINT_READ)
def complaint(uid: UUID) -> Response:
    """Show a complaint, and keep what was done about it."""
    actor = identity.actor()
    held = next((one for one in queries.complaints(actor) if one.uid == uid), None)
    if held is None:
        raise NotFound
    form = AnswerForm.received(answer=held.answer or "")
    if form.was_sent:
        with form.reasons():
            accounting.answer_complaint(actor, held, form.answer.data or "")
            flash(gettext("Kept."), "ok")
            return redirect(url_for("fund_complaints.index"), 303)
    users = labels_by_id([held.taken_by_id, held.answered_by_id])
    taken = by_at(users.get(held.taken_by_id, ""), held.taken_at)
    return answer("fund/complaint.html", form, held=held, taken=taken)
