"""Where nobody could confirm: two others understand it, its page says when it counts."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from hrdtracker.access.actor import worker
from hrdtracker.accounts import proposals
from hrdtracker.core import clock
from tests import make
from tests.two_people import open_up, without_seconds
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
UNDERSTOOD = re.compile(r"/notices/[0-9a-f-]+/understood")
STOPS = re.compile(r"/confirmations/[0-9a-f-]+/stop")
COUNTS = "Nobody could confirm it, and two others have seen it: it counts"


@pytest.fixture(autouse=True)
def _proposed(app: Flask) -> None:
    in_unit(app, without_seconds)
    in_unit(app, open_up)


def _comes_by(app: Flask, hours: int) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=hours)):
        in_unit(app, lambda: proposals.let_count(worker(make.organisation().id)))


def _understand(app: Flask) -> list[Browser]:
    readers = [Browser(app, login) for login in ("monitor", "colleague")]
    for reader in readers:
        reader.get("/")
        (path,) = UNDERSTOOD.findall(reader.page)
        assert reader.post(path).status_code == 303
    _comes_by(app, 1)
    return readers


def _is_open(app: Flask) -> bool:
    return bool(in_unit(app, lambda: make.office(make.HERE).open_to_monitors))


def test_two_others_press_understood_and_the_page_says_from_when_it_counts(app: Flask) -> None:
    administrator = Browser(app, "admin")
    assert COUNTS not in administrator.get("/confirmations").text
    _understand(app)
    administrator.get("/confirmations")
    assert COUNTS in administrator.text
    assert not _is_open(app)
    _comes_by(app, 73)
    assert _is_open(app)


def test_whom_it_concerns_stops_it_while_it_waits(app: Flask) -> None:
    reader, _ = _understand(app)
    reader.get("/confirmations")
    assert reader.text.index(COUNTS) < reader.text.index("Confirmed"), "what waits comes first"
    path, _ = STOPS.findall(reader.page)
    assert reader.post(path).status_code == 303
    _comes_by(app, 73)
    assert not _is_open(app)
