"""The database is away: every page says so in time, and hands back what was typed."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.core.db import session
from hrdtracker.core.keyfile import RootKey
from hrdtracker.core.postgresql import Timeouts
from hrdtracker.incidents.model import Incident
from tests import make
from tests.conftest import close
from tests.postgres import Cluster
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("postgresql")
SHORT = Timeouts(connect_s=2, lock_ms=1000, statement_ms=2000, answer_s=3)
SLACK_S = 20
"""How much longer than its timeouts a page may take on a machine that is busy."""
END_WHO_WAITS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
FORM = {"type": "arrest", "when": "16 November 2026", "narrative": "Two trucks <came>."}


@pytest.fixture
def hasty(given: Settings, root: RootKey) -> Iterator[Flask]:
    """Return an application that waits only seconds for its database."""
    app = create_app(given, root, SHORT)
    yield app
    with app.app_context():
        close(app)


def _reader(app: Flask, language: str = "en") -> Browser:
    browser = Browser(app, "monitor")
    browser.get("/away")
    browser.post("/language", {"language": language})
    return browser


def _is_handed_back(browser: Browser, sending: str) -> None:
    """Assert that the page holds the form as it was sent."""
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', browser.page))
    assert hidden["narrative"] == "Two trucks &lt;came&gt;."
    assert hidden["submission_id"] == sending
    assert hidden["_as"] == (browser.uid.hex if browser.uid else "")


def _count() -> int:
    return session().scalar(select(func.count()).select_from(Incident)) or 0


@pytest.mark.parametrize("outage", ["stopped", "frozen"])
def test_a_page_says_in_time_that_the_records_cannot_be_reached_and_hands_back_what_was_typed(
    outage: str, hasty: Flask, cluster: Cluster
) -> None:
    browser, sending = _reader(hasty), uuid4().hex
    assert browser.get("/").status_code == 200
    with getattr(cluster, outage)():
        began = time.monotonic()
        page = browser.get("/")
        assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
        assert "Closed for now" in browser.text
        answer = browser.post("/incidents/new", {**FORM, "submission_id": sending})
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert time.monotonic() - began < 2 * (SHORT.connect_s + SHORT.answer_s) + SLACK_S
        assert "Not saved yet" in browser.text
        _is_handed_back(browser, sending)
    again = browser.post("/incidents/new", {**FORM, "submission_id": sending})
    assert again.status_code == 303
    assert in_unit(hasty, _count) == 1


def test_the_page_speaks_the_language_that_was_chosen(hasty: Flask, cluster: Cluster) -> None:
    browser = _reader(hasty, "km")
    with cluster.stopped():
        assert browser.post("/incidents/new", FORM).status_code == 503
    assert 'lang="km"' in browser.page
    assert "មិនទាន់បានរក្សាទុក" in browser.text


def test_what_waits_too_long_for_somebody_else_is_handed_back(
    hasty: Flask, given: Settings
) -> None:
    browser = _reader(hasty)

    into = in_unit(hasty, lambda: f"/incidents/new?case={make.case_of(make.incident()).uid}")
    with psycopg.connect(given.database_url.replace("+psycopg", "")) as other:
        other.execute("SELECT 1 FROM case_file FOR NO KEY UPDATE")
        assert browser.post(into, FORM).status_code == 503
        assert "Not saved yet" in browser.text


def test_a_connection_that_the_operator_ends_in_the_middle_of_an_act_is_an_outage(
    hasty: Flask, given: Settings
) -> None:
    browser = _reader(hasty)
    into = in_unit(hasty, lambda: f"/incidents/new?case={make.case_of(make.incident()).uid}")
    address = given.database_url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as operator, psycopg.connect(address) as other:
        other.execute("SELECT 1 FROM case_file FOR NO KEY UPDATE")
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(browser.post, into, FORM)
            while not (answer.done() or operator.execute(END_WHO_WAITS).fetchall()):
                pass
        assert answer.result().status_code == 503
    assert "Not saved yet" in browser.text


@pytest.mark.parametrize("path", ["/login", "/welcome"])
def test_a_password_is_never_handed_back(path: str, hasty: Flask, cluster: Cluster) -> None:
    browser = Browser(hasty)
    browser.get("/away")
    secret = "correct horse battery"
    with cluster.stopped():
        sent = {"login": "monitor", "code": "ABCD", "password": secret}
        assert browser.post(path, sent).status_code == 503
    assert secret not in browser.page
    assert "Only a password is not kept" in browser.text


def test_nothing_is_handed_back_that_no_page_of_ours_sent(hasty: Flask, cluster: Cluster) -> None:
    browser = _reader(hasty)
    with cluster.stopped():
        answer = browser.client.post("/incidents/new", data={**FORM, "csrf_token": "forged"})
    assert answer.status_code == 503
    assert "trucks" not in answer.get_data(as_text=True)
