"""Signing in and out, and one's own account."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from hrdtracker.accounts import service, sessions
from hrdtracker.accounts.sessions import SignInRefused
from hrdtracker.forms.accounts import PasswordForm, PreferencesForm, SignInForm
from hrdtracker.forms.base import say
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.answer import answer
from hrdtracker.web.shell.route_permission import PUBLIC, SIGNED_IN, needs

bp = Blueprint("accounts", __name__)


@bp.route("/login", methods=["GET", "POST"])
@needs(PUBLIC)
def sign_in() -> Response:
    """Let somebody in."""
    form = SignInForm.received()
    if form.is_valid_submission:
        try:
            token = sessions.sign_in(
                form.login.data, form.password.data, identity.network(), identity.device()
            )
        except SignInRefused as refused:
            form.form_errors.append(say(refused.reason))
        else:
            identity.enter(token)
            return redirect(url_for("home.today"), 303)
    return answer("accounts/sign_in.html", form)


@bp.post("/logout")
@needs(SIGNED_IN)
def logout() -> Response:
    """End this session."""
    service.sign_out(identity.actor(), identity.present_visitor().session_uid)
    identity.forget_token()
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/account")
@needs(SIGNED_IN)
def account() -> str:
    """Show one's own account: language, password, sessions."""
    here = identity.present_visitor()
    return render_template(
        "accounts/account.html",
        here=here,
        preferences=PreferencesForm(language=here.language or "", theme=here.theme or ""),
        sessions=sessions.own_sessions(here.actor),
    )


@bp.post("/account/preferences")
@needs(SIGNED_IN)
def preferences() -> Response:
    """Keep the language and the look."""
    form = PreferencesForm.received()
    if form.is_valid_submission:
        service.set_preferences(
            identity.actor(), form.language.data or None, form.theme.data or None
        )
        session.pop("language", None)
        flash(gettext("Kept."), "ok")
    return redirect(url_for("accounts.account"), 303)


@bp.route("/account/password", methods=["GET", "POST"])
@needs(SIGNED_IN)
def password() -> Response:
    """Change one's password; one's other sessions end."""
    form = PasswordForm.received()
    if form.is_valid_submission:
        here = identity.present_visitor()
        with form.reasons():
            service.change_password(
                here.actor, form.present.data, form.password.data, here.session_id
            )
            flash(gettext("The password is changed. Your other sessions have ended."), "ok")
            return redirect(url_for("accounts.account"), 303)
    return answer("accounts/password.html", form)


@bp.post("/account/sessions/others")
@needs(SIGNED_IN)
def end_others() -> Response:
    """End all of one's sessions but this one."""
    here = identity.present_visitor()
    service.sign_out_elsewhere(here.actor, here.session_id)
    flash(gettext("All other sessions have ended."), "ok")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/account/sessions/<uuid:uid>")
@needs(SIGNED_IN)
def end_session(uid: UUID) -> Response:
    """End one of one's own sessions."""
    service.sign_out(identity.actor(), uid)
    flash(gettext("That session has ended."), "ok")
    return redirect(url_for("accounts.account"), 303)
