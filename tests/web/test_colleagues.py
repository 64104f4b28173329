"""The seized phone: a director ends everything of a colleague, alone, in two taps."""

import pytest
from flask import Flask

from hrdtracker.access.model import UserState
from hrdtracker.accounts import sessions
from tests import make
from tests.make import Cast
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")


@pytest.mark.parametrize("who", ["director", "national", "admin"])
def test_two_taps_end_everything_and_say_until_when_and_who_confirms(
    app: Flask, cast: Cast, who: str
) -> None:
    with inside(app):
        token = sessions.begin(make.user("monitor"), "Telephone")
    browser, path = Browser(app, who), f"/colleagues/{cast.users['monitor']}"
    browser.get("/colleagues")
    assert path in browser.page
    browser.get(path)
    assert "1 browser:" in browser.text
    browser.post(f"{path}/end", {}, follow_redirects=True)
    assert "It holds until" in browser.text
    assert "Who can confirm it: Admin2" in browser.text.replace("Admin 1, ", "")
    with inside(app):
        assert sessions.identify(token) is None
        assert make.user("monitor").state == UserState.LOCKED


@pytest.mark.parametrize(("who", "warns"), [("director", True), ("admin", False)])
def test_the_answer_leads_a_director_to_whom_to_warn(
    app: Flask, cast: Cast, who: str, *, warns: bool
) -> None:
    with inside(app):
        make.bring(make.user("monitor"), UserState.LOCKED)
    browser = Browser(app, who)
    browser.get(f"/colleagues/{cast.users['monitor']}")
    assert (f"/readings/{cast.users['monitor']}" in browser.page) is warns
    assert ("Tell the director now" in browser.text) is not warns


def test_whoever_may_confirm_a_lock_finds_it_beside_the_colleague(app: Flask, cast: Cast) -> None:
    with inside(app):
        make.bring(make.user("monitor"), UserState.LOCKED)
    browser = Browser(app, "director")
    browser.get("/colleagues")
    assert "for your word" in browser.text
    browser.get(f"/colleagues/{cast.users['monitor']}")
    assert "Confirm it" in browser.text


def test_a_director_finds_only_colleagues_of_her_office(app: Flask, cast: Cast) -> None:
    browser = Browser(app, "director")
    browser.get("/colleagues")
    assert str(cast.users["colleague"]) in browser.page
    assert str(cast.users["stranger"]) not in browser.page
    assert str(cast.users["director"]) not in browser.page
    assert browser.get(f"/colleagues/{cast.users['stranger']}").status_code == 404
    browser.get(f"/colleagues/{cast.users['director']}")
    assert "End everything of" not in browser.text
