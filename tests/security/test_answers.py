"""What every answer carries, and what no answer and no log ever says, even when we fail."""

import logging
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import structlog
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from hrdtracker.access.actor import Actor
from hrdtracker.accounts import sessions
from hrdtracker.core.errors import WrongStatus
from hrdtracker.incidents import queries
from hrdtracker.web.shell import errors, request_guard
from hrdtracker.web.shell.headers import HEADERS, POLICY
from tests.security.rows import MARK
from tests.security.test_secrecy import _found
from tests.security.visits import Visits
from tests.security.world import World
from tests.web.browse import page_open

pytestmark = pytest.mark.engines("sqlite")
CLOSED = "default-src 'none'"
TOKEN = re.compile(r'name="csrf_token"\s+value="[^"]+"')
Logged = Callable[[], bytes]


@pytest.fixture(scope="module")
def visits(world_app: Flask, world_template: Any) -> Visits:
    world_app.config["PROPAGATE_EXCEPTIONS"] = False
    return Visits(world_app, world_template.world)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[Logged]:
    """Return whatever was logged or printed so far, by structlog or by Python's own logging."""
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as entries:

        def said() -> bytes:
            records = [f"{each.getMessage()} {each.exc_info}" for each in caplog.records]
            return "\n".join([*map(repr, entries), *records, *capfd.readouterr()]).encode()

        yield said


def test_what_is_logged_or_printed_is_seen(logged: Logged) -> None:
    structlog.get_logger().error("one")
    logging.getLogger("flask").error("two", exc_info=Broken("three"))
    sys.stderr.write("four")
    said = logged()
    assert all(word in said for word in (b"one", b"two", b"three", b"four"))


@pytest.fixture(scope="module")
def answers(visits: Visits) -> dict[str, TestResponse]:
    """Return an answer of every kind."""
    monitor, nobody = visits.browser("monitor"), visits.browser(None)
    own = visits.world.records["m", "own"]["incident"]
    too_long = {"csrf_token": "x", "login": "x" * 3_000_000}
    return {
        "200": monitor.get("/"),
        "302": nobody.get("/"),
        "303": monitor.post("/language", {"language": "en"}),
        "400": monitor.client.post("/language"),
        "400 language": monitor.post("/language", {"language": "xx"}),
        "403": monitor.post("/language", {}, headers={"Sec-Fetch-Site": "cross-site"}),
        "404 page": monitor.get("/no-such-page"),
        "404 record": monitor.get(f"/incidents/{uuid4()}"),
        "404 file": nobody.get("/static/no-such-file.css"),
        "405": monitor.client.delete("/"),
        "409": monitor.post(f"/incidents/{own}/send"),
        "413": monitor.client.post("/login", data=too_long),
        "422": nobody.post("/login", {"login": "", "password": ""}),
        "file": nobody.client.get("/static/css/theme.css", buffered=True),
        "options": monitor.client.options("/"),
        "head": monitor.client.head("/"),
    }


def test_every_kind_of_answer_is_what_it_is_called(answers: dict[str, TestResponse]) -> None:
    for name, answer in answers.items():
        if name[:3].isdecimal():
            assert answer.status_code == int(name[:3]), name


def test_every_answer_carries_the_headers(answers: dict[str, TestResponse]) -> None:
    for name, answer in answers.items():
        assert {key: answer.headers.get(key) for key in HEADERS} == HEADERS, name
        assert len(answer.headers.getlist("Content-Security-Policy")) == 1, name


def test_a_page_that_is_none_and_a_record_that_is_hidden_look_alike_and_others_say_why(
    visits: Visits,
) -> None:
    monitor, own = visits.browser("monitor"), visits.world.records["m", "own"]["incident"]
    page, record = (monitor.get(path) for path in ("/no-such-page", f"/incidents/{uuid4()}"))
    late = monitor.post(f"/incidents/{own}/send")
    assert TOKEN.sub("", page.text) == TOKEN.sub("", record.text)
    assert "moved on since you opened it" in late.text
    for answer in (page, record, late):
        assert len(answer.headers.getlist("Content-Type")) == 1
        assert "Retry-After" not in answer.headers


@pytest.mark.parametrize(("status", "kind"), [(403, 403), (422, 400), (418, 400), (502, 500)])
def test_a_refusal_without_a_page_of_its_own_gets_that_of_its_kind(
    pages: Flask, status: int, kind: int
) -> None:
    with page_open(pages):
        answers = [errors.error_page(each) for each in (status, kind)]
    assert [answer.status_code for answer in answers] == [status, kind]
    assert len({TOKEN.sub("", answer.get_data(as_text=True)) for answer in answers}) == 1


def test_what_was_read_before_a_refusal_leaves_no_line_since_nobody_sees_it(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = queries.incident_details

    def read_and_refuse(actor: Actor, uid: UUID) -> None:
        assert read(actor, uid).incident.narrative
        raise WrongStatus

    path = f"/incidents/{visits.world.records['m', 'own']['incident']}"
    monitor, last = visits.browser("monitor"), visits.trace.end()
    monkeypatch.setattr(queries, "incident_details", read_and_refuse)
    assert monitor.get(path).status_code == 409
    assert visits.trace.end() == last


def test_the_policy_lets_nothing_run_but_our_own_files() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert POLICY.startswith(CLOSED)
    assert set(rules.values()) <= {"'none'", "'self'"}
    assert rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["form-action"] == "'self'"


def test_only_our_own_files_may_be_kept(answers: dict[str, TestResponse]) -> None:
    kept = {name for name, each in answers.items() if _may_be_kept(each)}
    assert kept == {"file"}


def _may_be_kept(answer: TestResponse) -> bool:
    return answer.headers["Cache-Control"] != "no-store, no-transform"


def test_no_answer_says_what_runs_here(answers: dict[str, TestResponse]) -> None:
    for answer in answers.values():
        text = f"{answer.headers}{answer.get_data(as_text=True)}"
        assert not any(word in text for word in ("Werkzeug", "Traceback", "sqlalchemy", "/work/"))


def test_cookies_are_hidden_from_scripts_and_other_sites(visits: Visits) -> None:
    answer = visits.app.test_client().get("/login")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


# When we fail ------------------------------------------------------------------------------------


class Broken(Exception):
    """A failure whose words name somebody."""


def _break(*_args: Any, **_named: Any) -> Any:
    raise Broken(f"DETAIL: Key (name)=({MARK}) already exists.")


FAULTS = {
    "in the page": (queries, "incident_details"),
    "in what is written after the page": (request_guard, "flush_deferred"),
    "in finding out who is here": (sessions, "identify"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failure_shows_and_logs_nothing_about_anybody(
    fault: str, visits: Visits, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor = visits.browser("monitor")
    uid = visits.world.records["m", "own"]["incident"]
    monkeypatch.setattr(*FAULTS[fault], _break)
    answer = monitor.get(f"/incidents/{uid}")
    assert answer.status_code == 500
    assert {key: answer.headers.get(key) for key in HEADERS} == HEADERS
    assert not _found(answer.get_data())
    assert not _found(logged())


def test_a_failure_of_the_page_of_failures_gives_nothing_away(
    visits: Visits, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor = visits.browser("monitor")
    uid = visits.world.records["m", "own"]["incident"]
    monkeypatch.setattr(queries, "incident_details", _break)
    monkeypatch.setattr(errors, "show", _break)
    answer = monitor.get(f"/incidents/{uid}")
    assert answer.status_code == 500
    assert not _found(answer.get_data())
    assert not _found(logged())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_failure_is_logged_by_its_kind_and_place(
    fault: str, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor, uid = visits.browser("monitor"), visits.world.records["m", "own"]["incident"]
    monkeypatch.setattr(*FAULTS[fault], _break)
    with structlog.testing.capture_logs() as entries:
        monitor.get(f"/incidents/{uid}")
    breaks_its_own_page = fault == "in finding out who is here"
    assert [each["kind"] for each in entries] == ["Broken"] * (1 + breaks_its_own_page)
    assert all("_break" in each["place"] for each in entries)


# When the database is away -----------------------------------------------------------------------


def _is_locked(*_args: Any, **_named: Any) -> Any:
    raise OperationalError("", {}, Exception("database is locked"))


@pytest.mark.parametrize("fault", FAULTS)
def test_while_the_database_is_away_the_page_says_when_to_come_again(
    fault: str, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor, uid = visits.browser("monitor"), visits.world.records["m", "own"]["incident"]
    monkeypatch.setattr(*FAULTS[fault], _is_locked)
    answer = monitor.get(f"/incidents/{uid}", headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Closed for now" in monitor.text


@pytest.mark.parametrize(("fails", "status"), [(_is_locked, 503), (_break, 500)])
def test_what_breaks_the_page_of_a_wrong_address_is_answered_as_what_it_is(
    fails: Callable[..., Any], status: int, visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor = visits.browser("monitor")
    monkeypatch.setattr(sessions, "identify", fails)
    answer = monitor.get("/no-such-page", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == status


@pytest.mark.parametrize(("ours", "says"), [(True, "Not saved yet"), (False, "Closed for now")])
def test_what_was_typed_is_handed_back_to_a_page_of_ours_alone(
    visits: Visits, monkeypatch: pytest.MonkeyPatch, *, ours: bool, says: str
) -> None:
    monitor = visits.browser("monitor")
    token = {"csrf_token": monitor.csrf() if ours else "forged"}
    monkeypatch.setattr(sessions, "identify", _is_locked)
    answer = monitor.post("/incidents/new", {**token, "narrative": "Two trucks came."})
    assert answer.status_code == 503
    assert says in monitor.text
    assert ("Two trucks came." in monitor.page) is ours


def test_no_page_writes_a_name_or_narrative_to_the_logs(
    visits: Visits, world: World, logged: Logged
) -> None:
    shown = b""
    for login, letter in (("monitor", "m"), ("director", "d"), ("auditor", "a"), ("admin", "A")):
        who, about = visits.browser(login), world.records[letter, "own"]
        for path in (
            "/",
            f"/incidents/{about['incident']}",
            f"/incidents/{about['incident']}/edit",
            f"/people/{about['person']}/edit",
            f"/incidents/{uuid4()}",
        ):
            shown += who.get(path).get_data()
    assert _found(shown), "the pages do show names"
    assert not _found(logged())


def test_titles_and_addresses_name_nobody(visits: Visits, world: World) -> None:
    about = world.records["d", "own"]
    director = visits.browser("director")
    for path in (f"/incidents/{about['incident']}", f"/people/{about['person']}", "/cases"):
        title = director.get(path).get_data().split(b"<title>")[1].split(b"</title>")[0]
        assert not _found(title)
        assert title.strip()
