"""The second factor on the pages: set up, signed in with, asked for again, nothing lost."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from hrdtracker.access.model import User
from hrdtracker.accounts import held_forms, sessions
from hrdtracker.accounts.model import HeldForm
from hrdtracker.app import create_app
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.keyfile import RootKey
from hrdtracker.web.shell import passkey_site
from tests import make
from tests.authenticator import Authenticator, with_app
from tests.conftest import close
from tests.software_key import SoftwareKey, add_key
from tests.web.browse import Browser, page_open
from tests.web.proofs import HELD, OLD, RIGHT, hash_nothing, with_password
from tests.web.somebody import NAME, in_unit, somebody

pytestmark = pytest.mark.engines("sqlite")
SECRET = re.compile(r"secret=([A-Z2-7]+)")
INVITATION = {"login": "newcomer", "label": "Newcomer <1>"}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_nothing(monkeypatch)


@pytest.fixture
def director(app: Flask) -> Authenticator:
    """Return the app of the director, who has a password too."""

    def set_up() -> Authenticator:
        with_password("director")
        return with_app("director")

    made: Authenticator = in_unit(app, set_up)
    return made


def _password(app: Flask, login: str = "director") -> Browser:
    """Return a browser in which somebody gave the password."""
    browser = Browser(app)
    browser.get("/login")
    answer = browser.post("/login", {"login": login, "password": RIGHT})
    browser.uid = in_unit(app, lambda: make.user(login).uid)
    assert answer.location == "/login/second"
    return browser


def _signed_in(app: Flask, authenticator: Authenticator) -> Browser:
    browser = _password(app)
    browser.get("/login/second")
    assert browser.post("/login/second", {"_code": authenticator.code()}).location == "/"
    return browser


# Signing in in two steps -------------------------------------------------------------------------


def test_an_app_is_set_up_and_asked_for_at_the_next_sign_in(app: Flask) -> None:
    in_unit(app, lambda: with_password("director"))
    browser = Browser(app, "director")
    browser.get("/account/factors")
    assert browser.post("/account/factors/app/begin").location == "/account/factors/app"
    browser.get("/account/factors/app")
    found = SECRET.search(unescape(browser.page))
    assert found
    authenticator = Authenticator(found[1])
    assert "<svg" in browser.page
    assert browser.post("/account/factors/app/confirm", {"code": "000000"}).status_code == 422
    browser.post("/account/factors/app/confirm", {"code": authenticator.code()})
    papers = re.findall(r"<code>([0-9A-Z-]{14})</code>", browser.page)
    assert len(set(papers)) == 10
    assert browser.get("/account/factors/app").status_code == 404
    browser.post("/logout")
    browser = _password(app)
    browser.get("/login/second")
    assert browser.post("/login/second", {"_code": papers[0]}).location == "/"
    assert browser.get("/account/factors").status_code == 200
    assert "9 of 10 left" in browser.text


def test_a_code_that_was_used_says_so_beside_its_field(app: Flask, director: Authenticator) -> None:
    _signed_in(app, director)
    browser = _password(app)
    browser.get("/login/second")
    assert browser.post("/login/second", {"_code": director.code()}).status_code == 422
    assert "used already" in browser.text
    assert 'id="_code-error"' in browser.page
    assert browser.get("/").location == "/login/second"


@pytest.mark.parametrize("path", ["/leave", "/login"])
def test_who_leaves_between_the_steps_leaves_nothing_open(
    app: Flask, director: Authenticator, path: str
) -> None:
    browser = _password(app)
    token = browser.client.get_cookie("day")
    assert token is not None
    browser.get("/login/second")
    browser.post(path, {"login": "director", "password": RIGHT})
    assert in_unit(app, lambda: sessions.half_signed_in(token.value)) is None
    del director


def test_a_sign_in_that_is_never_finished_hides_no_wrong_password(
    app: Flask, director: Authenticator
) -> None:
    _signed_in(app, director)
    stranger = Browser(app)
    for _ in range(4):
        stranger.get("/login")
        stranger.post("/login", {"login": "director", "password": "wrong"})
    _password(app)
    owner = _password(app)
    owner.get("/login/second")
    assert "a wrong password was tried 4 times with your user name" in owner.text


def test_the_token_of_before_the_second_step_is_worth_nothing_after_it(
    app: Flask, director: Authenticator
) -> None:
    browser = _password(app)
    before = browser.client.get_cookie("day")
    browser.get("/login/second")
    browser.post("/login/second", {"_code": director.code()})
    assert before is not None
    stranger = Browser(app)
    stranger.client.set_cookie("day", before.value)
    assert stranger.get("/").location == "/login"


def test_a_browser_that_is_new_is_told_of_and_one_that_is_known_is_not(
    app: Flask, director: Authenticator
) -> None:
    browser = _password(app)
    browser.get("/login/second")
    assert "for the first time" in browser.text
    browser.post("/login/second", {"_code": director.code()})
    browser.get("/")
    browser.post("/logout")
    browser.get("/login")
    browser.post("/login", {"login": "director", "password": RIGHT})
    browser.get("/login/second")
    assert "for the first time" not in browser.text


def test_a_passkey_is_offered_to_who_has_one_at_an_address_where_it_can_be_used(
    app: Flask,
) -> None:
    in_unit(app, lambda: add_key(SoftwareKey()))

    def is_offered(login: str, host: str) -> bool:
        number = in_unit(app, lambda: make.user(login).id)
        with page_open(app, f"http://{host}/away"):
            return passkey_site.ways_here(number).passkey

    assert is_offered("director", "localhost")
    assert not is_offered("director", "127.0.0.1")
    assert not is_offered("monitor", "localhost")


# A form that waited for a sign-in ----------------------------------------------------------------


@pytest.fixture
def administrator(app: Flask) -> Authenticator:
    def set_up() -> Authenticator:
        with_password("admin")
        return with_app("admin")

    made: Authenticator = in_unit(app, set_up)
    return made


def _invited(app: Flask) -> int:
    query = select(func.count()).select_from(User).where(User.login == "newcomer")
    return int(in_unit(app, lambda: session().scalar(query)))


def test_a_form_that_waited_asks_for_both_steps_and_loses_nothing(
    app: Flask, administrator: Authenticator
) -> None:
    browser = Browser(app, "admin")
    token = _prove(app, browser, administrator)
    assert token
    browser.get("/admin/users/invite")
    typed = {**INVITATION, "submission_id": "0" * 32}
    with time_machine.travel(clock.now() + sessions.IDLE + timedelta(minutes=1), tick=False):
        assert browser.post("/admin/users/invite", typed).status_code == 401
        assert browser.post("/admin/users/invite", {**typed, "_resume": RIGHT}).status_code == 401
        assert "6 digits" in browser.text
        assert "Newcomer &lt;1&gt;" in browser.page
        assert browser.post("/admin/users/invite", typed).status_code == 401
        assert "aria-invalid" not in browser.page, "nobody has shown anything yet"
        again = browser.post("/admin/users/invite", {**typed, "_code": "000000"})
        assert again.status_code == 401
        assert "aria-invalid" in browser.page
        assert "Newcomer &lt;1&gt;" in browser.page
        other = {**typed, "_as": "0" * 32, "_code": administrator.code()}
        assert browser.post("/admin/users/invite", other).location == "/login/second"
        assert _invited(app) == 0
        code = administrator.code()
        assert browser.post("/admin/users/invite", {**typed, "_code": code}).status_code == 200
    assert _invited(app) == 1


def _prove(app: Flask, browser: Browser, authenticator: Authenticator) -> str:
    """Show the second factor for a session that was begun without a password."""
    held = browser.client.get_cookie("day")
    assert held is not None
    browser.get("/login/second")
    browser.post("/login/second", {"_code": authenticator.code()})
    del app
    return held.value


# Once more, before a large act -------------------------------------------------------------------


def _asked(app: Flask, browser: Browser) -> str:
    """Ask for the names of a list when the proof is old; return what waits."""
    browser.get("/people")
    assert browser.post("/people/names").status_code == 401
    found = HELD.search(browser.page)
    assert found
    assert NAME not in browser.page
    del app
    return found[1]


def test_names_are_shown_once_their_reader_has_shown_who_they_are(
    app: Flask, director: Authenticator
) -> None:
    somebody(app)
    browser = _signed_in(app, director)
    browser.get("/people")
    assert browser.post("/people/names").status_code == 200
    with time_machine.travel(clock.now() + OLD, tick=False):
        held = _asked(app, browser)
        wrong = browser.post("/people/names", {"_held": held, "_code": "000000"})
        assert wrong.status_code == 422
        assert 'id="_code-error"' in browser.page
        assert NAME not in browser.page
        before = browser.client.get_cookie("day")
        right = {"_held": held, "_code": director.code()}
        assert browser.post("/people/names", right).status_code == 200
        assert NAME in browser.page
        after = browser.client.get_cookie("day")
        assert before is not None
        assert after is not None
        assert before.value != after.value
        assert browser.post("/people/names", right).status_code == 303
        browser.get("/people")
        assert browser.post("/people/names").status_code == 200


def test_what_waits_is_shown_again_and_leads_back(app: Flask, director: Authenticator) -> None:
    browser = _signed_in(app, director)
    with time_machine.travel(clock.now() + OLD, tick=False):
        held = _asked(app, browser)
        assert browser.get("/account/again").status_code == 200
        assert held in browser.page
        assert re.search(r'href="/people">\s*Back without doing it', browser.page)
        assert "Show the names of a page" in browser.text


def test_after_ten_minutes_nothing_is_completed(app: Flask, director: Authenticator) -> None:
    somebody(app)
    browser = _signed_in(app, director)
    start = clock.now() + OLD
    with time_machine.travel(start, tick=False):
        held = _asked(app, browser)
    with time_machine.travel(start + held_forms.HELD_FOR, tick=False):
        answer = browser.post("/people/names", {"_held": held, "_code": director.code()})
        assert answer.status_code == 303
        assert NAME not in browser.page


def test_a_role_is_given_once_the_password_is_shown_again_by_who_has_no_factor(
    app: Flask,
) -> None:
    in_unit(app, lambda: with_password("admin"))
    browser = Browser(app, "admin")
    path = f"/admin/users/{in_unit(app, lambda: make.user('nobody').uid)}"
    with time_machine.travel(clock.now() + OLD, tick=False):
        browser.get(path)
        sent = {"role": "monitor", "office": make.HERE, "submission_id": "1" * 32}
        assert browser.post(path, sent).status_code == 401
        found = HELD.search(browser.page)
        assert found
        wrong = {"_held": found[1], "_password": "wrong"}
        assert browser.post(path, wrong).status_code == 422
        right = {"_held": found[1], "_password": RIGHT}
        assert browser.post(path, right).location == path
        assert "monitor" in browser.get(path).get_data(as_text=True).lower()


def test_what_waits_in_another_session_is_not_completed(
    app: Flask, director: Authenticator
) -> None:
    somebody(app)
    browser, other = _signed_in(app, director), Browser(app, "national")
    with time_machine.travel(clock.now() + OLD, tick=False):
        held = _asked(app, browser)
        other.get("/people")
        assert (
            other.post("/people/names", {"_held": held, "_code": director.code()}).location == "/"
        )


# Who must have one -------------------------------------------------------------------------------


@pytest.fixture
def in_earnest(given: Settings, root: RootKey) -> Iterator[Flask]:
    """Return the application as where real people work: the demonstration asks for no factor."""
    app = create_app(given, replace(root, demo=False))
    yield app
    with app.app_context():
        close(app)


def _waiting(app: Flask) -> int:
    return int(in_unit(app, lambda: session().scalar(select(func.count()).select_from(HeldForm))))


def test_a_reminder_stands_on_every_page_until_its_day_and_then_nothing_else_opens(
    in_earnest: Flask,
) -> None:
    director, monitor = Browser(in_earnest, "director"), Browser(in_earnest, "monitor")
    for path in ("/", "/cases", "/account"):
        director.get(path)
        assert "Set up a second factor by" in director.text
    monitor.get("/")
    assert "Set up a second factor by" not in monitor.text
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        director, monitor = Browser(in_earnest, "director"), Browser(in_earnest, "monitor")
        for path in ("/", "/cases", "/people", "/account"):
            assert director.get(path).location == "/account/factors"
        assert director.post("/account/preferences").location == "/account/factors"
        assert director.get("/account/factors").status_code == 200
        assert _waiting(in_earnest) == 0, "nothing large was sent so far"
        assert director.post("/people/names").location == "/account/factors"
        assert monitor.get("/").status_code == 200
        director.post("/account/factors/app/begin")
        found = SECRET.search(unescape(director.get("/account/factors/app").get_data(as_text=True)))
        assert found
        code = Authenticator(found[1]).code()
        director.post("/account/factors/app/confirm", {"code": code})
        assert director.get("/").status_code == 200
        director.get("/account/factors")
        assert "Go on with what you sent" in director.text
        director.get("/account/again")
        assert "You have shown who you are" in director.text
        held = HELD.search(director.page)
        assert held
        assert director.post("/people/names", {"_held": held[1]}).status_code == 200
        assert director.post("/account/factors/app/remove").status_code == 409


def test_the_demonstration_never_asks_for_one(app: Flask) -> None:
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        browser = Browser(app, "director")
        assert browser.get("/").status_code == 200
        assert "second factor by" not in browser.text
