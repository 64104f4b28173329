"""On what terms somebody of a case was released on bail."""

from uuid import UUID

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.cases.case_file import standing_for
from hrdtracker.custody import bail
from hrdtracker.forms.base import version_of
from hrdtracker.forms.proceedings.bail import BailForm
from hrdtracker.web.people.offers import OfferedLines
from hrdtracker.web.proceedings.answer import CourtFormPage, answer
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("bail", __name__, url_prefix="/cases")


@bp.route("/<uuid:uid>/custody/<uuid:stay>/bail", methods=["GET", "POST"])
@needs(Action.CASE_EXTEND)
def record(uid: UUID, stay: UUID) -> Response:
    """Say how much the bail was, who paid it, and under which conditions."""
    actor = identity.actor()
    case = standing_for(actor, uid, Action.CASE_EXTEND).case
    _, row = bail.bail_of(case, stay)
    form = BailForm.received(**BailForm.values(row)).offer(reader())
    back = url_for("clocks.of_case", uid=uid)

    def act() -> tuple[str, str]:
        bail.record_bail(actor, case, stay, form.draft(), version_of(form))
        return gettext("Saved."), back

    version = row.version if row else bail.NONE_YET
    return answer(
        form,
        act,
        "cases/bail.html",
        lambda: CourtFormPage(back, case.code, OfferedLines()),
        version,
    )
