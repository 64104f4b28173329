"""Cases: the list, one case, and what is decided about it as a whole."""

from uuid import UUID

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.cases import service
from hrdtracker.cases.case_file import standing, standing_for
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import version_of
from hrdtracker.forms.cases.case import CaseForm, CloseForm, VersionForm
from hrdtracker.web.cases.answer import act_on_case
from hrdtracker.web.cases.list import list_page, outlines_page
from hrdtracker.web.cases.page import case_page, openings_page, people_page
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer, carry_out
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("cases", __name__)


@bp.get("/cases")
@needs(Action.CASE_READ)
def index() -> str:
    """List the cases that one may read."""
    return list_page(identity.actor())


@bp.get("/outlines")
@needs(Action.CASE_OUTLINE)
def outlines() -> str:
    """List the outlines of cases: code, areas, province, status."""
    return outlines_page(identity.actor())


@bp.get("/cases/<uuid:uid>")
@needs(Action.CASE_READ)
def case(uid: UUID) -> str:
    """Show one case with all that belongs to it."""
    return case_page(identity.actor(), uid)


@bp.get("/cases/<uuid:uid>/people")
@needs(Action.CASE_READ)
def people(uid: UUID) -> str:
    """Show everybody who is named in a case, by their letters."""
    return people_page(identity.actor(), uid)


@bp.route("/cases/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.CASE_EDIT)
def edit(uid: UUID) -> Response:
    """Change the title, the areas and the next look; a stale save shows both versions."""
    actor = identity.actor()
    held = standing_for(actor, uid, Action.CASE_EDIT)
    form = CaseForm.received(**CaseForm.values(held, locale())).offer(reader())

    def act() -> tuple[str, str]:
        draft = form.draft(reader(), held.case.next_look_on)
        service.edit_case(actor, held.case, draft, version_of(form))
        return gettext("Saved."), url_for("cases.case", uid=uid)

    def show(late: Stale | None) -> Response:
        theirs = standing(actor, uid) if late else None
        if theirs is not None:
            form.version.data = str(theirs.case.version)
        return answer("cases/edit.html", form, case=held.case, theirs=theirs)

    return carry_out(form, act, show)


@bp.route("/cases/<uuid:uid>/close", methods=["GET", "POST"])
@needs(Action.CASE_CLOSE)
def close(uid: UUID) -> Response:
    """Close a case, with its outcome and the reason."""
    actor = identity.actor()
    held = standing_for(actor, uid, Action.CASE_CLOSE)
    form = CloseForm.received(version=str(held.case.version), areas=list(held.areas))

    def act() -> str:
        service.close_case(actor, held.case, form.draft(), version_of(form))
        return str(gettext("The case is closed."))

    return act_on_case(held, form.offer(reader()), act, "cases/close.html")


@bp.route("/cases/<uuid:uid>/reopen", methods=["GET", "POST"])
@needs(Action.CASE_REOPEN)
def reopen(uid: UUID) -> Response:
    """Open a closed case again."""
    actor = identity.actor()
    held = standing_for(actor, uid, Action.CASE_REOPEN)
    form = VersionForm.received(version=str(held.case.version))

    def act() -> str:
        service.reopen_case(actor, held.case, version_of(form))
        return str(gettext("The case is open again."))

    return act_on_case(held, form, act, "cases/reopen.html")


@bp.get("/cases/<uuid:uid>/openings")
@needs(Action.CASE_OPENINGS)
def openings(uid: UUID) -> str:
    """Show the case's director who has opened it."""
    held = standing_for(identity.actor(), uid, Action.CASE_OPENINGS)
    return openings_page(held)
