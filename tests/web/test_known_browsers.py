"""What a browser keeps of those who signed in with it, and what a stranger learns of a name."""

import re

import pytest
import time_machine
from flask import Flask

from hrdtracker.accounts import passwords
from hrdtracker.core import clock
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
RIGHT = {"login": "monitor", "password": "cloud ladder teapot violin"}
WRONG = {"login": "monitor", "password": "wrong"}


@pytest.fixture(autouse=True)
def no_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let everybody’s password be the right one, without the cost of hashing."""
    monkeypatch.setattr(passwords, "matches", lambda _hash, password: password == RIGHT["password"])


def test_a_browser_in_which_somebody_signed_in_is_not_kept_out_by_strangers(app: Flask) -> None:
    owner, stranger = Browser(app), Browser(app)
    owner.post("/login", RIGHT)
    owner.post("/logout")
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(6):
            stranger.post("/login", WRONG)
        assert "Too many attempts" in stranger.text
        assert owner.post("/login", RIGHT).status_code == 303


def test_what_a_browser_keeps_of_a_sign_in_is_for_us_alone(app: Flask) -> None:
    browser = Browser(app)
    assert not _marks(browser.post("/login", WRONG).headers.getlist("Set-Cookie"))
    (kept,) = _marks(browser.post("/login", RIGHT).headers.getlist("Set-Cookie"))
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=15552000"} <= set(kept)
    assert "monitor" not in kept[0]


def _marks(cookies: list[str]) -> list[list[str]]:
    return [cookie.split("; ") for cookie in cookies if cookie.startswith("known=")]


def test_a_refusal_is_the_same_whether_there_is_such_a_name_or_none(app: Flask) -> None:
    with time_machine.travel(clock.now(), tick=False):
        known, unknown = _refusals(app, "monitor"), _refusals(app, "ronitom")
    assert known == unknown
    assert [status for status, _, _ in known] == [422] * 5 + [429]


def _refusals(app: Flask, name: str) -> list[tuple[int, str, list[tuple[str, str]]]]:
    """Return six refusals, without what differs for any two browsers."""
    browser, refusals = Browser(app), []
    for _ in range(6):
        answer = browser.post("/login", {"login": name, "password": "wrong"})
        page = re.sub(r'value="[^"]{40,}"', "", browser.page.replace(name, "NAME"))
        headers = [pair for pair in answer.headers if pair[0] != "Set-Cookie"]
        refusals.append((answer.status_code, page, headers))
    return refusals


def test_the_owner_is_told_on_the_next_page_what_strangers_tried(app: Flask) -> None:
    owner, stranger = Browser(app), Browser(app)
    owner.post("/login", RIGHT)
    owner.post("/login", {"login": "monitor", "password": "a slip"})
    owner.post("/login", RIGHT)
    owner.get("/")
    assert "wrong password" not in owner.text
    for _ in range(4):
        stranger.post("/login", WRONG)
    owner.post("/login", RIGHT)
    owner.get("/")
    assert "a wrong password was tried 4 times with your user name" in owner.text
    owner.get("/")
    assert "wrong password" not in owner.text
