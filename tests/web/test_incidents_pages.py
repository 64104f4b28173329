"""Logging and reviewing through the pages."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask

from hrdtracker.accounts import sessions
from hrdtracker.core import clock
from tests.web.browse import Browser
from tests.web.somebody import last_entry, statements

pytestmark = pytest.mark.engines("sqlite")
LOGGING = 27
"""Statements of an incident with two people that opens a case, and of reading the form’s token."""
ARREST = {"type": "arrest", "when": "16 November 2026", "who": "Demo A, F, 34\nDemo B, M, 29"}


def test_two_answers_are_enough_to_log_an_incident(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/incidents/new")
    answer = browser.post("/incidents/new", {"type": "threat", "when": "yesterday"})
    assert answer.status_code == 303
    browser.get(answer.location)
    assert "Threat" in browser.text
    assert "Sent" in browser.text


def test_what_logging_an_incident_asks_the_database(app: Flask) -> None:
    browser = Browser(app, "monitor")
    sendings = [
        {**ARREST, "connection": "witness", "where": "Phnom Penh", "submission_id": uuid4().hex}
        for _ in range(2)
    ]
    assert browser.post("/incidents/new", sendings[0]).status_code == 303
    assert statements(lambda: browser.post("/incidents/new", sendings[1])) <= LOGGING


def test_a_second_incident_is_logged_from_the_button_of_its_case(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/incidents/new")
    browser.get(browser.post("/incidents/new", ARREST).location)
    case = re.search(r'href="(/cases/[0-9a-f-]+)"', browser.page)
    assert case is not None
    browser.get(case[1])
    button = re.search(r'href="(/incidents/new\?case=[0-9a-f-]+)"', browser.page)
    assert button is not None
    browser.get(button[1])
    answer = browser.post(button[1], {"type": "threat", "when": "yesterday"})
    assert answer.status_code == 303
    browser.get(case[1])
    assert "Threat" in browser.text


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(app: Flask) -> None:
    browser = Browser(app, "monitor")
    answer = browser.post("/incidents/new", {"narrative": "Two trucks came."})
    assert answer.status_code == 422
    assert "Choose what happened." in browser.text
    assert "Two trucks came." in browser.page


@pytest.mark.parametrize(("language", "colon"), [("en", ":"), ("km", "៖")])
def test_no_colon_stands_after_a_question_in_the_summary_of_what_is_wrong(
    app: Flask, language: str, colon: str
) -> None:
    browser = Browser(app, "monitor")
    browser.post("/language", {"language": language})
    assert browser.post("/incidents/new", {"narrative": "\0"}).status_code == 422
    assert re.search(rf'<a href="#type">[^<{colon}]+\? [^<{colon}]+</a>', browser.page)
    assert re.search(rf'<a href="#narrative">[^<?{colon}]+{colon} [^<]+</a>', browser.page)


def test_a_line_that_cannot_be_kept_is_named_and_nothing_is_lost(app: Flask) -> None:
    browser = Browser(app, "monitor")
    long = "D" * 301
    answer = browser.post("/incidents/new", {**ARREST, "who": f"Demo A, F, 34\n{long}"})
    assert answer.status_code == 422
    assert "Line 2" in browser.text
    assert long in browser.page


@pytest.mark.parametrize("field", ["when", "where", "who", "narrative"])
def test_signs_that_cannot_be_kept_are_refused_beside_their_field(app: Flask, field: str) -> None:
    browser = Browser(app, "monitor")
    answer = browser.post("/incidents/new", {**ARREST, field: "kept\0 words"})
    assert answer.status_code == 422
    beside = re.search(rf'id="{field}-error"[^>]*>(.*?)</p>', browser.page, re.DOTALL)
    assert beside is not None
    assert "cannot be kept" in beside[1]
    assert "words" in browser.page


def test_a_draft_is_kept_and_sent_later(app: Flask) -> None:
    browser = Browser(app, "monitor")
    answer = browser.post("/incidents/new", {**ARREST, "keep": "1"})
    browser.get(answer.location)
    assert "Draft" in browser.text
    assert Browser(app, "director").get(answer.location).status_code == 404
    assert browser.post(answer.location + "/send").status_code == 303
    assert Browser(app, "director").get(answer.location).status_code == 200


def test_a_director_returns_it_the_author_corrects_it_and_the_director_sees_what_changed(
    app: Flask,
) -> None:
    monitor, director = Browser(app, "monitor"), Browser(app, "director")
    here = monitor.post("/incidents/new", {**ARREST, "narrative": "No papers."}).location
    director.get("/review")
    assert "Arrest" in director.text
    version = _version(director, here + "/review")
    returned = {"version": version, "return": "1", "reason": "When did they arrive?"}
    assert director.post(here + "/review", returned).status_code == 303
    monitor.get(here)
    assert "When did they arrive?" in monitor.text
    version = _version(monitor, here + "/edit")
    changed = {
        "version": version,
        "type": "arrest",
        "when": "16 November 2026",
        "narrative": "They arrived at nine.",
        "urgency": "normal",
        "place_kind": "unknown",
    }
    assert monitor.post(here + "/edit", changed).status_code == 303
    monitor.post(here + "/send")
    version = _version(director, here + "/review")
    assert "They arrived at nine." in director.text
    assert "No papers." in director.text
    found = {
        "version": version,
        "established-0": "corroborated",
        "sources-0": "2",
        "finding-0": "yes",
        "right-0": "liberty_and_security",
    }
    assert director.post(here + "/review", found).status_code == 303
    monitor.get(here)
    assert "Reviewed" in monitor.text
    assert "Corroborated" in monitor.text


def test_an_assessment_that_does_not_hold_is_refused_with_its_reason(app: Flask) -> None:
    here = Browser(app, "monitor").post("/incidents/new", ARREST).location
    director = Browser(app, "director")
    version = _version(director, here + "/review")
    answer = director.post(
        here + "/review", {"version": version, "established-0": "verified", "sources-0": "1"}
    )
    assert answer.status_code == 422
    assert "2 independent sources" in director.text


def test_a_stale_save_shows_both_versions_and_loses_neither(app: Flask) -> None:
    here = Browser(app, "monitor").post("/incidents/new", ARREST).location
    mine, theirs = Browser(app, "monitor"), Browser(app, "director2")
    version = _version(mine, here + "/edit")
    form = {"version": version, "type": "arrest", "when": "16 November 2026"}
    assert theirs.post(here + "/edit", {**form, "narrative": "Theirs."}).status_code == 303
    assert mine.post(here + "/edit", {**form, "narrative": "Mine."}).status_code == 409
    assert "Theirs." in mine.page
    assert "Mine." in mine.page
    version = re.search(r'name="version"[^>]*value="(\d+)"', mine.page).group(1)  # type: ignore[union-attr]
    again = {**form, "version": version, "narrative": "Mine."}
    assert mine.post(here + "/edit", again).status_code == 303


@pytest.mark.parametrize("path", ["/", "/incidents", "/incidents/new", "/review"])
def test_the_pages_speak_khmer(app: Flask, path: str) -> None:
    browser = Browser(app, "director")
    browser.post("/language", {"language": "km"})
    assert browser.get(path).status_code == 200
    assert '<html lang="km"' in browser.page


def test_what_happened_to_several_people_is_said_in_one_go(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    here = monitor.post("/incidents/new", ARREST).location
    version = _version(monitor, here + "/people")
    everybody = re.findall(r'name="people"[^>]*value="([0-9a-f]{32})"', monitor.page)
    assert len(everybody) == 2
    form = {"version": version, "people": everybody, "status": "released"}
    assert monitor.post(here + "/people", form).status_code == 303
    monitor.get(here)
    assert monitor.text.count("released") + monitor.text.count("Released") >= 2


def test_a_source_is_a_letter_to_others_and_somebody_to_its_author(app: Flask) -> None:
    monitor, director = Browser(app, "monitor"), Browser(app, "director")
    here = monitor.post("/incidents/new", ARREST).location
    version = _version(monitor, here + "/sources/new")
    form = {"version": version, "connection": "witness", "identity": "Demo Witness"}
    assert monitor.post(here + "/sources/new", form).status_code == 303
    monitor.get(here)
    uid = re.search(r"/incidents/sources/([0-9a-f-]{36})/identity", monitor.page).group(1)  # type: ignore[union-attr]
    monitor.post(f"/incidents/sources/{uid}/identity")
    assert "Demo Witness" in monitor.text
    director.get(here)
    assert "Source A" in director.text
    assert "/identity" not in director.page
    assert director.post(f"/incidents/sources/{uid}/identity").status_code == 404


def _version(browser: Browser, path: str) -> str:
    assert browser.get(path).status_code == 200
    found = re.search(r'name="version"[^>]*value="(\d+)"', browser.page)
    assert found
    return found.group(1)


def test_who_is_known_already_is_offered_and_choosing_records_nobody_twice(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    monitor.post("/incidents/new", ARREST)
    offered = monitor.post("/people/suggest", {"who": "Demo A, F"})
    assert offered.status_code == 200
    choice = re.search(r'name="same-0"[^>]*value="([0-9a-f]{32})"', monitor.page)
    assert choice
    again = {
        "type": "threat",
        "when": "17 November 2026",
        "who": "Demo A, F",
        "same-0": choice.group(1),
        "same-0-name": "Demo A",
    }
    here = monitor.post("/incidents/new", again).location
    monitor.get(here)
    assert f"/people/{UUID(choice.group(1))}" in monitor.page


def test_a_choice_made_for_another_name_does_not_count(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    monitor.post("/incidents/new", ARREST)
    monitor.post("/people/suggest", {"who": "Demo A, F"})
    choice = re.search(r'name="same-0"[^>]*value="([0-9a-f]{32})"', monitor.page)
    assert choice
    again = {"type": "threat", "when": "17 November 2026", "who": "Quite Another, F"}
    again |= {"same-0": choice.group(1), "same-0-name": "Demo A"}
    here = monitor.post("/incidents/new", again).location
    monitor.get(here)
    assert f"/people/{UUID(choice.group(1))}" not in monitor.page


# --- a choice of somebody known, on a page that comes back ----------------------------------------

LINES = "Nobody Like, M\nDemo A, F"
CHOICE = re.compile(r'<input[^>]*name="same-1"[^>]*value="([0-9a-f]{32})"[^>]*>')
KEPT = re.compile(r'<input type="hidden" name="(type|who|when|same-[^"]+)" value="([^"]*)">')


def _chosen(browser: Browser, **typed: str) -> dict[str, str]:
    """Choose, for the second line of a list, somebody whom an incident named; return the form."""
    browser.post("/incidents/new", ARREST)
    browser.post("/people/suggest", {"who": LINES})
    uid, *_ = CHOICE.findall(browser.page)
    return {"type": "threat", "who": LINES, "same-1": uid, "same-1-name": "Demo A", **typed}


def _is_chosen(browser: Browser, uid: str) -> bool:
    found = [each for each in CHOICE.finditer(browser.page) if each.group(1) == uid]
    assert 'name="same-1-name" value="Demo A"' in browser.page
    assert len(found) == 1
    return "checked" in found[0].group()


def test_who_was_chosen_stands_as_chosen_when_the_form_is_refused(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    form = _chosen(monitor, when="")
    assert monitor.post("/incidents/new", form).status_code == 422
    assert _is_chosen(monitor, form["same-1"])
    here = monitor.post("/incidents/new", {**form, "when": "17 November 2026"}).location
    monitor.get(here)
    assert f"/people/{UUID(form['same-1'])}" in monitor.page


def test_somebody_new_stands_as_chosen_when_the_form_is_refused(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    form = _chosen(monitor, when="")
    assert monitor.post("/incidents/new", {**form, "same-1": ""}).status_code == 422
    assert not _is_chosen(monitor, form["same-1"])
    assert re.search(r'id="same-1-new"[^>]*checked', monitor.page)


def test_a_refused_form_chooses_nobody_for_a_line_that_says_another_name(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    form = _chosen(monitor, when="") | {"same-1-name": "Demo B"}
    assert monitor.post("/incidents/new", form).status_code == 422
    assert not _is_chosen(monitor, form["same-1"])


def test_who_was_chosen_stays_offered_though_a_search_finds_them_no_more(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    form = _chosen(monitor, when="", who="Nobody Like, M\nQuite Another, F")
    form["same-1-name"] = "Quite Another"
    assert monitor.post("/incidents/new", form).status_code == 422
    (choice,) = CHOICE.finditer(monitor.page)
    assert choice.group(1) == form["same-1"]
    assert "checked" in choice.group()
    assert "The one you chose" in monitor.text


def test_somebody_hidden_is_not_offered_by_a_refused_form(app: Flask) -> None:
    form = _chosen(Browser(app, "stranger"), when="")
    monitor = Browser(app, "monitor")
    for who in (form["same-1"], uuid4().hex):
        assert monitor.post("/incidents/new", {**form, "same-1": who}).status_code == 404
    assert monitor.post("/incidents/new", {**form, "same-1": "nonsense"}).status_code == 422


def test_a_refused_form_for_which_nobody_was_offered_looks_for_nobody(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    monitor.post("/incidents/new", ARREST)
    before = last_entry(app)
    refused = monitor.post("/incidents/new", {"type": "threat", "who": LINES})
    assert refused.status_code == 422
    assert last_entry(app) == before
    assert CHOICE.findall(monitor.page) == []


def test_who_was_chosen_stands_as_chosen_after_the_session_ended(app: Flask) -> None:
    monitor = Browser(app, "monitor")
    form = _chosen(monitor, when="")
    form |= {"csrf_token": monitor.csrf(), "_as": monitor.uid.hex if monitor.uid else ""}
    with time_machine.travel(clock.now() + sessions.IDLE + timedelta(minutes=1)):
        asked = monitor.client.post("/incidents/new", data=form)
        assert asked.status_code == 401
        kept = dict(KEPT.findall(asked.get_data(as_text=True)))
        again = Browser(app, "monitor")
        assert again.post("/incidents/new", kept).status_code == 422
    assert _is_chosen(again, form["same-1"])


# --- every page has its object --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "answer"), [("16 November 2026", "16 November 2026"), ("no day", "Not understood")]
)
def test_how_a_date_is_understood_stands_beside_it_while_it_is_typed(
    app: Flask, typed: str, answer: str
) -> None:
    browser = Browser(app, "monitor")
    assert browser.post("/incidents/read/when", {"when": typed}).status_code == 200
    assert answer in browser.text


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("people", "What happened to them"),
        ("violations/new", "What else was done"),
        ("sources/new", "How we know"),
        ("perpetrators/new", "Who is alleged to have done it"),
        ("edit", "Change the incident"),
        ("discard", "You delete this draft"),
    ],
)
def test_each_page_of_a_draft_leads_back_to_it(app: Flask, page: str, title: str) -> None:
    browser = Browser(app, "monitor")
    here = browser.post("/incidents/new", {**ARREST, "keep": "1"}).location
    assert browser.get(f"{here}/{page}").status_code == 200
    assert title in browser.text
    assert f'href="{here}"' in browser.page
