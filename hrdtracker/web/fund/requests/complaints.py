"""Complaints about money: for a national director whom they do not concern, and nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.accounts.display_names import labels_by_id
from hrdtracker.core.errors import NotFound
from hrdtracker.forms.fund.requests.decisions import AnswerForm
from hrdtracker.fund.model import Complaint
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.reading import requests as request_reading
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.requests import by_at

bp = Blueprint("fund_complaints", __name__, url_prefix="/fund/complaints")


@dataclass(frozen=True)
class ComplaintPage:
    """A complaint about money, who took it down when, and the request it is about.

    The request is its code and uid, for a reader who may open it.
    """

    complaint: Complaint
    taken: str
    request: tuple[str, UUID] | None


@dataclass(frozen=True)
class ComplaintsPage:
    """The complaints about money that the reader may open."""

    lines: Sequence[ComplaintPage]


@bp.get("")
@needs(Action.FUND_COMPLAINT_READ)
def index() -> Response:
    """List the complaints that one may read, the unanswered first."""
    complaints = request_reading.complaints(identity.actor())
    return show("fund/requests/complaints.html", ComplaintsPage(_pages(complaints)))


@bp.route("/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.FUND_COMPLAINT_READ)
def complaint(uid: UUID) -> Response:
    """Show a complaint, and keep what was done about it."""
    actor = identity.actor()
    opened = next((each for each in request_reading.complaints(actor) if each.uid == uid), None)
    if opened is None:
        raise NotFound
    form = AnswerForm.received(answer=opened.answer or "")
    if form.is_valid_submission:
        with form.reasons():
            acquittals.answer_complaint(actor, opened, form.answer.data or "")
            flash(gettext("Kept."), "ok")
            return redirect(url_for("fund_complaints.index"), 303)
    return show("fund/requests/complaint.html", _pages([opened])[0], form)


def _pages(complaints: Sequence[Complaint]) -> list[ComplaintPage]:
    users = labels_by_id(complaint.taken_by_id for complaint in complaints)
    about = request_reading.requests_of(identity.actor(), complaints)
    return [
        ComplaintPage(
            complaint,
            by_at(users.get(complaint.taken_by_id, ""), complaint.taken_at),
            about.get(complaint.request_id),
        )
        for complaint in complaints
    ]
