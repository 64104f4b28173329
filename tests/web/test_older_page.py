"""Where the database is older than it was, one page is open, and two people open the others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from hrdtracker.audit.checkpoint import Head
from hrdtracker.backups import older
from hrdtracker.backups.heads import keep_heads, present_heads
from hrdtracker.core.standstill import Standstill
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
WHY = {"reason": "restored"}


@pytest.fixture
def older_app(app: Flask, tmp_path: Path) -> Iterator[Flask]:
    """Return the application on a database that is older than what a folder knows of it."""

    def begin() -> None:
        heads = present_heads()
        ahead = replace(heads, trail=Head(heads.trail.seq + 7, b"\7" * 32))
        keep_heads(tmp_path, ahead)
        assert older.stand_still_where_older(tmp_path)

    in_unit(app, begin)
    yield app
    present: Standstill = app.extensions["sqlalchemy"].session.session_factory.kw["info"][
        "standstill"
    ]
    present.begin(None, lambda: False)


@pytest.mark.parametrize("path", ["/", "/cases", "/people", "/account", "/fund"])
def test_every_page_leads_to_the_one_page(older_app: Flask, path: str) -> None:
    for login in ("monitor", "director"):
        answer = Browser(older_app, login).get(path)
        assert (answer.status_code, answer.location) == (303, "/older")


def test_a_form_that_is_sent_is_not_done(older_app: Flask) -> None:
    browser = Browser(older_app, "monitor")
    answer = browser.post("/incidents/new", {"type": "arrest"})
    assert answer.location == "/older"


def test_two_people_say_why_and_everything_goes_on(older_app: Flask) -> None:
    first, second = Browser(older_app, "admin"), Browser(older_app, "director")
    assert first.get("/older").status_code == 200
    assert "Acts that are missing, at least 7" in first.text
    assert first.post("/older", WHY).location == "/older"
    assert "You have said why." in first.get("/older").get_data(as_text=True)
    assert second.get("/cases").location == "/older"
    assert second.get("/older").status_code == 200
    assert second.post("/older", WHY).location == "/"
    assert second.get("/cases").status_code == 200
    assert second.get("/older").status_code == 404


def test_whoever_may_not_say_why_reads_whom_to_tell(older_app: Flask) -> None:
    browser = Browser(older_app, "monitor")
    browser.get("/older")
    assert "Administrators and directors can say why." in browser.text
    assert browser.post("/older", WHY).status_code == 404


def test_somebody_can_sign_out(older_app: Flask) -> None:
    answer = Browser(older_app, "monitor").post("/logout")
    assert answer.location != "/older"


def test_without_a_standstill_there_is_no_such_page(app: Flask) -> None:
    assert Browser(app, "admin").get("/older").status_code == 404
