"""Whoever asks learns nothing of other support that is hidden from them: two worlds read alike."""

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.actor import worker
from hrdtracker.core.db import session
from hrdtracker.forms.base import read_version
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.model.request import MOST_VERSION
from hrdtracker.fund.requests import passing_on
from tests import fund, make
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
HIDDEN, ALONE = "Wing 012 345 678", "Wing 099 888 777"
"""An account that somebody else’s case is paid into, and one that nobody else is."""
OWN = re.compile(r"[FP]-[\w-]+|\b[A-Z]{3}-\d{4}-\w+|[0-9a-f]{32}|[0-9a-f-]{36}|\d{1,2}:\d{2}")
PATHS = ("/fund/requests/{}", "/fund/requests/{}/withdraw", "/fund/requests/{}/basics")


class Worlds:
    """Two requests of one monitor that differ only in what the monitor may not read."""

    def __init__(self, app: Flask, *, board: bool) -> None:
        self.app = app
        with inside(app):
            fund.set_up(**({} if board else {"board": None}))
            fund.sent(2_900_00, "stranger", payee_details=HIDDEN)
            made = [fund.drafted(200_00, payee_details=each) for each in (HIDDEN, ALONE)]
            self.uids = [request.uid for request in made]

    def each(self) -> list[SupportRequest]:
        """Return both, the one with hidden support first; inside a unit of work."""
        query = select(SupportRequest).where(SupportRequest.uid.in_(self.uids))
        return sorted(session().scalars(query), key=lambda one: self.uids.index(one.uid))

    def read(self, uid: UUID) -> list[tuple[int, str]]:
        """Return what whoever asked reads of a request, without its own codes and times."""
        browser, pages = Browser(self.app, "monitor"), list[tuple[int, str]]()
        for path in PATHS:
            answer = browser.get(path.format(uid))
            pages.append((answer.status_code, OWN.sub("", browser.text)))
        return pages

    def check_alike(self) -> None:
        """Check that the pages of both are the same to whoever asked, and that there are some."""
        hidden, alone = (self.read(uid) for uid in self.uids)
        assert hidden[0][0] == 200
        assert hidden == alone


def _version(browser: Browser, uid: UUID, page: str = "/withdraw") -> int:
    """Return the version that a form of a request carries."""
    browser.get(f"/fund/requests/{uid}{page}")
    found = re.search(r'name="version"[^>]*value="(\d+)"', browser.page)
    assert found is not None
    return int(found[1])


def _send(worlds: Worlds) -> None:
    answers = []
    for uid in worlds.uids:
        browser = Browser(worlds.app, "monitor")
        sent = {"version": _version(browser, uid, page="")}
        answers.append(browser.post(f"/fund/requests/{uid}/send", sent).status_code)
    assert answers == [303, 303]


def test_an_approval_that_takes_three_reads_as_one_that_takes_one(app: Flask) -> None:
    worlds = Worlds(app, board=True)
    _send(worlds)
    worlds.check_alike()
    with inside(app):
        hidden, alone = worlds.each()
        assert (len(needs(hidden)), len(needs(alone))) == (3, 1)
        for request in (hidden, alone):
            fund.recommend(request)
    worlds.check_alike()
    with inside(app):
        for request in worlds.each():
            fund.approved_by_all(request)
    worlds.check_alike()


def test_the_version_in_a_form_does_not_count_what_was_done_out_of_sight(app: Flask) -> None:
    worlds, monitor = Worlds(app, board=True), Browser(app, "monitor")
    before = [_version(monitor, uid, page="") for uid in worlds.uids]
    _send(worlds)
    after = [_version(monitor, uid) for uid in worlds.uids]
    assert min(before + after) > 1000  # counted, it would be small; drawn, it is once in a million
    assert all(abs(now - then) > 100 for then, now in zip(before, after, strict=True))


def test_every_version_comes_back_from_a_form() -> None:
    assert read_version(str(MOST_VERSION)) == MOST_VERSION


def test_where_the_board_named_nobody_sending_is_not_refused_and_nobody_left_reads_alike(
    app: Flask,
) -> None:
    worlds = Worlds(app, board=False)
    _send(worlds)
    with inside(app):
        passing_on.look_after(worker(make.organisation().id))
        hidden, alone = worlds.each()
        assert (hidden.stuck_since is None, alone.stuck_since is None) == (False, True)
    worlds.check_alike()


def test_whoever_decides_reads_what_whoever_asked_does_not(app: Flask) -> None:
    worlds = Worlds(app, board=True)
    _send(worlds)
    with inside(app):
        for request in worlds.each():
            fund.no_tie(request, "director")
    director = Browser(app, "director")
    director.get(f"/fund/requests/{worlds.uids[0]}")
    assert "Still wanted: a fund officer, a director, whom the board named" in director.text
    assert "Other support to the same people or payee counts" in director.text
