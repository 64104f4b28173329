"""The pages that belong to no feature: leave, language, the styleguide."""

import re

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.access.action import Action
from hrdtracker.access.policy import could
from hrdtracker.accounts import service as accounts
from hrdtracker.core.seal import ring
from hrdtracker.forms.sample import SampleForm
from hrdtracker.web.shell import identity, proof_due
from hrdtracker.web.shell.context import LANGUAGES
from hrdtracker.web.shell.filters import filter_bar, period_fields
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import PUBLIC, SETTING_UP, SIGNED_IN, needs

bp = Blueprint("shell", __name__)
OWN_PATH = re.compile(r"/(?!/)[^\\\x00-\x1f\x7f-\x9f\ud800-\udfff]{0,4000}")


@bp.post("/leave")
@needs(PUBLIC)
def leave() -> AnyResponse:
    """End the session, forget what the browser holds, and show a neutral page."""
    accounts.leave(identity.visitor(), identity.half_signed_in())
    identity.forget_token()
    answer = redirect(url_for("shell.away"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


@bp.get("/away")
@needs(PUBLIC)
def away() -> Response:
    """Show a page that tells nothing."""
    return show("shell/away.html")


@bp.get("/account/again")
@needs(SETTING_UP)
def again() -> AnyResponse:
    """Ask who somebody is, for what they sent and what waits."""
    return proof_due.ask_for_what_waits(200) or redirect(url_for("accounts.account"))


@bp.post("/language")
@needs(PUBLIC)
def language() -> AnyResponse:
    """Change the language of the pages, and stay where one was."""
    chosen = request.form.get("language")
    if chosen not in LANGUAGES:
        abort(400)
    session["language"] = chosen
    return redirect(own_path(request.form.get("back")), 303)


@bp.get("/styleguide")
@needs(SIGNED_IN)
def styleguide() -> Response:
    """Show every part of the pages once, to whoever looks after them."""
    if not (ring().vault.demo or could(identity.actor(), Action.SETTINGS_CHANGE)):
        abort(404)
    bar = filter_bar("shell.styleguide", *period_fields())
    return show("styleguide.html", bar, SampleForm.wrong(), 200)


def own_path(path: str | None) -> str:
    """Return `path` if it leads to a page of ours, else the first page.

    Browsers leave out tabs and line ends and take a backslash for a slash; a header that is longer
    is read by nobody.
    """
    return path if path and OWN_PATH.fullmatch(path) else "/"
