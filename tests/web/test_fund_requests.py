"""A request for support on its pages: asked for on a phone, verified, approved, paid, closed."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.fund.model import RequestStatus, SupportRequest
from hrdtracker.fund.requests import service as requests
from hrdtracker.people.model import Person
from tests import fund, make
from tests.web.browse import Browser
from tests.web.case_pages import case, hidden, send
from tests.web.fund_pages import latest, link, request_at, status
from tests.web.somebody import in_unit, last_entry, openings

pytestmark = pytest.mark.engines("sqlite")
WIFE = "Canary Sophea"
ASKED = {
    "beneficiary": "",
    "support_type": "family",
    "amount": "60",
    "currency": "USD",
    "need": "Food until Friday for the household of A.",
    "needed_by": "tomorrow",
    "urgency": "urgent",
    "payee": "new",
    "payee_name": WIFE,
    "method": "mobile_money",
    "payee_details": "Wing 012 345 678",
    "consented_on": "today",
}


def first_person(app: Flask) -> str:
    """Return the uid of whom the case names first."""
    return str(in_unit(app, lambda: session().scalars(select(Person.uid)).all()[0].hex))


def ask(app: Flask, browser: Browser, **changes: str) -> tuple[str, int]:
    """Ask from a new case of the monitor’s; return the case and how it was answered."""
    address = case(app)
    path = f"/fund/requests/new?case={address.split('/')[2]}"
    data = {**ASKED, "beneficiary": first_person(app), **changes}
    return address, send(browser, path, **data)


# --- asking --------------------------------------------------------------------------------------


def test_a_wife_gets_sixty_dollars_asked_for_on_one_screen(app: Flask) -> None:
    browser = Browser(app, "monitor")
    address, answered = ask(app, browser)
    assert answered == 303
    assert status(app) == RequestStatus.SUBMITTED

    browser.get(address)
    assert "Family support" in browser.text
    assert "60.00 USD" in browser.text

    browser.get(link(browser, "/fund/requests"))
    assert "Food until Friday for the household of A." in browser.text
    assert WIFE not in browser.page
    assert "012 345 678" not in browser.page


def test_what_is_missing_is_listed_and_nothing_is_lost(app: Flask) -> None:
    browser = Browser(app, "monitor")
    _, answered = ask(app, browser, consented_on="", method="", needed_by="")
    assert answered == 303
    assert status(app) == RequestStatus.DRAFT

    browser.get("/fund/queue?status=draft")
    page = link(browser, "/fund/requests")
    browser.get(page)
    assert "Say by when it is needed." in browser.text
    assert f'href="{page}/edit#needed_by"' in browser.page
    assert "Food until Friday" in browser.text


WRONG = (
    ("amount", "-5", "The amount must be more than 0."),
    ("amount", "0", "The amount must be more than 0."),
    ("amount", "1.5055", "Write at most 2 decimals."),
    ("amount", "sixty", "Write an amount of money"),
    ("amount", "", "Write how much, even roughly"),
    ("needed_by", "soonish", "Write one day"),
    ("needed_by", "16 November 2020", "This day is past."),
    ("consented_on", "tomorrow", "This day lies in the future."),
    ("payee_name", "", "Write a name"),
    ("currency", "XXX", "Choose a currency of the list."),
    ("support_type", "invented", "not in the list"),
    ("need", "a\0b", "characters that cannot be kept"),
)


def test_bad_input_comes_back_filled_with_a_sentence_beside_its_field(app: Flask) -> None:
    browser, address = Browser(app, "monitor"), case(app)
    path, who = f"/fund/requests/new?case={address.split('/')[2]}", first_person(app)
    for field, typed, said in WRONG:
        data = {**ASKED, "beneficiary": who, field: typed}
        assert send(browser, path, **data) == 422, (field, typed)
        assert said in browser.text
        assert f'id="{field}-error"' in browser.page
        assert "Wing 012 345 678" in browser.page
    assert in_unit(app, lambda: session().scalars(select(SupportRequest)).all()) == []


def test_nobody_asks_in_a_case_that_is_hidden_from_them(app: Flask) -> None:
    address = case(app)
    path = f"/fund/requests/new?case={address.split('/')[2]}"
    assert Browser(app, "stranger").get(path).status_code == 404
    assert Browser(app, "fund").get(path).status_code == 403
    assert Browser(app, "monitor").get("/fund/requests/new?case=nonsense").status_code == 404


def test_the_same_person_may_be_helped_and_paid(app: Flask) -> None:
    browser = Browser(app, "monitor")
    new = {"beneficiary": "new", "beneficiary_name": "Canary Dara", "payee": "same"}
    ask(app, browser, **new)

    def people() -> tuple[int, str | None]:
        return len(session().scalars(select(Person)).all()), latest().payee_code

    count, code = in_unit(app, people)
    assert count == 2
    assert code


def test_whoever_has_paid_already_is_paid_back(app: Flask) -> None:
    browser = Browser(app, "monitor")
    ask(app, browser, payee="me")
    assert in_unit(app, lambda: latest().reimburses)


def test_a_case_with_a_title_of_its_own_is_asked_in_too(app: Flask) -> None:
    browser = Browser(app, "monitor")
    address = case(app)
    assert send(browser, f"{address}/edit", title="Strike line") == 303
    assert browser.get(f"/fund/requests/new?case={address.split('/')[2]}").status_code == 200
    assert "Strike line" in browser.text


# --- writing on ----------------------------------------------------------------------------------


def test_a_large_request_needs_the_rest_before_it_is_sent(app: Flask) -> None:
    browser = Browser(app, "monitor")
    ask(app, browser, amount="900")
    assert status(app) == RequestStatus.DRAFT
    page = f"/fund/requests/{in_unit(app, lambda: latest().uid)}"
    browser.get(page)
    assert "Write what the threats are." in browser.text
    words = {name: "Said." for name in fund.WORDS if name != "need"}
    assert send(browser, f"{page}/why", risk_level="high", **words) == 303
    browser.get(page)
    assert "Write what the threats are." not in browser.text
    assert browser.post(f"{page}/send", {"version": hidden(browser, "version")}).status_code == 303
    assert status(app) == RequestStatus.SUBMITTED


def test_a_budget_of_lines_and_instalments_is_kept(app: Flask) -> None:
    page = request_at(app, fund.drafted)
    browser = Browser(app, "monitor")
    lines = {
        "currency": "USD",
        "items-0-support_type": "family",
        "items-0-what": "Food",
        "items-0-quantity": "3",
        "items-0-each": "100",
        "items-1-support_type": "prison_visit",
        "items-1-quantity": "៦",
        "items-1-each": "20",
        "items-1-lump": "y",
        "instalments-0-due_on": "tomorrow",
        "instalments-0-amount": "200",
        "instalments-0-currency": "USD",
        "instalments-1-due_on": "in 1 month",
        "instalments-1-amount": "220",
        "instalments-1-currency": "USD",
    }
    assert send(browser, f"{page}/budget", **lines) == 303
    browser.get(page)
    assert "420.00 USD" in browser.text
    assert "lump sum, no receipt" in browser.text
    browser.get(f"{page}/edit")
    assert 'name="amount"' not in browser.page


WRONG_LINES = (
    ("items-0-each", "", "Write how much it costs."),
    ("items-0-quantity", "0", "a whole number from 1"),
    ("items-0-quantity", "x", "a whole number from 1"),
    ("items-0-support_type", "", "Choose what the money is for."),
    ("instalments-0-due_on", "soonish", "Write one day"),
    ("instalments-0-amount", "-1", "must be more than 0"),
    ("instalments-0-amount", "299", "do not add up to the total"),
)


def test_a_wrong_line_of_the_budget_is_named(app: Flask) -> None:
    page = request_at(app, fund.drafted)
    lines = {
        "currency": "USD",
        "items-0-support_type": "family",
        "items-0-what": "Food",
        "items-0-quantity": "3",
        "items-0-each": "100",
        "instalments-0-due_on": "tomorrow",
        "instalments-0-amount": "300",
        "instalments-0-currency": "USD",
    }
    browser = Browser(app, "monitor")
    for field, typed, said in WRONG_LINES:
        assert send(browser, f"{page}/budget", **{**lines, field: typed}) == 422, (field, typed)
        assert said in browser.text
        assert 'value="Food"' in browser.page


def test_a_stale_save_shows_what_was_saved_meanwhile(app: Flask) -> None:
    page = request_at(app, fund.drafted)
    one, other = Browser(app, "monitor"), Browser(app, "monitor")
    one.get(f"{page}/why")
    seen = hidden(one, "version")
    words = {name: "Theirs." for name in fund.WORDS if name != "need"}
    assert send(other, f"{page}/why", risk_level="high", **words) == 303
    answer = one.post(f"{page}/why", {"version": seen, "risk_level": "low", "threats": "Mine."})
    assert answer.status_code == 409
    assert "Saved meanwhile" in one.text
    assert "Mine." in one.text


def test_a_change_of_what_was_sent_says_that_decisions_are_void(app: Flask) -> None:
    page = request_at(app, fund.recommended)
    browser = Browser(app, "monitor")
    browser.get(f"{page}/why")
    assert "voids what was verified or approved" in browser.text
    words = {name: "Changed." for name in fund.WORDS if name != "need"}
    assert send(browser, f"{page}/why", risk_level="high", **words) == 303
    browser.get(page)
    assert "is void: it is decided anew" in browser.text
    assert status(app) == RequestStatus.SUBMITTED


def test_what_was_sent_keeps_at_least_one_line_of_its_budget(app: Flask) -> None:
    page = request_at(app, fund.recommended)
    browser = Browser(app, "monitor")
    assert send(browser, f"{page}/budget", currency="USD") == 422
    assert "Say what it costs." in browser.text
    assert status(app) == RequestStatus.RECOMMENDED


def test_a_short_request_owes_the_rest_and_says_it_later(app: Flask) -> None:
    def sent_short() -> SupportRequest:
        where = make.case_of(make.incident())
        request = requests.ask(make.actor("monitor"), where, fund.short())
        requests.submit(make.actor("monitor"), request, request.version)
        return request

    page = request_at(app, sent_short)
    browser = Browser(app, "monitor")
    browser.get(page)
    assert "Still to be said" in browser.text
    browser.get(f"{page}/why")
    assert 'name="tie"' in browser.page
    assert 'name="household"' not in browser.page
    words = {name: "Said later." for name in fund.WORDS if name != "need"}
    assert send(browser, f"{page}/why", risk_level="low", **words) == 303
    browser.get(page)
    assert "Still to be said" not in browser.text
    assert "Said later." in browser.text
    assert status(app) == RequestStatus.SUBMITTED


def test_a_request_is_withdrawn_by_whoever_asked(app: Flask) -> None:
    page = request_at(app, fund.sent)
    browser = Browser(app, "monitor")
    browser.get(page)
    assert f'href="{page}/withdraw"' in browser.page
    assert send(browser, f"{page}/withdraw") == 303
    assert status(app) == RequestStatus.WITHDRAWN


# --- who sees what -------------------------------------------------------------------------------


def test_a_draft_is_its_authors_alone_and_money_work_starts_when_it_is_sent(app: Flask) -> None:
    page = request_at(app, fund.drafted)
    for login in ("fund", "director", "national", "colleague", "finance", "auditor", "admin"):
        assert Browser(app, login).get(page).status_code == 404


WHO_MAY_OPEN = (
    ("monitor", 200), ("fund", 200), ("director", 200), ("national", 200),
    ("colleague", 404), ("finance", 404), ("auditor", 404), ("admin", 404), ("stranger", 404),
)  # fmt: skip


def test_a_sent_request_is_open_to_who_asked_and_who_decides(app: Flask) -> None:
    page = request_at(app, fund.sent)
    for login, answered in WHO_MAY_OPEN:
        assert Browser(app, login).get(page).status_code == answered, login


def test_names_stay_hidden_until_they_are_revealed_and_that_is_recorded(app: Flask) -> None:
    page = request_at(app, fund.sent)
    browser = Browser(app, "monitor")
    browser.get(page)
    assert "Demo A" not in browser.page
    assert browser.post(f"{page}/people").status_code == 200
    assert "Demo A" in browser.text
    assert last_entry(app)[:2] == ("fund.identify", "done")
    browser.get(page)
    assert "Demo A" not in browser.page


def test_opening_a_request_is_noted(app: Flask) -> None:
    page = request_at(app, fund.sent)
    Browser(app, "monitor").get(page)
    assert ("fund.request_read", "support_request") in [each[:2] for each in openings(app)]


def test_the_title_of_the_page_is_the_code(app: Flask) -> None:
    page = request_at(app, fund.sent)
    browser = Browser(app, "monitor")
    browser.get(page)
    assert re.search(r"<title>Request F-2\d{3}-\w+ · ", browser.page)


# --- do you know these people? -------------------------------------------------------------------


def test_whoever_must_act_is_asked_first_and_sees_nothing_else(app: Flask) -> None:
    page = request_at(app, fund.sent)
    browser = Browser(app, "fund")
    browser.get(page)
    assert "Do you know these people?" in browser.text
    assert "Rent for two months" not in browser.text
    assert browser.post(f"{page}/people").status_code == 200
    assert "Demo A" in browser.text
    assert browser.post(f"{page}/declare", {"knows": "no"}).status_code == 303
    browser.get(page)
    assert "Rent for two months" in browser.text


def test_a_yes_needs_how_and_shuts_one_out_at_once(app: Flask) -> None:
    page = request_at(app, fund.recommended)
    browser = Browser(app, "fund")
    browser.get(page)
    assert browser.post(f"{page}/declare", {"knows": "yes"}).status_code == 422
    assert "Write how you know them." in browser.text
    said = {"knows": "yes", "reason": "She is my cousin."}
    assert browser.post(f"{page}/declare", said).status_code == 303
    assert browser.get(page).status_code == 404
    browser.get("/fund/queue")
    assert "No request here" in browser.text


def test_no_answer_is_no_answer(app: Flask) -> None:
    page = request_at(app, fund.sent)
    browser = Browser(app, "fund")
    browser.get(page)
    assert browser.post(f"{page}/declare", {}).status_code == 422
    assert "Choose yes or no." in browser.text


def test_an_act_before_the_answer_is_refused(app: Flask) -> None:
    page = request_at(app, fund.recommended)
    browser = Browser(app, "fund")
    browser.get(page)
    assert browser.post(f"{page}/approve", {"version": "1", "reason": "Yes."}).status_code == 409
    assert "First say whether you know the people" in browser.text
