"""The money of a request: promised on a line, moved, cancelled, covered, prepared to be paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.core.errors import WrongStatus
from hrdtracker.forms.base import CreateForm, say, version_of
from hrdtracker.forms.fund.requests.decisions import CommitmentForm, ReasonForm
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.budget.commitments import commit as promise
from hrdtracker.fund.budget.line_choice import lines_for
from hrdtracker.fund.payments import service as payments
from hrdtracker.fund.reading.own_part import payment_for
from hrdtracker.web.fund.requests.actions import button_of, sentence_of
from hrdtracker.web.fund.requests.answer import (
    DecisionPage,
    act_on_request,
    story_for,
    subject_followed,
    subject_of,
    to_request,
)
from hrdtracker.web.fund.requests.reason import ReasonPage, decide
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.requests import WordedLine, line_choices, what_left, worded_lines

bp = Blueprint("fund_commit", __name__, url_prefix="/fund/requests")


@dataclass(frozen=True, kw_only=True)
class LinePage(DecisionPage):
    """The page on which one chooses the line that promises the money of a request."""

    lines: Sequence[WordedLine]


@bp.route("/<uuid:uid>/commit", methods=["GET", "POST"])
@needs(Action.FUND_COMMIT)
def commit(uid: UUID) -> Response:
    """Promise the money of an approved request on a line."""
    actor = identity.actor()
    details = story_for(actor, uid, Action.FUND_COMMIT)
    request, lines = details.request, worded_lines(lines_for(actor, details.request))
    form = CommitmentForm.received(version=str(request.version)).offer(line_choices(lines))

    def act() -> str:
        promise(actor, request, form.chosen(), version_of(form))
        return str(gettext("The money is promised. Before each instalment somebody looks again."))

    del form.reason
    page = LinePage(
        subject=subject_of(details),
        what=gettext("Commit the money"),
        sentence=sentence_of(Action.FUND_COMMIT, request),
        label=button_of(Action.FUND_COMMIT, request),
        lines=lines,
    )
    return act_on_request("fund/requests/line.html", page, form, act)


@bp.route("/<uuid:uid>/move", methods=["GET", "POST"])
@needs(Action.FUND_MOVE)
def move(uid: UUID) -> Response:
    """Move what is promised to another line."""
    actor = identity.actor()
    details = story_for(actor, uid, Action.FUND_MOVE)
    request = details.request
    choices = [choice for choice in lines_for(actor, request) if choice.line.id != request.line_id]
    lines = worded_lines(choices)
    form = CommitmentForm.received(version=str(request.version)).offer(line_choices(lines))

    def act() -> str:
        why = form.reason.data or ""
        commitments.move(actor, request, form.chosen(), why, version_of(form))
        return str(gettext("Moved to another line."))

    page = LinePage(
        subject=subject_of(details),
        what=gettext("Move the commitment"),
        sentence=sentence_of(Action.FUND_MOVE, request),
        label=gettext("Move it"),
        lines=lines,
    )
    return act_on_request("fund/requests/line.html", page, form, act)


@bp.route("/<uuid:uid>/cancel", methods=["GET", "POST"])
@needs(Action.FUND_CANCEL)
def cancel(uid: UUID) -> Response:
    """Cancel what is approved and not paid."""
    what, done = gettext("Cancel the request"), gettext("Cancelled. The line has its money back.")
    return decide(uid, Action.FUND_CANCEL, what, done, commitments.cancel)


@bp.post("/<uuid:uid>/instalments/<uuid:instalment_uid>/prepare")
@needs(Action.FUND_PREPARE)
def prepare(uid: UUID, instalment_uid: UUID) -> Response:
    """Prepare the payment of an instalment; the same form twice prepares it once."""
    actor = identity.actor()
    details = story_for(actor, uid, Action.FUND_PREPARE)
    form = CreateForm.received()
    try:
        payments.prepare(actor, details.request, instalment_uid, form.sending())
        flash(gettext("Prepared. Finance releases it now."), "ok")
    except WrongStatus as refused:
        flash(say(refused.reason), "warn")
    return to_request(uid, "#money")


@bp.route("/<uuid:uid>/payments/<uuid:payment_uid>/cover", methods=["GET", "POST"])
@needs(Action.FUND_COVER)
def cover(uid: UUID, payment_uid: UUID) -> Response:
    """Decide that what left beyond its commitment is promised after all."""
    actor = identity.actor()
    followed = payment_for(actor, uid, payment_uid, Action.FUND_COVER)
    form = ReasonForm.received(version=str(followed.payment.version))

    def act() -> str:
        commitments.cover(actor, followed.payment, form.reason.data or "", version_of(form))
        return str(gettext("Covered: the line has promised it now."))

    page = ReasonPage(
        subject=subject_followed(followed),
        what=gettext("Cover what is over"),
        sentence=gettext("More left than was promised. You promise the rest, too."),
        label=gettext("Cover it"),
        facts=what_left(followed),
    )
    return act_on_request("fund/requests/reason.html", page, form, act)
