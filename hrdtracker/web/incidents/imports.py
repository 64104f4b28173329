"""What was taken in from sheets: who did it and when, how far its review is, and undoing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from hrdtracker.access.action import Action
from hrdtracker.access.policy import could
from hrdtracker.incidents import imports
from hrdtracker.incidents.imports import ImportLine
from hrdtracker.proceedings.reading.of_import import CourtsOfImport, courts_of_import
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("imports", __name__, url_prefix="/incidents/imports")
ACTS_AT_ONCE = 10
"""How many acts one press takes: a page that answers within seconds says how far it came."""


@dataclass(frozen=True)
class ImportsPage:
    """The imports that one may undo, the latest first."""

    lines: Sequence[ImportLine]


@dataclass(frozen=True)
class ImportPage:
    """One import: how it stands, how many of its cases would stay, and whether one may review.

    `courts` is what its cases hold of the courts.
    """

    line: ImportLine
    courts: CourtsOfImport
    changed: int
    reviews: bool

    @property
    def goes(self) -> int:
        """How many cases would still be withdrawn."""
        return self.line.cases - self.line.withdrawn - self.changed


@bp.get("")
@needs(Action.IMPORT_UNDO)
def index() -> Response:
    """Show the imports that one may undo."""
    return show("incidents/imports.html", ImportsPage(imports.imports(identity.actor())))


@bp.get("/<uuid:uid>")
@needs(Action.IMPORT_UNDO)
def one(uid: UUID) -> Response:
    """Show one import, and what undoing it would do."""
    actor = identity.actor()
    line = imports.import_line(actor, uid)
    reviews = could(actor, Action.INCIDENT_ACCEPT_SAMPLED)
    courts, changed = courts_of_import(line.batch.id), imports.changed_since(line.batch.id)
    page = ImportPage(line, courts, changed, reviews)
    return show("incidents/import.html", page)


@bp.post("/<uuid:uid>/undo")
@needs(Action.IMPORT_UNDO)
def undo(uid: UUID) -> Response:
    """Withdraw what an import brought, a thousand cases at a time; those that changed may stay."""
    actor = identity.actor()
    batch_id = imports.import_line(actor, uid).batch.id
    keeps = request.form.get("keep") == "changed"
    progress = imports.undo_some(actor, batch_id, ACTS_AT_ONCE, keep_changed=keeps)
    says = ngettext(
        "%(done)s of %(count)s case withdrawn.",
        "%(done)s of %(count)s cases withdrawn.",
        progress.cases,
        done=number(progress.withdrawn),
        count=number(progress.cases),
    )
    is_done = progress.withdrawn + progress.changed >= progress.cases
    flash(gettext("The import is undone.") if is_done else says, "ok")
    return redirect(url_for("imports.one", uid=uid), 303)
