"""Work on a request: verified, approved, released in haste, paid, accounted for, complained of."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.model import Payment, RequestStatus, SupportRequest
from hrdtracker.fund.requests import service as requests
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person
from tests import fund, make
from tests.web.browse import Browser
from tests.web.case_pages import hidden, send
from tests.web.fund_pages import answer_no, latest, link, request_at, status
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")


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
    assert "Somebody saved this after you opened it" in officer.text
    assert "Within the line." in officer.text


def test_who_helped_already_is_said_before_the_decision(app: Flask) -> None:
    def same_people() -> SupportRequest:
        first = fund.recommended()
        who = session().scalars(select(Person).order_by(Person.id)).all()
        known = Victim(known=who[-2].uid)
        case_ = session().get_one(Case, first.case_id)
        draft = fund.draft(beneficiary=known)
        second = requests.ask(make.actor("monitor"), case_, draft)
        requests.submit(make.actor("monitor"), second, second.version)
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


def test_whoever_is_hindered_reads_why_and_is_offered_nothing_for_it(app: Flask) -> None:
    page = request_at(app, lambda: fund.approve(fund.recommended(1_000_00), "fund"))
    officer, another = Browser(app, "fund"), Browser(app, "fund2")
    officer.get(page)
    assert "You have approved it already; somebody else must, too." in officer.text
    answer_no(another, page)
    another.get(page)
    assert "Somebody else must decide on this now." in another.text
    for one in (officer, another):
        assert f"{page}/approve" not in one.page
        assert send(one, f"{page}/approve", reason="Seen.") == 409


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
        found = commitments.payments_of(latest())[-1]
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
    in_unit(app, lambda: fund.back(commitments.payments_of(latest())[-1]))
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


def test_a_member_of_the_case_confirms_a_receipt_without_opening_the_request(app: Flask) -> None:
    page = request_at(app, fund.paid)
    payment = paid_address(app)

    def share() -> None:
        where = session().get_one(Case, latest().case_id)
        make.load_keys(where)
        until = clock.now() + timedelta(days=9)
        draft = MemberDraft(make.user("colleague").uid, "Knows the family", until)
        sharing.add_member(make.actor("director"), where, draft)

    in_unit(app, share)
    colleague = Browser(app, "colleague")
    assert colleague.get(page).status_code == 404
    colleague.get("/")
    assert f'href="{payment}/receipt"' in colleague.page
    assert send(colleague, f"{payment}/receipt", received_on="today", channel="phone") == 303
    assert colleague.get(f"{payment}/receipt").status_code == 409


def test_the_board_finds_what_it_must_decide_on_its_first_page(app: Flask) -> None:
    page = request_at(app, fund.recommended, 5_000_00)
    board = Browser(app, "board")
    board.get("/")
    assert f'href="{page}"' in board.page
    answer_no(board, page)
    board.get(page)
    assert re.search(r"You approve 5,000\.00 USD for the board\.", board.text)
    assert send(board, f"{page}/approve", reason="The board agrees.") == 303


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
    one = link(national, "/fund/complaints")
    national.get(one)
    assert "He kept ten dollars." in national.text
    assert f'href="{page}"' in national.page
    assert send(national, one, answer="He paid it back.") == 303
    assert Browser(app, "monitor").get(one).status_code == 404
