"""What pages say of who is held: never that they still are, unless somebody said so lately."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask

from hrdtracker.core import clock
from hrdtracker.core.when.model import When
from hrdtracker.incidents import facts
from hrdtracker.incidents.batch import log_together
from hrdtracker.incidents.drafts import Custody, VictimUpdate
from hrdtracker.incidents.model import Incident
from hrdtracker.incidents.service import violations_of
from hrdtracker.incidents.whole import Origin, WholeIncident
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import make
from tests.web.browse import Browser
from tests.web.case_pages import LAND, send
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
THREE = tuple(Victim(described=PersonDraft((NameDraft(f"Demo {n}"),))) for n in range(3))
BUTTONS = re.compile(r"<button.*?</button>", re.DOTALL)
RECORDED = {"arrest": None, "a status": "held_trial"}


def recorded(status: str | None = None) -> Incident:
    """Log an arrest of today, of three people; with a status that somebody says of them."""
    today = When.day(clock.today(make.ZONE), make.ZONE, "today")
    custody = Custody(place_held="Sample unit")
    incident = make.incident(occurred=today, victims=THREE, custody=custody)
    if status:
        update = VictimUpdate(tuple(violations_of(incident)), status)
        facts.update_victims(make.actor("monitor"), incident, update, incident.version)
    return incident


def imported() -> Incident:
    """Import the same."""
    today = When.day(clock.today(make.ZONE), make.ZONE, "today")
    origin = Origin("a list", uuid4().hex, uuid4().hex)
    draft = make.draft(occurred=today, victims=THREE)
    return log_together(
        make.actor("monitor"), [WholeIncident(draft, origin, status_at_end="held")]
    )[0]


def addresses(incident: Incident) -> list[str]:
    """Return the pages that tell of an incident, its case and its people."""
    case, own = f"/cases/{make.case_of(incident).uid}", f"/incidents/{incident.uid}"
    return [
        "/",
        "/review",
        "/cases",
        "/incidents",
        "/people",
        case,
        f"{case}/people",
        own,
        f"{own}/review",
    ]


def said_on(browser: Browser, pages: list[str]) -> dict[str, str]:
    """Return what each page says, without its buttons; the pages of people are followed."""
    said = {}
    for address in [*pages, *_people(browser, pages)]:
        assert browser.get(address).status_code == 200, address
        text = BUTTONS.sub(" ", browser.page)
        said[address] = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))
    return said


def _people(browser: Browser, pages: list[str]) -> set[str]:
    browser.get(next(page for page in pages if page.startswith("/cases/")))
    return set(re.findall(r"/people/[0-9a-f-]{36}(?=\")", browser.page))


def closing(browser: Browser, pages: list[str]) -> str:
    """Try to close the case as if all were released, and return why that is refused."""
    case = next(page for page in pages if page.startswith("/cases/"))
    assert send(browser, f"{case}/close", outcome="released", reason="Free.", areas=[LAND]) == 422
    return browser.text


@pytest.mark.parametrize("status", RECORDED.values(), ids=RECORDED)
@pytest.mark.parametrize(
    ("hours", "words"),
    [(1, "last confirmed"), (25, "not heard since"), (24 * 8, "outcome unknown")],
)
def test_no_page_says_still_held_of_whom_nobody_confirmed_for_a_day(
    app: Flask, status: str | None, hours: int, words: str
) -> None:
    pages = in_unit(app, lambda: addresses(recorded(status)))
    with time_machine.travel(clock.now() + timedelta(hours=hours)):
        browser = Browser(app, "director")
        said = said_on(browser, pages)
        refusal = closing(browser, pages)
    everywhere = " ".join(said.values()).lower()
    is_fresh = words == "last confirmed"
    assert ("still held" in everywhere) == is_fresh
    assert ("still held" in refusal) == is_fresh
    for page in (
        address for address in said if re.search("/cases/|/incidents/.|/people/.", address)
    ):
        assert words in said[page], page


def test_no_page_says_still_held_of_whom_an_import_alone_tells(app: Flask) -> None:
    pages = in_unit(app, lambda: addresses(imported()))
    browser = Browser(app, "director")
    said = said_on(browser, pages)
    everywhere = " ".join([*said.values(), closing(browser, pages)]).lower()
    assert "still held" not in everywhere
    assert "last confirmed" not in everywhere
    assert "not heard since" not in everywhere
    assert "outcome unknown" in everywhere


# --- one tap --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "back"),
    [("/", "/"), ("/incidents/", "/incidents/"), ("/cases/", "/cases/")],
)
def test_one_tap_confirms_all_and_leads_back(app: Flask, page: str, back: str) -> None:
    pages = in_unit(app, lambda: addresses(recorded()))
    with time_machine.travel(clock.now() + timedelta(hours=30)):
        browser = Browser(app, "monitor")
        browser.get(next(address for address in pages if address.startswith(page)))
        assert "not heard since" in browser.text
        form = next(
            form
            for form in re.findall(r"<form.*?</form>", browser.page, re.DOTALL)
            if "/held" in form and 'name="person"' not in form
        )
        action = re.search(r'action="([^"]+)"', form)
        assert action
        answer = browser.post(action[1].replace("&amp;", "&"))
        assert answer.location.startswith(back)
        browser.get(answer.location)
    assert "not heard since" not in browser.text
    assert "3 of 3 still held" in browser.text or back == "/incidents/"
    assert "last confirmed" in browser.text or back == "/cases/"


def test_one_of_many_is_confirmed_alone_and_both_words_are_said(app: Flask) -> None:
    pages = in_unit(app, lambda: addresses(recorded()))
    with time_machine.travel(clock.now() + timedelta(hours=30)):
        browser = Browser(app, "monitor")
        own = next(address for address in pages if address.startswith("/incidents/"))
        browser.get(own)
        (one, *_) = re.findall(r'name="person" value="(\w+)"', browser.page)
        browser.post(f"{own}/held", {"person": one})
        browser.get("/")
    assert re.search(r"3 of 3 recorded as held: still held: 1, not heard since .+: 2", browser.text)


def test_released_leads_to_the_form_with_whom_and_what_is_chosen(app: Flask) -> None:
    own = next(
        address
        for address in in_unit(app, lambda: addresses(recorded()))
        if address.startswith("/incidents/")
    )
    browser = Browser(app, "monitor")
    browser.get(own)
    link = re.search(r'href="(/incidents/[^"]+/people\?[^"]*people=[^"]*)"', browser.page)
    assert link
    browser.get(link[1].replace("&amp;", "&"))
    assert len(re.findall(r"<input checked[^>]*name=\"people\"", browser.page)) == 1
    assert re.search(
        r'<option[^>]*(selected[^>]*value="released"|value="released"[^>]*selected)', browser.page
    )
