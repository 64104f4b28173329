"""The law, the agenda and a case before the courts, walked in a real browser on phone and desk."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from hrdtracker.access.actor import operator
from hrdtracker.core import clock
from hrdtracker.core.when.model import When
from hrdtracker.proceedings import hearings
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.legal_rules.load import load_rules
from tests import courts, make
from tests.browser.conftest import Visit
from tests.web.somebody import in_unit

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.browser]
NOT_BEGUN = {
    "en": "not notified yet: the time to appeal has not begun",
    "km": "រយៈពេលប្តឹងឧទ្ធរណ៍មិនទាន់ចាប់ផ្តើម",
}
BOTH = pytest.mark.parametrize(("width", "language"), [("phone", "km"), ("desk", "en")])


def fits(page: Page) -> None:
    """Assert that nothing reaches beyond the edge of the screen but what scrolls, or failed."""
    wide: list[str] = page.evaluate(
        """[...document.querySelectorAll("main *")]
           .filter(each => !each.closest(".jump"))
           .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
           .map(each => each.outerHTML.slice(0, 90))"""
    )
    assert (wide, page.faults) == ([], [])  # type: ignore[attr-defined]


def send(page: Page) -> None:
    """Press the button of the form of a page."""
    page.locator("main form .btn-primary").last.click()
    expect(page.locator(".alert--ok")).to_be_visible()


# The law -----------------------------------------------------------------------------------------


def loaded(app: Flask) -> None:
    """Let the organisation hold the rules of law."""

    def load() -> None:
        organisation = make.organisation()
        load_rules(operator(organisation.id), organisation)

    in_unit(app, load)


@BOTH
def test_a_lawyer_says_that_a_rule_was_reviewed_and_an_administrator_confirms_it(
    app: Flask, visit: Visit, width: str, language: str
) -> None:
    loaded(app)
    page = visit("legal", width, language)
    page.goto("/rules")
    fits(page)
    page.locator("a[href='/rules/custody_base']").click()
    fits(page)
    page.locator("a[href$='/review']").click()
    page.locator("[name=reviewed_by]").fill("Advocate A.")
    page.locator("[name=reviewed_on]").fill("2026-11-10")
    fits(page)
    send(page)
    second = visit("admin", width, language)
    second.goto("/confirmations")
    fits(second)
    second.locator("main a.btn-primary").click()
    expect(second.locator("main form .btn-primary")).to_be_visible()
    fits(second)
    send(second)
    page.goto("/rules/custody_base")
    expect(page.locator(".sure--checked")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Advocate A.")
    fits(page)


# The agenda --------------------------------------------------------------------------------------


def tomorrow() -> datetime:
    """Return this hour of tomorrow, where the courts are."""
    return (clock.now() + timedelta(days=1)).astimezone(make.ZONE)


def two_hearings_of_one_monitor() -> None:
    """Send the monitor to two courts at one hour, tomorrow; a colleague may open the case."""
    at = tomorrow().replace(hour=9, minute=0, second=0, microsecond=0)
    for number in (1, 2):
        proceeding = courts.opened(courts.case_with(2))
        draft = HearingDraft(
            starts=When.minute(at, make.ZONE),
            kind="trial",
            court=f"first_instance_0{number}",
            monitors=(make.user("monitor").uid,),
        )
        hearings.add_hearing(make.actor("monitor"), proceeding, draft)


@BOTH
def test_whoever_is_to_be_in_two_courts_comes_first_in_every_view_and_somebody_goes_instead(
    app: Flask, visit: Visit, width: str, language: str
) -> None:
    in_unit(app, two_hearings_of_one_monitor)
    page = visit("director", width, language)
    day = tomorrow().date().isoformat()
    for view in ("agenda", "month", "week"):
        page.goto(f"/hearings?view={view}&day={day}")
        expect(page.locator(".hearing")).to_have_count(2)
        expect(page.locator("#now .btn-primary")).to_be_visible()
        fits(page)
    page.locator("#now .btn-primary").click()
    page.wait_for_load_state()
    page.goto(f"/hearings?day={day}")
    expect(page.locator("#now")).to_have_count(0)
    page.locator(".hearing__what a").first.click()
    fits(page)


# A case before the courts ------------------------------------------------------------------------


def tick(page: Page, box: Locator) -> None:
    """Tick a box or choose a button as a thumb does: by its label."""
    name = box.get_attribute("id")
    if not box.is_checked():
        page.locator(f"label[for='{name}']").click()
    expect(page.locator(f"#{name}")).to_be_checked()


def tick_all(page: Page, name: str) -> None:
    for box in page.locator(f"input[type=checkbox][name={name}]").all():
        tick(page, box)


@BOTH
def test_from_the_opening_to_a_judgment_of_each_one_of_them_in_default(
    app: Flask, visit: Visit, width: str, language: str
) -> None:
    loaded(app)
    case = in_unit(app, lambda: str(courts.case_with(2).uid))
    page = visit("monitor", width, language)
    page.goto(f"/cases/{case}/proceedings/new")
    tick_all(page, "accused")
    page.locator("[name=stage]").select_option("trial")
    page.locator("[name=court]").select_option("first_instance_12")
    fits(page)
    send(page)
    proceeding = page.url.split("#")[0]
    assert "/proceedings/" in proceeding
    _charge(page, proceeding)
    _judge(page, proceeding, "present", notified=True)
    _judge(page, proceeding, "default", notified=False)
    page.goto(proceeding)
    expect(page.locator("main")).to_contain_text(NOT_BEGUN[language])
    fits(page)
    page.goto(f"/cases/{case}/court")
    fits(page)


def _charge(page: Page, proceeding: str) -> None:
    page.goto(f"{proceeding}/charges/new")
    tick_all(page, "parties")
    page.locator("[name=provision]").select_option("kh_cc_495")
    page.locator("[name=charged]").fill("2026-11-02")
    fits(page)
    send(page)


def _judge(page: Page, proceeding: str, presence: str, *, notified: bool) -> None:
    """Say how a court decided about the first accused, if they were there; else the second."""
    page.goto(f"{proceeding}/judgments/new")
    boxes = page.locator("input[type=checkbox][name=parties]")
    tick(page, boxes.first if notified else boxes.last)
    page.locator("[name=pronounced]").fill(date(2026, 11, 20).isoformat())
    page.locator("[name=pronounced_by]").select_option("first_instance")
    tick(page, page.locator(f"[name=presence][value={presence}]"))
    page.locator("[name=prison_months]").fill("18")
    if notified:
        page.locator("[name=notified]").fill("2026-11-20")
    fits(page)
    send(page)
