"""“Still so”: one tap that says of what is recorded of a court that it was confirmed now."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.core.errors import Stale
from hrdtracker.forms.base import say
from hrdtracker.proceedings import confirming
from hrdtracker.proceedings.model import Hearing, Proceeding
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("confirming", __name__)


@bp.post("/proceedings/<uuid:uid>/parties/<uuid:party>/still-so")
@needs(Action.PROCEEDING_RECORD)
def party(uid: UUID, party: UUID) -> Response:
    """Note that all is still so which a proceeding says of somebody."""
    actor = identity.actor()
    row = policy.fetch(actor, Action.PROCEEDING_RECORD, Proceeding, uid)
    back = url_for("proceedings.proceeding", uid=uid)
    return _confirmed(lambda seen: confirming.confirm_party(actor, row, party, seen), back)


@bp.post("/hearings/<uuid:uid>/still-so")
@needs(Action.PROCEEDING_RECORD)
def hearing(uid: UUID) -> Response:
    """Note that a hearing is still so."""
    actor = identity.actor()
    row = policy.fetch(actor, Action.PROCEEDING_RECORD, Hearing, uid)
    back = url_for("hearings.hearing", uid=uid)
    return _confirmed(lambda seen: confirming.confirm_hearing(actor, row, seen), back)


def _confirmed(confirm: Callable[[str], None], back: str) -> Response:
    """Confirm what was seen, and go back; where it is another by now only go back, to look."""
    try:
        confirm(request.form.get("seen", ""))
        flash(gettext("Noted: still so, confirmed now."), "ok")
    except Stale as late:
        flash(say(late.reason), "warn")
    return redirect(back, 303)
