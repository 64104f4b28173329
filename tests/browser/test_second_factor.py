"""The second factor as somebody on a telephone meets it: set up, signed in with, asked again."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import update

from hrdtracker.accounts import sessions, staff
from hrdtracker.accounts.model import LoginSession
from hrdtracker.authorised import side_transaction
from hrdtracker.core import clock
from hrdtracker.core.db import session
from tests import make
from tests.authenticator import Authenticator
from tests.browser.conftest import Visit
from tests.web.somebody import NAME, in_unit, somebody

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
}
pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]
PASSWORD = "cloud ladder teapot violin"


def _give_password(app: Flask, login: str) -> None:
    """Let somebody choose a password with a new code, as a colleague who lost it would."""
    code = in_unit(app, lambda: staff.invite_again(make.actor("admin2"), make.user(login)))
    in_unit(app, lambda: staff.accept(code, PASSWORD))
    in_unit(app, lambda: make.confirm("national", make.user(login)))


def _let_proofs_grow_old(app: Flask) -> None:
    """Let a quarter of an hour pass since everybody showed who they are."""
    before = clock.now() - sessions.PROVEN_FOR - timedelta(minutes=1)
    aged = update(LoginSession).values(proven_at=before)
    in_unit(app, lambda: side_transaction(lambda: session().connection().execute(aged)))


def _fits(page: Page) -> None:
    """Check that nothing of the page lies beside the screen."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def _sign_in(page: Page) -> None:
    page.get_by_label("User name").fill("monitor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def _set_up(page: Page) -> tuple[Authenticator, str]:
    """Set up an app; return it, and the first of the recovery codes."""
    page.goto("/account")
    page.get_by_role("link", name="Set up a second factor").click()
    page.get_by_role("button", name="Set up an app").click()
    page.get_by_text("Type it instead").click()
    _fits(page)
    secret = page.locator("details code").text_content() or ""
    phone = Authenticator(secret.replace(" ", ""))
    page.get_by_label("6 digits from the app").fill(phone.code())
    page.get_by_role("button", name="Confirm the app").click()
    expect(page.locator(".codes li")).to_have_count(10)
    _fits(page)
    paper = page.locator(".codes li").first.text_content() or ""
    page.get_by_role("link", name="I have them on paper").click()
    return phone, paper


def test_somebody_sets_up_an_app_signs_in_with_it_and_shows_names_after_a_while(
    app: Flask, visit: Visit
) -> None:
    somebody(app)
    _give_password(app, "monitor")
    page = visit(None)
    page.goto("/login")
    _sign_in(page)
    phone, paper = _set_up(page)
    page.get_by_role("button", name="Log out").click()

    _sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you, monitor?")
    _fits(page)
    page.get_by_label("6 digits from the app").fill("000 000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#_code-error")).to_contain_text("not right")
    page.get_by_label("6 digits from the app").fill(phone.code(1))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 thing for you")

    _let_proofs_grow_old(app)
    page.goto("/people")
    page.get_by_role("button", name="Show these names").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    _fits(page)
    page.get_by_role("link", name="A recovery code from paper").click()
    page.get_by_label("A recovery code from paper").fill(paper)
    page.get_by_role("button", name="Check, then go on").click()
    expect(page.get_by_text(NAME)).to_be_visible()


def test_a_real_browser_makes_a_passkey_signs_in_with_it_and_shows_it_again(
    app: Flask, visit: Visit, site: str
) -> None:
    somebody(app)
    _give_password(app, "monitor")
    page = visit(None)
    here = site.replace("127.0.0.1", "localhost")
    console = page.context.new_cdp_session(page)
    console.send("WebAuthn.enable")
    console.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.goto(f"{here}/login")
    _sign_in(page)
    page.goto(f"{here}/account/factors")
    page.get_by_role("link", name="Add a passkey").click()
    _fits(page)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("button", name="Log out").click()

    _sign_in(page)
    _fits(page)
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 thing for you")

    _let_proofs_grow_old(app)
    page.goto(f"{here}/people")
    page.get_by_role("button", name="Show these names").click()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_text(NAME)).to_be_visible()
