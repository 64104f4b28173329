"""Proceedings that are joined with another, and accused who are separated into one of their own."""

from uuid import UUID

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.forms.base import version_of
from hrdtracker.forms.proceedings.joining import JoiningForm, SeparationForm
from hrdtracker.proceedings import joining
from hrdtracker.proceedings.model import Proceeding
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from hrdtracker.web.proceedings.answer import answer, of_proceeding
from hrdtracker.web.proceedings.page import accused_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.shell.sentences import with_what
from hrdtracker.web.words.courts import say_proceeding

bp = Blueprint("joining", __name__, url_prefix="/proceedings")


@bp.route("/<uuid:uid>/join", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def join(uid: UUID) -> Response:
    """Say with which other proceeding one was joined."""
    actor = identity.actor()
    row = proceeding_details(actor, uid).proceeding
    form = JoiningForm.received(version=str(row.version)).offer(reader(), _others(actor, row))

    def act() -> tuple[str, str]:
        other = joining.join(actor, row, form.draft(reader()), version_of(form))
        said = gettext("Noted: it was joined. What happens from now on is recorded here.")
        return said, url_for("proceedings.proceeding", uid=other.uid)

    return answer(form, act, "proceedings/join.html", lambda: of_proceeding(row), row.version)


@bp.route("/<uuid:uid>/separate", methods=["GET", "POST"])
@needs(Action.PROCEEDING_RECORD)
def separate(uid: UUID) -> Response:
    """Separate some of the accused into a proceeding of their own."""
    actor = identity.actor()
    details = proceeding_details(actor, uid)
    row = details.proceeding
    form = SeparationForm.received(**SeparationForm.values(row)).offer(
        reader(), accused_of(details)
    )

    def act() -> tuple[str, str]:
        made = joining.separate(actor, row, form.draft(reader()))
        said = gettext("Noted: they were separated. This is their proceeding.")
        return said, url_for("proceedings.proceeding", uid=made.uid)

    return answer(form, act, "proceedings/separate.html", lambda: of_proceeding(row))


def _others(actor: Actor, proceeding: Proceeding) -> list[tuple[str, str]]:
    """Return the proceedings of the same cases as choices; their number tells them apart."""
    return [
        (row.uid.hex, with_what(say_proceeding(row), row.court_number or ""))
        for row in joining.can_take(actor, proceeding)
    ]
