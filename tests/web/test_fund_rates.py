"""The pages of exchange rates: what is proposed and why, what is missing, what stands on Today."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from hrdtracker.core.db import session
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import DonorGrant, ReportingMethod
from tests import fund
from tests.web.admin_pages import confirm_on_the_page, inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
NO_RATE = (
    ({"rate": "0"}, "A rate is more than 0."),
    ({"quote": "USD"}, "A rate is between two currencies."),
    ({"quote": "XXX"}, "is no currency known here"),
    ({"source": ""}, "Fill this in."),
    ({"day": "1 January 2100"}, "lies in the future"),
)


def test_a_rate_that_is_none_is_refused(app: Flask) -> None:
    browser = Browser(app, "finance")
    rate = {"base": "USD", "quote": "KHR", "rate": "4,100", "day": "today", "source": "NBC"}
    for changed, sentence in NO_RATE:
        for path in ("/fund/rates/bank", "/fund/rates/levels", "/fund/rates/reports"):
            sent = {**rate, "bank_line": "Line 1", **changed}
            assert browser.post(path, sent).status_code == 422, changed
            assert sentence in browser.text


def test_whoever_confirms_a_rate_for_the_levels_reads_how_far_it_is_from_the_last_and_why(
    app: Flask,
) -> None:
    with inside(app):
        fund.tier_rate(4_000, fund.today() - timedelta(days=40))
    finance, rate = Browser(app, "finance"), {"base": "USD", "quote": "KHR", "rate": "4,400"}
    sent = {**rate, "day": "today", "source": "NBC"}
    assert finance.post("/fund/rates/levels", sent).status_code == 422
    assert "more than 5 % away" in finance.text
    sent["reason"] = "The riel fell."
    assert finance.post("/fund/rates/levels", sent).status_code == 303
    finance.get("/fund/rates")
    assert "Waits for a second person 1 USD is 4,400 KHR" in finance.text
    national = Browser(app, "national")
    national.get("/confirmations")
    assert "The last one: 1 USD is 4,000 KHR. This is +10.0 % away from it." in national.text
    assert "Why: The riel fell." in national.text
    confirm_on_the_page(app, "national", "Who must decide: 1 USD is 4,400 KHR")
    finance.get("/fund/rates")
    assert "Waits for a second person" not in finance.text
    assert "1 USD is 4,400 KHR NBC · The riel fell." in finance.text


def test_finance_reads_on_the_first_page_which_currency_lacks_a_rate_of_this_month(
    app: Flask,
) -> None:
    with inside(app):
        fund.drafted(400_000_00, currency="KHR")
        fund.drafted(400_00, currency="THB")
    finance = Browser(app, "finance")
    finance.get("/")
    assert "A rate of this month is missing: KHR" in finance.text
    finance.get("/fund/rates/levels?quote=THB")
    assert re.search(r'<option selected value="THB"', finance.page)
    sent = {"base": "USD", "quote": "KHR", "rate": "4,000", "day": "today", "source": "NBC"}
    assert finance.post("/fund/rates/levels", sent).status_code == 303
    finance.get("/")
    assert "A rate of this month is missing: THB" in finance.text
    assert "A rate of this month is missing: KHR" not in finance.text


def test_whom_the_board_named_reads_on_the_first_page_that_the_fund_decides_otherwise(
    app: Flask,
) -> None:
    with inside(app):
        fund.set_up()
        fund.tier_rate(4_000, fund.today())
    board = Browser(app, "board")
    board.get("/")
    assert "How the fund decides has changed" in board.text
    assert 'href="/confirmations#decided"' in board.page
    board.get("/confirmations")
    assert 'id="decided"' in board.page
    assert "Who must decide: 1 USD is 4,000 KHR" in board.text


def test_the_page_of_a_grant_says_at_which_rate_its_reports_tell_other_money(app: Flask) -> None:
    with inside(app):
        fund.rate(4_000)
        line = fund.line(rate_method=ReportingMethod.MONTHLY)
        parts = (InstalmentDraft(fund.today(), 80_000_00, "KHR"),)
        fund.paid(20_00, line, instalments=parts)
        grant = session().get_one(DonorGrant, line.grant_id).uid
    finance = Browser(app, "finance")
    finance.get(f"/fund/grants/{grant}")
    assert "Rate for its reports The donor’s monthly list" in finance.text
    assert "the list has no rate of this month yet for KHR" in finance.text
    sent = {"base": "USD", "quote": "KHR", "rate": "4,087", "source": "List"}
    late = {**sent, "method": "monthly", "day": "2026"}
    assert finance.post("/fund/rates/reports", late).status_code == 422
    assert "Write a month" in finance.text
    assert finance.post("/fund/rates/reports", {**late, "day": "today"}).status_code == 303
    finance.get(f"/fund/grants/{grant}")
    assert "For reports: 1 USD is 4,087 KHR" in finance.text
    officer = Browser(app, "fund")
    officer.get(f"/fund/grants/{grant}/edit")
    assert re.search(r'<input[^>]*checked[^>]*value="monthly"', officer.page)
