"""Whoever is shut out of a case asks, in one sentence, that somebody else looks at it."""

from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Block
from hrdtracker.cases import appeals
from hrdtracker.core.errors import Stale
from hrdtracker.forms.cases.access import AppealForm
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("appeal", __name__, url_prefix="/confirmations/shut-out")


@bp.route("/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.CASE_APPEAL)
def ask(uid: UUID) -> AnyResponse:
    """Ask to open a case again; the page shows nothing of it."""
    actor = identity.actor()
    block, form = policy.fetch(actor, Action.CASE_APPEAL, Block, uid), AppealForm.received()

    def done() -> tuple[str, str]:
        appeals.appeal(actor, block, form.words.data or "")
        return str(gettext("Asked. You read here what is decided.")), url_for("proposals.waiting")

    def form_page(_late: Stale | None) -> Response:
        return show("cases/appeal.html", None, form)

    return carry_out(form, done, form_page)
