"""The page on which whoever is named as having seen a reversal says whether they did."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.fund.model import Payment, SupportRequest, Transaction, Voucher
from tests import fund, make
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
BEFORE = "Nothing is prepared again before."


def _said(app: Flask) -> UUID:
    """Let finance write on the page that a payment never left; return what the director opens."""
    with inside(app):
        fund.paid(150_00)
        query = select(Transaction.uid).where(Transaction.booking == "payment")
        entry, director = session().scalars(query).one(), make.user("director").uid
    finance = Browser(app, "finance")
    page = f"/fund/ledger/{entry}/reverse"
    finance.get(page)
    sent = {"kind": "never_left", "reason": "The bank refused it.", "seen_by": director.hex}
    made = finance.post(page, sent)
    assert made.status_code == 303
    finance.get(made.location)
    assert "It counts once the colleague says so, too." in finance.text
    with inside(app):
        return session().scalars(select(Voucher.uid)).one()


def _look(app: Flask, who: str, path: str) -> str:
    browser = Browser(app, who)
    browser.get(path)
    return browser.text


def test_a_director_finds_on_the_first_page_what_they_are_asked_and_answers_it(app: Flask) -> None:
    uid = _said(app)
    page = f"/fund/reversals/{uid}"
    browser = Browser(app, "director")
    browser.get("/")
    assert f'href="{page}"' in browser.page
    browser.get(page)
    assert "150.00 USD" in browser.text
    assert "The bank refused it." in browser.text
    assert browser.post(page, {"version": "1"}).status_code == 422
    assert browser.post(page, {"version": "1", "seen": "yes"}).status_code == 303
    browser.get(page)
    assert "You said that you saw it." in browser.text
    with inside(app):
        assert session().scalars(select(SupportRequest.status)).one() == "committed"


def test_the_page_of_the_payment_says_that_it_waits_for_the_witness(app: Flask) -> None:
    uid = _said(app)
    with inside(app):
        payment = session().scalars(select(Payment.uid)).one()
    path = f"/fund/payments/{payment}"
    assert BEFORE in _look(app, "finance", path)
    Browser(app, "director").post(f"/fund/reversals/{uid}", {"version": "1", "seen": "no"})
    after = _look(app, "finance", path)
    assert "Did not see it Director" in after
    assert BEFORE not in after
    assert "It counts for nothing" in after
    assert "A colleague did not see what a reversal" in _look(app, "auditor", "/")


def test_what_was_written_anew_meanwhile_is_shown_again(app: Flask) -> None:
    uid = _said(app)
    browser = Browser(app, "director")
    answer = browser.post(f"/fund/reversals/{uid}", {"version": "7", "seen": "yes"})
    assert answer.status_code == 409
    assert "The bank refused it." in browser.text
