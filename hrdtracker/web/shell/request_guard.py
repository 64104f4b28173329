"""The way into a page: a unit of work, who is here, whether the page is for them."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, abort, g, redirect, request, url_for
from flask_wtf.csrf import CSRFError, CSRFProtect, validate_csrf
from sqlalchemy.orm import scoped_session
from werkzeug.wrappers import Response as AnyResponse
from wtforms import ValidationError

from hrdtracker.access.action import Action
from hrdtracker.access.policy import could
from hrdtracker.accounts import proof, sessions
from hrdtracker.accounts.proof import Ways
from hrdtracker.accounts.sessions import HalfSignedIn
from hrdtracker.authorised import flush_deferred, note_reading
from hrdtracker.core import db
from hrdtracker.core.errors import DomainError
from hrdtracker.core.standstill import standstill
from hrdtracker.forms.accounts import ProofForm
from hrdtracker.forms.base import secret_fields
from hrdtracker.web.shell import identity, passkey_site, proof_due
from hrdtracker.web.shell.application import SAFE
from hrdtracker.web.shell.background import SUBMISSION, note_answer
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import PUBLIC, SETTING_UP, need_of

AT_STANDSTILL = {"older.index", "accounts.logout"}
"""What is open, beside signing in, while a database waits that is older than it was."""
NOT_SENT_AGAIN = {"csrf_token", "_login", "_resume", "_code", "_passkey", "_password"}


@dataclass(frozen=True)
class SignInDue:
    """What somebody gives before a form is completed: the password of `login`, or the name too.

    Where the password was given, the second factor, in one of its `ways`. `reason` is why it was
    refused before.
    """

    login: str
    asks_name: bool = False
    ways: Ways | None = None
    reason: DomainError | None = None


@dataclass(frozen=True)
class SendAgainPage:
    """All that was typed but passwords, to be sent once more to `target`.

    With a sign-in where one is due, or because the database is `away`.
    """

    fields: Sequence[tuple[str, str]]
    has_secrets: bool
    sign_in: SignInDue | None
    away: bool
    target: str


def set_up(app: Flask, opened: scoped_session[Any], address: str) -> None:
    """Set the steps that every request takes before its page, and the one after.

    `address` is where browsers find us; empty where that is this machine itself.
    """
    csrf = CSRFProtect(app)

    def open_unit() -> None:
        g.unit = db.unit_of_work(opened())
        g.unit.__enter__()

    def check() -> AnyResponse | None:
        if request.endpoint is None or request.endpoint == "static":
            return None
        g.need = need = need_of(app.view_functions[request.endpoint])
        if need is None:
            abort(403)
        _check_origin(address)
        return (
            _check_person(need)
            or _check_csrf(csrf)
            or _check_standstill(need)
            or _check_factor(need)
            or proof_due.complete()
        )

    app.before_request(open_unit)
    app.before_request(check)
    app.after_request(_write_asides)
    app.teardown_request(_close_unit)


def _close_unit(_error: BaseException | None) -> None:
    g.pop("unit", nullcontext()).__exit__(None, None, None)


def _write_asides(response: Response) -> Response:
    if "unit" in g and response.status_code < 500:
        _note_reading(response)
        flush_deferred()
    return response


def _note_reading(response: Response) -> None:
    """Leave in the access log what a page shows; a redirect shows nothing."""
    need = g.get("need", PUBLIC)
    here = None if need == PUBLIC or response.location else identity.visitor()
    if here is not None:
        note_reading(here.actor, need if isinstance(need, Action) else None)


def _check_origin(address: str) -> None:
    """Refuse what another site sent, or a page that does not say of which site it is.

    Our pages always say it: they are sent with a policy of referrers under which browsers tell us.
    """
    if request.method in SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    if request.headers.get("Origin") not in {None, address or None, request.host_url.rstrip("/")}:
        abort(403)


def _check_person(need: object) -> AnyResponse | None:
    """Ask a stranger to sign in; whoever was filling in a form does so there, and goes on."""
    if need == PUBLIC:
        return None
    if identity.visitor() is None:
        asked = redirect(url_for(_way_in())) if request.method in SAFE else _resume()
        if asked is not None:
            return asked
    here = identity.present_visitor()
    if isinstance(need, Action) and not request.view_args and not could(here.actor, need):
        abort(403)
    written_by = request.form.get("_as")
    if written_by and written_by != here.actor.uid.hex:
        abort(409)
    return None


def _check_standstill(need: object) -> AnyResponse | None:
    """Lead everybody to the one page of a database that is older than it was."""
    if need == PUBLIC or request.endpoint in AT_STANDSTILL or not standstill().is_on():
        return None
    return redirect(url_for("older.index"), 303)


def _check_factor(need: object) -> AnyResponse | None:
    """Lead whoever must have a second factor, and has none, to where it is set up.

    What they had typed waits there.
    """
    here = None if need in {PUBLIC, SETTING_UP} else identity.visitor()
    if here is None or not here.must_add_factor:
        return None
    if request.method not in SAFE and isinstance(need, Action):
        proof_due.hold(need)
    return redirect(url_for("factors.index"), 303)


def _way_in() -> str:
    """Return the page where a stranger begins: to sign in, unless something else comes first."""
    if identity.half_signed_in() is not None:
        return "factors.second_step"
    choose: Callable[[], str | None] = g.get("way_in", lambda: None)
    return choose() or "accounts.sign_in"


def _resume() -> AnyResponse | None:
    """Let whoever typed a form sign in and complete it; nothing is kept meanwhile.

    The session that ended says who they are; where the browser has none, the name is asked too.
    """
    half = identity.half_signed_in()
    if half is not None:
        is_theirs = request.form.get("_as") == half.user.uid.hex
        return _second_step(half) if is_theirs else redirect(url_for(_way_in()), 303)
    token = identity.token()
    user = sessions.ended_for(token) if token else None
    author = request.form.get("_as", user.uid.hex if user else "")
    if user is not None and author == user.uid.hex:
        return _sign_in_again(user.login)
    if author and came_from_us():
        return _sign_in_again(request.form.get("_login", ""), asks_name=True)
    return redirect(url_for("accounts.sign_in"), 303)


def _sign_in_again(login: str, *, asks_name: bool = False) -> AnyResponse | None:
    password = request.form.get("_resume")
    if password is None:
        return send_again(SignInDue(login, asks_name))
    try:
        fresh = identity.sign_in(login, password)
    except DomainError as error:
        return send_again(SignInDue(login, asks_name, reason=error))
    identity.remember_token(fresh)
    half = identity.half_signed_in()
    return _ask_second_step(half) if half else None


def _second_step(half: HalfSignedIn) -> AnyResponse | None:
    """Let whoever gave the password show the second factor, and complete what they typed."""
    if "_code" not in request.form:
        return _ask_second_step(half)
    shown = ProofForm(request.form, prefix="_").shown(passkey_site.site())
    attempts = identity.attempts(half.user.login)
    try:
        fresh = proof.show(half.user, half.session_id, shown, attempts)
    except DomainError as error:
        return _ask_second_step(half, error)
    identity.remember_token(fresh)
    return None


def _ask_second_step(half: HalfSignedIn, reason: DomainError | None = None) -> AnyResponse:
    ways = passkey_site.ways_here(half.user.id)
    return send_again(SignInDue(half.user.login, ways=ways, reason=reason))


def _check_csrf(csrf: CSRFProtect) -> AnyResponse | None:
    """Check the form's own token; without a fresh one the same page offers to send it again."""
    try:
        csrf.protect()
    except CSRFError:
        if request.endpoint == "shell.leave" and identity.visitor() is None:
            return None  # whoever has left leaves once more, since the first answer was slow
        if request.form and came_from_us():
            return send_again()
        raise
    return None


def came_from_us() -> bool:
    """Tell whether a page of ours sent this form, whatever else is wrong with it."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def send_again(sign_in: SignInDue | None = None, *, away: bool = False) -> Response:
    """Answer with all that was typed but passwords, to be sent once more, under the same key."""
    note_answer()
    unsent = NOT_SENT_AGAIN | secret_fields()
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in unsent]
    if SUBMISSION in request.headers and "submission_id" not in request.form:
        fields.append(("submission_id", request.headers[SUBMISSION]))
    page = SendAgainPage(
        fields=fields,
        has_secrets=bool(secret_fields() & set(request.form)),
        sign_in=sign_in,
        away=away,
        target=request.full_path,
    )
    return show("shell/again.html", page, status=503 if away else 401 if sign_in else 400)
