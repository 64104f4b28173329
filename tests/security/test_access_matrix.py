"""Every page, called as everybody about a record in every relation: the reviewed access matrix."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from hrdtracker.web.shell import request_guard
from hrdtracker.web.shell.route_permission import PUBLIC, need_of
from tests.security.visits import Line, Visits, matrix, missing, plain
from tests.security.world import HALF, ROLES, World

pytestmark = pytest.mark.engines("sqlite")
LINES = matrix()
DONE = {200, 303}
REFUSED = {403, 404}
ANY = "any"
"""The column of pages about no case: what is sent there may change things for the next role."""
OUTSIDERS, ASKED_OF_OUTSIDERS = "fFaA", {"any", "own", "office"}
"""Roles without case work, and the relations that would open a case to them most easily."""
READS_MORE = {"fund.budget"}
"""The step of a form that reads all the others too, since they are written as one."""
UNSAFE = ("POST", "PUT", "PATCH", "DELETE", "TRACE")


@pytest.fixture(scope="module")
def visits(world_app: Flask, world_template: Any) -> Visits:
    return Visits(world_app, world_template.world)


def _routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                yield rule.endpoint, method


def test_every_page_stands_in_the_matrix(world_app: Flask) -> None:
    listed = {(line.endpoint, line.method) for line in LINES}
    assert set(_routes(world_app)) - listed == set(), "say who may"
    assert listed - set(_routes(world_app)) == set(), "there is no such page"


@pytest.mark.parametrize("line", LINES, ids=str)
def test_a_page_opens_to_those_whom_the_matrix_names_and_leaves_its_trace(
    line: Line, visits: Visits
) -> None:
    wrong: dict[str, list[str]] = {}
    for letter in ROLES:
        for place, _ in line.cells:
            if letter in OUTSIDERS and place not in ASKED_OF_OUTSIDERS:
                continue
            for fault in _faults(visits, line, letter, place):
                wrong.setdefault(f"{place} {fault}", []).append(letter)
            if place == ANY and line.method != "GET":
                visits.put_back()
    if line.method != "GET":
        visits.put_back()
    assert wrong == {}


def _faults(visits: Visits, line: Line, letter: str, place: str) -> Iterator[str]:
    login = World.who(letter, place)
    values = line.values(visits.world, letter, place, login)
    if values is None:
        return
    path, data = visits.address(line, values), line.data(visits.world, letter, place)
    last = visits.trace.end()
    who = visits.browser(login)
    answer = visits.call(who, line, path, data)
    reads_more = line.endpoint in READS_MORE
    if difference := visits.trace.difference(answer, last, who.uid, reads_more=reads_more):
        yield difference
    is_sent_away = answer.location == "/login" and line.endpoint != "accounts.logout"
    status = 401 if is_sent_away else answer.status_code
    if not _is_as_said(status, line, may=letter in dict(line.cells)[place]):
        yield str(status)


def test_a_page_without_its_line_and_a_line_without_its_page_would_be_noticed(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, trace, last = visits.browser("monitor"), visits.trace, visits.trace.end()
    listed = browser.get("/cases")
    assert trace.difference(listed, last, browser.uid) == ""
    more = trace.difference(browser.get("/account"), last, browser.uid)
    assert more.endswith("lines of what is not shown")
    assert "somebody else" in trace.difference(listed, last, visits.browser("director").uid)
    assert trace.difference(browser.get("/cases"), last, browser.uid) == "named twice"
    monkeypatch.setattr(request_guard, "note_reading", lambda *_: None)
    last = trace.end()
    missed = trace.difference(browser.get("/cases"), last, browser.uid)
    assert missed.endswith("shown without a line")


def _is_as_said(status: int, line: Line, *, may: bool) -> bool:
    if not may:
        return status in REFUSED
    return status in (set(map(int, line.answer.split())) or DONE)


HIDDEN = {"any", "other_office", "blocked", "secret", "unsent", "foreign"}
ABOUT_RECORDS = [line for line in LINES if "uid" in line.record and line.method == "GET"]


@pytest.mark.parametrize("line", ABOUT_RECORDS, ids=str)
def test_hidden_and_missing_records_get_the_same_bytes(line: Line, visits: Visits) -> None:
    seen = 0
    for letter in ROLES:
        for place, roles in line.cells:
            login = World.who(letter, place)
            values = line.values(visits.world, letter, place, login)
            if letter in roles or values is None or place not in HIDDEN:
                continue
            who = visits.browser(login)
            hidden = who.get(visits.address(line, values))
            absent = missing(values)
            nowhere = who.get(visits.address(line, absent))
            if hidden.status_code == 404:
                seen += 1
                assert plain(hidden, *values.values()) == plain(nowhere, *absent.values())
                assert dict(hidden.headers) == dict(nowhere.headers)
    assert seen


@pytest.mark.parametrize("line", LINES, ids=str)
def test_who_has_not_signed_in_gets_nothing(line: Line, visits: Visits) -> None:
    if need_of(visits.app.view_functions[line.endpoint]) == PUBLIC:
        return
    place = line.cells[0][0]
    values = line.values(visits.world, "m", place, "monitor")
    assert values is not None
    path, data = visits.address(line, values), line.data(visits.world, "m", place)
    answer = visits.call(visits.browser(None), line, path, data)
    assert answer.status_code in {302, 303}
    assert answer.location == "/login"


@pytest.mark.parametrize("line", LINES, ids=str)
def test_who_has_not_shown_the_second_factor_gets_nothing(line: Line, visits: Visits) -> None:
    if need_of(visits.app.view_functions[line.endpoint]) == PUBLIC:
        return
    place = line.cells[0][0]
    values = line.values(visits.world, "m", place, "monitor")
    assert values is not None
    path, data = visits.address(line, values), line.data(visits.world, "m", place)
    answer = visits.call(visits.browser(HALF), line, path, data)
    if line.method == "GET":
        assert (answer.status_code, answer.location) == (302, "/login/second")
    else:
        assert answer.status_code == 401
        assert "Is it you?" in answer.text


@pytest.mark.parametrize("line", {each.endpoint: each for each in LINES}.values(), ids=str)
def test_a_method_that_a_page_does_not_have_is_refused(line: Line, visits: Visits) -> None:
    place = line.cells[0][0]
    values = line.values(visits.world, "A", place, "admin")
    assert values is not None
    path = visits.address(line, values)
    known = {method for endpoint, method in _routes(visits.app) if endpoint == line.endpoint}
    who = visits.browser("admin")
    for method in {"GET", *UNSAFE} - known:
        assert who.client.open(path, method=method).status_code == 405


def test_a_page_that_does_not_exist_is_not_found_whoever_asks(visits: Visits) -> None:
    for login in (None, *ROLES.values()):
        answer = visits.browser(login).get("/no-such-page")
        assert answer.status_code == 404
