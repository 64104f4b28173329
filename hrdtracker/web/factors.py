"""The second factor: the second step of signing in, and one’s own app and recovery codes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from hrdtracker.accounts import factors as service
from hrdtracker.accounts import held_forms, passkeys, proof, recovery_codes, totp
from hrdtracker.accounts.factors import Factors, SignedInAt
from hrdtracker.accounts.passkeys import Site
from hrdtracker.accounts.proof import Ways
from hrdtracker.accounts.totp import CodeRefused
from hrdtracker.core.errors import NotFound
from hrdtracker.forms.accounts import AppForm, ProofForm
from hrdtracker.forms.base import say
from hrdtracker.web.qr import Picture, picture
from hrdtracker.web.shell import identity, passkey_site
from hrdtracker.web.shell.context import PRODUCT
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import PUBLIC, SETTING_UP, needs

bp = Blueprint("factors", __name__)
GROUP = 4


@dataclass(frozen=True)
class SecondStepPage:
    """Whose password was given, how they can show who they are, and which kind of code is asked."""

    login: str
    ways: Ways
    asks: str
    codes: int


@dataclass(frozen=True)
class FactorsPage:
    """One’s own second factors; from when one is needed, and whether all else waits for it.

    `waits` tells whether something that was sent waits too.
    """

    factors: Factors
    codes: int
    takes_passkeys: bool
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
    if form.is_valid_submission:
        try:
            attempts = identity.attempts(half.user.login)
            shown = form.shown(passkey_site.site())
            fresh = proof.show(half.user, half.session_id, shown, attempts)
        except CodeRefused as refused:
            form.refuse(say(refused.reason), asks_code=True)
        else:
            identity.remember_token(fresh)
            return redirect(url_for("home.today"), 303)
    ways = passkey_site.ways_here(half.user.id)
    page = SecondStepPage(half.user.login, ways, form.asks(ways), recovery_codes.COUNT)
    return show("accounts/second_step.html", page, form)


@bp.post("/login/second/options")
@needs(PUBLIC)
def options_of_second_step() -> Response:
    """Say what a passkey is to sign for the second step of signing in."""
    half, site = identity.half_signed_in(), passkey_site.site()
    if half is None or site is None:
        raise NotFound
    return _as_json(passkeys.options_to_prove(half.user.id, half.session_id, site))


@bp.get("/account/factors")
@needs(SETTING_UP)
def index() -> Response:
    """Show one's own second factors, and what can be set up."""
    here = identity.present_visitor()
    page = FactorsPage(
        factors=service.of(here.actor),
        codes=recovery_codes.COUNT,
        takes_passkeys=passkey_site.site() is not None,
        needed_by=here.factor_needed_by,
        must=here.must_add_factor,
        waits=held_forms.waiting(here.session_id) is not None,
    )
    return show("accounts/factors.html", page)


@bp.post("/account/factors/app/begin")
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


@bp.post("/account/again/options")
@needs(SETTING_UP)
def options_to_prove() -> Response:
    """Say what a passkey is to sign before a large act."""
    here = identity.present_visitor()
    return _as_json(passkeys.options_to_prove(here.actor.id, here.session_id, _site()))


@bp.get("/account/factors/passkey")
@needs(SETTING_UP)
def passkey() -> Response:
    """Show the button by which a device makes a passkey."""
    _site()
    return show("accounts/passkey.html")


@bp.post("/account/factors/passkey/options")
@needs(SETTING_UP)
def options_to_add() -> Response:
    """Say what a device needs to make a passkey."""
    here = identity.present_visitor()
    product = gettext(here.product or PRODUCT)
    options = passkeys.options_to_add(
        service.oneself(here.actor), here.session_id, _site(), product
    )
    return _as_json(options)


@bp.post("/account/factors/passkey/add")
@needs(SETTING_UP)
def add_passkey() -> AnyResponse:
    """Keep the passkey that a device made; show recovery codes, once."""
    here, site = identity.present_visitor(), _site()
    place = SignedInAt(here.session_id, identity.device())
    try:
        codes = service.add_passkey(here.actor, request.form.get("_passkey", ""), site, place)
    except CodeRefused as refused:
        flash(say(refused.reason), "warn")
        return redirect(url_for("factors.passkey"), 303)
    flash(gettext("The passkey counts from now on. Your other sessions have ended."), "ok")
    if codes:
        return show("accounts/codes.html", CodesPage(codes))
    return redirect(url_for("factors.index"), 303)


@bp.post("/account/factors/passkey/<uuid:uid>/remove")
@needs(SETTING_UP)
def remove_passkey(uid: UUID) -> AnyResponse:
    """Remove one of one's passkeys."""
    service.remove_passkey(identity.actor(), uid)
    flash(gettext("The passkey is removed."), "ok")
    return redirect(url_for("factors.index"), 303)


def _site() -> Site:
    """Return where passkeys belong; there is no such page where none can be used."""
    site = passkey_site.site()
    if site is None:
        raise NotFound
    return site


def _as_json(text: str) -> Response:
    return Response(text, mimetype="application/json")


def _app_page(form: AppForm) -> Response:
    here = identity.present_visitor()
    waiting = service.waiting_app(here.actor)
    secret = waiting.secret or ""
    address = totp.address(waiting, here.login, gettext(here.product or PRODUCT))
    groups = [secret[at : at + GROUP] for at in range(0, len(secret), GROUP)]
    return show("accounts/app.html", AppPage(picture(address), address, groups), form)
