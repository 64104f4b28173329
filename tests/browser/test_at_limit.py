"""At a limit, on a phone: still there, an extension seen; and what a change of the law moves."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.when.model import When
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings.legal_rules import queries
from hrdtracker.proceedings.legal_rules.drafts import RuleDraft
from hrdtracker.proceedings.legal_rules.load import load_rules
from hrdtracker.proceedings.legal_rules.service import propose_version
from tests import courts, make
from tests.browser.conftest import Visit
from tests.clocks import adult, arrive
from tests.web.somebody import in_unit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]
ARRIVED = clock.now() - timedelta(hours=50)
ASKED = {"en": "Still there? Extension seen?", "km": "នៅទីនោះទេ? បានឃើញការបន្តឬទេ?"}


@pytest.fixture
def reached(app: Flask) -> None:
    """Let two people who are charged with a felony be in custody for fifty hours."""

    def hold() -> None:
        local = ARRIVED.astimezone(make.ZONE)
        victims = tuple(Victim(described=adult(f"Demo {name}")) for name in "AB")
        occurred = When.day(local.date(), make.ZONE, "two days ago")
        incident = make.incident(occurred=occurred, victims=victims, type="arrest")
        stays = arrive(incident, When.minute(local, make.ZONE))
        with authorised(make.actor("monitor"), Action.INCIDENT_EDIT, on=incident):
            for stay in stays:
                stay.confirmed_at = ARRIVED + timedelta(hours=1)
        proceeding = courts.opened(make.case_of(incident))
        courts.charged(proceeding, qualification=courts.FELONY)

    in_unit(app, hold)


def too_wide(page: Page) -> list[str]:
    """Return what reaches beyond the edge of the screen."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("main *")]
           .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
           .map(each => each.outerHTML.slice(0, 90))"""
    )
    return found


@pytest.mark.usefixtures("reached")
@pytest.mark.parametrize("language", ["en", "km"])
def test_an_extension_that_was_seen_is_recorded_for_both_from_the_list(
    visit: Visit, language: str
) -> None:
    page = visit("monitor", "phone", language)
    page.goto("/clocks")
    expect(page.get_by_text(ASKED[language]).first).to_be_visible()
    assert too_wide(page) == []
    page.locator("a[href$='/extension']").first.click()
    page.locator("#ordered").fill("yesterday 10:00")
    page.locator("label[for=in_writing-0]").click()
    assert too_wide(page) == []
    page.locator("main form button[type=submit], main form button:not([type])").last.click()
    expect(page.locator(".alert--ok")).to_be_visible()
    page.goto("/clocks")
    expect(page.get_by_text(ASKED[language])).to_have_count(0)
    assert page.faults == []  # type: ignore[attr-defined]


@pytest.mark.usefixtures("reached")
def test_the_question_is_answered_in_one_press_on_the_first_page(visit: Visit) -> None:
    page = visit("monitor", "phone")
    page.goto("/")
    page.locator("form[action*='/still-there'] button").first.click()
    expect(page.locator(".alert--ok")).to_be_visible()
    expect(page.get_by_text(ASKED["en"])).to_have_count(0)
    assert too_wide(page) == []


@pytest.mark.usefixtures("reached")
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_whoever_confirms_a_change_of_the_law_looks_at_what_it_moves(
    app: Flask, visit: Visit, width: str
) -> None:
    def propose() -> None:
        organisation = make.organisation()
        load_rules(operator(organisation.id), organisation)
        rules = queries.rules(make.actor("legal"))
        rule = next(each for each in rules if each.key == "custody_base")
        propose_version(make.actor("legal"), rule, RuleDraft({"amount": "36 hours"}))

    in_unit(app, propose)
    page = visit("admin", width)
    page.goto("/confirmations")
    page.locator("a[href*='/rules/proposed/']").click()
    expect(page.get_by_text("limits of fewer than 5 people and groups")).to_be_visible()
    assert too_wide(page) == []
    page.locator("form[action$='/confirm'] button").click()
    expect(page.locator(".alert--ok")).to_be_visible()
