"""What is asked at a limit: whether they are still there, and whether an extension was seen."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.core.errors import Stale
from hrdtracker.forms.clocks import ExtensionForm
from hrdtracker.proceedings.clocks import at_limit
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.limit_lines import LimitLine, person_line

bp = Blueprint("at_limit", __name__, url_prefix="/clocks/<uuid:uid>")


@dataclass(frozen=True)
class ExtensionPage:
    """The limit that was extended, and for how many people."""

    uid: UUID
    line: LimitLine
    people: int


@bp.post("/still-there")
@needs(Action.CASE_EXTEND)
def still_there(uid: UUID) -> AnyResponse:
    """Say that everybody of a line is still held."""
    actor = identity.actor()
    kept = policy.fetch(actor, Action.CASE_READ, Clock, uid)
    at_limit.still_there(actor, kept, request.form.get("rows", default=0, type=int))
    flash(gettext("Noted: still held, confirmed now."), "ok")
    back = "home.today" if request.args.get("back") == "today" else "clocks.index"
    return redirect(url_for(back), 303)


@bp.route("/extension", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def extension(uid: UUID) -> AnyResponse:
    """Record an extension that was seen, for everybody of a line."""
    actor = identity.actor()
    kept = policy.fetch(actor, Action.CASE_READ, Clock, uid)
    line = at_limit.at_limit(actor, kept)
    form = ExtensionForm.received(rows=str(len(line.clocks))).offer(reader())

    def done() -> tuple[str, str]:
        at_limit.extension_seen(actor, kept, form.shown(), form.draft(reader()))
        said = gettext("Saved. The limits are counted with it.")
        return str(said), url_for("clocks.of_case", uid=line.case.uid)

    def page(_late: Stale | None) -> AnyResponse:
        people = sum(one.people for one in line.clocks)
        shown = ExtensionPage(uid, person_line(kept, ""), people)
        return show("clocks/extension.html", shown, form)

    return carry_out(form, done, page)
