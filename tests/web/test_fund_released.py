"""The page of a payment, as finance says on it that the money left."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.core.money import Money
from hrdtracker.fund.model import Payment, PaymentStatus, SupportRequest, Transaction
from hrdtracker.web.words.amounts import money_in_words
from tests import fund
from tests.web.admin_pages import inside
from tests.web.browse import Browser

pytestmark = pytest.mark.engines("sqlite")
LEFT = Transaction.booking == "payment"


def test_two_clicks_release_a_payment_once(app: Flask) -> None:
    payment = _prepared(app)
    browser = Browser(app, "finance")
    sent = {"version": "1", "paid_on": "today", "proof": "4711"}
    answers = [browser.post(f"/fund/payments/{payment}/release", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with inside(app):
        query = select(Transaction.id).where(Transaction.booking == "payment")
        assert len(session().scalars(query).all()) == 1
    assert _status(app, payment) == PaymentStatus.PAID


def test_another_number_of_the_transfer_from_a_second_tab_is_a_conflict_and_stays_on_the_page(
    app: Flask,
) -> None:
    payment = _prepared(app)
    browser = Browser(app, "finance")
    sent = {"version": "1", "paid_on": "today", "proof": "No. 4711"}
    assert browser.post(f"/fund/payments/{payment}/release", sent).status_code == 303
    for other in ({"proof": "No. 4712"}, {"amount": "99"}, {"paid_on": "yesterday"}):
        answer = browser.post(f"/fund/payments/{payment}/release", {**sent, **other})
        assert answer.status_code == 409, other
        assert "You have recorded already that this payment left" in browser.text
        assert "What you sent now" in browser.text
        assert next(iter(other.values())) in browser.text
        assert "Recorded: it left." not in browser.text
    browser.get(f"/fund/payments/{payment}")
    assert "What shows that it left No. 4711" in browser.text


def test_a_zero_too_many_is_said_in_words_and_typed_again_before_it_is_booked(app: Flask) -> None:
    payment = _prepared(app)
    browser = Browser(app, "finance")
    sent = {"version": "1", "paid_on": "today", "proof": "No. 4711", "amount": "1,000"}
    asked = "This is 1,000.00 USD: one thousand US dollars. 100.00 USD was prepared."
    for again in ({}, {"again": "100"}, {"again": "10000"}):
        answer = browser.post(f"/fund/payments/{payment}/release", {**sent, **again})
        assert (answer.status_code, asked in browser.text) == (422, True), again
        assert ("This is not what you typed above." in browser.text) == bool(again), again
        assert 'value="No. 4711"' in browser.page
        assert 'value="1,000"' in browser.page
        assert _status(app, payment) == PaymentStatus.PREPARED
    browser.post(f"/fund/payments/{payment}/release", {**sent, "again": "1000.00"})
    browser.get(f"/fund/payments/{payment}")
    assert "More left than was promised: that waits for a decision." in browser.text
    assert "900.00 USD of it is over the commitment" in browser.text
    for login in ("fund", "finance"):
        officer = Browser(app, login)
        officer.get("/")
        assert "More money left than was promised" in officer.text, login


def test_what_is_less_than_was_prepared_says_what_becomes_of_the_rest(app: Flask) -> None:
    payment = _prepared(app)
    browser = Browser(app, "finance")
    sent = {"version": "1", "paid_on": "today", "proof": "No. 4711", "amount": "80"}
    assert browser.post(f"/fund/payments/{payment}/release", sent).status_code == 303
    browser.get(f"/fund/payments/{payment}")
    assert "20.00 USD less than was prepared stays promised" in browser.text
    assert "Prepared 100.00 USD" in browser.text


@pytest.mark.parametrize(
    ("day", "question"),
    [
        ("yesterday", "The request was sent only after that day, and its grant does not pay"),
        ("1 January 2026", "The request was sent only after that day, and its grant does not pay"),
    ],
)
def test_a_payment_that_is_dated_before_its_request_is_asked_about(
    app: Flask, day: str, question: str
) -> None:
    payment = _prepared(app)
    browser = Browser(app, "finance")
    sent = {"version": "1", "paid_on": day, "proof": "No. 4711"}
    assert browser.post(f"/fund/payments/{payment}/release", sent).status_code == 422
    assert question in browser.text
    sent["day_reason"] = "The clinic was paid the night before."
    assert browser.post(f"/fund/payments/{payment}/release", sent).status_code == 303
    browser.get(f"/fund/payments/{payment}")
    assert "Why on that day The clinic was paid the night before." in browser.text


@pytest.mark.parametrize(
    ("money", "words"),
    [
        (Money(1_500_50, "USD"), "one thousand five hundred US dollars and fifty hundredths"),
        (Money(5_123, "KWD"), "five Kuwaiti dinars and one hundred twenty-three thousandths"),
        (Money(500, "JPY"), "five hundred Japanese yen"),
    ],
)
def test_an_amount_is_said_in_words_with_the_parts_of_its_currency(
    app: Flask, money: Money, words: str
) -> None:
    with app.test_client() as client:
        client.get("/sign-in")
        assert money_in_words(money) == words


def test_what_left_and_was_recorded_wrongly_is_recorded_anew_and_nobody_is_told_to_pay(
    app: Flask,
) -> None:
    with inside(app):
        payment = fund.release(fund.prepared(fund.committed(100_00)), 1_000_00)
        fund.take_back(session().scalars(select(Transaction).where(LEFT)).one())
        uid = payment.uid
    browser = Browser(app, "finance")
    browser.get(f"/fund/payments/{uid}")
    assert "Do not pay it again: record here what left." in browser.text
    assert "Record what left You record it as it was" in browser.text
    assert "You pay first" not in browser.text


def _prepared(app: Flask) -> UUID:
    with inside(app):
        return fund.prepared(fund.committed(100_00)).uid


def _status(app: Flask, uid: UUID) -> str:
    with inside(app):
        return session().scalars(select(Payment.status).where(Payment.uid == uid)).one()


def test_whom_the_board_named_covers_what_only_the_board_decides_from_their_first_page(
    app: Flask,
) -> None:
    with inside(app):
        fund.set_up()
        line = fund.line(50_000_00)
        payment = fund.release(fund.prepared(fund.committed(100_00, line)), 9_000_00)
        code, request = payment.code, session().get_one(SupportRequest, payment.request_id).uid
        cover = f"/fund/requests/{request}/payments/{payment.uid}/cover"
        sent = {"version": str(payment.version), "reason": "The bank erred."}
    other = Browser(app, "director2")
    assert other.get(cover).status_code == 409
    assert "it is so much that the board decides" in other.text
    browser = Browser(app, "board")
    browser.get("/")
    assert (code in browser.text, cover in browser.page) == (True, True)
    browser.get(cover)
    for fact in ("Prepared 100.00 USD", "Paid 9,000.00 USD", "Over the commitment 8,900.00 USD"):
        assert fact in browser.text
    answer = browser.post(cover, sent)
    assert (answer.status_code, answer.location) == (303, "/")
    browser.get("/")
    assert cover not in browser.page
