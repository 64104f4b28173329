"""A form on a bad connection, in a real browser: nothing typed is lost, nothing untrue is said."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page, Route, expect
from sqlalchemy import select

from hrdtracker.access.model import User
from hrdtracker.accounts import staff
from hrdtracker.core.db import session
from hrdtracker.incidents.model import Incident, IncidentStatus
from tests import make
from tests.browser.conftest import Visit
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]

NEW = "**/incidents/new"
MADE = re.compile(r"/incidents/[0-9a-f-]{36}$")
WORDS = "Two trucks came."
PASSWORD = "cloud ladder teapot violin"
WAITED = {
    "en": re.compile("Not sent yet – no connection"),
    "km": re.compile("មិនទាន់បានបញ្ជូន – គ្មានអ៊ីនធឺណិត"),
}


def fill_in(page: Page) -> None:
    """Open the form of an incident, and type into it."""
    page.goto("/incidents/new")
    page.locator("label[for=type-0]").click()
    page.locator("#when").fill("yesterday 7:30")
    page.locator("#narrative").fill(WORDS)


def press(page: Page, name: str = "send") -> None:
    kind = {"send": "primary", "keep": "secondary"}[name]
    page.locator(f".send button.btn-{kind}").click()


def notice(page: Page, about: str) -> None:
    """Assert that the page says this, and still holds what was typed."""
    expect(page.locator(f"main [data-about={about}]")).to_be_visible()
    expect(page.locator("#narrative")).to_have_value(re.compile(WORDS))


def incidents(app: Flask) -> list[str]:
    """Return the status of every incident."""
    return list(in_unit(app, lambda: session().scalars(select(Incident.status)).all()))


def once(act: Callable[[Route], object]) -> Callable[[Route], None]:
    """Let something befall the first sending of a form; the next arrive."""
    befallen: list[str] = []

    def handle(route: Route) -> None:
        if route.request.method != "POST" or befallen:
            route.continue_()
            return
        befallen.append(route.request.url)
        act(route)

    return handle


def lose_the_answer(route: Route) -> None:
    route.fetch(max_redirects=0)
    route.abort()


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_form_sent_without_a_connection_stays_and_is_sent_by_itself_once_there_is_one(
    app: Flask, visit: Visit, language: str
) -> None:
    page = visit("monitor", "phone", language)
    fill_in(page)
    page.context.set_offline(True)
    press(page)
    notice(page, "offline")
    expect(page.locator("main [data-about=offline]")).to_contain_text(WAITED[language])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".send button.btn-primary")).to_be_enabled()
    page.context.set_offline(False)
    expect(page).to_have_url(MADE)
    assert incidents(app) == [IncidentStatus.SUBMITTED]


def test_a_form_whose_answer_was_lost_is_sent_again_and_saved_once(
    app: Flask, visit: Visit
) -> None:
    page = visit("monitor")
    page.route(NEW, once(lose_the_answer))
    fill_in(page)
    press(page)
    notice(page, "offline")
    assert incidents(app) == [IncidentStatus.SUBMITTED]
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page).to_have_url(MADE)
    assert incidents(app) == [IncidentStatus.SUBMITTED]


@pytest.mark.parametrize(
    ("status", "about"), [(200, "refused"), (403, "refused"), (500, "refused"), (503, "away")]
)
def test_only_an_answer_that_carries_the_forms_id_is_one(
    app: Flask, visit: Visit, status: int, about: str
) -> None:
    page = visit("monitor")
    sign_in = "<title>Sign in</title><main><h1>Sign in</h1><p>Your name.</p></main>"
    page.route(
        NEW,
        once(lambda route: route.fulfill(status=status, content_type="text/html", body=sign_in)),
    )
    fill_in(page)
    press(page)
    notice(page, about)
    press(page)
    expect(page).to_have_url(MADE)
    assert incidents(app) == [IncidentStatus.SUBMITTED]


def test_a_draft_kept_on_a_slow_line_and_then_sent_is_sent_and_says_so(
    app: Flask, visit: Visit
) -> None:
    page = visit("monitor")
    page.clock.install()
    slow: list[Route] = []
    page.route(NEW, once(slow.append))
    fill_in(page)
    press(page, "keep")
    expect(page.locator(".send button.btn-primary")).to_be_disabled()
    page.clock.fast_forward(16_000)
    notice(page, "slow")
    press(page)
    expect(page).to_have_url(MADE)
    expect(page.locator(".messages")).to_contain_text("Sent.")
    assert incidents(app) == [IncidentStatus.SUBMITTED]


def test_what_is_typed_after_the_button_was_pressed_is_not_sent_by_itself_nor_lost(
    app: Flask, visit: Visit
) -> None:
    page = visit("monitor")
    fill_in(page)
    page.context.set_offline(True)
    press(page, "keep")
    notice(page, "offline")
    page.locator("#narrative").fill(f"{WORDS} And a third")
    page.context.set_offline(False)
    notice(page, "changed")
    assert incidents(app) == []
    press(page, "keep")
    expect(page).to_have_url(MADE)
    expect(page.locator("main")).to_contain_text("And a third")


def test_what_is_typed_while_a_draft_is_being_kept_stays_and_is_kept_with_the_next_press(
    app: Flask, visit: Visit
) -> None:
    page = visit("monitor")

    def type_meanwhile(route: Route) -> None:
        page.locator("#narrative").fill(f"{WORDS} And a third")
        route.continue_()

    page.route(NEW, once(type_meanwhile))
    fill_in(page)
    press(page, "keep")
    notice(page, "overtaken")
    assert incidents(app) == [IncidentStatus.DRAFT]
    press(page, "keep")
    expect(page).to_have_url(MADE)
    expect(page.locator("main")).to_contain_text("And a third")
    assert incidents(app) == [IncidentStatus.DRAFT]


def test_a_refused_form_comes_back_filled_under_the_same_id(app: Flask, visit: Visit) -> None:
    page = visit("monitor", "phone", "km")
    fill_in(page)
    sending = page.locator("[name=submission_id]").input_value()
    page.locator("#when").fill("")
    press(page)
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("#narrative")).to_have_value(WORDS)
    assert page.locator("[name=submission_id]").input_value() == sending
    page.locator("#when").press_sequentially("16 November 2026")
    expect(page.locator("#when-read")).to_contain_text("២០២៦")
    press(page)
    expect(page).to_have_url(MADE)
    assert page.locator(".messages").count() == 1


def test_somebody_signed_out_in_another_tab_signs_in_and_the_form_is_saved(
    app: Flask, visit: Visit
) -> None:
    def give_a_password() -> None:
        monitor = session().scalars(select(User).where(User.login == "monitor")).one()
        staff.accept(staff.invite_again(make.actor("admin"), monitor), PASSWORD)
        make.confirm("national", monitor)

    in_unit(app, give_a_password)
    page = visit("monitor")
    fill_in(page)
    page.context.clear_cookies()
    press(page)
    expect(page.locator("h1")).to_have_text("You are signed out")
    page.locator("#login").fill("monitor")
    page.locator("#resume").fill(PASSWORD)
    page.locator("main button").click()
    expect(page).to_have_url(MADE)
    expect(page.locator("main")).to_contain_text(WORDS)
    assert incidents(app) == [IncidentStatus.SUBMITTED]


@pytest.mark.parametrize(("name", "about"), [("send", "sent"), ("keep", "kept")])
def test_back_after_sending_says_so_and_leads_to_what_was_sent(
    visit: Visit, name: str, about: str
) -> None:
    page = visit("monitor")
    fill_in(page)
    press(page, name)
    expect(page).to_have_url(MADE)
    made = page.url
    page.go_back()
    expect(page.locator(f"main [data-about={about}]")).to_be_visible()
    expect(page.locator("#narrative")).to_have_value("")
    page.locator(f"main [data-about={about}] a").click()
    expect(page).to_have_url(made)
    assert page.faults == []  # type: ignore[attr-defined]


def test_back_says_nothing_to_somebody_else_of_what_was_sent_in_the_same_tab(
    app: Flask, visit: Visit
) -> None:
    page = visit("monitor")
    fill_in(page)
    press(page)
    expect(page).to_have_url(MADE)
    context = page.context
    other = Browser(app, "colleague").client.get_cookie("day")
    assert other is not None
    cookies = [
        {**each, "value": other.value} for each in context.cookies() if each["name"] == "day"
    ]
    context.add_cookies(cookies)  # type: ignore[arg-type] # as they came
    page.go_back()
    expect(page.locator("#narrative")).to_have_value("")
    expect(page.locator("main [data-about=sent]")).to_have_count(0)


def test_a_message_is_shown_once(visit: Visit) -> None:
    page = visit("monitor")
    fill_in(page)
    press(page)
    expect(page.locator(".messages")).to_be_visible()
    page.reload()
    expect(page.locator("h1")).to_be_visible()
    assert page.locator(".messages").count() == 0


def correct(app: Flask, page: Page) -> str:
    """Type a correction of an incident; return the page of that."""
    made = in_unit(app, lambda: f"/incidents/{make.incident('monitor').uid}")
    page.goto(f"{made}/edit")
    page.locator("#narrative").fill(f"{WORDS} And a third")
    return str(made)


def test_a_correction_sent_without_a_connection_stays_and_is_sent_by_itself(
    app: Flask, visit: Visit
) -> None:
    page = visit("monitor")
    made = correct(app, page)
    page.context.set_offline(True)
    page.locator("main .actions button").click()
    notice(page, "offline")
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile(f"{made}$"))
    expect(page.locator("main")).to_contain_text("And a third")
    page.go_back()
    expect(page.locator("main [data-about=sent]")).to_be_visible()


def test_a_correction_whose_answer_was_lost_is_said_to_be_saved(app: Flask, visit: Visit) -> None:
    page = visit("monitor")
    page.route("**/edit", once(lose_the_answer))
    correct(app, page)
    page.locator("main .actions button").click()
    notice(page, "offline")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("main [data-stored]")).to_be_visible()
    page.reload()
    expect(page.locator("#narrative")).to_have_value(re.compile("And a third"))
    assert page.locator("main [data-about=restored]").count() == 0


def test_a_decision_whose_answer_was_lost_is_not_said_to_be_unsent(
    app: Flask, visit: Visit
) -> None:
    case = in_unit(app, lambda: f"/cases/{make.case_of(make.incident('monitor')).uid}")
    page = visit("director")
    page.route("**/close", once(lose_the_answer))
    page.goto(f"{case}/close")
    page.locator("#outcome").select_option(index=1)
    page.locator("label[for=areas-0]").click()
    page.locator("textarea").first.fill(WORDS)
    page.locator("main .decide button").click()
    expect(page.locator("main [data-about=offline]")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("main [data-about=unsure]")).to_be_visible()
    expect(page.locator("textarea").first).to_have_value(WORDS)


def test_going_away_from_what_is_not_sent_is_asked_about_and_leaving_is_not(visit: Visit) -> None:
    page = visit("monitor")
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", refuse)
    fill_in(page)
    page.context.set_offline(True)
    press(page)
    notice(page, "offline")
    page.locator(".brand").click()
    notice(page, "offline")
    assert asked == ["beforeunload"]
    page.locator("#narrative").press("End")
    page.keyboard.type("!")
    page.context.set_offline(False)
    notice(page, "changed")
    page.locator(".leave").click()
    expect(page).to_have_url(re.compile(r"/away$"))
    assert asked == ["beforeunload"]


def test_without_script_the_page_of_the_error_sends_the_form_again_as_its_hint_says(
    app: Flask, visit: Visit
) -> None:
    page = visit("monitor")
    page.route("**/*.js*", lambda route: route.abort())
    fill_in(page)
    expect(page.locator("[data-without-script]")).to_be_visible()
    expect(page.locator("[data-with-script]")).to_be_hidden()
    page.context.set_offline(True)
    press(page)
    page.wait_for_url("chrome-error://chromewebdata/")
    page.context.set_offline(False)
    page.reload()
    expect(page).to_have_url(MADE)
    assert incidents(app) == [IncidentStatus.SUBMITTED]
