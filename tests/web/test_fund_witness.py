"""The page on which whoever is named as having seen a reversal says whether they did."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import User, UserState
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.fund.model import Payment, SupportRequest, Transaction, Voucher
from tests import fund, make
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
WRONG = Transaction.booking == "payment"
BEFORE = "Nothing is prepared again before."


def _said(app: Flask, kind: str = "never_left") -> UUID:
    """Let finance write on the page why a payment is reversed; return what the director opens."""
    with inside(app):
        fund.paid(150_00)
        query = select(Transaction.uid).where(Transaction.booking == "payment")
        entry, director = session().scalars(query).one(), make.user("director").uid
    finance = Browser(app, "finance")
    page = f"/fund/ledger/{entry}/reverse"
    finance.get(page)
    sent = {"kind": kind, "reason": "The bank refused it.", "seen_by": director.hex}
    made = finance.post(page, sent)
    assert made.status_code == 303
    finance.get(made.location)
    assert ("It counts once the colleague says so, too." in finance.text) == (kind == "never_left")
    with inside(app):
        return session().scalars(select(Voucher.uid).where(Voucher.kind.is_not(None))).one()


def _look(app: Flask, who: str, path: str) -> str:
    browser = Browser(app, who)
    browser.get(path)
    return browser.text


def test_a_director_finds_on_the_first_page_what_they_are_asked_and_answers_it(app: Flask) -> None:
    uid = _said(app)
    page = f"/fund/reversals/{uid}"
    browser = Browser(app, "director")
    browser.get("/")
    assert browser.page.count(f'href="{page}"') == 1
    assert browser.text.count("A colleague wrote that you saw") == 1
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


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ("", "Director has not said yet whether they saw it"),
        ("yes", "Director saw it, too"),
        ("no", "Director did not see it"),
    ],
)
def test_the_page_of_the_request_says_whether_the_witness_saw_what_was_reversed(
    app: Flask, seen: str, said: str
) -> None:
    uid = _said(app, kind="mistyped")
    if seen:
        Browser(app, "director").post(f"/fund/reversals/{uid}", {"version": "1", "seen": seen})
    with inside(app):
        request = session().scalars(select(SupportRequest.uid)).one()
    assert said in _look(app, "director", f"/fund/requests/{request}")


def test_what_was_written_anew_meanwhile_is_shown_again(app: Flask) -> None:
    uid = _said(app)
    browser = Browser(app, "director")
    answer = browser.post(f"/fund/reversals/{uid}", {"version": "7", "seen": "yes"})
    assert answer.status_code == 409
    assert "The bank refused it." in browser.text


def test_finance_asks_another_colleague_who_reads_the_no_before_they_answer(app: Flask) -> None:
    uid = _said(app)
    Browser(app, "director").post(f"/fund/reversals/{uid}", {"version": "1", "seen": "no"})
    with inside(app):
        entry = session().scalars(select(Transaction.uid).where(WRONG)).one()
        payment, national = session().scalars(select(Payment.uid)).one(), make.user("national").uid
    finance = Browser(app, "finance")
    finance.get(f"/fund/ledger/{entry}")
    ask = f"/fund/reversals/{entry}/ask"
    assert f'href="{ask}"' in finance.page
    finance.get(ask)
    assert "Did not see it Director" in finance.text
    assert finance.post(ask, {}).status_code == 422
    assert finance.post(ask, {"seen_by": national.hex}).status_code == 303
    with inside(app):
        second = session().scalars(select(Voucher.uid).where(Voucher.stands())).one()
    for who, path in (
        ("national", f"/fund/reversals/{second}"),
        ("finance", f"/fund/payments/{payment}"),
        ("fund", f"/fund/payments/{payment}"),
        ("finance", f"/fund/ledger/{entry}"),
        ("auditor", f"/fund/ledger/{entry}"),
    ):
        assert "by Finance: Director, who did not see it." in _look(app, who, path), path
    assert "It was written then" not in _look(app, "finance", f"/fund/ledger/{entry}")


def test_a_witness_who_does_not_answer_stands_on_the_first_page_of_finance(app: Flask) -> None:
    _said(app)
    waits = "Nobody has confirmed the reversal of an entry of the books"
    assert waits not in _look(app, "finance", "/")
    with (
        inside(app),
        authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()),
    ):
        make.user("director").state = UserState.LOCKED
    assert waits in _look(app, "finance", "/")
    assert waits not in _look(app, "fund", "/")


def test_where_no_colleague_can_confirm_a_reversal_its_pages_say_what_helps(app: Flask) -> None:
    _said(app)
    nobody = "No colleague can confirm it."
    with inside(app):
        entry = session().scalars(select(Transaction.uid).where(WRONG)).one()
    pages = f"/fund/reversals/{entry}/ask", f"/fund/ledger/{entry}/reverse"
    assert [nobody in _look(app, "finance", page) for page in pages] == [False, False]
    with (
        inside(app),
        authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()),
    ):
        for user in session().scalars(select(User).where(User.login != "finance")):
            user.state = UserState.LOCKED
    assert [nobody in _look(app, "finance", page) for page in pages] == [True, True]
