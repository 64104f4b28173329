"""A checklist on a phone at a court: 28 questions for three accused, and the line is lost."""

import re
import time
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.proceedings.model import TrialObservation
from hrdtracker.proceedings.reading.observations import ObservationDetails
from tests import observations
from tests.browser.conftest import Visit
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]

ALLOWED_S = 240
OFFLINE = {"en": "No connection.", "km": "គ្មានអ៊ីនធឺណិត។"}
AFTER = 9
"""After so many questions the line is lost, for as many."""


def begun(app: Flask, *ages: int, kind: str = "appeal") -> str:
    """Return the address at which an observation is answered."""
    return str(
        in_unit(app, lambda: f"/observations/{observations.observed(*ages, kind=kind).uid}/answers")
    )


def stored(app: Flask, read: Callable[[ObservationDetails], object]) -> object:
    """Return what is kept of the observation."""

    def look() -> object:
        return read(observations.seen(session().scalars(select(TrialObservation)).one()))

    return in_unit(app, look)


def present(page: Page) -> Locator:
    return page.locator("form[data-ask]:visible")


def fill_in(form: Locator) -> None:
    """Answer the question on the screen as a person does: a tap for each accused, or some words."""
    for column in form.locator("fieldset").all():
        column.locator("label").nth(2 if column.locator("label").count() > 2 else 0).click()
    for control in form.locator("input.form-control").all():
        control.fill("16" if control.get_attribute("inputmode") == "numeric" else "08:30")
    if not form.locator("fieldset").count() and form.locator("textarea").count() > 1:
        for words in form.locator("textarea").all()[:-1]:
            words.fill("Six months.")
    form.locator(".question__bar button").click()


@pytest.mark.parametrize("language", ["en", "km"])
def test_28_questions_for_three_accused_on_a_phone_that_loses_the_line(
    app: Flask, visit: Visit, language: str
) -> None:
    address = begun(app, 34, 16, 25)
    page = visit("monitor", "phone", language)
    page.goto(address)
    began = time.monotonic()
    for number in range(28):
        if number == AFTER:
            page.context.set_offline(True)
        if number == 2 * AFTER:
            expect(page.locator("[data-connection]")).to_contain_text(OFFLINE[language])
            page.context.set_offline(False)
        fill_in(present(page))
    expect(page.locator("[data-saved=kept]")).to_have_count(0, timeout=20_000)
    assert time.monotonic() - began < ALLOWED_S
    assert stored(app, lambda seen: (seen.answered, len(seen.asked))) == (28, 28)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("[data-connection]")).to_be_hidden()
    page.locator("aside form .btn-primary").click()
    expect(page).to_have_url(re.compile(r"/observations/[0-9a-f-]{36}$"))
    assert page.faults == [] or all("ERR_INTERNET" in one for one in page.faults)  # type: ignore[attr-defined]


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


def once(act: Callable[[Route], object]) -> Callable[[Route], None]:
    """Let something befall the first sending; the next arrive."""
    befallen: list[str] = []

    def handle(route: Route) -> None:
        if befallen:
            route.continue_()
            return
        befallen.append(route.request.url)
        act(route)

    return handle


def test_an_answer_whose_reply_was_lost_is_sent_again_and_is_no_conflict(
    app: Flask, visit: Visit
) -> None:
    page = visit("monitor")
    page.goto(begun(app, 34))
    page.route("**/answers/public_hearing*", once(lose_the_answer))
    present(page).locator("label").nth(0).click()
    expect(page.locator("[data-connection]")).to_be_visible()
    present(page).locator("label").nth(1).click()
    expect(present(page).locator(".saved")).to_have_attribute("data-saved", "sent")
    expect(page.locator("[data-refused] .alert")).to_have_count(0)
    assert stored(app, lambda seen: seen.asked[0].said()) == "partly"


def test_what_was_not_sent_when_the_page_was_loaded_again_is_still_there_and_goes(
    app: Flask, visit: Visit
) -> None:
    page = visit("monitor")
    page.goto(begun(app, 34))
    page.route("**/answers/public_hearing*", lambda route: route.abort())
    present(page).locator("label").nth(2).click()
    present(page).locator("textarea").fill("Two seats.")
    expect(page.locator("[data-connection]")).to_be_visible()
    page.wait_for_timeout(700)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#q-public_hearing .saved")).to_have_attribute("data-saved", "kept")
    page.unroute("**/answers/public_hearing*")
    expect(page.locator("#q-public_hearing .saved")).to_have_attribute("data-saved", "sent")
    assert stored(app, lambda seen: (seen.asked[0].said(), seen.asked[0].note())) == (
        "no",
        "Two seats.",
    )


def test_whoever_is_signed_out_meanwhile_signs_in_elsewhere_and_loses_nothing(
    app: Flask, visit: Visit
) -> None:
    page = visit("monitor")
    page.goto(begun(app, 34))
    (token,) = (each["value"] for each in page.context.cookies() if each["name"] == "day")
    page.context.clear_cookies(name="day")
    present(page).locator("label").nth(2).click()
    expect(page.locator("[data-about=signed-out]")).to_be_visible()
    expect(present(page).locator(".saved")).to_have_attribute("data-saved", "kept")
    page.context.add_cookies([{"name": "day", "value": token, "url": page.url}])
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(present(page).locator(".saved")).to_have_attribute("data-saved", "sent")
    assert stored(app, lambda seen: seen.asked[0].said()) == "no"


def test_a_page_of_a_portal_says_nothing_is_sent(app: Flask, visit: Visit) -> None:
    page = visit("monitor")
    page.goto(begun(app, 34))
    portal = "<title>Welcome</title><main>Sign in to the network</main>"
    page.route(
        "**/answers/public_hearing*",
        lambda route: route.fulfill(status=200, content_type="text/html", body=portal),
    )
    present(page).locator("label").nth(0).click()
    expect(page.locator("[data-about=offline]")).to_be_visible()
    expect(present(page).locator(".saved")).to_have_attribute("data-saved", "kept")


def test_what_another_device_answered_meanwhile_is_shown_and_ones_own_stays(
    app: Flask, visit: Visit
) -> None:
    address = begun(app, 34)
    page = visit("monitor")
    page.goto(address)
    other = Browser(app, "monitor")
    other.post(f"{address}/public_hearing", {"version": "0", "answer": "yes"})
    present(page).locator("label").nth(2).click()
    expect(page.locator("#q-public_hearing [data-refused]")).to_contain_text("Kept is: Yes.")
    expect(present(page).locator("input:checked")).to_have_value("no")
    present(page).locator("label").nth(1).click()
    expect(present(page).locator(".saved")).to_have_attribute("data-saved", "sent")
    assert stored(app, lambda seen: seen.asked[0].said()) == "partly"
