"""A monitor logs an arrest on a phone, a director reviews it at a desk: in a real browser."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]

PEOPLE = "Demo A, F, 34\nDemo B, M, 29\nDemo C, F, 17"
SEND = {"en": "Send for review", "km": "ផ្ញើ"}


def log_an_arrest(page: Page) -> str:
    """Log an arrest of three people as a monitor would, and return where it stands."""
    page.goto("/incidents/new")
    page.locator("label[for=type-0]").click()
    page.locator("#when").fill("yesterday 7:30")
    page.locator("#where").fill("Factory gate, Phnom Penh")
    page.locator("#who").fill(PEOPLE)
    page.locator("#arrived").fill("yesterday 9:40")
    page.locator("#held").fill("Municipal police, first building")
    page.locator("#narrative").fill("Two trucks came.")
    page.locator("label[for=urgent]").click()
    page.locator(".send button.btn-primary").click()
    expect(page).to_have_url(re.compile(r"/incidents/[0-9a-f-]{36}$"))
    return page.url


@pytest.mark.parametrize("language", ["en", "km"])
def test_an_arrest_is_logged_on_a_phone_and_reviewed_at_a_desk(visit: Visit, language: str) -> None:
    monitor = visit("monitor", "phone", language)
    here = log_an_arrest(monitor)
    expect(monitor.locator(".person")).to_have_count(3)

    director = visit("director", "desk", language)
    director.goto("/")
    director.locator(f"main a[href='{urlsplit(here).path}/review']").first.click()
    director.locator("label[for=established-0-corroborated]").click()
    director.locator("label[for=finding-0-yes]").click()
    director.locator("#sources-0").fill("2")
    director.locator("#right-0").select_option("liberty_and_security")
    director.locator(".decide button.btn-primary").click()
    expect(director).to_have_url(re.compile(r"^http://[^/]+/review$"))

    monitor.goto(here)
    expect(monitor.locator(".badge--reviewed").first).to_be_visible()
    assert monitor.faults == director.faults == []  # type: ignore[attr-defined]


def test_logging_takes_at_most_ten_controls_and_two_are_required(visit: Visit) -> None:
    page = visit("monitor")
    page.goto("/incidents/new")
    page.locator("label[for=type-0]").click()
    names = page.eval_on_selector_all(
        "form[method=post]:not(#leave):not([action*=language]) :is(input, select, textarea)",
        """fields => [...new Set(fields
             .filter(f => f.type !== 'hidden' && (f.checkVisibility() || shown(f)))
             .map(f => f.name))];
           function shown(f) { return f.labels?.[0]?.checkVisibility() }""",
    )
    assert len(names) <= 10, names
    assert page.locator(".opt").count() == 2


def test_without_script_an_arrest_is_logged_as_well(visit: Visit) -> None:
    page = visit("monitor")
    page.route("**/*.js*", lambda route: route.abort())
    log_an_arrest(page)
    expect(page.locator(".person")).to_have_count(3)


def test_how_a_date_and_a_list_were_understood_stands_under_the_field(visit: Visit) -> None:
    page = visit("monitor")
    page.goto("/incidents/new")
    page.locator("#when").press_sequentially("16 November 2026")
    expect(page.locator("#when-read")).to_contain_text("Monday 16 November 2026")
    page.locator("#who").press_sequentially("Demo A, F, 34")
    expect(page.locator("#who-read")).to_contain_text("1 line read")


def test_all_people_of_an_incident_are_ticked_with_one_tap(visit: Visit) -> None:
    page = visit("monitor")
    log_an_arrest(page)
    page.goto(f"{page.url}/people")
    page.locator("[data-tick-all]").click()
    expect(page.locator("input[name=people]:checked")).to_have_count(3)
    page.locator("[data-tick-all]").click()
    expect(page.locator("input[name=people]:checked")).to_have_count(0)


def test_pressing_escape_three_times_leaves_at_once(visit: Visit) -> None:
    page = visit("monitor")
    page.goto("/incidents/new")
    for _ in range(3):
        page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/away$"))
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/login$"))


def test_a_refused_form_comes_back_filled_and_its_summary_is_read_first(visit: Visit) -> None:
    page = visit("monitor")
    page.goto("/incidents/new")
    page.locator("#narrative").fill("Two trucks came.")
    page.locator(".send button.btn-primary").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#narrative")).to_have_value("Two trucks came.")


PAGES = ["/", "/cases", "/people", "/incidents/new", "/review", "/styleguide"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", ["phone", "desk"])
def test_no_page_scrolls_sideways_or_keeps_anybody_out(visit: Visit, path: str, width: str) -> None:
    log_an_arrest(visit("monitor"))
    page = visit("director", width, "km" if width == "phone" else "en")
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found] == []
