"""The second factor: the second step of signing in, and one’s own app and recovery codes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, Response, flash, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.accounts import factors as service
from hrdtracker.accounts import held_forms, proof, recovery_codes, totp
from hrdtracker.accounts.factors import Factors
from hrdtracker.accounts.proof import Proof
from hrdtracker.accounts.totp import CodeRefused
from hrdtracker.forms.accounts import AppForm, ProofForm
from hrdtracker.forms.base import say
from hrdtracker.web.qr import Picture, picture
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import PRODUCT
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import PUBLIC, SETTING_UP, needs

bp = Blueprint("factors", __name__)
GROUP = 4


@dataclass(frozen=True)
class SecondStepPage:
    """Whose password was given, and how many recovery codes they have left."""

    login: str
    codes_left: int
    codes: int


@dataclass(frozen=True)
class FactorsPage:
    """One’s own second factors; from when one is needed, and whether all else waits for it.

    `waits` tells whether something that was sent waits too.
    """

    factors: Factors
    codes: int
    needed_by: datetime | None
    must: bool
    waits: bool


@dataclass(frozen=True)
class AppPage:
    """What an app needs: as a picture, as an address to open, and as letters to type."""

    picture: Picture = field(repr=False)
    address: str = field(repr=False)
    secret: Sequence[str] = field(repr=False)


@dataclass(frozen=True)
class CodesPage:
    """Recovery codes, shown this once."""

    codes: Sequence[str] = field(repr=False)


@bp.route("/login/second", methods=["GET", "POST"])
@needs(PUBLIC)
def second_step() -> AnyResponse:
    """Let somebody in who gave the password, once they show the second factor."""
    half = identity.half_signed_in()
    if half is None:
        return redirect(url_for("home.today" if identity.visitor() else "accounts.sign_in"), 303)
    form = ProofForm.received(prefix="_")
    page = SecondStepPage(half.user.login, recovery_codes.left(half.user.id), recovery_codes.COUNT)
    if form.is_valid_submission:
        try:
            shown = Proof(form.code.data or "")
            fresh = proof.show(half.user, half.session_id, shown, identity.network())
        except CodeRefused as refused:
            form.refuse(say(refused.reason), asks_code=True)
        else:
            identity.remember_token(fresh)
            return redirect(url_for("home.today"), 303)
    return show("accounts/second_step.html", page, form)


@bp.get("/account/factors")
@needs(SETTING_UP)
def index() -> Response:
    """Show one's own second factors, and what can be set up."""
    here = identity.present_visitor()
    page = FactorsPage(
        factors=service.of(here.actor),
        codes=recovery_codes.COUNT,
        needed_by=here.factor_needed_by,
        must=here.must_add_factor,
        waits=held_forms.waiting(here.session_id) is not None,
    )
    return show("accounts/factors.html", page)


@bp.post("/account/factors/app")
@needs(SETTING_UP)
def begin_app() -> AnyResponse:
    """Begin to set up an app."""
    service.begin_app(identity.actor())
    return redirect(url_for("factors.app"), 303)


@bp.get("/account/factors/app")
@needs(SETTING_UP)
def app() -> Response:
    """Show what an app needs to know, as long as it is not confirmed."""
    return _app_page(AppForm())


@bp.post("/account/factors/app/confirm")
@needs(SETTING_UP)
def confirm_app() -> AnyResponse:
    """Let an app count from its first code on; show recovery codes, once."""
    form, here = AppForm.received(), identity.present_visitor()
    if form.is_valid_submission:
        with form.reasons():
            codes = service.confirm_app(here.actor, form.code.data, here.session_id)
            flash(gettext("The app counts from now on. Your other sessions have ended."), "ok")
            if codes:
                return show("accounts/codes.html", CodesPage(codes))
            return redirect(url_for("factors.index"), 303)
    return _app_page(form)


@bp.post("/account/factors/app/remove")
@needs(SETTING_UP)
def remove_app() -> AnyResponse:
    """Remove one's app."""
    service.remove_app(identity.actor())
    flash(gettext("The app is removed."), "ok")
    return redirect(url_for("factors.index"), 303)


@bp.post("/account/factors/codes")
@needs(SETTING_UP)
def renew_codes() -> Response:
    """Make new recovery codes, and show them once."""
    return show("accounts/codes.html", CodesPage(service.renew_codes(identity.actor())))


def _app_page(form: AppForm) -> Response:
    here = identity.present_visitor()
    waiting = service.waiting_app(here.actor)
    secret = waiting.secret or ""
    address = totp.address(waiting, here.login, gettext(here.product or PRODUCT))
    groups = [secret[at : at + GROUP] for at in range(0, len(secret), GROUP)]
    return show("accounts/app.html", AppPage(picture(address), address, groups), form)
