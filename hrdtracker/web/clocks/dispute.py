"""Pages on which a legal officer says that a limit ends otherwise, and two people set that end."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.core.errors import Stale
from hrdtracker.forms.clocks import DisputeForm, ReplaceForm
from hrdtracker.proceedings.clocks import disputes, replacing
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.limit_lines import LimitLine, person_line

bp = Blueprint("disputes", __name__, url_prefix="/clocks/<uuid:uid>/dispute")


@dataclass(frozen=True)
class DisputePage:
    """The limit that is disputed."""

    uid: UUID
    line: LimitLine


@dataclass(frozen=True)
class ReplacePage:
    """The limit whose end two people are to set, and that end."""

    uid: UUID
    line: LimitLine
    ends_at: datetime | None


@bp.route("", methods=["GET", "POST"])
@needs(Action.CLOCK_DISPUTE)
def dispute(uid: UUID) -> AnyResponse:
    """Say when a limit ends, and why then."""
    actor, form = identity.actor(), DisputeForm.received()
    kept = policy.fetch(actor, Action.CLOCK_DISPUTE, Clock, uid)

    def done() -> tuple[str, str]:
        disputes.dispute(actor, kept, form.draft(reader()))
        return str(gettext("Both ends stand from now on.")), url_for("clocks.clock", uid=uid)

    def page(_late: Stale | None) -> AnyResponse:
        return show(
            "clocks/dispute.html", DisputePage(uid, person_line(kept, "", kept.ends_latest)), form
        )

    return carry_out(form, done, page)


@bp.post("/end")
@needs(Action.CLOCK_DISPUTE)
def end(uid: UUID) -> AnyResponse:
    """Let the limit stand as it is counted."""
    actor = identity.actor()
    disputes.end_dispute(actor, policy.fetch(actor, Action.CLOCK_DISPUTE, Clock, uid))
    flash(gettext("The limit stands as it is counted."), "ok")
    return redirect(url_for("clocks.clock", uid=uid), 303)


@bp.route("/replace", methods=["GET", "POST"])
@needs(Action.CLOCK_REPLACE)
def replace(uid: UUID) -> AnyResponse:
    """Propose that the limit ends as it is disputed, and not as it is counted."""
    actor, form = identity.actor(), ReplaceForm.received().offer(reader())
    kept = policy.fetch(actor, Action.CLOCK_REPLACE, Clock, uid)

    def done() -> tuple[str, str]:
        replacing.propose_replacing(actor, kept, form.draft())
        return _proposed(), url_for("clocks.clock", uid=uid)

    def page(_late: Stale | None) -> AnyResponse:
        row = disputes.open_dispute(kept)
        line = person_line(kept, "", kept.ends_latest)
        shown = ReplacePage(uid, line, row.ends_at if row else None)
        return show("clocks/replace.html", shown, form)

    return carry_out(form, done, page)


@bp.post("/count")
@needs(Action.CLOCK_REPLACE)
def count(uid: UUID) -> AnyResponse:
    """Propose that a limit whose end two people set ends as it is counted."""
    actor = identity.actor()
    replacing.propose_counting(actor, policy.fetch(actor, Action.CLOCK_REPLACE, Clock, uid))
    flash(_proposed(), "ok")
    return redirect(url_for("clocks.clock", uid=uid), 303)


def _proposed() -> str:
    return str(gettext("Proposed. It counts once a second person who reads the case confirms it."))
