"""Who the people typed in a list may be: every line is compared, and asked about once."""

import re
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.cases.drafts import ClosingDraft
from hrdtracker.cases.model import Case
from hrdtracker.cases.service import close_case
from hrdtracker.core.db import session
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import NAME, in_unit, last_entry, openings, somebody

pytestmark = pytest.mark.engines("sqlite")
NEW = "/incidents/new"
FORM = {"type": "threat", "when": "yesterday"}
ANSWERS = re.compile(r'<input type="hidden" name="(same-\d+-name)" value="([^"]*)">')
OFFERED = re.compile(r'id="same-(\d+)-\d+"\s+value="([0-9a-f]{32})"')
ATTACH = re.compile(r'name="attach"\s+value="([^"]+)"\s+formaction="([^"]+)"')
UNLIKE = ["Bopha", "Chenda", "Kosal", "Mealea", "Narith", "Phirun", "Rithy", "Sokha", "Thyda"]


def _close_the_case() -> None:
    case = session().scalars(select(Case)).one()
    outcome = ClosingDraft("released", "All were released.", frozenset({"judiciary"}))
    close_case(make.actor("director"), case, outcome, case.version)


def _typed(browser: Browser) -> dict[str, str]:
    """Return the answers that stand on a page that asks."""
    return {name: unescape(value) for name, value in ANSWERS.findall(browser.page)}


def test_a_name_like_one_on_record_is_asked_about_once_before_anything_is_sent(app: Flask) -> None:
    somebody(app)
    monitor = Browser(app, "monitor")
    form = {**FORM, "who": f"Bopha Test, F, 20\n{NAME}, F, 30", "submission_id": uuid4().hex}

    asked = monitor.post(NEW, form)

    assert asked.status_code == 200
    assert openings(app)[-1] == ("incident.log", "data_key", None)
    assert last_entry(app)[0] == "person.search"
    assert "1 person may be on record already" in monitor.text
    assert {number for number, _ in OFFERED.findall(monitor.page)} == {"1"}
    assert f"{NAME}, F, 30" in monitor.page
    assert monitor.post(NEW, form | _typed(monitor)).status_code == 303
    assert last_entry(app)[0] == "incident.log"


def test_the_same_form_sent_again_is_not_asked_about_whom_it_recorded_itself(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    form = {**FORM, "who": f"{NAME}, F, 30", "submission_id": uuid4().hex}
    first = monitor.post(NEW, form)
    assert first.status_code == 303
    assert monitor.post(NEW, form).location == first.location


def test_nobody_is_asked_about_whom_the_reader_may_not_see(app: Flask) -> None:
    somebody(app, "stranger")
    assert Browser(app, "monitor").post(NEW, {**FORM, "who": NAME}).status_code == 303


def test_the_thirteenth_line_of_a_list_is_compared_too(app: Flask) -> None:
    somebody(app)
    monitor = Browser(app, "monitor")
    lines = [f"{name} Line, F, {age}" for age, name in enumerate([*UNLIKE, *UNLIKE[:3]], 20)]
    assert monitor.post(NEW, {**FORM, "who": "\n".join([*lines, NAME])}).status_code == 200
    assert {number for number, _ in OFFERED.findall(monitor.page)} == {"12"}


def test_beyond_four_those_offered_stand_folded_and_none_is_left_out(app: Flask) -> None:
    for _ in range(7):
        somebody(app)
    monitor = Browser(app, "monitor")
    monitor.post("/people/suggest", {"who": NAME})
    shown, _, folded = monitor.page.partition("<details")
    assert len(OFFERED.findall(shown)) == 4
    assert len(OFFERED.findall(folded)) == 3
    assert "3 more" in folded


def test_an_offer_says_place_area_and_case_and_one_tap_goes_on_in_that_case(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    logged = {
        **FORM,
        "who": NAME,
        "where": "Tonle Basak, Chamkar Mon, Phnom Penh",
        "areas": "land_and_natural_resources",
    }
    monitor.get(monitor.post(NEW, logged).location)
    (code,) = set(re.findall(r"[A-Z]{3}-\d{4}-[2-9A-Z]{4}", monitor.text))

    monitor.post("/people/suggest", {"who": NAME})

    for fact in (code, "Land and natural resources", "Tonle Basak", f"Log it in {code}"):
        assert fact in monitor.text
    ((value, address),) = ATTACH.findall(monitor.page)
    form = {"who": NAME, "narrative": "They came back.", "attach": value, "same-0-name": NAME}
    assert monitor.post(unescape(address), form).status_code == 200
    assert "They came back." in monitor.page
    ((_, uid),) = OFFERED.findall(monitor.page)
    assert re.search(rf'value="{uid}"\s+checked', monitor.page)
    del form["attach"]
    monitor.get(monitor.post(unescape(address), {**form, **FORM, "same-0": uid}).location)
    assert code in monitor.text
    assert uid in monitor.page.replace("-", "")


def test_a_closed_case_is_not_offered_to_go_on_in(app: Flask) -> None:
    somebody(app, "director")
    director = Browser(app, "director")
    director.post("/people/suggest", {"who": NAME})
    assert len(ATTACH.findall(director.page)) == 1
    in_unit(app, _close_the_case)
    director.post("/people/suggest", {"who": NAME})
    assert ATTACH.findall(director.page) == []
    assert OFFERED.findall(director.page)


@pytest.mark.parametrize("path", ["edit", "violations/new"])
def test_people_added_later_are_asked_about_too(app: Flask, path: str) -> None:
    somebody(app)
    monitor = Browser(app, "monitor")
    here = f"{monitor.post(NEW, FORM).location}/{path}"
    monitor.get(here)
    version = re.search(r'name="version"[^>]*value="(\d+)"', monitor.page)
    assert version
    form = {**FORM, "version": version[1], "who": NAME, "place_kind": "unknown"}
    assert monitor.post(here, form).status_code == 200
    assert "may be on record already" in monitor.text
    assert monitor.post(here, form | _typed(monitor)).status_code == 303
