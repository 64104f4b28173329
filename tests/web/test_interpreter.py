"""Whether an interpreter is needed is asked with a person, and seen before they are met."""

import re

import pytest
from flask import Flask

from hrdtracker.core.db import session
from hrdtracker.people.drafts import PersonDraft
from hrdtracker.people.model import Person
from hrdtracker.people.service import record_person
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit, somebody, version

pytestmark = pytest.mark.engines("sqlite")
ASKED = {"en": "Interpreter needed: which language?", "km": "ត្រូវការអ្នកបកប្រែផ្ទាល់មាត់៖ ភាសាអ្វី?"}
SAID = {"en": "Interpreter needed Bunong", "km": "ត្រូវការអ្នកបកប្រែផ្ទាល់មាត់ ប៊ូនង"}
BADGE = {"en": "Interpreter: Bunong", "km": "អ្នកបកប្រែ៖ ប៊ូនង"}


def _case_of(browser: Browser, person: str) -> str:
    """Return the address of the case that the page of a person links to."""
    browser.get(person)
    found = re.search(r'href="(/cases/[0-9a-f-]{36})"', browser.page)
    assert found
    return found.group(1)


def _reader(app: Flask, locale: str, login: str = "monitor") -> Browser:
    browser = Browser(app, login)
    browser.post("/language", {"language": locale})
    return browser


@pytest.mark.parametrize("locale", ["en", "km"])
def test_it_is_asked_kept_and_seen_with_the_person_and_in_their_case(
    app: Flask, locale: str
) -> None:
    here = somebody(app)
    browser = _reader(app, locale)
    form = {"version": version(browser, here + "/edit"), "unit": "person", "names-0-name": "Demo"}
    assert ASKED[locale] in browser.text
    assert browser.post(here + "/edit", form | {"interpreter_language": "cmo"}).status_code == 303
    browser.get(here)
    assert SAID[locale] in browser.text
    assert BADGE[locale] in browser.text
    browser.get(_case_of(browser, here))
    assert BADGE[locale] in browser.text
    browser.get(here + "/edit")
    assert re.search(r'<option selected value="cmo">', browser.page)


def test_it_is_recorded_with_somebody_new_and_taken_back(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/people/new")
    sending = re.search(r'name="submission_id"[^>]*value="([^"]+)"', browser.page)
    assert sending
    form = {"submission_id": sending.group(1), "unit": "person", "interpreter_language": "jra"}
    here = browser.post("/people/new", form).headers["Location"]
    browser.get(here)
    assert "Interpreter needed Jarai" in browser.text
    again = {"version": version(browser, here + "/edit"), "interpreter_language": ""}
    assert browser.post(here + "/edit", again).status_code == 303
    browser.get(here)
    assert "Interpreter needed Not known yet" in browser.text


def test_a_case_says_nothing_of_an_interpreter_where_none_is_needed(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get(_case_of(browser, somebody(app)))
    assert "Interpreter" not in browser.text


def test_what_is_no_language_of_the_list_is_refused_at_its_field(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    form = {"version": version(browser, here + "/edit"), "unit": "person"}
    assert browser.post(here + "/edit", form | {"interpreter_language": "tlh"}).status_code == 422
    assert "“tlh” is not in the list." in browser.text
    kept = in_unit(app, lambda: session().query(Person.interpreter_language).all())
    assert {language for (language,) in kept} == {None}


def test_a_stale_save_shows_what_somebody_else_chose(app: Flask) -> None:
    here = somebody(app)
    mine, theirs = Browser(app, "monitor"), Browser(app, "director")
    form = {"version": version(mine, here + "/edit"), "unit": "person"}
    assert theirs.post(here + "/edit", form | {"interpreter_language": "cmo"}).status_code == 303
    assert mine.post(here + "/edit", form | {"interpreter_language": "jra"}).status_code == 409
    assert "Interpreter needed: which language? Bunong" in mine.text


def test_the_trail_says_it_in_words(app: Flask) -> None:
    somebody(app, interpreter_language="cmo")
    browser = Browser(app, "auditor")
    browser.get("/audit")
    assert "Person or group: Interpreter needed – Bunong" in browser.text


def test_a_person_without_a_language_is_recorded_as_before(app: Flask) -> None:
    def record() -> str | None:
        return record_person(make.actor("monitor"), PersonDraft()).interpreter_language

    assert in_unit(app, record) is None
