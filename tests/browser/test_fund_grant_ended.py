"""A grant ended half way in a real browser: each promise decided, all told, a refund booked."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from hrdtracker.core.db import session
from hrdtracker.fund.books import service as books
from hrdtracker.fund.drafts.money import BookDraft
from hrdtracker.fund.model import Booking, DonorGrant
from tests import fund, make
from tests.browser import fund_work as work
from tests.browser.conftest import Visit
from tests.web.somebody import in_unit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]
REASON = "A new law lets no money through."
FATES = {"100": "moved", "200": "given_back", "300": "kept"}
"""What becomes of each promise, by what it is for."""
MONEY = {
    "en": ("800.00 USD", "60.00 USD", "300.00 USD", "440.00 USD"),
    "km": ("៨០០.០០ USD", "៦០.០០ USD", "៣០០.០០ USD", "៤៤០.០០ USD"),
}
"""What came, was spent, is promised still, and is left, once the grant is ended."""
GIVEN_BACK = {"en": "440.00 USD", "km": "៤៤០.០០ USD"}


@dataclass(frozen=True)
class EndedGrant:
    """Where the grant stands that ends, and where each request on it."""

    code: str
    page: str
    line: str
    requests: dict[str, str]


def _half_way() -> EndedGrant:
    """Receive 800 dollars, pay 60, promise 100, 200 and 300; another grant has room."""
    fund.set_up()
    line, other = fund.line(1_000_00), fund.line(500_00)
    grant = session().get_one(DonorGrant, line.grant_id)
    came = BookDraft(Booking.INCOME, 800_00, "USD", fund.today(), grant.uid, proof="Line 1")
    books.book(make.actor("finance"), make.organisation(), came)
    fund.paid(60_00, line)
    promised = {fate: fund.committed(int(sum_) * 100, line) for sum_, fate in FATES.items()}
    pages = {fate: f"/fund/requests/{request.uid}" for fate, request in promised.items()}
    return EndedGrant(grant.code, f"/fund/grants/{grant.uid}", other.uid.hex, pages)


@pytest.mark.parametrize(("width", "language"), work.VARIED)
def test_a_grant_ends_half_way_and_every_promise_and_all_its_money_are_decided(
    app: Flask, visit: Visit, width: str, language: str
) -> None:
    ended: EndedGrant = in_unit(app, _half_way)
    officer, deputy, finance = (visit(who, width, language) for who in ("fund", "fund2", "finance"))
    _end(officer, ended)
    money = officer.locator("section[aria-labelledby=money]")
    for amount in MONEY[language]:
        expect(money).to_contain_text(re.compile(rf"(?<![\d,០-៩]){re.escape(amount)}"))
    expect(officer.locator("section[aria-labelledby=ended]")).to_contain_text(REASON)
    assert {fate: work.status(app, page) for fate, page in ended.requests.items()} == {
        "moved": "committed",
        "given_back": "cancelled",
        "kept": "committed",
    }
    _is_told(deputy, ended)
    _is_told(finance, ended)
    _give_back(finance, ended, language)
    officer.goto(ended.page)
    expect(money).to_contain_text(GIVEN_BACK[language])
    work.fits(officer)
    for page in ended.requests.values():
        officer.goto(page)
        work.fits(officer)
    faults = [page.faults for page in (officer, deputy, finance)]  # type: ignore[attr-defined]
    assert faults == [[]] * 3


def _end(officer: Page, ended: EndedGrant) -> None:
    officer.goto("/fund/grants")
    work.press(officer, f"main a[href$='{ended.page}']")
    work.opened(officer, "end")
    officer.locator("#reason").fill(REASON)
    for number in range(len(FATES)):
        choice = officer.locator(f"#promises-{number}-fate")
        label = officer.locator(f"label[for=promises-{number}-fate]").inner_text()
        latin = label.translate(str.maketrans("០១២៣៤៥៦៧៨៩", "0123456789"))
        amount = re.search(r"[:៖] ?(\d+)\.00", latin)
        assert amount, label
        choice.select_option(FATES[amount[1]])
    officer.locator("#line").select_option(ended.line)
    work.send(officer)
    expect(officer).to_have_url(re.compile(ended.page))


def _is_told(page: Page, ended: EndedGrant) -> None:
    """Read on the first page that a donor ended a grant, and open it from there."""
    page.goto("/")
    work.fits(page)
    work.press(page, f"section[aria-labelledby=told] a[href$='{ended.page}']")
    expect(page.locator("section[aria-labelledby=ended]")).to_contain_text(REASON)


def _give_back(finance: Page, ended: EndedGrant, language: str) -> None:
    """Book that what is left went back to the donor."""
    finance.goto("/fund/ledger/book")
    work.pick(finance, "booking", "refund")
    finance.locator("#amount").fill(GIVEN_BACK[language].split()[0])
    finance.locator("#on").fill("today")
    finance.locator("#proof").fill("Transfer 4712")
    finance.locator("#grant").select_option(label=ended.code)
    work.press(finance, "main form button.btn-primary")
    expect(finance).to_have_url(re.compile(r"/fund/ledger"))
