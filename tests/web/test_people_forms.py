"""People through the forms: recorded, looked for first, changed, and refused with a reason."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.core.db import session
from hrdtracker.people.model import Person
from tests.web.browse import Browser
from tests.web.somebody import NAME, in_unit, last_entry, openings, somebody, version

pytestmark = pytest.mark.engines("sqlite")


# --- change --------------------------------------------------------------------------------------


def test_what_is_known_of_a_person_is_changed_and_read_back(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    form = {
        "version": version(browser, here + "/edit"),
        "unit": "person",
        "names-0-name": "គំរូ ក",
        "names-0-kind": "legal",
        "names-1-name": "Canary Two",
        "names-1-kind": "monastic",
        "sex": "X",
        "age": "៣៤",
        "age_on": "16 November 2025",
        "birth": "March 1991",
        "categories": ["union", "land"],
        "remarks": "Night shift.",
    }
    assert browser.post(here + "/edit", form).status_code == 303
    browser.get(here + "/edit")
    for kept in ("គំរូ ក", "Canary Two", 'value="34"', "16/11/2025", "03/1991", "Night shift."):
        assert kept in browser.page
    for ticked in ("union", "land", "X"):
        assert re.search(rf'<input checked[^>]*value="{ticked}"', browser.page)
    assert NAME not in browser.page
    browser.get(here)
    assert "Land and housing rights defender, Trade unionist" in browser.text
    browser.post(here + "/reveal")
    assert "3/1991" in browser.text


def test_a_stale_save_shows_both_versions_and_loses_neither(app: Flask) -> None:
    here = somebody(app)
    mine, theirs = Browser(app, "monitor"), Browser(app, "director")
    form = {"version": version(mine, here + "/edit"), "unit": "person"}
    assert theirs.post(here + "/edit", {**form, "names-0-name": "Theirs"}).status_code == 303
    answer = mine.post(here + "/edit", {**form, "names-0-name": "Mine", "remarks": "My words."})
    assert answer.status_code == 409
    assert "Theirs" in mine.text
    assert 'value="Mine"' in mine.page
    assert "My words." in mine.page
    fresh = re.search(r'name="version"[^>]*value="(\d+)"', mine.page)
    assert fresh
    again = {**form, "version": fresh.group(1), "names-0-name": "Mine"}
    assert mine.post(here + "/edit", again).status_code == 303
    mine.post(here + "/reveal")
    assert "Mine" in mine.text
    assert "Theirs" not in mine.text


def test_a_version_that_is_none_is_stale_and_nothing_is_lost(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    form = {"unit": "person", "names-0-name": "Mine"}
    sent = ("", "x", "-1", "0", "9" * 40, "1e3", "\0")
    answers = [browser.post(here + "/edit", {**form, "version": each}) for each in sent]
    assert {answer.status_code for answer in answers} == {409}
    assert [each for each in answers if 'value="Mine"' not in each.get_data(as_text=True)] == []


def test_names_on_the_form_are_recorded_as_shown(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    browser.get(here + "/edit")
    assert NAME in browser.page
    assert ("person.edit", "person", None) in openings(app)


BAD = [
    ("names-0-name", "x" * 201, "200"),
    ("names-0-name", "nul\0", "cannot be kept"),
    ("names-0-kind", "invented", "not in the list"),
    ("age", "old", "0 to 120"),
    ("age", "121", "0 to 120"),
    ("age", "-3", "0 to 120"),
    ("age", "1" * 400, "300"),
    ("age_on", "some day", "Write one day"),
    ("age_on", "about March", "Write one day"),
    ("age_on", "1 January 2100", "in the future"),
    ("birth", "in spring", "a day, a month or a year"),
    ("birth", "12 March", "a day, a month or a year"),
    ("birth", "about 1960", "a day, a month or a year"),
    ("birth", "1 January 2100", "in the future"),
    ("birth", "1901", "120 years ago"),
    ("categories", "invented", "not in the list"),
    ("remarks", "x" * 20_001, "20,000"),
    ("remarks", "bell\a", "cannot be kept"),
]


TOGETHER = [
    ({"unit": "family", "head_count": "0"}, "from 1 to 1,000,000"),
    ({"unit": "family", "head_count": "many"}, "from 1 to 1,000,000"),
    ({"unit": "family", "age": "3"}, "Only one person has an age"),
    ({"unit": "family", "birth": "1990"}, "Only one person has a date of birth"),
    ({"unit": "person", "head_count": "3"}, "Only a group has a number of people"),
]


def test_bad_input_is_told_at_its_field_and_nothing_is_kept_or_lost(app: Flask) -> None:
    browser = Browser(app, "monitor")
    form = {"names-0-name": "Mine", "unit": "person", "remarks": "My words.", "same_as": ""}

    def fault(field: str, value: str, reason: str) -> bool:
        status = browser.post("/people/new", {**form, field: value}).status_code
        kept = "My words." if field == "names-0-name" else "Mine"
        return status != 422 or reason not in browser.text or kept not in browser.page

    assert [row for row in BAD if fault(*row)] == []
    assert in_unit(app, lambda: session().scalars(select(Person)).all()) == []


def test_what_does_not_fit_together_is_told(app: Flask) -> None:
    browser = Browser(app, "monitor")

    def fault(form: dict[str, str], reason: str) -> bool:
        return browser.post("/people/new", form).status_code != 422 or reason not in browser.text

    assert [row for row in TOGETHER if fault(*row)] == []
    assert in_unit(app, lambda: session().scalars(select(Person)).all()) == []


def test_several_faults_are_told_at_once(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.post("/people/new", {"unit": "person", "age": "old", "birth": "2100"})
    assert "0 to 120" in browser.text
    assert "in the future" in browser.text


def test_fields_that_no_form_has_are_ignored(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    form = {
        "version": version(browser, here + "/edit"),
        "unit": "person",
        "recorded_by_id": "1",
        "organisation_id": "99",
        "data_key_id": "1",
        "changed_at": "x",
    }
    before = in_unit(app, lambda: session().scalars(select(Person.data_key_id)).one())
    assert browser.post(here + "/edit", form).status_code == 303
    assert in_unit(app, lambda: session().scalars(select(Person.data_key_id)).one()) == before


def test_a_hundred_names_do_no_harm(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    form = {f"names-{n}-name": f"Demo {n}" for n in range(100)}
    sent = {**form, "version": version(browser, here + "/edit"), "unit": "person"}
    assert browser.post(here + "/edit", sent).status_code in {303, 422}
    assert browser.get(here + "/edit").status_code == 200


# --- look before recording -----------------------------------------------------------------------


def count(app: Flask) -> int:
    """Return how many people there are."""
    return len(in_unit(app, lambda: session().scalars(select(Person)).all()))


def test_a_name_like_one_that_is_known_is_offered_before_anybody_is_recorded(app: Flask) -> None:
    here = somebody(app, age=34)
    browser = Browser(app, "monitor")
    form = {"names-0-name": "Canary Darra", "unit": "person", "remarks": "My words."}
    assert browser.post("/people/new", form).status_code == 200
    assert "Possible" in browser.text
    assert "34 in 2026" in browser.text
    assert 'value="Canary Darra"' in browser.page
    assert "My words." in browser.page
    assert count(app) == 1
    chosen = re.search(r'name="same_as"[^>]*value="([0-9a-f]{32})"', browser.page)
    assert chosen
    answer = browser.post("/people/new", {**form, "same_as": chosen.group(1)})
    assert (answer.status_code, answer.location) == (303, here)
    assert count(app) == 1


def test_somebody_new_with_a_known_name_is_recorded_once_one_has_said_so(app: Flask) -> None:
    somebody(app)
    browser = Browser(app, "monitor")
    form = {"names-0-name": NAME, "unit": "person", "same_as": ""}
    answer = browser.post("/people/new", form)
    assert answer.status_code == 303
    assert count(app) == 2
    browser.get(answer.location)
    assert "only you see this person" in browser.text


def test_somebody_whom_nobody_resembles_is_recorded_at_once_and_sent_twice_once(app: Flask) -> None:
    browser = Browser(app, "monitor")
    form = {"names-0-name": NAME, "unit": "person", "submission_id": "0" * 32}
    first, second = (browser.post("/people/new", form) for _ in range(2))
    assert (first.status_code, second.location) == (303, first.location)
    assert count(app) == 1


def test_a_group_is_recorded_with_its_head_count(app: Flask) -> None:
    browser = Browser(app, "monitor")
    form = {"unit": "community", "head_count": "២០០", "head_count_about": "y"}
    browser.get(browser.post("/people/new", form).location)
    assert "about 200 people" in browser.text


def test_a_hidden_person_is_neither_offered_nor_chosen(app: Flask) -> None:
    hidden = somebody(app, "stranger").rsplit("/", 1)[1]
    browser = Browser(app, "monitor")
    form = {"names-0-name": NAME, "unit": "person"}
    assert browser.post("/people/new", {**form, "same_as": hidden}).status_code == 404
    assert browser.post("/people/new", {**form, "same_as": "nonsense"}).status_code == 404
    assert browser.post("/people/new", form).status_code == 303


# --- a search and suggestions --------------------------------------------------------------------


@pytest.mark.parametrize("typed", [NAME, "canary  DARA", "Dara Canary"])
def test_a_search_shows_the_possible_people_by_name_and_is_recorded(app: Flask, typed: str) -> None:
    here, hidden = somebody(app, age=34), somebody(app, "stranger")
    browser = Browser(app, "monitor")
    assert browser.post("/people/search", {"name": typed}).status_code == 200
    assert "Possible 1 " in browser.text
    assert here in browser.page
    assert hidden not in browser.page
    assert last_entry(app) == ("person.search", "done", b"")


def test_a_search_that_finds_nobody_says_what_to_do(app: Flask) -> None:
    browser = Browser(app, "monitor")
    assert browser.post("/people/search", {"name": "Nobody Here"}).status_code == 200
    assert "Nobody you may see has a name like this" in browser.text


def test_a_search_for_nothing_or_too_much_is_refused(app: Flask) -> None:
    browser = Browser(app, "monitor")
    assert browser.post("/people/search", {"name": " "}).status_code == 422
    assert "Write the name to look for." in browser.text
    assert browser.post("/people/search", {"name": "x" * 201}).status_code == 422
    assert browser.get("/people/search").status_code in {404, 405}


def test_people_typed_in_a_list_are_offered_line_by_line_with_their_number(app: Flask) -> None:
    uid = somebody(app, age=34).rsplit("/", 1)[1].replace("-", "")
    browser = Browser(app, "monitor")
    lines = f"Nobody Like\n{NAME}, F, 30\n\na group of about 12\n{NAME}"
    assert browser.post("/people/suggest", {"who": lines}).status_code == 200
    found = re.findall(r'name="(same-\d+)"[^>]*value="([0-9a-f]{32})"', browser.page)
    assert found == [("same-1", uid), ("same-2", uid)]
    assert "may be a person you know" in browser.text
    assert "<html" not in browser.page
    assert last_entry(app) == ("person.search", "done", b"")


def test_every_line_of_a_list_is_looked_for(app: Flask) -> None:
    somebody(app)
    browser = Browser(app, "monitor")
    browser.post("/people/suggest", {"who": "\n".join([NAME] * 40)})
    assert len(re.findall(r'id="same-\d+"', browser.page)) == 40


def test_what_names_nobody_is_not_looked_for(app: Flask) -> None:
    browser = Browser(app, "monitor")
    before = last_entry(app)
    for typed in ("", " ", "12 villagers", "\0", "," * 5000):
        assert browser.post("/people/suggest", {"who": typed}).status_code == 200
    assert last_entry(app) == before
