"""Lists of requests: the queue, what waits on the first page, support on the page of a case."""

import re

import pytest
from flask import Flask

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.page import PAGE_ROWS
from tests import fund
from tests.web.browse import Browser
from tests.web.fund_pages import latest, request_at
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")


def test_the_queue_shows_the_nearest_deadline_first_and_filters_by_status(app: Flask) -> None:
    request_at(app, fund.sent, urgency="critical")
    code = in_unit(app, lambda: latest().code)
    request_at(app, fund.sent)
    other = in_unit(app, lambda: latest().code)
    officer = Browser(app, "fund")
    officer.get("/fund/queue")
    assert officer.text.index(code) < officer.text.index(other)
    officer.get("/fund/queue?status=paid")
    assert "No request here" in officer.text
    officer.get("/fund/queue?status=nonsense")
    assert code in officer.text


def test_the_queue_puts_what_waits_for_a_decision_before_what_waits_for_money(app: Flask) -> None:
    critical = {"urgency": "critical"}
    codes = []
    for make_one, changes in (
        (fund.sent, {}), (fund.sent, critical), (fund.committed, {}), (fund.paid, {}),
    ):  # fmt: skip
        request_at(app, make_one, **changes)
        codes.append(in_unit(app, lambda: latest().code))
    slow, quick, promised, paid = codes
    officer = Browser(app, "fund")
    officer.get("/fund/queue")
    assert sorted(codes, key=officer.text.index) == [quick, slow, promised, paid]


def test_a_long_queue_is_looked_through_a_page_at_a_time(app: Flask) -> None:
    request_at(app, fund.sent)
    in_unit(app, lambda: fund.copies(latest(), PAGE_ROWS))
    officer = Browser(app, "fund")
    officer.get("/fund/queue?status=submitted")
    assert "31 requests." in officer.text
    assert "1 to 30 of 31" in officer.text
    first = set(re.findall(r"/fund/requests/[0-9a-f-]+", officer.page))
    assert len(first) == PAGE_ROWS
    officer.get("/fund/queue?status=submitted&skip=30")
    assert "31 to 31 of 31" in officer.text
    assert len(set(re.findall(r"/fund/requests/[0-9a-f-]+", officer.page)) - first) == 1
    officer.get("/fund/queue?skip=nonsense")
    assert "1 to 30 of 31" in officer.text


def test_what_waits_stands_on_the_first_page(app: Flask) -> None:
    page = request_at(app, fund.recommended)
    officer = Browser(app, "fund")
    officer.get("/")
    assert "Approve a request" in officer.text
    assert f'href="{page}"' in officer.page
    author = Browser(app, "monitor")
    author.get("/")
    assert "Approve a request" not in author.text


def test_support_on_the_case_page_is_for_those_who_may_see_it(app: Flask) -> None:
    page = request_at(app, fund.sent)
    address = in_unit(app, lambda: session().get_one(Case, latest().case_id).uid)
    author = Browser(app, "monitor")
    author.get(f"/cases/{address}")
    assert f'href="{page}"' in author.page
    assert f'href="/fund/requests/new?case={address}"' in author.page
