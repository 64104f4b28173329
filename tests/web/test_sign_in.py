"""Signing in and out through the pages."""

import pytest
from flask import Flask

from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")


def test_a_stranger_is_sent_to_sign_in(app: Flask) -> None:
    answer = Browser(app).get("/")
    assert answer.status_code == 302
    assert answer.location == "/login"


def test_somebody_with_a_session_sees_the_first_page(app: Flask) -> None:
    browser = Browser(app, "monitor")
    assert browser.get("/").status_code == 200
    assert "Today" in browser.text


def test_signing_out_ends_the_session_on_the_server(app: Flask) -> None:
    browser = Browser(app, "monitor")
    assert browser.post("/logout").status_code == 303
    assert browser.get("/").location == "/login"


def test_a_form_without_the_page_s_token_is_refused(app: Flask) -> None:
    browser = Browser(app, "monitor")
    assert browser.client.post("/logout").status_code == 400
    assert browser.get("/").status_code == 200
