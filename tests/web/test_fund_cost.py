"""What a page of the fund costs: as many statements for many requests as for one."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import BudgetLine, DonorGrant
from tests import fund
from tests.web.browse import Browser
from tests.web.fund_pages import request_at
from tests.web.somebody import in_unit, statements

pytestmark = pytest.mark.engines("sqlite")
LISTS = {
    ("/fund", "fund"): 6,
    ("/fund/queue", "fund"): 3,
    ("/fund/payments", "finance"): 4,
    ("/fund/ledger", "finance"): 15,
    ("/fund/ledger/balances", "finance"): 5,
    ("/fund/ledger/decisions", "finance"): 6,
    ("/fund/ledger/duties", "finance"): 6,
    ("/fund/reports", "fund"): 12,
}
"""The pages, who opens them, and how many statements they may send at most."""


def one_of_each() -> None:
    """Bring requests to where something waits for somebody, and one to its payment."""
    line = fund.line()
    for make_one in (fund.sent, fund.recommended, fund.approved):
        make_one()
    fund.paid(on=line)
    fund.prepared(fund.committed(on=line))


def costs(app: Flask) -> dict[tuple[str, str], int]:
    """Return how many statements each page sends when it is opened again."""
    found = {}
    for path, login in LISTS:
        browser = Browser(app, login)
        browser.get(path)
        found[path, login] = statements(opening(browser, path))
    return found


def opening(browser: Browser, path: str) -> Callable[[], object]:
    """Return what opens a page."""
    return lambda: browser.get(path)


def test_a_page_asks_the_database_as_often_for_many_requests_as_for_one(app: Flask) -> None:
    in_unit(app, one_of_each)
    few = costs(app)
    in_unit(app, one_of_each)
    in_unit(app, one_of_each)
    assert costs(app) == few
    assert {page: count for page, count in few.items() if count > LISTS[page]} == {}


def test_a_request_asks_as_often_for_many_lines_and_instalments_as_for_one(app: Flask) -> None:
    def paid_in(parts: int) -> str:
        one = InstalmentDraft(fund.today(), 100_00 // parts)
        return f"/fund/requests/{fund.paid(instalments=(one,) * parts).uid}"

    browser = Browser(app, "fund")
    in_one, in_four = in_unit(app, lambda: (paid_in(1), paid_in(4)))
    to_commit = request_at(app, fund.approved)
    for page in (in_one, to_commit):
        browser.get(page)
    few, before = statements(opening(browser, in_one)), statements(opening(browser, to_commit))
    in_unit(app, lambda: [fund.line(code=f"N{number}") for number in range(3)])
    assert statements(opening(browser, in_four)) == few <= 20
    assert statements(opening(browser, to_commit)) == before <= 26


def test_a_grant_that_ends_asks_as_often_for_many_promises_as_for_one(app: Flask) -> None:
    def promised() -> str:
        fund.committed(20_00, line := fund.line())
        return f"/fund/grants/{session().get_one(DonorGrant, line.grant_id).uid}/end"

    def more() -> None:
        line = session().scalars(select(BudgetLine)).one()
        for _ in range(3):
            fund.committed(20_00, line)

    page, browser = in_unit(app, promised), Browser(app, "fund")
    browser.get(page)
    few = statements(opening(browser, page))
    in_unit(app, more)
    assert statements(opening(browser, page)) == few
    assert browser.text.count("20.00 USD not paid yet") == 4
