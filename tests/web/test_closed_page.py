"""While everything is locked there is one answer to all that is asked, and it needs no key."""

import base64
import re
from hashlib import sha256

import pytest
from flask import Flask
from werkzeug.test import Client

from config import Settings
from hrdtracker.web.shell.closed import FONT, PAGE, closed_page
from hrdtracker.web.shell.headers import HEADERS, ONLY_BY_TLS

WOFF2 = b"wOF2"
STYLE = re.compile(rb"<style>(.*)</style>", re.DOTALL)


@pytest.mark.parametrize(
    ("path", "status", "kind", "begins"),
    [
        ("/", 503, "text/html", b"<!DOCTYPE html>"),
        ("/cases?q=1", 503, "text/html", b"<!DOCTYPE html>"),
        ("/static/css/theme.css", 503, "text/html", b"<!DOCTYPE html>"),
        (FONT, 200, "font/woff2", WOFF2),
    ],
)
def test_whatever_is_asked_gets_the_one_page_and_the_page_its_letters(
    path: str, status: int, kind: str, begins: bytes
) -> None:
    browser = Client(closed_page(tls=False))
    answers = [browser.open(path, method=method) for method in ("GET", "POST", "HEAD")]
    assert {(answer.status_code, answer.mimetype) for answer in answers} == {(status, kind)}
    assert [answer.data.startswith(begins) for answer in answers] == [True, True, False]
    assert answers[2].data == b""
    assert {answer.content_length for answer in answers} == {len(answers[0].data)}


@pytest.mark.parametrize("tls", [True, False])
def test_the_one_page_tells_the_browser_what_every_page_does_and_allows_its_own_style(
    *, tls: bool
) -> None:
    headers = Client(closed_page(tls=tls)).get("/").headers
    others = HEADERS.keys() - {"Content-Security-Policy"}
    assert {name: headers.get(name) for name in others} == {name: HEADERS[name] for name in others}
    assert headers.get("Strict-Transport-Security") == (ONLY_BY_TLS if tls else None)
    style = STYLE.search(PAGE)
    assert style
    digest = base64.b64encode(sha256(style[1]).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in headers["Content-Security-Policy"]


@pytest.mark.engines("sqlite")
def test_from_the_moment_of_the_lock_no_page_is_answered(
    application: tuple[Settings, Flask],
) -> None:
    settings, app = application
    assert app.test_client().get("/away").status_code == 200
    settings.lock_file.touch()
    try:
        answer = app.test_client().get("/away")
    finally:
        settings.lock_file.unlink()
    assert (answer.status_code, answer.data) == (503, PAGE)
