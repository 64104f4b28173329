"""A request in an office with one fund officer, from asking to closing; nobody has a dead task."""

import re
from uuid import UUID

import pytest
from flask import Flask, url_for
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import worker
from hrdtracker.access.model import UserState
from hrdtracker.authorised import authorised
from hrdtracker.core.db import session
from hrdtracker.fund.budget import commitments
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.drafts.money import ComplaintDraft
from hrdtracker.fund.model import BudgetLine, SupportRequest
from hrdtracker.fund.payments import acquittals
from hrdtracker.fund.reading.worklist import WorkItem, waiting
from hrdtracker.fund.requests import conflicts, passing_on
from hrdtracker.fund.requests.content import instalments_of
from hrdtracker.web.home.fund import address_of
from hrdtracker.web.words.requests import ON_PAYMENT
from tests import fund, make
from tests.web.browse import Browser, page_open
from tests.web.case_pages import hidden, send
from tests.web.fund_pages import answer_no, latest, request_at, status
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
ENDPOINTS = {
    **ON_PAYMENT,
    Action.FUND_VERIFY: "fund_decide.verify",
    Action.FUND_RECOMMEND: "fund_decide.recommend",
    Action.FUND_APPROVE: "fund_decide.approve",
    Action.FUND_EMERGENCY: "fund_decide.release",
    Action.FUND_RATIFY: "fund_decide.ratify",
    Action.FUND_COMMIT: "fund_commit.commit",
    Action.FUND_CLOSE: "fund_follow.close",
    Action.FUND_SUBMIT: "fund.send",
    Action.FUND_CHECK: "/check",
    Action.FUND_PREPARE: "/prepare",
    Action.FUND_RELEASE: "/release",
    Action.FUND_OUTCOME: "fund_follow.outcome",
}
"""Where each verb of the work list is done: its page, or the end of its address."""
EVERY_VERB = {
    Action.FUND_VERIFY, Action.FUND_RECOMMEND, Action.FUND_APPROVE, Action.FUND_COMMIT,
    Action.FUND_CHECK, Action.FUND_RELEASE, Action.FUND_RECEIVE, Action.FUND_ACQUIT,
    Action.FUND_REVIEW, Action.FUND_CLOSE,
}  # fmt: skip
WHO = ("monitor", "director", "national", "fund", "finance", "board")


def _gone(*logins: str) -> None:
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        for login in logins:
            make.user(login).state = UserState.LOCKED


def _tasks(app: Flask, login: str) -> list[tuple[Action, str, str]]:
    """Return of each line of somebody's list the verb, its page, and where it is done."""

    def read() -> list[tuple[Action, str, str]]:
        with page_open(app):
            items = waiting(make.actor(login))
            return [(item.verb, address_of(item), _done_at(item)) for item in items]

    tasks: list[tuple[Action, str, str]] = in_unit(app, read)
    return tasks


def _done_at(item: WorkItem) -> str:
    endpoint = ENDPOINTS[item.verb]
    if endpoint.startswith("/"):
        return endpoint
    if item.verb in ON_PAYMENT:
        return url_for(endpoint, uid=item.request, payment_uid=item.payment)
    return url_for(endpoint, uid=item.request)


class SmallOffice:
    """Everybody at work there, each with a browser; and the request that they work on."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.page = request_at(app, fund.approved)
        in_unit(app, fund.line)
        in_unit(app, lambda: _gone("fund2"))
        self.browsers = {login: Browser(app, login) for login in WHO}
        self.verbs: set[Action] = set()

    def check_tasks(self) -> None:
        """Open what each line of everybody's list leads to: there stands a form for it."""
        for login, browser in self.browsers.items():
            for verb, page, done_at in _tasks(self.app, login):
                assert browser.get(page).status_code == 200, (login, verb)
                assert done_at in browser.page or "/declare" in browser.page, (login, verb)
                assert 'method="post"' in browser.page, (login, verb)
                self.verbs.add(verb)

    def does(self, login: str, path: str, **fields: object) -> None:
        """Let somebody do what is next, from the page on which it is offered."""
        self.check_tasks()
        browser = self.browsers[login]
        browser.get(self.page)
        if "/declare" in browser.page and "Do you know these people?" in browser.text:
            answer_no(browser, self.page)
        where = path if path.startswith("/") else f"{self.page}/{path}"
        assert send(browser, where, **fields) == 303, (login, path)

    def sends(self, login: str, page: str, act: str, **fields: str) -> None:
        """Let somebody press a button of a page."""
        self.check_tasks()
        browser = self.browsers[login]
        browser.get(page)
        sent = {"version": hidden(browser, "version"), "submission_id": UUID(int=7).hex, **fields}
        assert browser.post(f"{page}/{act}", sent).status_code == 303, (login, act)


def test_a_request_in_an_office_with_one_fund_officer_who_knows_somebody_goes_to_its_end(
    app: Flask,
) -> None:
    office = SmallOffice(app)
    page, officer = office.page, office.browsers["fund"]
    officer.get(page)
    officer.post(f"{page}/declare", {"knows": "yes", "reason": "A cousin."})
    officer.get("/")
    assert (
        "It is passed on to National for the fund officer’s work. Whom the board named"
        in officer.text
    )
    assert officer.get(page).status_code == 404
    found = {"identity": "Met her.", "situation": "Court list.", "need": "Saw the rent book."}
    office.does("director", "verify", **found)
    office.does("director", "recommend", reason="As verified.")
    office.does("board", "approve", reason="The board agrees.")
    line = in_unit(app, lambda: session().scalars(select(BudgetLine.uid)).one())
    office.does("national", "commit", line=line.hex)
    office.browsers["national"].get(page)
    assert "In the fund officer’s place National" in office.browsers["national"].text
    _pays(app, office)
    office.does("director", "outcome", outcome="yes", words="They kept the house.")
    office.sends("national", page, "close")
    assert status(app) == "closed"
    assert office.verbs >= EVERY_VERB


def _pays(app: Flask, office: SmallOffice) -> None:
    (instalment,) = in_unit(app, lambda: [part.uid for part in instalments_of(latest())])
    looked = {"still_there": "yes", "still_needed": "yes"}
    office.does("monitor", f"instalments/{instalment}/check", **looked)
    prepare = f"{office.page}/instalments/{instalment}/prepare"
    national = office.browsers["national"]
    assert national.post(prepare, {"submission_id": UUID(int=7).hex}).status_code == 303
    uid = in_unit(app, lambda: commitments.payments_of(latest())[0].uid)
    shown = {"paid_on": "today", "proof": "Transfer 4711"}
    office.sends("finance", f"/fund/payments/{uid}", "release", **shown)
    office.does("director", f"payments/{uid}/receipt", received_on="today", channel="phone")
    account = {"spent": "100", "returned": "0", "document": "transfer_slip", "reference": "1"}
    office.does("monitor", f"payments/{uid}/account", dated="today", **account)
    office.does("national", f"payments/{uid}/review")


def test_where_nobody_can_release_money_directors_and_administrators_have_a_button(
    app: Flask,
) -> None:
    def stands_still() -> None:
        fund.prepared(fund.committed())
        _gone("finance")
        passing_on.look_after(worker(make.organisation().id))

    in_unit(app, stands_still)
    national, admin = Browser(app, "national"), Browser(app, "admin")
    national.get("/")
    assert 'href="/fund/stuck"' in national.page
    national.get("/fund/stuck")
    assert "A finance officer is missing" in national.text
    assert "/pass-on" not in national.page
    assert "Ask Admin 1, Admin2 to name somebody." in national.text
    uid = in_unit(app, lambda: latest().uid)
    national.post(f"/fund/requests/{uid}/pass-on")
    national.get("/fund/stuck")
    assert "Nobody can go on with it. Ask an administrator" in national.text
    admin.get("/")
    assert "Name who may" in admin.text
    admin.get("/fund/stuck")
    assert 'href="/admin/users"' in admin.page
    assert in_unit(app, lambda: latest().code) not in admin.page
    asker = Browser(app, "monitor")
    assert asker.get("/fund/stuck").status_code in {403, 404}
    asker.get(f"/fund/requests/{in_unit(app, lambda: latest().uid)}")
    assert "Nobody is left who can go on with it." in asker.text


def test_passing_on_is_offered_only_where_somebody_else_could_then_go_on(app: Flask) -> None:
    def waits_for_the_board() -> None:
        fund.set_up()
        fund.recommended(4_000_00)
        fund.set_up(board=None)
        passing_on.look_after(worker(make.organisation().id))

    in_unit(app, waits_for_the_board)
    national, admin = Browser(app, "national"), Browser(app, "admin")
    national.get("/fund/stuck")
    assert "The board must decide, and nobody is named for it" in national.text
    assert "/pass-on" not in national.page
    assert "Ask Admin 1, Admin2 to name somebody." in national.text
    admin.get("/fund/stuck")
    assert 'href="/admin/fund"' in admin.page


def test_what_waits_for_the_board_in_an_officer_s_place_is_passed_back_once_there_is_one(
    app: Flask,
) -> None:
    def stops() -> None:
        fund.set_up()
        request = fund.sent()
        _gone("fund2")
        conflicts.declare(make.actor("fund"), request, knows=True, reason="A cousin.")
        fund.set_up(board=None)
        passing_on.look_after(worker(make.organisation().id))

    def comes_back() -> None:
        with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
            make.user("fund2").state = UserState.ACTIVE

    in_unit(app, stops)
    national = Browser(app, "national")
    national.get("/fund/stuck")
    assert "/pass-on" not in national.page
    in_unit(app, comes_back)
    national.get("/fund/stuck")
    where = re.search(r'action="(/fund/requests/[^"]+/pass-on)"', national.page)
    assert where
    assert national.post(where[1]).status_code == 303
    national.get("/fund/stuck")
    assert "Everything can go on" in national.text


def test_what_its_author_can_correct_no_more_is_refused_from_the_list_of_whoever_decides(
    app: Flask,
) -> None:
    def comes_back() -> SupportRequest:
        request = fund.recommended()
        fund.no_tie(request, "fund", "fund2")
        decisions.return_request(make.actor("fund2"), request, "Not clear.", request.version)
        _gone("monitor")
        passing_on.look_after(worker(request.organisation_id))
        return request

    page, officer = request_at(app, comes_back), Browser(app, "fund")
    officer.get("/fund")
    assert f'href="{page}"' in officer.page
    officer.get(page)
    assert f'href="{page}/refuse"' in officer.page
    assert send(officer, f"{page}/refuse", reason="Nobody can correct it any more.") == 303
    assert status(app) == "refused"
    officer.get("/fund")
    assert page not in officer.page


def test_an_emergency_stands_first_for_who_can_sign_it_with_who_has(app: Flask) -> None:
    request_at(app, lambda: fund.released_at_once(fund.sent(), "fund"))
    director, officer = Browser(app, "director"), Browser(app, "fund2")
    director.get("/")
    first = director.text.index("First, because it is an emergency")
    assert "Signed by Fund" in director.text[max(0, first - 400) : first + 400]
    officer.get("/")
    assert "First, because it is an emergency" not in officer.text


def test_a_complaint_waits_on_the_first_page_of_the_national_director_alone_without_a_word(
    app: Flask,
) -> None:
    def complain() -> None:
        request = fund.sent()
        draft = ComplaintDraft("cut", "He kept ten dollars.")
        acquittals.complain(make.actor("director"), request, draft)

    in_unit(app, complain)
    seen = {}
    for login in ("national", "director", "fund", "admin"):
        browser = Browser(app, login)
        browser.get("/")
        seen[login] = "A complaint about money" in browser.text
        assert "ten dollars" not in browser.text
    assert seen == {"national": True, "director": False, "fund": False, "admin": False}
