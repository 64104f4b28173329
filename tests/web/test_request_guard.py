"""What stands before every page, and after it: who is let in, what is handed back, what ends."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, flash, g, session
from werkzeug.test import TestResponse

from hrdtracker.core import db
from hrdtracker.core.errors import Overtaken
from hrdtracker.web.shell.background import SUBMISSION
from hrdtracker.web.shell.request_guard import SignInDue, send_again
from hrdtracker.web.shell.route_permission import PUBLIC, needs
from tests.web.browse import Browser
from tests.web.case_pages import case
from tests.web.somebody import openings, version

pytestmark = pytest.mark.engines("sqlite")
OURS = {"Sec-Fetch-Site": "same-origin"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
KEY, OTHER = "1" * 32, "2" * 32


def test_a_page_that_does_not_say_who_may_open_it_opens_to_nobody(
    pages: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pages.test_client().get("/away").status_code == 200
    monkeypatch.delitem(pages.view_functions["shell.away"].__dict__, "needs")
    assert pages.test_client().get("/away").status_code == 403


def test_no_unit_of_work_outlives_its_request_whatever_is_kept_of_it(
    pages: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[object] = []

    @needs(PUBLIC)
    def page() -> str:
        kept.append(g._get_current_object())
        return "done"

    monkeypatch.setitem(pages.view_functions, "shell.away", page)
    assert pages.test_client().get("/away").status_code == 200
    with pytest.raises(LookupError):
        db.session()


def test_what_a_page_shows_leaves_its_line_and_what_a_redirect_read_leaves_none(app: Flask) -> None:
    address, browser = case(app), Browser(app, "monitor")
    browser.get(address)
    assert openings(app)[-1][:2] == ("case.read", "case_file")
    edit = {"title": "Strike line", "version": version(browser, f"{address}/edit")}
    assert openings(app)[-1][:2] == ("case.edit", "case_file")
    lines = len(openings(app))
    assert browser.post(f"{address}/edit", edit).status_code == 303
    assert len(openings(app)) == lines


# The token of a page -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/login", "/leave"])
def test_nobody_is_signed_in_or_out_without_the_token_of_a_page(app: Flask, path: str) -> None:
    browser = Browser(app, "monitor")
    sent = {"login": "monitor", "password": "x" * 20}
    assert browser.client.post(path, data=sent).status_code == 400
    assert Browser(app).client.post("/login", data=sent).status_code == 400
    assert browser.get("/account").status_code == 200


def test_what_no_page_of_ours_sent_is_not_handed_back(pages: Flask) -> None:
    answer = pages.test_client().post("/welcome", data={"code": "ABCD", "csrf_token": "forged"})
    assert answer.status_code == 400
    assert "ABCD" not in answer.text


def test_where_no_form_was_sent_there_is_nothing_to_send_again(pages: Flask) -> None:
    answer = pages.test_client().post("/welcome", headers=OURS)
    assert answer.status_code == 400
    assert HIDDEN.findall(answer.text) == []


# What is handed back -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "handed_back"),
    [
        ({"code": "ABCD"}, [("code", "ABCD"), ("submission_id", KEY)]),
        ({"submission_id": OTHER}, [("submission_id", OTHER)]),
        ({"password": "x", "_login": "x", "_as": "y"}, [("_as", "y"), ("submission_id", KEY)]),
    ],
)
def test_a_form_of_ours_with_an_old_token_is_handed_back_but_for_its_secrets_under_its_key(
    pages: Flask, sent: dict[str, str], handed_back: list[tuple[str, str]]
) -> None:
    answer = _sent_with_an_old_token(pages, sent, {SUBMISSION: KEY})
    assert (answer.status_code, answer.headers[SUBMISSION]) == (400, KEY)
    (token, _), *others = HIDDEN.findall(answer.text)
    assert (token, others) == ("csrf_token", handed_back)
    assert ("Only a password is not kept" in answer.text) == ("password" in sent)


def test_a_form_without_a_key_is_handed_back_without_one(pages: Flask) -> None:
    answer = _sent_with_an_old_token(pages, {"code": "ABCD"}, {})
    assert [name for name, _ in HIDDEN.findall(answer.text)] == ["csrf_token", "code"]


def _sent_with_an_old_token(
    pages: Flask, sent: dict[str, str], headers: dict[str, str]
) -> TestResponse:
    data = {**sent, "csrf_token": "old"}
    return pages.test_client().post("/welcome", data=data, headers={**OURS, **headers})


@pytest.mark.parametrize(
    ("why", "status"),
    [({}, 400), ({"away": True}, 503), ({"sign_in": SignInDue("somebody")}, 401)],
)
def test_what_is_handed_back_says_why_by_its_number(
    pages: Flask, why: dict[str, Any], status: int
) -> None:
    with pages.test_request_context("/welcome", method="POST", data={"code": "ABCD"}, headers=OURS):
        pages.preprocess_request()
        assert send_again(**why).status_code == status


# What is done, and confirmed ---------------------------------------------------------------------


def losing_a_race(before: list[tuple[list[object], object]]) -> Callable[[], str]:
    """Return a page that says something, and fails once; it notes what there was `before`."""

    @needs(PUBLIC)
    def page() -> str:
        before.append((list(session.get("_flashes", [])), g.get("mark")))
        flash("It is done.")
        g.mark = "done"
        if len(before) == 1:
            raise Overtaken
        return "done"

    return page


def test_a_form_that_lost_a_race_is_done_again_as_if_for_the_first_time(
    pages: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before: list[tuple[list[object], object]] = []
    monkeypatch.setitem(pages.view_functions, "shell.language", losing_a_race(before))
    assert Browser(pages).post("/language").text == "done"
    assert before == [([], None)] * 2


def test_a_page_that_only_shows_is_neither_made_again_nor_confirmed(
    pages: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = pages.test_client().get("/away", headers={SUBMISSION: KEY})
    assert SUBMISSION not in answer.headers
    before: list[tuple[list[object], object]] = []
    monkeypatch.setitem(pages.view_functions, "shell.away", losing_a_race(before))
    assert pages.test_client().get("/away").status_code == 503
    assert len(before) == 1


@pytest.mark.parametrize(
    ("key", "status", "confirmed"), [(KEY, 200, KEY), ("no key", 303, None), ("", 303, None)]
)
def test_a_form_is_confirmed_by_its_key_alone_and_told_where_it_leads(
    pages: Flask, key: str, status: int, confirmed: str | None
) -> None:
    sent = {"language": "en", "back": "/away"}
    answer = Browser(pages).post("/language", sent, headers={SUBMISSION: key})
    assert (answer.status_code, answer.headers.get(SUBMISSION)) == (status, confirmed)
    assert (answer.location, answer.data == b"") == ("/away", bool(confirmed))


def test_a_form_that_changes_nothing_for_the_browser_leaves_its_cookie_as_it_is(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/account")
    answer = browser.post("/account/preferences", {"theme": "no such look"})
    assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (422, [])
