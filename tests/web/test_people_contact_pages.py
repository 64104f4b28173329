"""How somebody can be reached, through the pages: the note first, the number when asked for."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.people.model import Contact
from tests.web.browse import Browser
from tests.web.somebody import in_unit, last_entry, openings, somebody, version

pytestmark = pytest.mark.engines("sqlite")
NUMBER = "012 000 001"
FORM = {
    "kind": "signal",
    "value": NUMBER,
    "hours": "18:00 to 20:00",
    "name_to_use": "Aunt",
    "code_word": "Mango",
    "who_may_answer": "The sister",
    "never": "the factory line",
    "checked_on": "10 November 2026",
}


def adding(app: Flask, here: str) -> str:
    """Return the address that keeps a contact of this person with the latest case."""
    query = select(Case.uid).order_by(Case.id.desc()).limit(1)
    return f"/cases/{in_unit(app, lambda: session().scalars(query).one())}{here}/contacts/new"


def contact(app: Flask) -> str:
    """Return the address of the only contact."""
    return f"/people/contacts/{in_unit(app, lambda: session().scalars(select(Contact.uid)).one())}"


def test_a_contact_is_kept_and_its_note_stands_before_the_hidden_number(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    assert browser.get(adding(app, here)).status_code == 200
    assert browser.post(adding(app, here), FORM).status_code == 303
    browser.get(here)
    said = (
        "Signal, 18:00 to 20:00 Ask for “Aunt”. Say the code word: “Mango”. "
        "May answer: The sister. Never: the factory line. Checked Tue 10 Nov"
    )
    assert said in browser.text
    assert browser.page.index("Mango") < browser.page.index("/people/contacts/")
    assert NUMBER not in browser.page


def test_a_number_is_shown_once_after_its_note_and_that_is_recorded(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    browser.post(adding(app, here), FORM)
    assert browser.post(contact(app) + "/reveal").status_code == 200
    assert browser.page.index("Mango") < browser.page.index(NUMBER)
    assert last_entry(app)[:2] == ("contact.reveal", "done")
    (opened,) = [each for each in openings(app) if each[0] == "contact.reveal"]
    assert opened[1] == "contact"
    assert opened[2] is not None
    browser.get(here)
    assert NUMBER not in browser.page


def test_on_a_page_that_asks_for_a_part_only_the_number_comes_back(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    browser.post(adding(app, here), FORM)
    browser.post(contact(app) + "/reveal", headers={"HX-Request": "true"})
    assert browser.text.strip() == NUMBER


def test_a_number_is_never_shown_by_merely_opening_an_address(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    browser.post(adding(app, here), FORM)
    assert browser.get(contact(app) + "/reveal").status_code == 405


@pytest.mark.parametrize("login", ["stranger", "colleague", "fund", "auditor", "admin"])
def test_a_contact_of_a_hidden_case_is_missing_whoever_knows_its_address(
    app: Flask, login: str
) -> None:
    here = somebody(app)
    Browser(app, "monitor").post(adding(app, here), FORM)
    browser = Browser(app, login)
    assert browser.post(contact(app) + "/reveal").status_code == 404
    assert browser.get(contact(app) + "/edit").status_code == 404
    assert browser.post(contact(app) + "/edit", FORM).status_code == 404
    assert browser.get(adding(app, here)).status_code == 404
    assert browser.post(adding(app, here), FORM).status_code == 404
    assert NUMBER not in browser.page


def test_a_contact_is_kept_only_with_a_case_that_names_the_person(app: Flask) -> None:
    here, other = somebody(app), somebody(app)
    browser = Browser(app, "monitor")
    assert browser.get(adding(app, here)).status_code == 404
    assert browser.post(adding(app, here), FORM).status_code == 404
    assert browser.post(adding(app, other), FORM).status_code == 303


def test_a_contact_is_changed_and_showing_its_number_on_the_form_is_recorded(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    browser.post(adding(app, here), FORM)
    path = contact(app) + "/edit"
    form = {**FORM, "version": version(browser, path), "value": "", "code_word": "Papaya"}
    assert NUMBER in browser.page
    assert "10/11/2026" in browser.page
    assert browser.post(path, form).status_code == 303
    browser.get(here)
    assert "Papaya" in browser.text
    assert "/reveal#contacts" not in browser.page
    assert [each[1] for each in openings(app) if each[0] == "contact.reveal"] == ["contact"]


def test_a_stale_save_shows_both_versions_and_loses_neither(app: Flask) -> None:
    here = somebody(app)
    mine, theirs = Browser(app, "monitor"), Browser(app, "director")
    mine.post(adding(app, here), FORM)
    path = contact(app) + "/edit"
    form = {**FORM, "version": version(mine, path)}
    assert theirs.post(path, {**form, "code_word": "Theirs"}).status_code == 303
    assert mine.post(path, {**form, "code_word": "Mine"}).status_code == 409
    assert "Theirs" in mine.text
    assert 'value="Mine"' in mine.page
    fresh = re.search(r'name="version"[^>]*value="(\d+)"', mine.page)
    assert fresh
    again = {**form, "code_word": "Mine", "version": fresh.group(1)}
    assert mine.post(path, again).status_code == 303
    mine.get(here)
    assert "Mine" in mine.text


BAD = [
    ({"kind": ""}, "required"),
    ({"kind": "pigeon"}, "not in the list"),
    ({"checked_on": "last spring"}, "Write one day"),
    ({"checked_on": "1 January 2100"}, "in the future"),
    ({"checked_on": "x" * 400}, "longer than"),
    *[({name: "x" * 301}, "300") for name in FORM if name not in {"kind", "checked_on"}],
    *[({name: "nul\0"}, "cannot be kept") for name in FORM if name not in {"kind", "checked_on"}],
    ({**dict.fromkeys(FORM, ""), "kind": "phone"}, "Write the number or address"),
]


def test_bad_input_is_told_at_its_field_and_nothing_is_kept_or_lost(app: Flask) -> None:
    path = adding(app, somebody(app))
    browser = Browser(app, "monitor")

    def fault(change: dict[str, str], reason: str) -> bool:
        status = browser.post(path, {**FORM, **change}).status_code
        kept = len(change) > 1 or sum(f'value="{FORM[name]}"' in browser.page for name in FORM) > 5
        return status != 422 or reason not in browser.text or not kept

    assert [row for row in BAD if fault(*row)] == []
    assert in_unit(app, lambda: session().scalars(select(Contact)).all()) == []


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_form_of_a_contact_is_there_in_both_languages(app: Flask, language: str) -> None:
    path = adding(app, somebody(app))
    browser = Browser(app, "monitor")
    browser.post("/language", {"language": language})
    assert browser.get(path).status_code == 200
    assert ("ទូរស័ព្ទ" if language == "km" else "Telephone") in browser.text
    typed = re.findall(r'<input[^>]*class="form-control[^>]*>', browser.page)
    assert len(typed) == 7
    assert [tag for tag in typed if 'autocomplete="off"' not in tag] == []
