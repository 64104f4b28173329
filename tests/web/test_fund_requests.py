"""A request for support on its pages: asked for on a phone, verified, approved, paid, closed."""

import re
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.fund import asking, committing
from hrdtracker.fund.content import instalments_of
from hrdtracker.fund.model import Payment, RequestStatus, SupportRequest
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person
from tests import fund, make
from tests.web.browse import Browser
from tests.web.case_pages import case, hidden, send
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


def latest() -> SupportRequest:
    """Return the request that was begun last."""
    return session().scalars(select(SupportRequest).order_by(SupportRequest.id.desc())).all()[0]


def request_at(app: Flask, make_one: Any, *args: Any, **changes: Any) -> str:
    """Bring a request to some point of its life, and return the address of its page."""

    def act() -> str:
        session().info["terms_version"] = 1
        fund.set_up()
        made: SupportRequest = make_one(*args, **changes)
        return f"/fund/requests/{made.uid}"

    return str(in_unit(app, act))


def status(app: Flask) -> str:
    """Return how the request that was begun last stands."""
    return str(in_unit(app, lambda: latest().status))


def first_person(app: Flask) -> str:
    """Return the uid of whom the case names first."""
    return str(in_unit(app, lambda: session().scalars(select(Person.uid)).first().hex))


def ask(app: Flask, browser: Browser, **changes: str) -> tuple[str, int]:
    """Ask from a new case of the monitor’s; return the case and how it was answered."""
    address = case(app)
    path = f"/fund/requests/new?case={address.split('/')[2]}"
    data = {**ASKED, "beneficiary": first_person(app), **changes}
    return address, send(browser, path, **data)


def answer_no(browser: Browser, page: str) -> None:
    """Say that one knows nobody in a request."""
    browser.get(page)
    assert "Do you know these people?" in browser.text
    assert browser.post(f"{page}/declare", {"knows": "no"}).status_code == 303


# --- asking --------------------------------------------------------------------------------------


def test_a_wife_gets_sixty_dollars_asked_for_on_one_screen(app: Flask) -> None:
    browser = Browser(app, "monitor")
    address, answered = ask(app, browser)
    assert answered == 303
    assert status(app) == RequestStatus.SUBMITTED

    browser.get(address)
    assert "Family support" in browser.text
    assert "60.00 USD" in browser.text

    browser.get(re.search(r'href="(/fund/requests/[^"?/]+)"', browser.page)[1])
    assert "Food until Friday for the household of A." in browser.text
    assert WIFE not in browser.page
    assert "012 345 678" not in browser.page


def test_what_is_missing_is_listed_and_nothing_is_lost(app: Flask) -> None:
    browser = Browser(app, "monitor")
    _, answered = ask(app, browser, consented_on="", method="", needed_by="")
    assert answered == 303
    assert status(app) == RequestStatus.DRAFT

    browser.get(browser.client.get("/fund/queue?status=draft").request.path + "?status=draft")
    page = re.search(r'href="(/fund/requests/[^"?/]+)"', browser.page)[1]
    browser.get(page)
    assert "Say by when it is needed." in browser.text
    assert f'href="{page}/edit#needed_by"' in browser.page
    assert "Food until Friday" in browser.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
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
    ],
)
def test_bad_input_comes_back_filled_with_a_sentence_beside_its_field(
    app: Flask, field: str, typed: str, said: str
) -> None:
    browser = Browser(app, "monitor")
    _, answered = ask(app, browser, **{field: typed})
    assert answered == 422
    assert said in browser.text
    assert f'id="{field}-error"' in browser.page
    assert "Wing 012 345 678" in browser.page
    assert in_unit(app, lambda: session().scalars(select(SupportRequest)).all()) == []


def test_the_same_form_sent_twice_asks_once(app: Flask) -> None:
    browser = Browser(app, "monitor")
    address = case(app)
    path = f"/fund/requests/new?case={address.split('/')[2]}"
    browser.get(path)
    data = {**ASKED, "beneficiary": first_person(app)}
    data["submission_id"] = hidden(browser, "submission_id")
    assert browser.post(path, data).status_code == 303
    assert browser.post(path, data).status_code == 303
    assert len(in_unit(app, lambda: session().scalars(select(SupportRequest)).all())) == 1


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


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("items-0-each", "", "Write how much it costs."),
        ("items-0-quantity", "0", "a whole number from 1"),
        ("items-0-quantity", "x", "a whole number from 1"),
        ("items-0-support_type", "", "Choose what the money is for."),
        ("instalments-0-due_on", "soonish", "Write one day"),
        ("instalments-0-amount", "-1", "must be more than 0"),
        ("instalments-0-amount", "299", "do not add up to the total"),
    ],
)
def test_a_wrong_line_of_the_budget_is_named(app: Flask, field: str, typed: str, said: str) -> None:
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
        field: typed,
    }
    browser = Browser(app, "monitor")
    assert send(browser, f"{page}/budget", **lines) == 422
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


def test_a_short_request_owes_the_rest_and_says_it_later(app: Flask) -> None:
    def sent_short() -> SupportRequest:
        where = make.case_of(make.incident())
        request = asking.ask(make.actor("monitor"), where, fund.short())
        asking.submit(make.actor("monitor"), request, request.version)
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


@pytest.mark.parametrize(
    ("login", "answered"),
    [
        ("monitor", 200), ("fund", 200), ("director", 200), ("national", 200),
        ("colleague", 404), ("finance", 404), ("auditor", 404), ("admin", 404), ("stranger", 404),
    ],
)  # fmt: skip
def test_a_sent_request_is_open_to_who_asked_and_who_decides(
    app: Flask, login: str, answered: int
) -> None:
    page = request_at(app, fund.sent)
    assert Browser(app, login).get(page).status_code == answered


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


# --- deciding ------------------------------------------------------------------------------------


def test_verified_recommended_and_approved_in_a_sentence(app: Flask) -> None:
    page = request_at(app, fund.sent, 450_00)
    director = Browser(app, "director")
    answer_no(director, page)
    found = {"identity": "Met her.", "situation": "Court list.", "need": "Saw the rent book."}
    assert send(director, f"{page}/verify", **found) == 303
    director.get(page)
    assert "Saw the rent book." in director.text
    assert "You recommend 450" in director.text
    seen = hidden(director, "version")
    assert director.post(f"{page}/recommend", {"version": seen, "reason": ""}).status_code == 422
    assert "Write why, in a sentence." in director.text
    assert send(director, f"{page}/recommend", reason="As verified.") == 303

    officer = Browser(app, "fund")
    answer_no(officer, page)
    officer.get(page)
    assert re.search(r"You approve 450\.00 USD as fund officer\.", officer.text)
    assert send(officer, f"{page}/approve", reason="Within the line.") == 303
    assert status(app) == RequestStatus.APPROVED


def test_a_second_approval_is_asked_of_a_director_above_the_first_tier(app: Flask) -> None:
    page = request_at(app, fund.recommended, 900_00)
    officer, national = Browser(app, "fund"), Browser(app, "national")
    answer_no(officer, page)
    assert send(officer, f"{page}/approve", reason="Yes.") == 303
    assert status(app) == RequestStatus.RECOMMENDED
    assert officer.get(f"{page}/approve").status_code == 409
    answer_no(national, page)
    national.get(page)
    assert re.search(r"You approve 900\.00 USD as a director\.", national.text)
    assert send(national, f"{page}/approve", reason="Yes.") == 303
    assert status(app) == RequestStatus.APPROVED


def test_whoever_asked_or_verified_finds_no_way_to_approve(app: Flask) -> None:
    page = request_at(app, fund.recommended)
    for login in ("monitor", "director"):
        browser = Browser(app, login)
        browser.get(page)
        assert f"{page}/approve" not in browser.page
        assert browser.get(f"{page}/approve").status_code == 403


def test_a_request_is_returned_with_its_reason_and_corrected(app: Flask) -> None:
    page = request_at(app, fund.recommended)
    officer, author = Browser(app, "fund"), Browser(app, "monitor")
    answer_no(officer, page)
    assert send(officer, f"{page}/return", reason="For how many months?") == 303
    author.get("/")
    assert "Send a request for support" in author.text
    author.get(page)
    assert "For how many months?" in author.text
    words = {name: "Two months." for name in fund.WORDS if name != "need"}
    assert send(author, f"{page}/why", risk_level="medium", **words) == 303
    author.get(page)
    assert send(author, f"{page}/edit") in {303, 422}
    author.get(page)
    assert author.post(f"{page}/send", {"version": hidden(author, "version")}).status_code == 303
    director = Browser(app, "director")
    director.get(page)
    assert "Changed since your last decision" in director.text
    assert "Two months." in director.text


def test_a_refusal_is_for_good(app: Flask) -> None:
    page = request_at(app, fund.sent)
    officer = Browser(app, "fund")
    answer_no(officer, page)
    assert send(officer, f"{page}/refuse", reason="The grant forbids it.") == 303
    assert status(app) == RequestStatus.REFUSED
    officer.get(page)
    assert "The grant forbids it." in officer.text


def test_a_decision_on_an_older_version_comes_back_filled(app: Flask) -> None:
    page = request_at(app, fund.recommended)
    officer = Browser(app, "fund")
    answer_no(officer, page)
    officer.get(f"{page}/approve")
    seen = hidden(officer, "version")
    send(Browser(app, "monitor"), f"{page}/withdraw")
    answer = officer.post(f"{page}/approve", {"version": seen, "reason": "Within the line."})
    assert answer.status_code == 409
    again = request_at(app, fund.recommended)
    answer_no(officer, again)
    answer = officer.post(f"{again}/approve", {"version": "1", "reason": "Within the line."})
    assert answer.status_code == 409
    assert "Somebody changed this after you opened it" in officer.text
    assert "Within the line." in officer.text


def test_who_helped_already_is_said_before_the_decision(app: Flask) -> None:
    def same_people() -> SupportRequest:
        first = fund.recommended()
        who = session().scalars(select(Person).order_by(Person.id)).all()
        known = Victim(known=who[-2].uid)
        case_ = session().get_one(Case, first.case_id)
        draft = fund.draft(beneficiary=known)
        second = asking.ask(make.actor("monitor"), case_, draft)
        asking.submit(make.actor("monitor"), second, second.version)
        return fund.recommend(second)

    page = request_at(app, same_people)
    officer = Browser(app, "fund")
    answer_no(officer, page)
    officer.get(page)
    assert "is for some of the same people" in officer.text


# --- an emergency --------------------------------------------------------------------------------


def test_two_release_at_once_and_a_third_refuses_to_ratify(app: Flask) -> None:
    page = request_at(app, fund.sent)
    officer, director, other = (Browser(app, who) for who in ("fund", "director", "director2"))
    for one in (officer, director):
        answer_no(one, page)
        one.get(page)
        assert send(one, f"{page}/emergency", reason="He is beaten tonight.") == 303
    assert status(app) == RequestStatus.APPROVED
    answer_no(other, page)
    other.get("/")
    assert "Ratify an emergency" in other.text
    assert send(other, f"{page}/ratify", reason="It could wait.") == 422
    assert send(other, f"{page}/ratify", ratified="no", reason="It could wait.") == 303
    national = Browser(app, "national")
    answer_no(national, page)
    national.get(page)
    assert "Let the two sign by themselves again" in national.text
    assert national.post(f"{page}/lift").status_code == 303


def test_an_emergency_above_the_ceiling_is_not_offered(app: Flask) -> None:
    page = request_at(app, fund.sent, 301_00)
    officer = Browser(app, "fund")
    answer_no(officer, page)
    officer.get(page)
    assert f"{page}/emergency" not in officer.page


# --- the money -----------------------------------------------------------------------------------


def test_money_is_promised_on_a_line_that_fits_and_the_others_say_why_not(app: Flask) -> None:
    def two_lines() -> SupportRequest:
        fund.line(1_000_00, code="GOOD")
        fund.line(50_00, code="SMALL")
        return fund.approved()

    page = request_at(app, two_lines)
    officer = Browser(app, "fund")
    officer.get(f"{page}/commit")
    assert "There is not enough left on this line." in officer.text
    chosen = re.findall(r'name="line"[^>]*value="(\w+)"', officer.page)
    assert len(chosen) == 1
    assert send(officer, f"{page}/commit") == 422
    assert "Choose a line." in officer.text
    assert send(officer, f"{page}/commit", line=chosen[0]) == 303
    assert status(app) == RequestStatus.COMMITTED
    officer.get(page)
    assert "GOOD" in officer.text


def test_a_commitment_is_moved_or_cancelled_with_a_reason(app: Flask) -> None:
    def with_another_line() -> SupportRequest:
        made = fund.committed()
        fund.line(1_000_00, code="OTHER")
        return made

    page = request_at(app, with_another_line)
    officer = Browser(app, "fund")
    officer.get(f"{page}/move")
    chosen = re.findall(r'name="line"[^>]*value="(\w+)"', officer.page)
    assert len(chosen) == 1
    assert send(officer, f"{page}/move", line=chosen[0], reason="The donor asked.") == 303
    officer.get(page)
    assert "OTHER" in officer.text
    assert send(officer, f"{page}/cancel", reason="She is free.") == 303
    assert status(app) == RequestStatus.CANCELLED


def test_each_instalment_is_looked_at_again_before_it_is_prepared_once(app: Flask) -> None:
    page = request_at(app, fund.committed)
    uid = in_unit(app, lambda: instalments_of(latest())[0].uid)
    where = f"{page}/instalments/{uid}"
    officer, author = Browser(app, "fund"), Browser(app, "monitor")
    officer.get(page)
    assert f"{where}/prepare" not in officer.page
    officer.post(f"{where}/prepare", {"submission_id": UUID(int=1).hex})
    officer.get(page)
    assert "First somebody looks again" in officer.text
    assert send(author, f"{where}/check", still_there="yes") == 422
    assert "Choose yes or no." in author.text
    assert send(author, f"{where}/check", still_there="yes", still_needed="yes") == 303
    officer.get(page)
    assert f"{where}/prepare" in officer.page
    sending = {"submission_id": hidden(officer, "submission_id")}
    assert officer.post(f"{where}/prepare", sending).status_code == 303
    assert officer.post(f"{where}/prepare", sending).status_code == 303
    assert len(in_unit(app, lambda: session().scalars(select(Payment)).all())) == 1


def paid_address(app: Flask) -> str:
    """Return the address of the last payment, below its request."""

    def find() -> str:
        found = committing.payments_of(latest())[-1]
        return f"/fund/requests/{latest().uid}/payments/{found.uid}"

    return str(in_unit(app, find))


def test_arrived_accounted_reviewed_asked_and_closed(app: Flask) -> None:
    page = request_at(app, fund.paid)
    payment = paid_address(app)
    director, author, officer = (Browser(app, who) for who in ("director", "monitor", "fund"))
    assert send(director, f"{payment}/receipt", received_on="tomorrow", channel="phone") == 422
    assert send(director, f"{payment}/receipt", received_on="today", channel="phone") == 303
    account = {"spent": "90", "returned": "10", "document": "transfer_slip", "reference": "No. 7"}
    assert send(author, f"{payment}/account", **account) == 422
    assert "its date" in author.text
    assert send(author, f"{payment}/account", dated="today", **account) == 303
    assert author.get(f"{payment}/review").status_code == 404
    officer.get(f"{payment}/review")
    assert "No. 7" in officer.text
    assert send(officer, f"{payment}/review") == 303
    assert send(director, f"{page}/outcome", outcome="yes", words="They kept the house.") == 303
    officer.get(page)
    assert "They kept the house." in officer.text
    assert send(officer, f"{page}/close", version=hidden(officer, "version")) == 303
    assert status(app) == RequestStatus.CLOSED


def test_what_was_spent_and_came_back_must_make_the_sum(app: Flask) -> None:
    request_at(app, fund.paid)
    author = Browser(app, "monitor")
    account = {"spent": "80", "returned": "10"}
    assert send(author, f"{paid_address(app)}/account", **account) == 422
    assert "must come to" in author.text


def test_where_a_document_endangers_a_second_colleague_declares(app: Flask) -> None:
    request_at(app, fund.paid)
    payment = paid_address(app)
    author, director = Browser(app, "monitor"), Browser(app, "director")
    said = {"spent": "100", "alternative": "y", "danger": "The landlord talks to the police."}
    assert send(author, f"{payment}/account", **said) == 303
    assert author.get(f"{payment}/declaration").status_code == 409
    director.get(f"{payment}/declaration")
    assert "The landlord talks to the police." in director.text
    assert send(director, f"{payment}/declaration") == 303
    assert director.get(f"{payment}/declaration").status_code == 409


def test_a_colleague_who_may_not_open_the_request_can_still_confirm_a_receipt(app: Flask) -> None:
    page = request_at(app, fund.paid)
    payment = paid_address(app)
    director = Browser(app, "director2")
    director.get("/")
    assert "Confirm that money arrived" in director.text
    assert f'href="{payment}/receipt"' in director.page
    assert page


# --- complaints ----------------------------------------------------------------------------------


def test_a_complaint_is_read_and_answered_by_a_national_director_alone(app: Flask) -> None:
    page = request_at(app, fund.paid)
    director = Browser(app, "director")
    told = {"kind": "cut", "words": "He kept ten dollars."}
    assert send(director, f"{page}/complaint", words="He kept ten dollars.") == 422
    assert send(director, f"{page}/complaint", **told) == 303
    for login in ("director", "fund", "monitor"):
        browser = Browser(app, login)
        browser.get("/fund/complaints")
        assert "Part of the money was kept back" not in browser.text
    national = Browser(app, "national")
    national.get("/fund/complaints")
    assert "Part of the money was kept back" in national.text
    one = re.search(r'href="(/fund/complaints/[^"]+)"', national.page)[1]
    national.get(one)
    assert "He kept ten dollars." in national.text
    assert send(national, one, answer="He paid it back.") == 303
    assert Browser(app, "monitor").get(one).status_code == 404


# --- lists ---------------------------------------------------------------------------------------


def test_the_queue_shows_the_nearest_deadline_first_and_filters_by_status(app: Flask) -> None:
    request_at(app, fund.sent, urgency="critical")
    code = in_unit(app, lambda: latest().code)
    request_at(app, fund.sent)
    other = in_unit(app, lambda: latest().code)
    officer = Browser(app, "fund")
    officer.get("/fund/queue")
    assert officer.text.index(code) < officer.text.index(other)
    officer.get("/fund/queue?status=paid")
    assert "No request here" in officer.text
    officer.get("/fund/queue?status=nonsense")
    assert code in officer.text


def test_what_waits_stands_on_the_first_page(app: Flask) -> None:
    page = request_at(app, fund.recommended)
    officer = Browser(app, "fund")
    officer.get("/")
    assert "Approve a request" in officer.text
    assert f'href="{page}"' in officer.page
    author = Browser(app, "monitor")
    author.get("/")
    assert "Approve a request" not in author.text


def test_support_on_the_case_page_is_for_those_who_may_see_it(app: Flask) -> None:
    page = request_at(app, fund.sent)
    address = in_unit(app, lambda: session().get_one(Case, latest().case_id).uid)
    author = Browser(app, "monitor")
    author.get(f"/cases/{address}")
    assert f'href="{page}"' in author.page
    assert f'href="/fund/requests/new?case={address}"' in author.page
