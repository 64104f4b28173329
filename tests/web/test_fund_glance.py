"""What the fund says at a glance: of a request, of money that left, and to whom."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from hrdtracker.access.model import Sensitivity
from hrdtracker.cases import sharing
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import AcquittalDraft
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.payments import acquittals
from tests import fund, make
from tests.web.admin_pages import inside
from tests.web.browse import Browser
from tests.web.fund_pages import answer_no, latest, request_at
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
PROOF = "Transfer 4711"
Act = Callable[..., object]


def facts(browser: Browser) -> str:
    """Return what stands at the head of a request’s page."""
    return browser.text.split("What it pays for")[0]


def recommended_and_known(amount: int) -> SupportRequest:
    """Return a recommended request; the fund officer has said that they know nobody in it."""
    fund.line(1_000_00)
    request = fund.recommended(amount)
    fund.no_tie(request, "fund")
    return request


def test_whoever_decides_reads_when_who_which_line_and_who_was_helped_at_the_head(
    app: Flask,
) -> None:
    page = request_at(app, recommended_and_known, 100_00)
    browser = Browser(app, "fund")
    browser.get(page)
    head = facts(browser)
    assert "Needed by" in head
    assert "Who is next You" in head
    assert "L1 Rent: 1,000.00 USD left" in head
    assert "Helped before Nobody here, in 12 months" in head


def test_whoever_decides_reads_at_which_rate_it_was_said_who_must(app: Flask) -> None:
    def known(amount: int) -> SupportRequest:
        fund.rate(4000)
        request = fund.recommend(fund.sent(amount, currency="KHR"))
        fund.no_tie(request, "fund")
        fund.tier_rate(8000, fund.today())
        return request

    browser = Browser(app, "fund")
    browser.get(request_at(app, known, 2_000_000_00))
    head = facts(browser)
    assert "Counts as 500.00 USD, at the rate for the levels of" in head
    assert ": 1 USD is 4,000 KHR" in head
    browser.get(request_at(app, recommended_and_known, 100_00))
    assert "Counts as" not in facts(browser)


def test_a_request_names_who_must_still_approve_and_who_has(app: Flask) -> None:
    def half_approved() -> SupportRequest:
        return fund.approve(fund.recommended(1_000_00), "fund")

    page, reads = request_at(app, half_approved), Browser(app, "fund")
    reads.get(page)
    assert "Who is next A director" in facts(reads)
    assert "Fund; still wanted: a director" in reads.text
    asker = Browser(app, "monitor")
    asker.get(page)
    assert "Who is next Whoever decides on it" in facts(asker)
    assert "Fund" not in asker.text.split("Where it stands")[1].split("Promised")[0]


@pytest.mark.parametrize("act", [decisions.return_request, decisions.refuse])
def test_why_a_request_came_back_or_was_refused_stands_at_its_head(app: Flask, act: Act) -> None:
    def decide() -> None:
        make.load_keys(latest())
        fund.no_tie(latest(), "fund")
        act(make.actor("fund"), latest(), "The lease is missing.", latest().version)

    page = request_at(app, fund.recommended)
    author = Browser(app, "monitor")
    author.get(page)
    assert "The lease is missing." not in author.text
    in_unit(app, decide)
    author.get(page)
    assert "The lease is missing." in facts(author)


def test_who_is_next_follows_the_money_to_the_end(app: Flask) -> None:
    browser = Browser(app, "monitor")
    for make_one, said in (
        (fund.sent, "A director of the office"),
        (fund.approved, "A fund officer"),
        (fund.committed, "Whoever looks again before it is paid"),
        (lambda: _prepared(fund.committed()), "A finance officer"),
        (fund.paid, "Whoever hears that it arrived"),
        (lambda: _received(fund.paid()), "Monitor"),
        (lambda: _accounted(fund.paid()), "A finance officer"),
        (lambda: _sent_back(_accounted(fund.paid())), "Monitor"),
    ):
        browser.get(request_at(app, make_one))
        assert f"Who is next {said}" in facts(browser)
    browser.get(request_at(app, fund.closed))
    assert "Who is next" not in browser.text


def test_what_shows_that_money_left_is_read_by_whoever_may_see_the_payment(app: Flask) -> None:
    page = request_at(app, fund.paid)
    with inside(app):
        payment = commitments.payments_of(latest())[0].uid
    for who in ("fund", "finance"):
        browser = Browser(app, who)
        browser.get(f"/fund/payments/{payment}")
        assert f"What shows that it left {PROOF}" in browser.text, who
    for who in ("monitor", "director", "fund"):
        browser = Browser(app, who)
        browser.get(page)
        assert f"What shows that it left {PROOF}" in browser.text, who


def test_whom_the_board_named_finds_the_fund_without_a_role(app: Flask) -> None:
    browser = Browser(app, "board")
    browser.get("/")
    assert 'href="/fund"' not in browser.page
    assert "You have no role yet" in browser.text
    in_unit(app, fund.set_up)
    browser.get("/")
    assert "You have no role yet" not in browser.text
    assert "You decide in the fund for others" in browser.text
    assert 'href="/fund"' in browser.page
    page = request_at(app, lambda: fund.approve(fund.recommended(4_000_00), "fund", "national"))
    browser.get("/")
    assert f'href="{page}"' in browser.page
    assert 'href="/fund"' in browser.page
    browser.get("/fund")
    assert f'href="{page}"' in browser.page


def test_amounts_stand_in_the_digits_of_the_page(app: Flask) -> None:
    page = request_at(app, recommended_and_known, 100_00)
    browser = Browser(app, "fund")
    for path in ("/fund", "/fund/queue", page):
        browser.get(path, headers={"Accept-Language": "km"})
        assert "១០០.០០ USD" in browser.text, path
        assert "100.00" not in browser.text, path


def _prepared(request: SupportRequest) -> SupportRequest:
    fund.prepared(request)
    return request


def _received(request: SupportRequest) -> SupportRequest:
    for payment in commitments.payments_of(request):
        fund.receive(payment)
    return request


def _accounted(request: SupportRequest) -> SupportRequest:
    """Account for what was paid, say that a part came back, and accept it."""
    for payment in commitments.payments_of(_received(request)):
        account = AcquittalDraft(
            spent=payment.amount - 10_00,
            returned=10_00,
            document="transfer_slip",
            reference="No. 1",
            dated=fund.today(),
        )
        acquittals.acquit(make.actor("monitor"), payment, account, fund.seen(payment))
        acquittals.review(make.actor("fund"), payment, fund.seen(payment))
    return request


def _sent_back(request: SupportRequest) -> SupportRequest:
    for payment in commitments.payments_of(request):
        acquittals.return_account(
            make.actor("finance"), payment, "It is not in the bank.", fund.seen(payment)
        )
    return request


def test_who_asks_in_a_case_that_is_not_open_to_all_is_told_who_will_know(app: Flask) -> None:
    page = request_at(app, fund.sent)
    uid, code = in_unit(app, _case_of_latest)
    author, officer = Browser(app, "monitor"), Browser(app, "fund")
    author.get(f"/fund/requests/new?case={uid}")
    assert "This case is not open to all." not in author.text
    answer_no(officer, page)
    officer.get(page)
    assert code in officer.text

    in_unit(app, _keep_secret)
    author.get(f"/fund/requests/new?case={uid}")
    assert "This case is not open to all." in author.text
    assert officer.get(page).status_code == 200
    assert "Asked by" in officer.text
    assert code not in officer.text


def _case_of_latest() -> tuple[UUID, str]:
    case = session().get_one(Case, latest().case_id)
    return case.uid, case.code


def _keep_secret() -> None:
    case = session().get_one(Case, latest().case_id)
    sharing.set_sensitivity(make.actor("director"), case, Sensitivity.SECRET, case.version)
