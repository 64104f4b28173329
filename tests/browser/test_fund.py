"""The protection fund in a real browser: from a request to a receipt, and who must stay apart."""

import re
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Role
from hrdtracker.accounts import sessions, staff
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.authorised import authorised
from tests import fund, make
from tests.browser import fund_work as work
from tests.browser.conftest import Visit
from tests.web.somebody import in_unit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]
MOST_CONTROLS = 11
"""For whom, what, how much, in what, why, by when, how urgent; who is paid, how, where; consent."""
PASSWORD = "cloud ladder teapot violin"
HOW = "Sample pay 000 111"
PROOF = "Transfer 4711"


@dataclass(frozen=True)
class Words:
    """What the pages must say in one language."""

    nobody_helped: str
    proof: str
    left: tuple[str, str]
    """What is on the line before the money is promised, and after."""
    spent: str


WORDS = {
    "en": Words(
        "Nobody here, in 12 months",
        "What shows that it left",
        ("1,000.00 USD", "940.00 USD"),
        "60.00 USD",
    ),
    "km": Words(
        "គ្មាននរណាម្នាក់ ក្នុង ១២ ខែ",
        "អ្វីដែលបង្ហាញថាប្រាក់បានចេញ",
        ("១,០០០.០០ USD", "៩៤០.០០ USD"),
        "៦០.០០ USD",
    ),
}


# From a request to the report --------------------------------------------------------------------


@pytest.mark.parametrize(("width", "language"), [("phone", "km"), ("desk", "en")])
def test_from_a_request_to_the_report_by_as_many_people_as_it_takes(
    app: Flask, visit: Visit, width: str, language: str
) -> None:
    case, words = work.case_to_ask_in(app), WORDS[language]
    people = {
        who: visit(who, width, language) for who in ("monitor", "director", "fund", "finance")
    }
    monitor, director, officer, finance = people.values()

    here = work.ask(monitor, case)
    _verified(director)
    _approved_and_promised(officer, words)
    assert work.status(app, here) == "committed"
    work.look_again_and_prepare(officer)
    _released(finance, words)
    _arrived_and_accounted(here, people)
    assert work.status(app, here) == "acquitted"
    _asked_whether_it_helped_and_closed(here, people)
    assert work.status(app, here) == "closed"

    work.show_exact_figures(director)
    work.fits(director)
    spent = director.locator("section[aria-labelledby=money] tr", has_text="L1 Rent")
    expect(spent).to_contain_text(re.compile(rf"(?<![\d,]){re.escape(words.spent)}"))
    assert [page.faults for page in people.values()] == [[]] * 4  # type: ignore[attr-defined]


def _verified(director: Page) -> None:
    work.take_up(director)
    work.knows_nobody(director)
    work.verify(director)
    work.decide(director)


def _approved_and_promised(officer: Page, words: Words) -> None:
    work.take_up(officer)
    work.knows_nobody(officer)
    expect(officer.locator("main > .facts")).to_contain_text(words.nobody_helped)
    expect(officer.locator("main > .facts")).to_contain_text(words.left[0])
    work.decide(officer)
    work.press(officer, ".decide a.btn-primary")
    work.pick(officer, "line")
    work.send(officer)
    expect(officer.locator("main > .facts")).to_contain_text(words.left[1])


def _released(finance: Page, words: Words) -> None:
    work.take_up(finance)
    expect(finance.locator("main")).not_to_contain_text(HOW)
    work.press(finance, ".decide form[action$='/reveal'] button")
    expect(finance.locator("main")).to_contain_text(HOW)
    finance.locator("#proof").fill(PROOF)
    work.send(finance)
    said = finance.locator("dl.facts > div", has_text=words.proof)
    expect(said).to_contain_text(PROOF)


def _arrived_and_accounted(here: str, people: dict[str, Page]) -> None:
    director, monitor, officer = people["director"], people["monitor"], people["fund"]
    director.goto(here)
    work.confirm(director)
    monitor.goto(here)
    expect(monitor.locator("main")).to_contain_text(PROOF)
    work.account(monitor)
    officer.goto(here)
    work.review(officer)


def _asked_whether_it_helped_and_closed(here: str, people: dict[str, Page]) -> None:
    director, monitor, officer = people["director"], people["monitor"], people["fund"]
    director.goto(here)
    work.opened(director, "outcome")
    work.pick(director, "outcome", "yes")
    director.locator("#words").fill("They ate.")
    work.send(director)
    monitor.goto(here)
    work.say_the_rest(monitor)
    officer.goto(here)
    work.send(officer)


# An emergency ------------------------------------------------------------------------------------


def test_after_a_release_that_was_not_ratified_the_same_two_need_a_third(
    app: Flask, visit: Visit
) -> None:
    first, second = _asked(app), _asked(app)
    officer, director = visit("fund", "phone"), visit("director", "desk")
    for here in (first, second):
        for page in (officer, director):
            page.goto(here)
            work.knows_nobody(page)
    _released_at_once(first, officer, director)
    assert work.status(app, first) == "approved"

    national = visit("national", "phone")
    work.take_up(national)
    work.knows_nobody(national)
    work.press(national, ".decide a.btn-primary")
    work.pick(national, "ratified", "no")
    national.locator("#reason").fill("It could have waited until Monday.")
    work.send(national)
    expect(national.locator(".badge--returned").last).to_contain_text("Not ratified")
    officer.goto(first)
    expect(officer.locator("main a[href$='/commit']")).to_have_count(0)

    _released_at_once(second, officer, director)
    assert work.status(app, second) == "submitted"
    expect(director.locator("main > .facts")).to_contain_text("A third who may decide")
    deputy = visit("fund2")
    work.take_up(deputy)
    expect(deputy).to_have_url(re.compile(second))
    work.knows_nobody(deputy)
    work.decide(deputy)
    assert work.status(app, second) == "approved"


def _released_at_once(here: str, officer: Page, director: Page) -> None:
    officer.goto(here)
    work.opened(officer, "emergency")
    work.decide(officer)
    director.goto(here)
    work.decide(director)


def _asked(app: Flask) -> str:
    """Return the page of a critical request that was sent."""

    def act() -> str:
        fund.set_up()
        return f"/fund/requests/{fund.sent(60_00, urgency='critical').uid}"

    return str(in_unit(app, act))


# Somebody who knows the people -------------------------------------------------------------------


def test_an_officer_who_knows_somebody_is_shut_out_at_once_and_the_deputy_goes_on(
    app: Flask, visit: Visit
) -> None:
    def act() -> str:
        fund.set_up()
        return f"/fund/requests/{fund.recommended(60_00).uid}"

    here = str(in_unit(app, act))
    officer, deputy = visit("fund"), visit("fund2")
    officer.goto(here)
    code = officer.locator("main code").inner_text()
    work.pick(officer, "knows", "yes")
    officer.locator("#reason").fill("My cousin.")
    work.send(officer)
    expect(officer).to_have_url(re.compile(r"/$"))
    for path in ("/fund", "/fund/queue"):
        officer.goto(path)
        expect(officer.locator("h1")).to_be_visible()
        expect(officer.locator("main")).not_to_contain_text(code)
    answer = officer.goto(here)
    assert answer is not None
    assert answer.status == 404

    work.take_up(deputy)
    expect(deputy.locator("main")).to_contain_text(code)
    work.knows_nobody(deputy)
    work.decide(deputy)
    assert work.status(app, here) == "approved"


# The wife on Sunday ------------------------------------------------------------------------------


@pytest.fixture
def helper(app: Flask) -> str:
    """Return the user name of a monitor with a password."""

    def invite() -> None:
        admin = make.actor("admin")
        draft = UserDraft("helper", "Helper")
        _, code = staff.invite(admin, make.organisation(), draft)
        staff.accept(code, PASSWORD)
        make.role_given("helper", Role.MONITOR, make.office(make.HERE))

    in_unit(app, invite)
    return "helper"


def test_sixty_dollars_for_a_wife_on_a_sunday_survive_a_session_that_ended(
    app: Flask, visit: Visit, helper: str
) -> None:
    case = work.case_to_ask_in(app, helper)
    page = visit(helper, "phone", "en")
    work.fill_in(page, case, urgency="critical", needed_by="Sunday")
    names = page.eval_on_selector_all(
        "main form[method=post] :is(input, select, textarea)", work.CONTROLS
    )
    assert len(set(names) - {"payee_name"}) <= MOST_CONTROLS, names

    in_unit(app, lambda: _end_sessions(helper))
    work.press(page, ".send button.btn-primary")
    expect(page.locator("#resume")).to_be_visible()
    page.locator("#resume").fill(PASSWORD)
    work.press(page, "main button.btn-primary")
    expect(page).to_have_url(work.REQUEST)
    assert work.status(app, page.url.split("#")[0]) == "submitted"
    main = page.locator("main")
    for typed in ("60.00 USD", "Food for the family until Friday.", "Mobile money", "Sun"):
        expect(main).to_contain_text(typed)
    expect(page.locator(".title .badge--critical")).to_be_visible()


def _end_sessions(login: str) -> None:
    user = make.user(login)
    oneself = Actor(user.id, user.uid, user.organisation_id)
    with authorised(oneself, Action.ACCOUNT_CHANGE, on=user):
        sessions.end_all(user.id)


# Every page --------------------------------------------------------------------------------------


PAGES = {
    "fund": ("/fund", "/fund/queue", "/fund/payments", "/fund/grants", "/fund/delegations"),
    "finance": (
        "/fund",
        "/fund/payments",
        "/fund/advances",
        "/fund/rates",
        "/fund/ledger/book",
        "/fund/reports/money",
    ),
    "director": ("/fund/reports", "/fund/reports/people", "/fund/reports/internal"),
    "auditor": ("/fund/ledger", "/fund/ledger/decisions", "/fund/ledger/duties", "/fund/reports"),
    "admin": ("/admin/fund",),
}


@pytest.mark.parametrize(("width", "language"), [("phone", "km"), ("desk", "en")])
def test_no_page_of_the_fund_scrolls_sideways_or_keeps_anybody_out(
    app: Flask, visit: Visit, width: str, language: str
) -> None:
    def act() -> list[str]:
        fund.set_up()
        fund.prepared(fund.committed())
        made = [fund.recommended(), fund.closed()]
        fund.no_tie(made[0], "fund")
        return [f"/fund/requests/{each.uid}" for each in made]

    requests = tuple(in_unit(app, act))
    for who, paths in {**PAGES, "fund": PAGES["fund"] + requests}.items():
        page = visit(who, width, language)
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            work.fits(page)
            found = Axe().run(page).response["violations"]
            assert [(path, each["id"]) for each in found] == []
