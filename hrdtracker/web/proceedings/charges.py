"""Charges in a proceeding: added against several people, and what became of them."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.forms.proceedings.charges import ChargeForm, ChargeOutcomeForm
from hrdtracker.proceedings import charging
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from hrdtracker.web.proceedings.answer import answer, of_proceeding
from hrdtracker.web.proceedings.page import accused_of, charges_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("charges", __name__, url_prefix="/proceedings")


@bp.route("/<uuid:uid>/charges/new", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def add(uid: UUID) -> Response:
    """Add the same charge against several people."""
    actor = identity.actor()
    details = proceeding_details(actor, uid)
    accused = accused_of(details)
    begun = request.args.getlist("party") or [code for code, _ in accused]
    form = ChargeForm.received(parties=begun).offer(reader(), accused)

    def act() -> tuple[str, str]:
        charging.add_charges(actor, details.proceeding, form.draft(reader()))
        return gettext("Saved."), url_for("proceedings.proceeding", uid=uid)

    page = "proceedings/charge.html"
    return answer(form, act, page, lambda: of_proceeding(details.proceeding))


@bp.route("/<uuid:uid>/outcomes/new", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def outcome(uid: UUID) -> Response:
    """Say what happened to some charges."""
    actor = identity.actor()
    details = proceeding_details(actor, uid)
    form = ChargeOutcomeForm.received().offer(reader(), charges_of(details))

    def act() -> tuple[str, str]:
        charging.record_outcome(actor, details.proceeding, form.draft(reader()))
        return gettext("Saved."), url_for("proceedings.proceeding", uid=uid)

    page = "proceedings/outcome.html"
    return answer(form, act, page, lambda: of_proceeding(details.proceeding))
