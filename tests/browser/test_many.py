"""Forty people arrive, thirty-one are released by their names, on a phone: in a real browser."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from hrdtracker.core import clock
from hrdtracker.core.when.model import When
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import make
from tests.browser.conftest import Visit
from tests.web.somebody import in_unit
from tests.web.test_many_pages import NAMES

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]
FIRST = {"en": "First limit:", "km": "ផុតកំណត់ដំបូង"}
LEFT = {"en": "9 of 40 still held", "km": "៩"}


@pytest.fixture
def page_of_forty(app: Flask) -> str:
    """Return the address of the page of forty people who were arrested yesterday."""

    def make_one() -> str:
        victims = tuple(Victim(described=PersonDraft((NameDraft(name),))) for name in NAMES)
        day = clock.today(make.ZONE) - timedelta(days=1)
        incident = make.incident(occurred=When.day(day, make.ZONE, "yesterday"), victims=victims)
        return f"/cases/{make.case_of(incident).uid}/custody"

    return str(in_unit(app, make_one))


def paste(page: Page, names: list[str]) -> None:
    page.locator("#who").fill("\n".join(names))
    page.locator("button[name=read]").click()
    expect(page.locator(".box").first).to_be_visible()


def record(page: Page, what: str, when: str) -> None:
    """Say what happened, look at the sentence, and record it."""
    page.locator("#what").select_option(what)
    page.locator("#when").fill(when)
    page.locator("#held").fill("Municipal police, first building")
    page.locator("#known_by").select_option("lawyer")
    page.locator("button[name=look]").click()
    page.locator("button[name=record]").click()
    expect(page.locator(".alert--ok")).to_be_visible()


def _too_wide(page: Page) -> list[str]:
    """Return what reaches beyond the edge of the screen."""
    found: list[str] = page.evaluate(
        """[...document.querySelectorAll("main *")]
           .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
           .map(each => each.outerHTML.slice(0, 90))"""
    )
    return found


@pytest.mark.parametrize("language", ["en", "km"])
@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_forty_arrive_and_thirty_one_are_released_by_paste(
    visit: Visit,
    page_of_forty: str,
    language: str,
    script: bool,  # noqa: FBT001 - a column of the table
) -> None:
    page = visit("monitor", "phone", language)
    if not script:
        page.route("**/*.js*", lambda route: route.abort())
    page.goto(page_of_forty)
    paste(page, NAMES)
    record(page, "arrived", "yesterday 06:20")
    paste(page, NAMES[:31])
    record(page, "released_on_promise", "yesterday 17:30")
    expect(page.locator(".alert--ok")).to_contain_text(LEFT[language])
    expect(page.locator(".alert--ok")).to_contain_text(FIRST[language])
    assert _too_wide(page) == []
    page.locator("form[action$=undo] button").first.click()
    expect(page.locator(".alert--ok")).to_be_visible()
    if script:
        assert page.faults == []  # type: ignore[attr-defined]
