"""The pages about the fund's books and its reports."""

import csv
import io
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.audit.model import AuditEntry
from hrdtracker.core.db import session
from hrdtracker.core.money import Rate
from hrdtracker.core.safe_export import as_workbook
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import RateDraft
from hrdtracker.fund.drafts.requests import InstalmentDraft
from hrdtracker.fund.model import DonorGrant, Posting, SupportRequest, Transaction
from hrdtracker.fund.reading import oversight
from hrdtracker.fund.rules import rates
from hrdtracker.intake.workbook import open_workbook
from tests import fund, make
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
SECRETS = ("Demo A", "Demo B", "Wing 097", "Rent for two months", fund.WHY)


# The books ---------------------------------------------------------------------------------------


def test_an_auditor_follows_a_payment_to_its_postings_without_meeting_anybody(app: Flask) -> None:
    uid, code = _paid(app)
    browser = Browser(app, "auditor")
    browser.get("/fund/ledger")
    listed = browser.text
    assert f"/fund/ledger/{uid}" in browser.page
    browser.get(f"/fund/ledger/{uid}")
    assert code in browser.text
    assert "Postings 4" in browser.text
    assert "150.00 USD" in browser.text
    for path in ("/fund/ledger/decisions", "/fund/ledger/duties", "/fund/ledger/balances"):
        browser.get(path)
        assert (code in browser.text) == (path != "/fund/ledger/balances")
        listed += browser.text
    for secret in (*SECRETS, "PNH-"):
        assert secret not in listed


def test_decisions_and_duties_say_who_by_what_colleagues_call_them(app: Flask) -> None:
    _paid(app)
    browser = Browser(app, "auditor")
    browser.get("/fund/ledger/duties")
    assert "Monitor Director Fund Fund Finance Paid" in browser.text
    browser.get("/fund/ledger/decisions")
    assert "Approved, As fund officer Fund" in browser.text


def test_from_asking_to_reviewing_the_duties_of_a_request_are_in_different_hands(
    app: Flask,
) -> None:
    with inside(app):
        fund.closed(600_00)
        (held,) = oversight.duties(make.actor("auditor")).holders
    assert (held.asked, held.verified) == (["Monitor"], ["Director"])
    assert held.approved == ["Fund", "National"]
    assert (held.prepared, held.released, held.confirmed) == (["Fund"], ["Finance"], ["Director"])
    assert (held.accounted, held.reviewed) == (["Monitor"], ["Fund"])


def test_who_verified_a_request_stands_there_when_it_is_refused(app: Flask) -> None:
    with inside(app):
        request = fund.recommended()
        fund.no_tie(request, "fund")
        decisions.refuse(make.actor("fund"), request, fund.WHY, request.version)
        (held,) = oversight.duties(make.actor("auditor")).holders
    assert (held.status, held.verified, held.approved) == ("refused", ["Director"], [])


def test_what_each_account_holds_comes_to_the_same_on_both_sides_in_every_currency(
    app: Flask,
) -> None:
    with inside(app):
        fund.rate()
        riel = InstalmentDraft(fund.today(), 246_000_00, "KHR")
        fund.paid(60_00, instalments=(riel,), on=fund.line(600_00))
    browser = Browser(app, "auditor")
    browser.get("/fund/ledger/balances")
    assert "Balances in KHR Account Debit Credit Bank 246,000 KHR" in browser.text
    assert "Exchange difference 246,000 KHR Sum 246,000 KHR 246,000 KHR" in browser.text
    assert "Spent 60.00 USD" in browser.text
    browser.get("/fund/ledger?account=bank&currency=KHR")
    assert "1 entry" in browser.text


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("to=2025", False),
        ("to=nonsense", True),
        ("grant=nonsense", True),
        ("grant=00000000000000000000000000000000", True),
        ("to=2099", True),
    ],
)
def test_balances_are_those_of_a_day(app: Flask, asked: str, held: bool) -> None:  # noqa: FBT001
    _paid(app)
    browser = Browser(app, "auditor")
    assert browser.get(f"/fund/ledger/balances?{asked}").status_code == 200
    assert ("Sum" in browser.text) == held


def test_balances_are_those_of_a_grant(app: Flask) -> None:
    _paid(app)
    with inside(app):
        unspent = session().get_one(DonorGrant, fund.line(code="OTHER").grant_id)
        uid, code = unspent.uid.hex, unspent.code
    browser = Browser(app, "auditor")
    browser.get(f"/fund/ledger/balances?grant={uid}")
    assert "Budget" in browser.text
    assert "Bank" not in browser.text
    assert "Filters 1" in browser.text
    assert code in browser.text


FILTERS: tuple[tuple[str, set[str]], ...] = (
    ("account=bank", {"Payment"}),
    ("booking=commitment", {"Commitment"}),
    ("currency=EUR", set()),
    ("from=1+January+2099", set()),
    ("to=2025", set()),
    ("request=F-0", set()),
    ("account=nonsense&grant=nonsense&from=nonsense", {"Budget", "Commitment", "Payment"}),
)


def test_the_books_are_filtered(app: Flask) -> None:
    _paid(app)
    browser = Browser(app, "auditor")
    for filters, shown in FILTERS:
        browser.get(f"/fund/ledger?{filters}")
        body = browser.page.partition("<tbody")[2]
        found = {word for word in ("Budget", "Commitment", "Payment") if f">{word}<" in body}
        assert found == shown, filters


def test_the_books_as_a_file_hold_every_posting_and_that_it_was_taken_is_kept(app: Flask) -> None:
    _, code = _paid(app)
    browser = Browser(app, "auditor")
    rows = _rows(browser, "/fund/ledger/export", {"account": "bank"})
    assert [row["Account"] for row in rows] == ["Budget line", "Commitments", "Spent", "Bank"]
    assert [row["Debit"] for row in rows] == ["150.00", "", "150.00", ""]
    assert {row["Request"] for row in rows} == {code}
    assert _taken(app) == ["fund.export"]


def test_no_cell_of_a_file_is_a_formula(app: Flask) -> None:
    with inside(app):
        fund.rate(4100)
        draft = RateDraft(Rate("USD", "KHR", 4100, 1), fund.today(), "=1+1", "=1+1")
        rates.record_rate(make.actor("finance"), make.organisation(), draft)
        fund.paid(60_00, instalments=(InstalmentDraft(fund.today(), 246_000_00, "KHR"),))
    rows = _rows(Browser(app, "auditor"), "/fund/ledger/export", {})
    assert {row["Source"] for row in rows} == {"", "'=1+1"}


def test_finance_books_what_came_and_reverses_it(app: Flask) -> None:
    with inside(app):
        grant = fund.grant().uid
    browser = Browser(app, "finance")
    sent = {"booking": "income", "amount": "500", "currency": "USD", "on": "today"}
    assert browser.post("/fund/ledger/book", sent).status_code == 422
    assert "Choose the grant that it belongs to." in browser.text
    made = browser.post("/fund/ledger/book", {**sent, "grant": grant.hex})
    assert made.status_code == 303
    page = f"{made.location}/reverse"
    assert browser.post(page, _why(app)).status_code == 303
    assert browser.post(page, _why(app)).status_code == 409
    assert browser.post(page, {**_why(app), "reason": ""}).status_code == 422
    with inside(app):
        bank = session().scalars(select(Posting.amount).where(Posting.account == "bank")).all()
    assert sorted(bank) == [-500_00, 500_00]


def test_an_auditor_reads_and_never_writes_in_the_books(app: Flask) -> None:
    uid, _ = _paid(app)
    browser = Browser(app, "auditor")
    browser.get(f"/fund/ledger/{uid}")
    assert "Reverse the entry" not in browser.text
    sent = {"booking": "fee", "amount": "5", "currency": "USD", "on": "today"}
    answers = [
        browser.post(f"/fund/ledger/{uid}/reverse"),
        browser.post("/fund/ledger/book", sent),
        browser.post("/fund/ledger/close", {"until": "2026-10-31"}),
    ]
    assert {answer.status_code for answer in answers} == {403}


def test_a_transfer_that_came_back_is_reversed_and_can_be_paid_anew(app: Flask) -> None:
    uid, code = _paid(app)
    browser = Browser(app, "finance")
    browser.get(f"/fund/ledger/{uid}")
    page = f"/fund/ledger/{uid}/reverse"
    browser.get(page)
    assert "As long as it is not back, leave the entry as it is." in browser.text
    sent = {**_why(app), "kind": "came_back", "back_on": "today"}
    assert browser.post(page, sent).status_code == 422
    assert "Booked twice." in browser.text
    made = browser.post(page, {**sent, "proof": "Line 12"})
    assert made.status_code == 303
    browser.get(made.location)
    assert "The money came back" in browser.text
    browser.get(f"/fund/ledger?request={code}")
    assert "Reversal" in browser.text
    with inside(app):
        request = session().scalars(select(SupportRequest.uid)).one()
    officer = Browser(app, "fund")
    officer.get(f"/fund/requests/{request}")
    assert "The money came back: Booked twice." in officer.text
    assert "Prepare the payment" not in officer.text
    browser.get("/fund")
    assert code not in browser.text


def test_in_a_closed_month_nothing_is_booked(app: Flask) -> None:
    with inside(app):
        now = fund.today()
    browser = Browser(app, "finance")
    last = now.replace(day=1) - timedelta(days=1)
    sent = {"booking": "fee", "amount": "5", "currency": "USD", "on": last.isoformat()}
    assert browser.post("/fund/ledger/book", sent).status_code == 303
    browser.get("/fund/ledger/close")
    assert last.isoformat() in browser.page
    assert browser.post("/fund/ledger/close", {"until": now.isoformat()}).status_code == 422
    assert browser.post("/fund/ledger/close", {"until": last.isoformat()}).status_code == 303
    assert browser.post("/fund/ledger/book", sent).status_code == 409
    assert "The books of that month are closed" in browser.text
    assert 'value="5"' in browser.page


# Files ------------------------------------------------------------------------------------------


def test_a_workbook_says_what_would_be_a_formula() -> None:
    rows = _cells(as_workbook(["What"], [["=1+1"], [" @x"], [-5], [None]]))
    assert [row[0] for row in rows[:4]] == ["What", "'=1+1", "' @x", "-5"]


def _cells(workbook: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(open_workbook(workbook).text, newline="")))


def _paid(app: Flask) -> tuple[UUID, str]:
    """Pay a request; return the uid of the transaction and the code of the request."""
    with inside(app):
        code = fund.paid(150_00).code
        query = select(Transaction.uid).where(Transaction.booking == "payment")
        return session().scalars(query).one(), code


def _taken(app: Flask) -> list[str]:
    """Return what the trail keeps of somebody taking something along."""
    with inside(app):
        query = select(AuditEntry.action).where(AuditEntry.action == "fund.export")
        return list(session().scalars(query))


def _rows(browser: Browser, path: str, sent: dict[str, str]) -> list[dict[str, str]]:
    """Return the rows of a sheet that a page hands out."""
    answer = browser.post(path, sent)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def _why(app: Flask) -> dict[str, str]:
    with inside(app):
        return {"reason": "Booked twice.", "seen_by": make.user("auditor").uid.hex}
