"""Cases: the list, one case, and what is decided about it as a whole."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access.action import Action
from hrdtracker.cases import service
from hrdtracker.cases.case_file import standing_for, standing_of
from hrdtracker.cases.model import Case
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import version_of
from hrdtracker.forms.cases.case import CaseForm, CloseForm, VersionForm
from hrdtracker.incidents.closing import close_case
from hrdtracker.web.cases.answer import act_on_case
from hrdtracker.web.cases.list import cases_page, outlines_page
from hrdtracker.web.cases.page import case_page, openings_page, people_page
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.conflict import Conflict, conflict
from hrdtracker.web.shell.context import locale
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("cases", __name__)


@dataclass(frozen=True)
class CaseEditPage:
    """The case to change, and what somebody saved of it in the meantime."""

    case: Case
    saved: Conflict | None


@bp.get("/cases")
@needs(Action.CASE_READ)
def index() -> Response:
    """List the cases that one may read."""
    return show("cases/index.html", cases_page(identity.actor()))


@bp.get("/outlines")
@needs(Action.CASE_OUTLINE)
def outlines() -> Response:
    """List the outlines of cases: code, areas, province, status."""
    return show("cases/outlines.html", outlines_page(identity.actor()))


@bp.get("/cases/<uuid:uid>")
@needs(Action.CASE_READ)
def case(uid: UUID) -> Response:
    """Show one case with all that belongs to it."""
    return show("cases/case.html", case_page(identity.actor(), uid))


@bp.get("/cases/<uuid:uid>/people")
@needs(Action.CASE_READ)
def people(uid: UUID) -> Response:
    """Show everybody who is named in a case, by their letters."""
    return show("cases/people.html", people_page(identity.actor(), uid))


@bp.route("/cases/<uuid:uid>/edit", methods=["GET", "POST"])
@needs(Action.CASE_EDIT)
def edit(uid: UUID) -> AnyResponse:
    """Change the title, the areas and the next look; a stale save shows both versions."""
    actor = identity.actor()
    standing = standing_for(actor, uid, Action.CASE_EDIT)
    form = CaseForm.received(**CaseForm.values(standing, locale())).offer(reader())

    def act() -> tuple[str, str]:
        draft = form.draft(reader(), standing.case.next_look_on)
        service.edit_case(actor, standing.case, draft, version_of(form))
        return gettext("Saved."), url_for("cases.case", uid=uid)

    def form_page(late: Stale | None) -> Response:
        saved = None
        if late is not None:
            now = CaseForm.values(standing_of(actor, uid), locale())
            saved = conflict(actor, uid, form, now, lambda theirs: theirs.offer(reader()))
        return show("cases/edit.html", CaseEditPage(standing.case, saved), form)

    return carry_out(form, act, form_page)


@bp.route("/cases/<uuid:uid>/close", methods=["GET", "POST"])
@needs(Action.CASE_CLOSE)
def close(uid: UUID) -> AnyResponse:
    """Close a case, with its outcome and the reason."""
    actor = identity.actor()
    standing = standing_for(actor, uid, Action.CASE_CLOSE)
    form = CloseForm.received(version=str(standing.case.version), areas=list(standing.areas))

    def act() -> str:
        close_case(actor, standing.case, form.draft(), version_of(form))
        return str(gettext("The case is closed."))

    return act_on_case(standing, form.offer(reader()), act, "cases/close.html")


@bp.route("/cases/<uuid:uid>/reopen", methods=["GET", "POST"])
@needs(Action.CASE_REOPEN)
def reopen(uid: UUID) -> AnyResponse:
    """Open a closed case again."""
    actor = identity.actor()
    standing = standing_for(actor, uid, Action.CASE_REOPEN)
    form = VersionForm.received(version=str(standing.case.version))

    def act() -> str:
        service.reopen_case(actor, standing.case, version_of(form))
        return str(gettext("The case is open again."))

    return act_on_case(standing, form, act, "cases/reopen.html")


@bp.get("/cases/<uuid:uid>/openings")
@needs(Action.CASE_OPENINGS)
def openings(uid: UUID) -> Response:
    """Show the case's director who has opened it."""
    actor = identity.actor()
    standing = standing_for(actor, uid, Action.CASE_OPENINGS)
    return show("cases/openings.html", openings_page(actor, standing))
