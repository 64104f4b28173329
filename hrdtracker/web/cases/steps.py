"""What was done for the people of a case who are held: typed for several at once."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.cases.case_file import standing_for
from hrdtracker.custody import steps
from hrdtracker.custody.people import people_in
from hrdtracker.forms.cases.steps import StepsForm
from hrdtracker.web.people.offers import OfferedLines
from hrdtracker.web.proceedings.answer import CourtFormPage, answer
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.custody_acts import say_person

bp = Blueprint("custody_steps", __name__, url_prefix="/cases")


@bp.route("/<uuid:uid>/custody/steps", methods=["GET", "POST"])
@needs(Action.CASE_EXTEND)
def record(uid: UUID) -> Response:
    """Say when families were informed, reasons told, a lawyer and a doctor seen."""
    actor = identity.actor()
    case = standing_for(actor, uid, Action.CASE_EXTEND).case
    people = [row for row in people_in(case.scope_id) if row.is_held]
    choices = [(row.uid.hex, say_person(row, "")) for row in people]
    ticked = request.args.getlist("stay") or ([choices[0][0]] if len(choices) == 1 else [])
    form = StepsForm.received(stays=ticked).offer(reader(), choices)
    back = url_for("clocks.of_case", uid=uid)

    def act() -> tuple[str, str]:
        steps.record_steps(actor, case, form.draft(reader()))
        return gettext("Saved."), back

    return answer(
        form, act, "cases/steps.html", lambda: CourtFormPage(back, case.code, OfferedLines())
    )
