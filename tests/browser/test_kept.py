"""What is typed and not sent yet survives "back" and a reload, sealed; and goes when it should."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import service, sessions
from hrdtracker.accounts.drafts import OfficeDraft
from hrdtracker.core.db import session
from tests import make
from tests.browser.conftest import Visit
from tests.browser_process import launch_in
from tests.web.somebody import in_unit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]

CANARY = "Canarybird saw two trucks"
STORED = "Object.keys(sessionStorage).filter((name) => name.startsWith('typed ')).length"


def is_stored(page: Page, count: int) -> None:
    """Wait until the tab keeps so many forms."""
    for _ in range(60):
        if page.evaluate(STORED) == count:
            return
        page.wait_for_timeout(50)
    raise AssertionError(page.evaluate(STORED))


def fill_in(page: Page) -> str:
    """Type into the form of an incident, wait until it is kept, and return its submission id."""
    page.goto("/incidents/new")
    page.locator("label[for=type-1]").click()
    page.locator("#narrative").fill(CANARY)
    is_stored(page, 1)
    return page.locator("[name=submission_id]").input_value()


def is_back(page: Page, sending: str) -> None:
    expect(page.locator("main [data-about=restored]")).to_be_visible()
    expect(page.locator("#narrative")).to_have_value(CANARY)
    expect(page.locator("#type-1")).to_be_checked()
    assert page.locator("[name=submission_id]").input_value() == sending


def is_empty(page: Page) -> None:
    """Assert that the form is empty, and that nothing is kept."""
    page.goto("/incidents/new")
    is_stored(page, 0)
    expect(page.locator("#narrative")).to_have_value("")


def test_what_is_typed_survives_a_reload_and_back(visit: Visit) -> None:
    page = visit("monitor", "phone", "km")
    sending = fill_in(page)
    page.reload()
    is_back(page, sending)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/cases")
    page.go_back()
    is_back(page, sending)
    page.locator("[data-about=restored] button").click()
    expect(page.locator("#narrative")).to_have_value("")
    is_empty(page)


def test_a_correction_keeps_the_version_that_it_began_with(visit: Visit) -> None:
    page = visit("monitor")
    fill_in(page)
    page.locator("#when").fill("yesterday")
    page.locator(".send button.btn-secondary").click()
    expect(page).to_have_url(re.compile(r"/incidents/[0-9a-f-]{36}$"))
    edit = f"{page.url}/edit"
    page.goto(edit)
    page.locator("#narrative").fill("Three trucks.")
    is_stored(page, 1)
    other = page.context.new_page()
    other.goto(edit)
    other.locator("#narrative").fill("Four trucks.")
    other.locator("main .actions button").click()
    expect(other).to_have_url(edit.removesuffix("/edit"))
    page.reload()
    expect(page.locator("#narrative")).to_have_value("Three trucks.")
    page.locator("main .actions button").click()
    expect(page).to_have_url(edit)
    expect(page.locator("main")).to_contain_text("Four trucks.")
    expect(page.locator("#narrative")).to_have_value("Three trucks.")


def leave(page: Page) -> None:
    page.locator(".leave").click()
    expect(page).to_have_url(re.compile(r"/away$"))


def log_out(page: Page) -> None:
    page.locator("#logout button").click()
    expect(page).to_have_url(re.compile(r"/login$"))


def lose_the_session(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/incidents/new")
    expect(page).to_have_url(re.compile(r"/login$"))


@pytest.mark.parametrize("end", [leave, log_out, lose_the_session])
def test_what_was_kept_goes_with_the_session(visit: Visit, end: Callable[[Page], None]) -> None:
    page = visit("monitor")
    fill_in(page)
    end(page)
    is_stored(page, 0)


def test_what_was_sent_is_not_kept(visit: Visit) -> None:
    page = visit("monitor")
    fill_in(page)
    page.locator("#when").fill("yesterday")
    page.locator(".send button.btn-primary").click()
    expect(page).to_have_url(re.compile(r"/incidents/[0-9a-f-]{36}$"))
    is_stored(page, 0)


def test_after_half_an_hour_it_is_gone(visit: Visit) -> None:
    page = visit("monitor")
    page.goto("/incidents/new")
    page.locator("#narrative").fill(CANARY)
    is_stored(page, 1)
    page.clock.install()
    page.clock.fast_forward(31 * 60 * 1000)
    is_empty(page)


def test_nobody_else_in_the_same_tab_reads_it(app: Flask, visit: Visit) -> None:
    page = visit("monitor")
    fill_in(page)
    token = in_unit(app, lambda: sessions.begin(make.user("director"), "Browser test"))
    address = page.evaluate("location.origin")
    page.context.add_cookies([{"name": "day", "value": token, "url": address}])
    is_empty(page)


def key_of(page: Page) -> str:
    """Return the key that a page brings; nothing where it keeps nothing."""
    page.goto("/incidents/new")
    return page.locator("meta[name=typing-key]").get_attribute("content") or ""


def test_on_a_phone_nothing_is_kept_before_its_owner_wants_it(app: Flask, visit: Visit) -> None:
    page = visit("monitor")
    page.set_extra_http_headers({"Sec-CH-UA-Mobile": "?1"})
    assert key_of(page) == ""
    page.goto("/account")
    page.locator("#keeps_typing").select_option("yes")
    page.locator("#keeps_typing").locator("xpath=ancestor::form").locator("button").click()
    expect(page.locator(".messages")).to_be_visible()
    expect(page.locator("#keeps_typing")).to_have_value("yes")
    assert key_of(page) != ""


@pytest.mark.parametrize("wants", [True, None])
def test_an_office_forbids_it_to_its_people(app: Flask, visit: Visit, wants: bool | None) -> None:  # noqa: FBT001
    def forbid() -> None:
        user = session().scalars(select(User).where(User.login == "monitor")).one()
        oneself = Actor(user.id, user.uid, user.organisation_id)
        service.set_preferences(oneself, None, None, keeps_typing=wants)
        office = make.office(make.HERE)
        draft = OfficeDraft(office.code, office.name_en, office.name_km, keeps_typing=False)
        organisations.change_office(make.actor("admin"), office, draft)

    page = visit("monitor")
    assert key_of(page) != ""
    in_unit(app, forbid)
    assert key_of(page) == ""


def on_disk(profile: Path, words: str) -> bool:
    """Tell whether a browser's profile holds these words, in either way that it writes texts."""
    forms = (words.encode(), words.encode("utf-16-le"))
    files = (path for path in profile.rglob("*") if path.is_file())
    return any(form in content for content in map(Path.read_bytes, files) for form in forms)


def open_as_monitor(playwright: Playwright, app: Flask, profile: Path, site: str) -> BrowserContext:
    browser = launch_in(playwright, profile, site)
    token = in_unit(app, lambda: sessions.begin(make.user("monitor"), "Browser test"))
    browser.add_cookies([{"name": "day", "value": token, "url": site}])
    return browser


@pytest.mark.parametrize("leaves", [True, False])
def test_the_disk_of_the_browser_never_holds_what_was_typed(
    app: Flask,
    site: str,
    playwright: Playwright,
    tmp_path: Path,
    leaves: bool,  # noqa: FBT001
) -> None:
    browser = open_as_monitor(playwright, app, tmp_path, site)
    page = browser.new_page()
    fill_in(page)
    page.reload()
    expect(page.locator("#narrative")).to_have_value(CANARY)
    if leaves:
        leave(page)
    browser.close()
    assert not on_disk(tmp_path, "Canarybird")
    assert on_disk(tmp_path, "incidents/new") is not leaves, "leaving clears the store itself"
