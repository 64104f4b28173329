"""What stands before every page, and after it: who is let in, what is handed back, what ends."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from config import Settings
from hrdtracker.core import db
from hrdtracker.web.shell.background import SUBMISSION
from hrdtracker.web.shell.request_guard import SignInDue, send_again
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
OURS = {"Sec-Fetch-Site": "same-origin"}
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
KEY, OTHER = "1" * 32, "2" * 32


@pytest.fixture
def pages(application: tuple[Settings, Flask]) -> Flask:
    """Return the application; nothing here asks its database."""
    return application[1]


def test_a_page_that_does_not_say_who_may_open_it_opens_to_nobody(
    pages: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pages.test_client().get("/away").status_code == 200
    monkeypatch.delitem(pages.view_functions["shell.away"].__dict__, "needs")
    assert pages.test_client().get("/away").status_code == 403


def test_no_unit_of_work_outlives_its_request(pages: Flask) -> None:
    pages.test_client().get("/away")
    with pytest.raises(LookupError):
        db.session()


# The token of a page -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/login", "/leave"])
def test_nobody_is_signed_in_or_out_without_the_token_of_a_page(app: Flask, path: str) -> None:
    browser = Browser(app, "monitor")
    sent = {"login": "monitor", "password": "x" * 20}
    assert browser.client.post(path, data=sent).status_code == 400
    assert Browser(app).client.post("/login", data=sent).status_code == 400
    assert browser.get("/account").status_code == 200


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
