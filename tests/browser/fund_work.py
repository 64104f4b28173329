"""What people do on the pages of the fund in a real browser: ask, answer, decide, pay, account."""

import re
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.fund.model import SupportRequest
from tests import fund, make
from tests.web.somebody import in_unit

REQUEST = re.compile(r"/fund/requests/[0-9a-f-]{36}(#\w+)?$")
CONTROLS = """fields => [...new Set(fields
    .filter(f => f.type !== 'hidden' && (f.checkVisibility() || f.labels?.[0]?.checkVisibility()))
    .map(f => f.name))]"""
"""The names of the fields of a form that somebody sees."""
WHY = "Seen and true."
VARIED = [
    ("phone", "km"),
    ("desk", "en"),
    pytest.param("phone", "en", marks=pytest.mark.deep),
    pytest.param("desk", "km", marks=pytest.mark.deep),
]
"""At both widths, in both languages; of these two each time, all four in the long run."""
ONCE = [VARIED[0], pytest.param(*VARIED[1], marks=pytest.mark.deep), *VARIED[2:]]
"""The same, one of them each time."""


def case_to_ask_in(app: Flask, login: str = "monitor") -> str:
    """Set the fund up with one line of 1,000 US dollars; return the uid of a new case."""

    def act() -> str:
        fund.set_up()
        fund.line(1_000_00)
        return str(make.case_of(make.incident(login)).uid)

    return str(in_unit(app, act))


def pick(page: Page, name: str, value: str | None = None, place: int = 0) -> None:
    """Choose one of the pills of a field: by its value, or by its place."""
    wanted = f'[value="{value}"]' if value else ""
    field = page.locator(f'input[name="{name}"]{wanted}').nth(place)
    page.locator(f'label[for="{field.get_attribute("id")}"]').click()


def choose(page: Page, name: str) -> None:
    """Choose the first real choice of a list."""
    page.locator(f"#{name}").select_option(index=1)


def send(page: Page) -> None:
    """Press the one button of the form."""
    press(page, "main .send button.btn-primary, main .decide button.btn-primary")


def show_exact_figures(page: Page) -> None:
    """Ask for the exact figures of this month."""
    page.goto("/fund/reports/internal")
    for name in ("#first", "#last"):
        page.locator(name).select_option(index=0)
    press(page, "main form button.btn-primary")


def press(page: Page, button: str) -> None:
    """Press a button or a link; the page that comes must not scroll sideways.

    It comes by a navigation, or takes the place of the one before, where a script sent the form.
    """
    page.evaluate("document.body.dataset.before = 'yes'")
    page.locator(button).first.click()
    page.locator("body:not([data-before])").wait_for()
    page.wait_for_load_state()
    fits(page)


def fits(page: Page) -> None:
    """Check that nothing is cut off at the right."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def ask(
    page: Page,
    case: str,
    *,
    amount: str = "60",
    urgency: str = "normal",
    needed_by: str = "tomorrow",
) -> str:
    """Ask for some dollars for somebody of a case, paid to a wife; return where it stands."""
    fill_in(page, case, amount=amount, urgency=urgency, needed_by=needed_by)
    send(page)
    expect(page).to_have_url(REQUEST)
    return page.url.split("#")[0]


def fill_in(page: Page, case: str, *, amount: str = "60", urgency: str, needed_by: str) -> None:
    """Type a request: who, for what, how much, by when, how to pay."""
    page.goto(f"/fund/requests/new?case={case}")
    fits(page)
    choose(page, "beneficiary")
    page.locator("#support_type").select_option("family")
    page.locator("#amount").fill(amount)
    page.locator("#need").fill("Food for the family until Friday.")
    page.locator("#needed_by").fill(needed_by)
    pick(page, "urgency", urgency)
    page.locator("#payee").select_option("new")
    page.locator("#payee_name").fill("Demo Wife")
    pick(page, "method", "mobile_money")
    page.locator("#payee_details").fill("Sample pay 000 111, Demo Wife")
    page.locator("#consented_on").fill("today")


def knows_nobody(page: Page) -> None:
    """Answer the question that comes before all work on a request."""
    pick(page, "knows", "no")
    send(page)
    expect(page).to_have_url(REQUEST)


def take_up(page: Page) -> None:
    """Go from the first page of the fund to what waits there first."""
    page.goto("/fund")
    fits(page)
    press(page, ".next a.btn")


def decide(page: Page) -> None:
    """Give the reason on the page of the request, and press the button of the decision."""
    page.locator(".decide textarea").fill(WHY)
    send(page)
    expect(page).to_have_url(REQUEST)


def verify(page: Page) -> None:
    """Say what one found out about a request."""
    press(page, ".decide a.btn-primary")
    for name in ("identity", "situation", "need"):
        page.locator(f"#{name}").fill(WHY)
    send(page)


def say_the_rest(page: Page) -> None:
    """Say on a page of its own why it is needed, and everything else in words."""
    press(page, "main a[href*='/why']")
    pick(page, "risk_level", "medium")
    for field in page.locator("main form textarea").all():
        field.fill(WHY)
    send(page)


def look_again_and_prepare(page: Page) -> None:
    """Say of the next instalment that they are still there and still need it; prepare it."""
    opened(page, "check")
    pick(page, "still_there", "yes")
    pick(page, "still_needed", "yes")
    send(page)
    press(page, "main .box form button.btn-primary")


def release(page: Page, proof: str) -> None:
    """Take up the payment that waits, look at how it is paid, and release it."""
    take_up(page)
    press(page, ".decide form[action$='/reveal'] button")
    page.locator("#proof").fill(proof)
    send(page)


def confirm(page: Page) -> None:
    """Confirm that the next payment arrived."""
    opened(page, "receipt")
    page.locator("#received_on").fill("today")
    choose(page, "channel")
    send(page)


def account(page: Page) -> None:
    """Account for the next payment by a document."""
    opened(page, "account")
    choose(page, "document")
    page.locator("#reference").fill("No. 1")
    page.locator("#dated").fill("today")
    send(page)


def review(page: Page) -> None:
    """Accept what accounts for the next payment."""
    opened(page, "review")
    send(page)


def opened(page: Page, ending: str) -> None:
    """Open what a button or link on the page of the request leads to."""
    press(page, f'main a[href$="/{ending}"]')


def status(app: Flask, page_of_request: str) -> str:
    """Return how a request stands in the database."""
    uid = page_of_request.rsplit("/", 1)[1]

    query = select(SupportRequest.status).where(SupportRequest.uid == UUID(uid))
    return str(in_unit(app, lambda: session().scalars(query).one()))
