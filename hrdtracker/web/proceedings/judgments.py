"""Judgments in a proceeding: about several accused at once, their notification, and appeals."""

from uuid import UUID

from flask import Blueprint, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.forms.base import version_of
from hrdtracker.forms.proceedings.judgments import (
    JudgmentAppealForm,
    JudgmentForm,
    NotificationForm,
)
from hrdtracker.proceedings import judging
from hrdtracker.proceedings.guarding import part_in
from hrdtracker.proceedings.model import Judgment
from hrdtracker.proceedings.reading.proceeding import proceeding_details
from hrdtracker.web.proceedings.answer import answer, of_proceeding
from hrdtracker.web.proceedings.page import accused_of, judgments_of
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.reader import reader
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("judgments", __name__, url_prefix="/proceedings")
RECORDS = needs(Action.PROCEEDING_RECORD)


@bp.route("/<uuid:uid>/judgments/new", methods=["GET", "POST"])
@RECORDS
def add(uid: UUID) -> Response:
    """Add the same judgment about several accused."""
    actor = identity.actor()
    details = proceeding_details(actor, uid)
    form = JudgmentForm.received().offer(reader(), accused_of(details))

    def act() -> tuple[str, str]:
        judging.add_judgments(actor, details.proceeding, form.draft(reader()))
        return gettext("Saved."), url_for("proceedings.proceeding", uid=uid)

    page = "proceedings/judgment.html"
    return answer(form, act, page, lambda: of_proceeding(details.proceeding))


@bp.route("/<uuid:uid>/judgments/<uuid:judgment>/notified", methods=["GET", "POST"])
@RECORDS
def notified(uid: UUID, judgment: UUID) -> Response:
    """Say when somebody was notified of a judgment."""
    actor = identity.actor()
    row = proceeding_details(actor, uid).proceeding
    version = part_in(actor, row, Judgment, judgment).version
    form = NotificationForm.received(version=str(version))

    def act() -> tuple[str, str]:
        judging.notify(actor, row, judgment, form.draft(reader()), version_of(form))
        return gettext("Saved."), url_for("proceedings.proceeding", uid=uid)

    return answer(form, act, "proceedings/notified.html", lambda: of_proceeding(row), version)


@bp.route("/<uuid:uid>/appeals/new", methods=["GET", "POST"])
@RECORDS
def appeal(uid: UUID) -> Response:
    """Say that somebody appealed some judgments."""
    actor = identity.actor()
    details = proceeding_details(actor, uid)
    form = JudgmentAppealForm.received().offer(reader(), judgments_of(details))

    def act() -> tuple[str, str]:
        judging.add_appeals(actor, details.proceeding, form.draft(reader()))
        return gettext("Saved."), url_for("proceedings.proceeding", uid=uid)

    page = "proceedings/appeal.html"
    return answer(form, act, page, lambda: of_proceeding(details.proceeding))
