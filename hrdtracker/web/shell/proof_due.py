"""What asks once more who somebody is: held meanwhile, and completed once, as it was sent."""

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask, Response, flash, g, redirect, request
from flask_babel import gettext
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.accounts import held_forms, proof
from hrdtracker.accounts.held_forms import WaitingForm
from hrdtracker.accounts.proof import Ways
from hrdtracker.core.errors import DomainError, ProofDue
from hrdtracker.forms.accounts import ProofForm
from hrdtracker.forms.base import say, uid_or_none
from hrdtracker.web.shell import identity, passkey_site
from hrdtracker.web.shell.application import SAFE
from hrdtracker.web.shell.background import note_answer
from hrdtracker.web.shell.page import show


@dataclass(frozen=True)
class ProofPage:
    """What waits, as a verb; with what its sender shows who they are; and the way back without.

    `asks` is "code", "paper", "password", or "" where they showed it a moment ago.
    """

    verb: str
    waiting: WaitingForm = field(repr=False)
    asks: str
    ways: Ways
    back: str


def set_up(app: Flask) -> None:
    """Hold what asks once more who somebody is, and ask."""

    def page_before(path: str) -> str:
        """Return the nearest page above an address that can be opened."""
        adapter = app.url_map.bind(request.host)
        while path:
            try:
                adapter.match(path, method="GET")
            except RequestRedirect:
                return path
            except HTTPException:
                path = path.rpartition("/")[0]
            else:
                return path
        return "/"

    @app.before_request
    def know_the_way_back() -> None:
        g.page_before = page_before

    @app.errorhandler(ProofDue)
    def ask(error: ProofDue) -> AnyResponse:
        hold(error.verb)
        note_answer()
        return ask_for_what_waits(401) or redirect("/", 303)


def hold(verb: str) -> None:
    """Hold the form of this request until its sender has shown who they are."""
    here = identity.present_visitor()
    fields = list(request.form.items(multi=True))
    held_forms.hold(here.actor, here.session_id, request.full_path, verb, fields)


def ask_for_what_waits(status: int, form: ProofForm | None = None) -> Response | None:
    """Return the page that asks for a proof before what waits is done; None where nothing does."""
    here = identity.present_visitor()
    waiting = held_forms.waiting(here.session_id)
    if waiting is None:
        return None
    way_back: Callable[[str], str] = g.page_before
    form = form or ProofForm(prefix="_")
    ways = passkey_site.ways_here(here.actor.id)
    page = ProofPage(
        verb=waiting.verb,
        waiting=waiting,
        asks="" if here.actor.proven else form.asks(ways) if here.has_factor else "password",
        ways=ways,
        back=way_back(waiting.target.partition("?")[0]),
    )
    return show("shell/prove.html", page, form, status)


def complete() -> AnyResponse | None:
    """Put what waited in the place of this request’s form, once its sender is proven.

    Returns the page that asks again where the proof is refused.
    """
    if request.method in SAFE or "_held" not in request.form:
        return None
    here = identity.present_visitor()
    waiting = held_forms.waiting(here.session_id)
    if waiting is None or not _is_sent_here(waiting):
        return _over()
    form = ProofForm(request.form, prefix="_")
    if not here.actor.proven:
        try:
            shown = form.shown(passkey_site.site())
            fresh = proof.show_again(
                here.actor, here.session_id, shown, identity.attempts(here.login)
            )
        except DomainError as error:
            form.refuse(say(error.reason), asks_code=here.has_factor)
            note_answer()
            return ask_for_what_waits(422, form) or _over()
        identity.remember_token(fresh)
    if not held_forms.take(here.session_id, waiting.uid):
        return _over()
    request.form = ImmutableMultiDict(waiting.fields)
    return None


def _is_sent_here(waiting: WaitingForm) -> bool:
    """Tell whether this request asks for the very form that waits, at its own address."""
    is_it = waiting.uid == uid_or_none(request.form["_held"])
    return is_it and waiting.target.partition("?")[0] == request.path


def _over() -> AnyResponse:
    flash(gettext("This was done already, or its ten minutes are over."), "warn")
    note_answer()
    return redirect("/", 303)
