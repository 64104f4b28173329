"""Cases that too few people can open, and the way in: one asks, a second person confirms."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Scope
from hrdtracker.cases import recovery
from hrdtracker.core.errors import Stale
from hrdtracker.forms.cases.access import RecoveryForm
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import carry_out
from hrdtracker.web.shell.context import office_name
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs

bp = Blueprint("recovery", __name__, url_prefix="/cases/recovery")


@dataclass(frozen=True)
class LostCase:
    """A case that too few can open: its office, how it stands; nothing of what is in it."""

    uid: UUID
    office: str
    openers: str
    waits: bool


@dataclass(frozen=True)
class RecoveryPage:
    """The cases that too few people can open."""

    cases: Sequence[LostCase]


@dataclass(frozen=True)
class RecoverPage:
    """One of them, for whoever asks to be let in."""

    office: str


@bp.get("")
@needs(Action.CASE_RECOVER)
def index() -> Response:
    """Show the cases that nobody, or one person alone, can open."""
    lines = recovery.opened_by_too_few(identity.actor())
    awaited = recovery.awaited(scope for scope, _, _ in lines)
    cases = [
        LostCase(scope.uid, office_name(office), _openers(count), scope.id in awaited)
        for scope, office, count in lines
    ]
    return show("cases/recovery.html", RecoveryPage(cases))


def _openers(count: int) -> str:
    if count:
        return str(gettext("One person at work can open it"))
    return str(gettext("Nobody at work can open it"))


@bp.route("/<uuid:uid>", methods=["GET", "POST"])
@needs(Action.CASE_RECOVER)
def recover(uid: UUID) -> AnyResponse:
    """Ask to be let into such a case for seven days."""
    actor = identity.actor()
    scope, form = policy.fetch(actor, Action.CASE_RECOVER, Scope, uid), RecoveryForm.received()

    def done() -> tuple[str, str]:
        recovery.recover(actor, scope, form.reason.data or "")
        sentence = gettext("You are let in once a second person confirms it.")
        return str(sentence), url_for("proposals.waiting")

    def form_page(_late: Stale | None) -> Response:
        return show("cases/recover.html", RecoverPage(office_name(recovery.office_of(scope))), form)

    return carry_out(form, done, form_page)
