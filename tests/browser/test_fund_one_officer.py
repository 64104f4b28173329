"""An office with one fund officer who knows somebody, in a real browser: nobody is left waiting."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from hrdtracker.access.action import Action
from hrdtracker.access.model import UserState
from hrdtracker.authorised import authorised
from tests import fund, make
from tests.browser import fund_work as work
from tests.browser.conftest import Visit
from tests.web.somebody import in_unit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]

NOBODY = {
    "en": "The board must decide, and nobody is named for it whom it does not concern.",
    "km": "ក្រុមប្រឹក្សាភិបាល",
}
"""What stands on the first page of whoever directs."""


def _one_officer(*, board: bool) -> str:
    """Leave one fund officer in the office, and send a request; return where it stands."""
    fund.set_up(**({} if board else {"board": None}))
    request = fund.recommended(60_00)
    fund.line(1_000_00)
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        make.user("fund2").state = UserState.LOCKED
    return f"/fund/requests/{request.uid}"


def _knows_somebody(officer: Page, here: str) -> None:
    """Answer yes, and be told who goes on with it."""
    officer.goto(here)
    work.pick(officer, "knows", "yes")
    officer.locator("#reason").fill("My cousin.")
    work.send(officer)
    expect(officer).to_have_url(re.compile(r"/$"))
    work.fits(officer)


@pytest.mark.parametrize(("width", "language"), work.VARIED)
def test_what_the_one_officer_may_not_decide_goes_visibly_to_whom_the_rules_name(
    app: Flask, visit: Visit, width: str, language: str
) -> None:
    here = in_unit(app, lambda: _one_officer(board=True))
    logins = ("monitor", "fund", "board", "national")
    people = {who: visit(who, width, language) for who in logins}
    monitor, officer, board, national = people.values()

    _knows_somebody(officer, here)
    expect(officer.locator("main .alert")).to_contain_text("National")
    answer = officer.goto(here)
    assert answer is not None
    assert answer.status == 404

    monitor.goto(here)
    work.fits(monitor)
    expect(monitor.locator("main")).to_contain_text("National")
    board.goto("/")
    work.fits(board)
    work.press(board, ".next a.btn")
    work.knows_nobody(board)
    work.decide(board)
    assert work.status(app, here) == "approved"
    work.take_up(national)
    work.knows_nobody(national)
    work.press(national, ".decide a.btn-primary")
    work.pick(national, "line")
    work.send(national)
    assert work.status(app, here) == "committed"
    work.fits(national)
    faults = [page.faults for page in (monitor, board, national)]  # type: ignore[attr-defined]
    assert faults == [[]] * 3


@pytest.mark.parametrize(("width", "language"), work.ONCE)
def test_where_nobody_is_named_whoever_directs_reads_on_their_first_page_that_somebody_must_be(
    app: Flask, visit: Visit, width: str, language: str
) -> None:
    here = in_unit(app, lambda: _one_officer(board=False))
    logins = ("monitor", "fund", "director", "admin")
    monitor, officer, director, admin = (visit(who, width, language) for who in logins)

    _knows_somebody(officer, here)
    for page in (monitor, director):
        page.goto(here)
        work.fits(page)
    director.goto("/")
    work.fits(director)
    expect(director.locator("main")).to_contain_text(NOBODY[language])
    work.press(director, "main a[href='/fund/stuck']")
    expect(director.locator("main")).to_contain_text(NOBODY[language])
    expect(director.locator("main form")).to_have_count(0)
    admin.goto("/")
    work.fits(admin)
    work.press(admin, "main a[href='/fund/stuck']")
    work.press(admin, "main a.btn[href='/admin/fund']")
    assert work.status(app, here) == "recommended"
