"""Forty arrive, thirty-one are released by their names, one is charged and detained: on a phone."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from hrdtracker.core import clock
from hrdtracker.core.when.model import When
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import make
from tests.browser.conftest import Visit
from tests.browser.mass_arrest import STILL_HELD, paste, record, say, tick, too_wide
from tests.web.somebody import in_unit
from tests.web.test_many_pages import NAMES

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]
FIRST = {"en": "First limit:", "km": "ផុតកំណត់ដំបូង"}
LEFT = {"en": "9 of 40 still held", "km": "៩"}
CHARGED = {"en": "1 person: Charged", "km": "បានចោទប្រកាន់"}
DETAINED = {"en": "Pre-trial detention", "km": "ការឃុំខ្លួនបណ្តោះអាសន្ន"}
POLICE = {"en": "Police custody", "km": "ការឃាត់ខ្លួន"}
OVER = {"en": "check", "km": "ពិនិត្យ"}
DAYS_AGO = 3
PLACE = "Municipal police, first building"


@pytest.fixture
def case_of_forty(app: Flask) -> str:
    """Return the address of a case of forty people who were arrested three days ago."""

    def make_one() -> str:
        victims = tuple(Victim(described=PersonDraft((NameDraft(name),))) for name in NAMES)
        day = clock.today(make.ZONE) - timedelta(days=DAYS_AGO)
        incident = make.incident(occurred=When.day(day, make.ZONE, "then"), victims=victims)
        return f"/cases/{make.case_of(incident).uid}"

    return str(in_unit(app, make_one))


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_forty_arrive_and_one_is_charged_detained_and_over_the_limit(
    visit: Visit,
    case_of_forty: str,
    language: str,
    script: bool,  # noqa: FBT001 - a column of the table
) -> None:
    page = visit("monitor", "phone", language)
    if not script:
        page.route("**/*.js*", lambda route: route.abort())
    arrive(page, case_of_forty, language)
    release(page, case_of_forty, language)
    charge_and_detain(page, case_of_forty, language)
    read_limits(page, case_of_forty, language)
    page.goto(f"{case_of_forty}/custody")
    page.locator("form[action$=undo] button").first.click()
    expect(page.locator(STILL_HELD)).to_be_visible()
    if script:
        assert page.faults == []  # type: ignore[attr-defined]


def arrive(page: Page, case: str, language: str) -> None:
    """All forty arrive, by their names: from then on a limit runs for each."""
    page.goto(f"{case}/custody")
    paste(page, NAMES)
    say(page, "arrived", f"{DAYS_AGO} days ago", held=PLACE, known_by="lawyer")
    record(page)
    page.goto(f"{case}/court")
    expect(page.locator(".held > li")).to_have_count(40)
    expect(page.locator(".held > li").first).to_contain_text(POLICE[language])
    assert too_wide(page) == []


def release(page: Page, case: str, language: str) -> None:
    """Thirty-one are released by their names; how many stay, and the first limit, is said."""
    page.goto(f"{case}/custody")
    paste(page, NAMES[:31])
    say(page, "released_on_promise", "yesterday 17:30", known_by="lawyer")
    record(page)
    expect(page.locator(STILL_HELD)).to_contain_text(LEFT[language])
    expect(page.locator(STILL_HELD)).to_contain_text(FIRST[language])
    assert too_wide(page) == []


def charge_and_detain(page: Page, case: str, language: str) -> None:
    """One of those who are left is charged in a new proceeding, and detained by order."""
    page.goto(f"{case}/custody")
    tick(page, 0)
    say(page, "charged", "today", proceeding="new", stage="prosecutor", provision="kh_cc_495")
    record(page)
    expect(page.locator("main")).to_contain_text(CHARGED[language])
    tick(page, 0)
    say(page, "detained", "today", prison="cc1")
    record(page)
    assert too_wide(page) == []


def read_limits(page: Page, case: str, language: str) -> None:
    """A limit of detention runs for that one; that of police custody has passed for the others."""
    page.goto(f"{case}/court")
    lines = page.locator(".held > li")
    expect(lines.filter(has_text=DETAINED[language]).first).to_be_visible()
    expect(lines.filter(has_text=POLICE[language])).to_have_count(8)
    expect(lines.filter(has_text=POLICE[language]).first).to_contain_text(OVER[language])
    assert too_wide(page) == []
