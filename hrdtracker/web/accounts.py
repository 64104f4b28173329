"""Signing in and out, and one's own account."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.accounts import service, sessions, wrong_attempts
from hrdtracker.accounts.due_mail import wants_due_mail
from hrdtracker.accounts.model import LoginSession
from hrdtracker.accounts.sessions import SignInRefused
from hrdtracker.forms.accounts import MailForm, PasswordForm, PreferencesForm, SignInForm
from hrdtracker.forms.base import say
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import PUBLIC, SETTING_UP, SIGNED_IN, needs

bp = Blueprint("accounts", __name__)


@dataclass(frozen=True)
class AccountPage:
    """One's own account: by which user name, and where one is signed in; `here` is this session."""

    login: str
    here: UUID
    has_factor: bool
    sessions: Sequence[LoginSession]


@bp.route("/login", methods=["GET", "POST"])
@needs(PUBLIC)
def sign_in() -> AnyResponse:
    """Let somebody in."""
    form = SignInForm.received()
    if form.is_valid_submission:
        try:
            token = identity.sign_in(form.login.data, form.password.data)
        except SignInRefused as refused:
            form.form_errors.append(say(refused.reason))
        else:
            identity.enter(token)
            _tell_of_wrong_attempts(token)
            _tell_of_new_browser(form.login.data)
            return redirect(first_page(), 303)
    return show("accounts/sign_in.html", form=form)


def _tell_of_wrong_attempts(token: str) -> None:
    """Say on the next page that somebody tried to sign in so.

    The place for `notices.service.tell`, in the door of the session that begins.
    """
    attempts = wrong_attempts.since_last_session(token)
    if attempts:
        sentence = gettext(
            "Since you last signed in, a wrong password was tried %(count)s times with your user "
            "name. If that was not you, tell whoever looks after the accounts.",
            count=number(attempts),
        )
        flash(sentence, "warn")


def _tell_of_new_browser(login: str) -> None:
    """Say on the next page that nobody signed in so with this browser before."""
    if not identity.knows_browser(login):
        flash(gettext("You sign in with this browser for the first time."), "info")


def first_page() -> str:
    """Return where somebody goes on who has just given the password or a code."""
    return url_for("home.today" if identity.visitor() else "factors.second_step")


@bp.post("/logout")
@needs(SETTING_UP)
def logout() -> AnyResponse:
    """End this session."""
    service.sign_out(identity.actor(), identity.present_visitor().session_uid)
    identity.forget_token()
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/account")
@needs(SIGNED_IN)
def account() -> Response:
    """Show one's own account: language, password, sessions."""
    here = identity.present_visitor()
    form = PreferencesForm(
        language=here.language or "",
        theme=here.theme or "",
        keeps_typing={True: "yes", False: "no", None: ""}[here.keeps_typing],
    )
    return _account_page(form)


def _account_page(form: PreferencesForm) -> Response:
    here = identity.present_visitor()
    own = sessions.alive(here.actor.id)
    page = AccountPage(here.login, here.session_uid, here.has_factor, own)
    return show("accounts/account.html", page, form)


@bp.post("/account/preferences")
@needs(SIGNED_IN)
def preferences() -> AnyResponse:
    """Keep the language and the look."""
    form = PreferencesForm.received()
    if form.is_valid_submission:
        service.set_preferences(
            identity.actor(),
            form.language.data or None,
            form.theme.data or None,
            keeps_typing={"yes": True, "no": False}.get(form.keeps_typing.data),
        )
        session.pop("language", None)
        flash(gettext("Kept."), "ok")
        return redirect(url_for("accounts.account"), 303)
    return _account_page(form)


@bp.route("/account/password", methods=["GET", "POST"])
@needs(SIGNED_IN)
def password() -> AnyResponse:
    """Change one's password; one's other sessions end."""
    form = PasswordForm.received()
    if form.is_valid_submission:
        here = identity.present_visitor()
        with form.reasons():
            token = service.change_password(
                here.actor, form.present.data, form.password.data, here.session_id
            )
            identity.remember_token(token)
            flash(gettext("The password is changed. Your other sessions have ended."), "ok")
            return redirect(url_for("accounts.account"), 303)
    return show("accounts/password.html", form=form)


@bp.route("/account/mail", methods=["GET", "POST"])
@needs(SIGNED_IN)
def mail() -> AnyResponse:
    """Say where one gets mail that there is something new, or that one wants none."""
    actor = identity.actor()
    form = MailForm.received(address=service.mail_address(actor), due=wants_due_mail(actor.id))
    if form.is_valid_submission:
        with form.reasons():
            service.set_mail_address(actor, form.address.data, due=form.due.data)
            flash(gettext("Kept."), "ok")
            return redirect(url_for("accounts.account"), 303)
    return show("accounts/mail.html", form=form)


@bp.post("/account/sessions/others")
@needs(SIGNED_IN)
def end_others() -> AnyResponse:
    """End all of one's sessions but this one."""
    here = identity.present_visitor()
    service.sign_out_elsewhere(here.actor, here.session_id)
    flash(gettext("All other sessions have ended."), "ok")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/account/sessions/<uuid:uid>")
@needs(SIGNED_IN)
def end_session(uid: UUID) -> AnyResponse:
    """End one of one's own sessions."""
    service.sign_out(identity.actor(), uid)
    flash(gettext("That session has ended."), "ok")
    return redirect(url_for("accounts.account"), 303)
