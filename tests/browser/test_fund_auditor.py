"""The auditor’s day in a real browser: what changed, the books, what was told; no button."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from hrdtracker.access.model import Role
from hrdtracker.accounts import staff
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.disclosures import service
from hrdtracker.fund.drafts.money import ReportDraft
from hrdtracker.fund.model import DonorGrant, ReversalKind, SupportRequest, Transaction
from hrdtracker.people.drafts import PersonDraft, Victim
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import CountingUnit
from tests import fund, make
from tests.browser import fund_work as work
from tests.browser.conftest import Visit
from tests.web.somebody import in_unit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]
PASSWORD = "cloud ladder teapot violin"
LATER = timedelta(days=125)
MAY_SEND = re.compile(
    r"/(notices/[0-9a-f-]{36}/understood|fund/ledger/export|fund/reports/[0-9a-f-]{36}/export"
    r"|audit/verify)(\?.*)?$"
)
"""What an auditor sends: that they understood, what they take along, a check of the trail."""
FORMS = "forms => forms.map(form => form.getAttribute('action') || location.pathname)"
READ = (
    "/fund",
    "/fund/rates",
    "/fund/ledger",
    "/fund/ledger/balances",
    "/fund/ledger/decisions",
    "/fund/ledger/duties",
    "/fund/reports",
    "/audit",
)
DOES = ("/fund/ledger/book", "/fund/rates/propose", "/fund/reports/money", "/fund/delegations")
"""Where others act: there is no such page for an auditor."""
CHANGED = {
    "en": "How the fund decides has changed",
    "km": "របៀបដែលមូលនិធិសម្រេចបានផ្លាស់ប្តូរ",
}
LIMITS = {"en": "500.00 USD → 700.00 USD", "km": "៥០០.០០ USD → ៧០០.០០ USD"}


@pytest.fixture
def _months_later(app: Flask) -> Iterator[None]:
    """Let money of three months be spent, and these be over."""
    in_unit(app, _invite)
    in_unit(app, _spend)
    with time_machine.travel(clock.now() + LATER):
        yield


def _spend() -> None:
    fund.set_up()
    line = fund.line(2_000_00)
    for _ in range(2):
        group = PersonDraft(unit=CountingUnit.COMMUNITY, head_count=4, sex=Sex.MALE)
        fund.paid(60_00, line, beneficiary=Victim(described=group))


def _happen() -> str:
    """Change how the fund decides, release a report, reverse an entry; return a request."""
    fund.set_up(officer_most=700_00)
    fund.tier_rate(4000, fund.today())
    request = session().scalars(select(SupportRequest).order_by(SupportRequest.id)).first()
    assert request is not None
    (payment,) = commitments.payments_of(request)
    paid = select(Transaction).where(
        Transaction.payment_id == payment.id, Transaction.booking == "payment"
    )
    fund.take_back(session().scalars(paid).one(), ReversalKind.CAME_BACK)
    begins = request.asked_at.date().replace(day=1)
    until = (begins + timedelta(days=95)).replace(day=1) - timedelta(days=1)
    grant = session().scalars(select(DonorGrant.uid)).one()
    told = ReportDraft(begins, until, grant)
    report = service.prepare_money(make.actor("finance"), make.organisation(), told)
    make.confirm("national", report)
    return f"/fund/requests/{request.uid}"


def _invite() -> None:
    """Give the auditor of this day a password and the role."""
    draft = UserDraft("checker", "Checker")
    _, code = staff.invite(make.actor("admin"), make.organisation(), draft)
    staff.accept(code, PASSWORD)
    make.role_given("checker", Role.AUDITOR, None)


@pytest.mark.usefixtures("_months_later")
@pytest.mark.parametrize(("width", "language"), work.VARIED)
def test_an_auditor_reads_all_day_and_finds_no_button_that_decides(
    app: Flask, visit: Visit, width: str, language: str
) -> None:
    request = in_unit(app, _happen)
    page = visit(None, width, language)
    page.goto("/login")
    page.locator("#login").fill("checker")
    page.locator("#password").fill(PASSWORD)
    work.press(page, "main button.btn-primary")
    _understands_what_changed(page, language)
    for path in READ:
        _reads(page, path)
    _follows_an_entry(page)
    _looks_at_the_register(page)
    _has_the_trail_checked(page)
    for path in (request, *DOES):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status in {403, 404}, path
    page.goto("/fund")
    allowed = [f for f in page.faults if "status of 40" not in f]  # type: ignore[attr-defined]
    assert allowed == []


def _reads(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    _has_nothing_to_decide(page)


def _keeps_nobody_out(page: Page) -> None:
    """Check what the test of every page of the fund does not reach."""
    found = Axe().run(page).response["violations"]
    assert [(page.url, each["id"]) for each in found] == []


def _has_nothing_to_decide(page: Page) -> None:
    """Check that the page fits, and sends nothing that decides."""
    work.fits(page)
    sent = page.eval_on_selector_all("main form[method=post]", FORMS)
    assert [action for action in sent if not MAY_SEND.search(action)] == [], page.url


def _understands_what_changed(page: Page, language: str) -> None:
    told = page.locator("section[aria-labelledby=told]")
    expect(told).to_contain_text(CHANGED[language])
    _has_nothing_to_decide(page)
    work.press(page, "section[aria-labelledby=told] a[href$='#decided']")
    expect(page.locator("#decided")).to_be_visible()
    expect(page.locator("#decided")).to_contain_text(LIMITS[language])
    _has_nothing_to_decide(page)
    _keeps_nobody_out(page)
    page.goto("/")
    for _ in range(5):
        if not told.count():
            break
        work.press(page, "section[aria-labelledby=told] button")
    expect(told).to_have_count(0)


def _follows_an_entry(page: Page) -> None:
    page.goto("/fund/ledger")
    work.press(page, "main a[href*='/fund/ledger/']:not([href*='?']) >> nth=-1")
    _has_nothing_to_decide(page)


def _looks_at_the_register(page: Page) -> None:
    page.goto("/fund/reports")
    work.press(page, "main .item a")
    _has_nothing_to_decide(page)
    _keeps_nobody_out(page)


def _has_the_trail_checked(page: Page) -> None:
    _reads(page, "/audit/verify")
    work.press(page, "main form[method=post] button")
    _has_nothing_to_decide(page)
