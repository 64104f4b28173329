"""The pages about the fund's money: what waits, grants and their lines, payments, cash."""

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.audit.model import AuditEntry, Opening
from hrdtracker.core.db import session
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import Donor, DonorGrant, Payment, PaymentStatus
from tests import fund, make
from tests.security.fund_scenes import commit, ratify, released
from tests.web.admin_pages import inside
from tests.web.browse import FIELD, Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
SECRETS = ("Demo A", "Demo B", "Wing 097", "Rent for two months")
GRANT = {
    "code": "G-1",
    "currency": "USD",
    "total": "1,000",
    "starts_on": "1 January 2026",
    "ends_on": "31 December 2027",
}


# Who gets in -------------------------------------------------------------------------------------


WHO_MAY_OPEN = (
    ("/fund", {"monitor", "director", "national", "fund", "finance", "auditor", "admin"}),
    ("/fund/payments", {"fund", "finance", "national"}),
    ("/fund/grants", {"director", "national", "fund", "finance"}),
    ("/fund/donors/new", {"director", "national", "fund"}),
    ("/fund/rates", {"director", "national", "fund", "finance", "auditor"}),
    ("/fund/rates/levels", {"finance", "admin"}),
    ("/fund/rates/bank", {"finance"}),
    ("/fund/rates/reports", {"finance"}),
    ("/fund/ledger", {"finance", "auditor"}),
    ("/fund/ledger/balances", {"finance", "auditor"}),
    ("/fund/ledger/decisions", {"finance", "auditor"}),
    ("/fund/ledger/duties", {"finance", "auditor"}),
    ("/fund/ledger/book", {"finance"}),
    ("/fund/ledger/close", {"finance"}),
    ("/fund/reports", {"director", "national", "fund", "finance", "auditor"}),
    ("/fund/reports/money", {"fund", "finance"}),
    ("/fund/reports/people", {"director", "national", "fund"}),
    ("/fund/reports/internal", {"director", "national", "fund"}),
    ("/fund/delegations", {"director", "national", "fund"}),
    ("/admin/fund", {"admin"}),
)


def test_each_page_is_open_to_those_whose_work_it_is(app: Flask) -> None:
    everybody = ("monitor", "director", "national", "fund", "finance", "auditor", "admin")
    browsers = {who: Browser(app, who) for who in everybody}
    for path, who_may in WHO_MAY_OPEN:
        found = {who for who, one in browsers.items() if one.get(path).status_code == 200}
        assert found == who_may, path


# What waits, and what is left --------------------------------------------------------------------


def test_the_first_page_says_what_waits_and_what_is_left_on_each_line(app: Flask) -> None:
    with inside(app):
        line = fund.line(1_000_00)
        fund.committed(200_00, line)
        fund.paid(100_00, line)
        waiting = fund.recommended(400_00).uid
    browser = Browser(app, "fund")
    browser.get("/fund")
    assert "Approve a request" in browser.text
    assert f"/fund/requests/{waiting}" in browser.page
    assert "Spent 100.00 USD Committed 200.00 USD Left 700.00 USD" in browser.text


def test_finance_goes_from_the_first_page_to_the_payment_and_never_to_the_request(
    app: Flask,
) -> None:
    payment, request = _prepared(app)
    browser = Browser(app, "finance")
    browser.get("/fund")
    assert f"/fund/payments/{payment}" in browser.page
    assert str(request) not in browser.page


def test_a_monitor_sees_what_waits_for_them_and_no_line(app: Flask) -> None:
    with inside(app):
        fund.line()
    browser = Browser(app, "monitor")
    browser.get("/fund")
    assert "Nothing waits for you" in browser.text
    assert "What is left" not in browser.text


def test_money_beyond_its_commitment_stands_on_the_first_page(app: Flask) -> None:
    with inside(app):
        fund.release(fund.prepared(fund.committed(100_00)), 130_00)
    browser = Browser(app, "fund")
    browser.get("/fund")
    assert re.search(r"30\.00 USD left line .* beyond its commitments", browser.text)


# Donors, grants, lines ---------------------------------------------------------------------------


def test_a_donor_a_grant_and_a_line_are_added_and_shown_with_their_figures(app: Flask) -> None:
    browser = Browser(app, "fund")
    browser.get("/fund/donors/new")
    added = browser.post("/fund/donors/new", {"code": "D1", "name": "Sample Foundation"})
    assert added.status_code == 303
    browser.get(added.location)
    sent = {**GRANT, "areas": ["fundamental_freedoms"], "request_most": "300"}
    made = browser.post(added.location, sent)
    assert made.status_code == 303
    line = {"code": "L1", "title": "Family support", "amount": "600"}
    assert browser.post(f"{made.location}/lines/new", line).status_code == 303
    browser.get(made.location)
    assert "Sample Foundation" in browser.text
    assert "Spent 0.00 USD Committed 0.00 USD Left 600.00 USD" in browser.text
    assert "400.00 USD of the grant is on no line yet" in browser.text
    assert "at most 300.00 USD" in browser.text
    assert "Fundamental freedoms" in browser.text


def test_a_page_about_a_grant_has_no_name_in_its_title(app: Flask) -> None:
    browser, uid = Browser(app, "fund"), _grant(app)
    browser.get(f"/fund/grants/{uid}")
    title = re.search(r"<title>(.*?)</title>", browser.page)
    assert title
    assert re.fullmatch(r"Grant D-\w+ · Daybook", title[1])


NO_GRANT = (
    ({"total": "-5"}, "The amount must be more than 0."),
    ({"total": "0"}, "The amount must be more than 0."),
    ({"total": "10.5555"}, "Write at most 2 decimals."),
    ({"ends_on": "31 December 2025"}, "The end comes after the beginning."),
    ({"starts_on": "some day"}, "Write one day"),
    ({"code": "a b c"}, "Write a code of 1 to 12 letters, digits and hyphens."),
    ({"currency": "XXX"}, "Choose a currency of the list."),
)


def test_a_grant_that_does_not_hold_is_refused_with_all_that_was_typed(app: Flask) -> None:
    with inside(app):
        fund.grant()
        donor = session().scalars(select(Donor.uid)).one()
    browser = Browser(app, "fund")
    for changed, sentence in NO_GRANT:
        browser.get(f"/fund/donors/{donor}/grants/new")
        sent = {**GRANT, "reference": "Kept words", **changed}
        answer = browser.post(f"/fund/donors/{donor}/grants/new", sent)
        assert answer.status_code == 422, changed
        assert sentence in browser.text
        assert 'value="Kept words"' in browser.page


def test_lines_never_come_to_more_than_their_grant(app: Flask) -> None:
    browser, uid = Browser(app, "fund"), _grant(app)
    line = {"code": "L1", "title": "Rent", "amount": "1,000.01"}
    assert browser.post(f"/fund/grants/{uid}/lines/new", line).status_code == 422
    assert "The lines come to more than the grant." in browser.text


def test_a_line_sent_twice_is_added_once(app: Flask) -> None:
    browser, uid = Browser(app, "fund"), _grant(app)
    browser.get(f"/fund/grants/{uid}/lines/new")
    found = FIELD.search(browser.page)
    assert found
    line = {"code": "L1", "title": "Rent", "amount": "100", "submission_id": found[1]}
    answers = [browser.post(f"/fund/grants/{uid}/lines/new", line) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    browser.get(f"/fund/grants/{uid}")
    assert "Budget lines 1 " in browser.text


def test_whoever_saves_a_grant_second_sees_what_the_first_saved(app: Flask) -> None:
    browser, uid = Browser(app, "fund"), _grant(app)
    browser.get(f"/fund/grants/{uid}/edit")
    version = re.search(r'name="version"[^>]*value="(\d+)"', browser.page)
    assert version
    sent = {**GRANT, "version": version[1]}
    first = {**sent, "reference": "Of the first"}
    assert browser.post(f"/fund/grants/{uid}/edit", first).status_code == 303
    second = {**sent, "reference": "Of the second"}
    assert browser.post(f"/fund/grants/{uid}/edit", second).status_code == 409
    assert "Of the first" in browser.text
    assert 'value="Of the second"' in browser.page


def test_a_grant_is_suspended_and_used_again(app: Flask) -> None:
    browser, uid = Browser(app, "fund"), _grant(app)
    assert browser.post(f"/fund/grants/{uid}/suspend", {"version": "1"}).status_code == 303
    assert _state(app, uid) == "suspended"
    assert browser.post(f"/fund/grants/{uid}/use", {"version": "1"}).status_code == 409
    assert browser.post(f"/fund/grants/{uid}/use", {"version": "2"}).status_code == 303
    assert _state(app, uid) == "active"


def test_finance_reads_a_grant_and_changes_none(app: Flask) -> None:
    browser, uid = Browser(app, "finance"), _grant(app)
    assert browser.get(f"/fund/grants/{uid}").status_code == 200
    assert "Suspend the grant" not in browser.text
    assert browser.get(f"/fund/grants/{uid}/edit").status_code == 404
    assert browser.post(f"/fund/grants/{uid}/suspend", {"version": "1"}).status_code == 404
    assert _state(app, uid) == "active"


# Payments ----------------------------------------------------------------------------------------


def test_finance_sees_code_amount_line_and_method_and_nothing_of_the_case(app: Flask) -> None:
    payment, request = _prepared(app)
    browser = Browser(app, "finance")
    browser.get("/fund/payments")
    listed = browser.text
    browser.get(f"/fund/payments/{payment}")
    assert "100.00 USD" in listed
    assert "Mobile money" in browser.text
    for secret in (*SECRETS, str(request), "PNH-"):
        assert secret not in listed + browser.text


def test_how_somebody_is_paid_is_shown_to_who_releases_once_and_that_is_kept(app: Flask) -> None:
    payment, _ = _prepared(app)
    browser = Browser(app, "finance")
    shown = browser.post(f"/fund/payments/{payment}/reveal")
    assert (shown.status_code, "Wing 097" in browser.text) == (200, True)
    browser.get(f"/fund/payments/{payment}")
    assert "Wing 097" not in browser.text
    with inside(app):
        acts = set(session().scalars(select(AuditEntry.action)))
        opened = set(session().scalars(select(Opening.action)))
    assert "fund.reveal" in acts
    assert "fund.reveal" in opened


def test_nobody_is_shown_how_to_pay_what_a_colleague_refused_to_ratify(app: Flask) -> None:
    def refused() -> UUID:
        request = commit(released())
        prepared = fund.prepared(request)
        ratify(request, "national", ratified=False)
        return prepared.uid

    payment, browser = in_unit(app, refused), Browser(app, "finance")
    browser.get(f"/fund/payments/{payment}")
    assert "was not ratified: nothing more is paid." in browser.text
    assert "Show how to pay" not in browser.text
    assert browser.post(f"/fund/payments/{payment}/reveal").status_code == 409


def test_the_fund_officer_sees_a_payment_and_neither_details_nor_release(app: Flask) -> None:
    payment, _ = _prepared(app)
    browser = Browser(app, "fund")
    assert browser.get(f"/fund/payments/{payment}").status_code == 200
    assert "Show how to pay" not in browser.text
    assert browser.post(f"/fund/payments/{payment}/reveal").status_code == 403
    assert "Wing 097" not in browser.text
    sent = {"version": "1", "paid_on": "today", "proof": "4711"}
    assert browser.post(f"/fund/payments/{payment}/release", sent).status_code == 403
    assert _status(app, payment) == PaymentStatus.PREPARED


NO_RELEASE = (
    ({"proof": ""}, "Fill this in."),
    ({"paid_on": "1 December 2099"}, "This day lies in the future."),
    ({"paid_on": "soon"}, "Write one day"),
    ({"amount": "-3"}, "The amount must be more than 0."),
)


def test_a_release_that_does_not_hold_is_refused_and_nothing_is_paid(app: Flask) -> None:
    payment, _ = _prepared(app)
    browser = Browser(app, "finance")
    for changed, sentence in NO_RELEASE:
        sent = {"version": "1", "paid_on": "today", "proof": "No. 4711", **changed}
        assert browser.post(f"/fund/payments/{payment}/release", sent).status_code == 422, changed
        assert sentence in browser.text
        assert _status(app, payment) == PaymentStatus.PREPARED


def test_without_a_rate_of_that_day_nothing_is_released_and_what_was_typed_stays(
    app: Flask,
) -> None:
    with inside(app):
        fund.rate(4_000)
        parts = (InstalmentDraft(fund.today(), 240_000_00, "KHR"),)
        payment = fund.prepared(fund.committed(60_00, instalments=parts)).uid
    browser = Browser(app, "finance")
    browser.get(f"/fund/payments/{payment}")
    assert "1 USD is 4,000 KHR" in browser.text
    sent = {"version": "1", "paid_on": "1 January 2026", "proof": "No. 4711"}
    sent["day_reason"] = "He could not wait."
    assert browser.post(f"/fund/payments/{payment}/release", sent).status_code == 409
    assert "record one first" in browser.text
    assert 'value="No. 4711"' in browser.page
    rate = {"base": "USD", "quote": "KHR", "rate": "4,800", "day": "1 January 2026"}
    proved = {**rate, "source": "NBC", "bank_line": "Line 1"}
    assert browser.post("/fund/rates/bank", proved).status_code == 303
    assert browser.post(f"/fund/payments/{payment}/release", sent).status_code == 303
    browser.get(f"/fund/payments/{payment}")
    assert "Takes from the line 50.00 USD" in browser.text


def test_a_payment_that_somebody_dropped_meanwhile_is_not_released(app: Flask) -> None:
    payment, _ = _prepared(app)
    dropped = Browser(app, "fund").post(f"/fund/payments/{payment}/drop", {"version": "1"})
    assert dropped.status_code == 303
    browser = Browser(app, "finance")
    sent = {"version": "1", "paid_on": "today", "proof": "4711"}
    assert browser.post(f"/fund/payments/{payment}/release", sent).status_code == 409
    assert _status(app, payment) == PaymentStatus.CANCELLED


def test_the_other_offices_finance_finds_no_payment(app: Flask) -> None:
    payment, _ = _prepared(app)
    assert Browser(app, "auditor").get(f"/fund/payments/{payment}").status_code == 404
    assert Browser(app, "monitor").get(f"/fund/payments/{payment}").status_code == 404


# Cash ----------------------------------------------------------------------------------


def test_cash_in_a_colleagues_hands_is_seen_by_finance_and_by_who_carries_it(app: Flask) -> None:
    with inside(app):
        carrier = make.user("colleague").uid
        fund.paid(100_00, method="cash", carrier_colleague=carrier)
    told = {}
    for who in ("finance", "colleague", "monitor"):
        browser = Browser(app, who)
        browser.get("/fund/advances")
        told[who] = "100.00 USD" in browser.text
    assert told == {"finance": True, "colleague": True, "monitor": False}


def _grant(app: Flask) -> UUID:
    with inside(app):
        return fund.grant(1_000_00).uid


def _state(app: Flask, uid: UUID) -> str:
    with inside(app):
        return session().scalars(select(DonorGrant.state).where(DonorGrant.uid == uid)).one()


def _prepared(app: Flask) -> tuple[UUID, UUID]:
    """Prepare a payment; return its uid and its request's."""
    with inside(app):
        request = fund.committed(100_00)
        return fund.prepared(request).uid, request.uid


def _status(app: Flask, uid: UUID) -> str:
    with inside(app):
        return session().scalars(select(Payment.status).where(Payment.uid == uid)).one()
