"""The pages of a plan: asked for once, drawn from by whoever asks in its case."""

import re
from html import unescape

import pytest
from flask import Flask

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.fund.model import RequestStatus, SupportRequest
from tests import fund, fund_plans
from tests.web.browse import Browser
from tests.web.case_pages import case, send
from tests.web.fund_pages import answer_no, latest, link, request_at, status
from tests.web.somebody import in_unit
from tests.web.test_fund_requests import ASKED, first_person

pytestmark = pytest.mark.engines("sqlite")
PLAN = {
    "households": "40",
    "support_type": "humanitarian",
    "each": "50",
    "currency": "USD",
    "plan_until": "tomorrow",
    "need": "Food for the families of those who are held.",
    "urgency": "urgent",
}


def test_a_plan_is_asked_for_on_two_screens_and_sent(app: Flask) -> None:
    browser, address = Browser(app, "monitor"), case(app)
    ask = f"/fund/requests/new?case={address.split('/')[2]}"
    browser.get(ask)
    assert "For many households at once: ask for a plan" in browser.text
    assert send(browser, ask.replace("/new", "/new/plan"), **PLAN) == 303
    page = f"/fund/requests/{in_unit(app, lambda: latest().uid)}"
    words = {name: text for name, text in fund.WORDS.items() if name != "need"}
    browser.get(f"{page}/why")
    assert "2,000.00 USD" in browser.text
    assert send(browser, f"{page}/why", risk_level="high", **words) == 303
    browser.get(page)
    assert "2,000.00 USD" in browser.text
    assert "0 of 40" in browser.text
    assert "50.00 USD" in browser.text
    assert send(browser, f"{page}/edit", **{**PLAN, "each": "60"}) == 303
    assert browser.post(f"{page}/send", {"version": _version(app)}).status_code == 303
    assert status(app) == RequestStatus.SUBMITTED
    browser.get(page)
    assert "2,400.00 USD" in browser.text
    director = Browser(app, "director")
    director.get(f"{page}/declare")
    assert "A plan names nobody yet." in director.text


def _version(app: Flask) -> str:
    return str(in_unit(app, lambda: latest().version))


WRONG = (
    ("households", "0", "For how many households: a whole number from 1 to 10,000."),
    ("households", "many", "For how many households: a whole number from 1 to 10,000."),
    ("households", "", "For how many households: a whole number from 1 to 10,000."),
    ("each", "", "Write how much, even roughly"),
    ("each", "-5", "The amount must be more than 0."),
    ("plan_until", "", "Say until which day households may draw."),
    ("plan_until", "16 November 2020", "This day is past."),
    ("support_type", "invented", "not in the list"),
)


def test_what_is_wrong_in_a_plan_stands_beside_its_field(app: Flask) -> None:
    browser, address = Browser(app, "monitor"), case(app)
    path = f"/fund/requests/new/plan?case={address.split('/')[2]}"
    for field, typed, says in WRONG:
        assert send(browser, path, **{**PLAN, field: typed}) == 422, (field, typed)
        assert says in browser.text
        assert f'id="{field}-error"' in browser.page


def test_a_colleague_who_reads_the_case_draws_and_does_not_read_the_plan(app: Flask) -> None:
    page = request_at(app, fund_plans.approved, 2, 50_00)
    author = Browser(app, "monitor")
    author.get(page)
    assert "Draw for a household" in author.text
    case_uid = in_unit(app, lambda: session().get_one(Case, latest().case_id).uid)

    director = Browser(app, "director2")
    director.get(f"/fund/requests/new?case={case_uid}")
    assert "50.00 USD for a household" in director.text
    assert "2 of 2 can still draw" in director.text
    draw = re.search(r'href="(/fund/requests/new\?[^"]*plan=[^"]*)"', director.page)
    assert draw
    asked = {**ASKED, "amount": "50", "beneficiary": first_person(app)}
    assert send(director, unescape(draw[1]), **asked) == 303
    assert status(app) == RequestStatus.SUBMITTED
    drawn = link(director, "/fund/requests")
    assert drawn
    author.get(page)
    assert "1 of 2" in author.text
    assert in_unit(app, lambda: latest().code) not in author.text, "a draw of somebody else"


def test_where_nobody_can_draw_any_more_the_page_of_a_plan_offers_it_to_nobody(app: Flask) -> None:
    page = request_at(app, fund_plans.approved, 1, 50_00)
    author, officer = Browser(app, "monitor"), Browser(app, "fund")
    for reader, offered in ((author, True), (officer, False)):
        reader.get(page)
        assert ("Draw for a household" in reader.text) is offered
    in_unit(app, lambda: fund_plans.drawn(latest()).id)
    author.get(page)
    assert "1 of 1" in author.text
    assert "Draw for a household" not in author.text


def _plan() -> SupportRequest:
    return session().get_one(SupportRequest, latest().plan_id)


def test_a_fund_officer_sees_who_drew_and_ends_the_plan(app: Flask) -> None:
    page = request_at(app, lambda: fund_plans.drawn(fund_plans.approved(2, 50_00)))
    plan = f"/fund/requests/{in_unit(app, lambda: _plan().uid)}"
    officer = Browser(app, "fund")
    answer_no(officer, page)
    officer.get(page)
    assert "From the plan" in officer.text
    officer.get(plan)
    assert "Households that drew" in officer.text
    assert f'href="{page}"' in officer.page
    assert "Commit" not in officer.text
    answered = send(officer, f"{plan}/cancel", reason="They are free.")
    assert answered == 303
    officer.get(plan)
    assert "The plan has ended." in officer.text


def test_what_draws_from_a_plan_is_shown_a_part_at_a_time(app: Flask) -> None:
    def many() -> None:
        fund.copies(fund_plans.drawn(fund_plans.approved(40, 50_00)), 30)

    in_unit(app, many)
    plan = f"/fund/requests/{in_unit(app, lambda: _plan().uid)}"
    browser = Browser(app, "monitor")
    browser.get(plan)
    assert "Households that drew 31" in browser.text
    assert "1 to 30 of 31" in browser.text
    assert browser.page.count("C-") == 29
    browser.get(f"{plan}?drawn=30")
    assert "31 to 31 of 31" in browser.text
