"""What a request says of its browser, and what follows: how it is listed, and what it keeps."""

from dataclasses import replace
from uuid import uuid4

import pytest
import time_machine
from flask import Flask

from hrdtracker.access.actor import Actor
from hrdtracker.accounts import devices, sessions
from hrdtracker.accounts.sessions import Visitor
from hrdtracker.core import clock
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import typing_key
from tests.web.browse import Browser
from tests.web.somebody import sent

pytestmark = pytest.mark.engines("sqlite")
MOZILLA = "Mozilla/5.0"
KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
DESK = f"{MOZILLA} (Windows NT 10.0; Win64; x64) {KIT} Chrome/142.0.0.0 Safari/537.36"
PHONE = (
    f"{MOZILLA} (iPhone; CPU iPhone OS 18_6 like Mac OS X) {KIT} Version/18.6 Mobile Safari/604.1"
)
TABLET = f"{MOZILLA} (Linux; Android 15; SM-X210) {KIT} Chrome/142.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (DESK, "Chrome Windows"),
        (f"{DESK} Edg/142.0", "Edg Windows"),
        (PHONE, "Safari iPhone"),
        (TABLET, "Chrome Android"),
        (f"{MOZILLA} (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox Linux"),
        ("curl/8.14", "Browser"),
        ("", "Browser"),
    ],
)
def test_a_session_is_listed_by_its_browser_and_system(pages: Flask, agent: str, name: str) -> None:
    with pages.test_request_context(headers={"User-Agent": agent}):
        assert identity.device() == name


@pytest.mark.parametrize(
    ("agent", "hint", "is_phone"),
    [
        (DESK, "", False),
        (DESK, "?0", False),
        (DESK, "?1", True),
        (PHONE, "", True),
        (TABLET, "?0", True),
    ],
)
def test_a_telephone_is_one_by_either_of_its_names(
    pages: Flask, agent: str, hint: str, *, is_phone: bool
) -> None:
    with pages.test_request_context(headers={"User-Agent": agent, "Sec-CH-UA-Mobile": hint}):
        assert identity.is_phone() is is_phone


def test_a_second_step_counts_for_the_browser_where_that_is_known(pages: Flask) -> None:
    with pages.test_request_context("/away"):
        pages.preprocess_request()
        mark = devices.remember("", "monitor")
        assert identity.attempts("monitor").keys() == {"pair", "network", "account"}
    with pages.test_request_context("/away", headers={"Cookie": f"known={mark}"}):
        pages.preprocess_request()
        assert identity.attempts("monitor").keys() == {"known"}
        assert identity.attempts("director").keys() == {"pair", "network", "account"}


def test_a_session_lives_on_while_pages_are_asked_for_and_is_noted_once_a_minute(
    app: Flask,
) -> None:
    browser, begun = Browser(app, "monitor"), clock.now()
    for share in (0.6, 1.2):
        with time_machine.travel(begun + share * sessions.IDLE, tick=False):
            assert browser.get("/account").status_code == 200
            written = [one for one in sent(lambda: browser.get("/account")) if "UPDATE" in one]
            assert written == []


# What is typed and not sent ----------------------------------------------------------------------

VISITOR = Visitor(
    actor=Actor(1, uuid4(), 1),
    session_id=1,
    session_uid=uuid4(),
    login="somebody",
    language=None,
    theme=None,
    keeps_typing=None,
    may_keep_typing=True,
    zone="Asia/Phnom_Penh",
    product="Daybook",
    terms_version=1,
    seen_at=clock.now(),
    has_factor=False,
    factor_needed_by=None,
)


def key_of(app: Flask, visitor: Visitor | None, agent: str = DESK, *, away: bool = False) -> object:
    """Return under which key a page of this visitor keeps what is typed."""
    with app.test_request_context("/away", headers={"User-Agent": agent}):
        app.preprocess_request()
        if away:
            identity.do_without_database()
        return typing_key(visitor)


@pytest.mark.parametrize(
    ("wish", "allowed", "agent", "is_kept"),
    [
        (None, True, DESK, True),
        (None, True, PHONE, False),
        (True, True, PHONE, True),
        (False, True, DESK, False),
        (True, False, DESK, False),
    ],
)
def test_what_is_typed_is_kept_as_one_wishes_if_the_office_lets_one_and_at_first_not_on_a_telephone(
    pages: Flask, *, wish: bool | None, allowed: bool, agent: str, is_kept: bool
) -> None:
    visitor = replace(VISITOR, keeps_typing=wish, may_keep_typing=allowed)
    assert bool(key_of(pages, visitor, agent)) is is_kept


def test_each_session_keeps_what_is_typed_under_a_key_of_its_own(pages: Flask) -> None:
    other = replace(VISITOR, session_uid=uuid4())
    assert key_of(pages, VISITOR) == key_of(pages, VISITOR) != key_of(pages, other)


def test_what_was_typed_is_forgotten_once_nobody_is_here_but_not_where_nobody_can_be_asked(
    pages: Flask,
) -> None:
    assert key_of(pages, None) == ""
    assert key_of(pages, None, away=True) is None
    assert key_of(pages, VISITOR, away=True) == key_of(pages, VISITOR)


def test_without_the_database_nobody_is_asked_for(app: Flask) -> None:
    browser = Browser(app, "monitor")
    token = browser.client.get_cookie("day")
    assert token
    with app.test_request_context("/away", headers={"Cookie": f"day={token.value}"}):
        app.preprocess_request()
        identity.do_without_database()
        assert sent(lambda: (identity.visitor(), identity.half_signed_in())) == []
        assert identity.visitor() is None
