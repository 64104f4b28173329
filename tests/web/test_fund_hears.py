"""A complaint that no national director may hear: whom the board named finds it, or is named."""

import re

import pytest
from flask import Flask

from hrdtracker.fund.drafts.money import ComplaintDraft
from hrdtracker.fund.model import Complaint
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.requests import service as requests
from tests import fund, make
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")


def _about_the_national_director() -> Complaint:
    case, national = make.case_of(make.incident()), make.actor("national")
    request = requests.ask(national, case, fund.draft())
    requests.submit(national, request, request.version)
    return acquittals.complain(make.actor("director"), request, ComplaintDraft("cut", "A cut."))


def test_whom_the_board_named_finds_it_on_the_first_page_and_answers_it(app: Flask) -> None:
    with inside(app):
        fund.set_up()
        _about_the_national_director()
    browser = Browser(app, "board")
    browser.get("/")
    link = re.search(r'href="(/fund/complaints/[0-9a-f-]+)"', browser.page)
    assert link
    browser.get(link[1])
    assert "A cut." in browser.text
    assert browser.post(link[1], {"answer": "She gave it back."}).status_code == 303
    browser.get("/")
    assert link[1] not in browser.page


def test_where_nobody_may_read_it_administrators_are_led_to_where_they_name_somebody(
    app: Flask,
) -> None:
    with inside(app):
        _about_the_national_director()
    admin, national = Browser(app, "admin"), Browser(app, "national")
    admin.get("/")
    assert "A complaint about money waits, and nobody may read it" in admin.text
    assert 'href="/admin/fund"' in admin.page
    assert 'href="/fund/complaints"' not in admin.page
    national.get("/")
    assert "complaint" not in national.text
