"""A request in full in a real browser: returned, corrected, approved by two, in two currencies."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests import fund
from tests.browser import fund_work as work
from tests.browser.conftest import Visit
from tests.web.somebody import in_unit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]
UNCLEAR = "For how long, and where?"
INSTALMENTS = (("300", "USD"), ("1,230,000", "KHR"))


@pytest.mark.parametrize(
    ("width", "language"),
    [
        ("phone", "km"),
        pytest.param("desk", "en", marks=pytest.mark.deep),
        pytest.param("phone", "en", marks=pytest.mark.deep),
        pytest.param("desk", "km", marks=pytest.mark.deep),
    ],
)
def test_returned_corrected_approved_by_two_and_paid_in_two_currencies(
    app: Flask, visit: Visit, width: str, language: str
) -> None:
    case = work.case_to_ask_in(app)
    in_unit(app, fund.rate)
    logins = ("monitor", "director", "fund", "national", "finance")
    people = {who: visit(who, width, language) for who in logins}
    monitor, director, officer, national, finance = people.values()

    here = work.ask(monitor, case, amount="600")
    work.say_the_rest(monitor)
    work.send(monitor)
    work.take_up(director)
    work.knows_nobody(director)
    work.verify(director)
    _returned(director)
    assert work.status(app, here) == "returned"

    _corrected(monitor)
    work.take_up(director)
    work.verify(director)
    work.decide(director)
    for page in (officer, national):
        work.take_up(page)
        work.knows_nobody(page)
        work.decide(page)
    assert work.status(app, here) == "approved"

    _promised_and_paid(here, officer, finance)
    assert work.status(app, here) == "paid"
    _arrived_and_accounted(here, people)
    assert work.status(app, here) == "acquitted"

    work.show_exact_figures(director)
    work.fits(director)
    spent = director.locator("section[aria-labelledby=money] tr", has_text="L1 Rent")
    expect(spent).to_contain_text(re.compile(r"(?<![\d,])(?:600\.00|៦០០\.០០) USD"))
    assert [page.faults for page in people.values()] == [[]] * 5  # type: ignore[attr-defined]


def _returned(director: Page) -> None:
    work.opened(director, "return")
    director.locator("#reason").fill(UNCLEAR)
    work.send(director)


def _corrected(monitor: Page) -> None:
    work.take_up(monitor)
    expect(monitor.locator("main > .box")).to_contain_text(UNCLEAR)
    for step in ("edit", "budget"):
        work.opened(monitor, step)
    for number, (amount, currency) in enumerate(INSTALMENTS):
        monitor.locator(f"#instalments-{number}-due_on").fill("today")
        monitor.locator(f"#instalments-{number}-amount").fill(amount)
        monitor.locator(f"#instalments-{number}-currency").select_option(currency)
    work.send(monitor)
    work.send(monitor)


def _promised_and_paid(here: str, officer: Page, finance: Page) -> None:
    officer.goto(here)
    work.press(officer, ".decide a.btn-primary")
    work.pick(officer, "line")
    work.send(officer)
    for _ in INSTALMENTS:
        work.look_again_and_prepare(officer)
        work.release(finance, "Transfer 4711")
        officer.goto(here)


def _arrived_and_accounted(here: str, people: dict[str, Page]) -> None:
    for _ in INSTALMENTS:
        people["director"].goto(here)
        work.confirm(people["director"])
        people["monitor"].goto(here)
        work.account(people["monitor"])
        people["fund"].goto(here)
        work.review(people["fund"])
