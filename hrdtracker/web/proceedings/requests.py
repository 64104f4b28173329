"""Requests of the defence: filed for several accused at once, and what became of each."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.forms.base import version_of
from hrdtracker.forms.proceedings.requests import DefenceRequestForm, DefenceUpdateForm
from hrdtracker.proceedings import requests
from hrdtracker.proceedings.drafts.requests import DefenceRequestUpdate
from hrdtracker.proceedings.model import FREES, RequestStanding
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from hrdtracker.proceedings.reading.requests import DefenceDetails, request_details
from hrdtracker.web.proceedings.answer import answer, of_proceeding
from hrdtracker.web.proceedings.page import accused_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("defence", __name__)
FREE = frozenset({RequestStanding.GRANTED, RequestStanding.PARTLY})


@bp.route("/proceedings/<uuid:uid>/requests/new", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def add(uid: UUID) -> Response:
    """File the same request for several accused."""
    actor = identity.actor()
    details = proceeding_details(actor, uid)
    form = DefenceRequestForm.received(parties=request.args.getlist("party")).offer(
        reader(), accused_of(details)
    )

    def act() -> tuple[str, str]:
        requests.file_requests(actor, details.proceeding, form.draft(reader()))
        return gettext("Saved."), url_for("proceedings.proceeding", uid=uid)

    page = "proceedings/request.html"
    return answer(form, act, page, lambda: of_proceeding(details.proceeding))


@bp.route("/requests-of-the-defence/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def edit(uid: UUID) -> Response:
    """Say what became of a request."""
    actor = identity.actor()
    details = request_details(actor, uid)
    row = details.request
    form = DefenceUpdateForm.received(**DefenceUpdateForm.values(row)).offer(reader())

    def act() -> tuple[str, str]:
        draft = form.draft(reader(), row)
        requests.update_request(actor, row, draft, version_of(form))
        return _next(details, draft)

    page = "proceedings/request_edit.html"
    return answer(form, act, page, lambda: of_proceeding(details.proceeding), row.version)


def _next(details: DefenceDetails, draft: DefenceRequestUpdate) -> tuple[str, str]:
    """Return where to go on: where somebody is to go free, to the form for where they are."""
    if draft.standing in FREE and details.request.kind in FREES:
        said = gettext(
            "Saved. The decision frees nobody here: once they are out, record that below."
        )
        return said, url_for("case_custody.record", uid=details.case.uid)
    return gettext("Saved."), url_for("proceedings.proceeding", uid=details.proceeding.uid)
