"""The pages on which an account is returned, and money that came back is confirmed."""

import pytest
from flask import Flask

from hrdtracker.fund.budget.commitments import payments_of
from hrdtracker.fund.drafts.money import AcquittalDraft
from hrdtracker.fund.payments import acquittals
from tests import fund, make
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")


AGAIN = {
    "version": "2", "spent": "70", "returned": "30", "document": "transfer_slip",
    "reference": "No. 2", "dated": "today",
}  # fmt: skip


def test_an_account_is_returned_and_recorded_anew(app: Flask) -> None:
    page, paid = _accounted(app)
    officer, monitor = Browser(app, "fund"), Browser(app, "monitor")
    officer.get(f"{page}/review")
    assert f"{paid}/return-account" in officer.page
    sent = {"version": "1", "reason": "Which slip?"}
    assert officer.post(f"{paid}/return-account", {**sent, "reason": ""}).status_code == 422
    assert officer.post(f"{paid}/return-account", sent).status_code == 303
    assert officer.post(f"{page}/review", {"version": "1"}).status_code == 409
    for login in ("fund", "finance"):
        reader = Browser(app, login)
        reader.get(paid)
        assert "The account was returned: it waits for whoever recorded it." in reader.text
        assert ("See it in the books" in reader.text) == (login == "finance"), login
    monitor.get("/")
    assert f"{page}/account" in monitor.page
    monitor.get(f"{page}/account")
    assert "It was returned to you: Which slip?" in monitor.text
    assert monitor.post(f"{page}/account", {**AGAIN, "version": "1"}).status_code == 409
    assert monitor.post(f"{page}/account", AGAIN).status_code == 303
    assert officer.post(f"{page}/review", {"version": "3"}).status_code == 303


def test_finance_confirms_with_the_line_of_the_bank_that_money_is_back(app: Flask) -> None:
    page, paid = _accounted(app)
    officer, finance = Browser(app, "fund"), Browser(app, "finance")
    assert officer.post(f"{page}/review", {"version": "1"}).status_code == 303
    finance.get("/")
    assert paid in finance.page
    finance.get(paid)
    assert "The account says that 30.00 USD came back." in finance.text
    told = {"version": "2", "on": "today", "proof": "Line 7"}
    assert finance.post(f"{paid}/back", {**told, "proof": ""}).status_code == 422
    assert finance.post(f"{paid}/back", {**told, "version": "1"}).status_code == 409
    assert finance.post(f"{paid}/back", told).status_code == 303
    finance.get(paid)
    assert "30.00 USD is back since" in finance.text
    assert finance.get(f"{paid}/back").status_code == 409


def _accounted(app: Flask) -> tuple[str, str]:
    """Account for a payment of which a part came back; return its two addresses."""
    with inside(app):
        request = fund.paid()
        (payment,) = payments_of(request)
        slip = AcquittalDraft(70_00, 30_00, "transfer_slip", "No. 1", fund.today())
        acquittals.acquit(make.actor("monitor"), fund.receive(payment), slip, 0)
        page = f"/fund/requests/{request.uid}/payments/{payment.uid}"
        return page, f"/fund/payments/{payment.uid}"
