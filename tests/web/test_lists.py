"""Lists tell their rows apart, and a reviewer sees all that is to be judged."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.audit.model import AuditEntry
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.incidents.drafts import Custody, Location
from hrdtracker.incidents.model import PlaceKind
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import NAME, in_unit, openings, somebody, statements, version

pytestmark = pytest.mark.engines("sqlite")


def people(count: int) -> tuple[Victim, ...]:
    """Return some victims."""
    return tuple(Victim(described=PersonDraft((NameDraft(f"Canary {n}"),))) for n in range(count))


def logged(app: Flask, login: str = "monitor", **changes: Any) -> str:
    """Log an incident, and return its address."""
    return str(in_unit(app, lambda: f"/incidents/{make.incident(login, **changes).uid}"))


# --- what tells the rows of a list apart ----------------------------------------------------------


def test_a_list_of_incidents_says_how_many_people_where_when_and_who_wrote_it(app: Flask) -> None:
    place = Location(PlaceKind.CAMBODIA, "12", "1201", "120101")
    logged(app, victims=people(3), place=place)
    logged(app, "colleague", victims=())
    browser = Browser(app, "director")
    browser.get("/incidents")
    assert "Arrest: 3 people" in browser.text
    rows = re.findall(r'<p class="item__meta">(.*?)</p>', browser.page, re.DOTALL)
    assert re.search(r"16 Nov.* · .+, Phnom Penh · Monitor", rows[1]), rows
    assert "Colleague" in rows[0]


def test_the_queue_says_why_something_comes_first_and_never_that_it_is_so_now(app: Flask) -> None:
    day = clock.today(make.ZONE) - timedelta(days=1)
    custody = Custody(arrived=When.day(day, make.ZONE, "yesterday"))
    logged(app, victims=people(2), custody=custody)
    logged(app, victims=people(1))
    browser = Browser(app, "director")
    browser.get("/review")
    assert "2 people reported held, since yesterday" in browser.text
    old = "1 person reported held, outcome unknown"
    assert (old in browser.text) is (clock.today(make.ZONE) - make.DAY > timedelta(days=7))
    assert "sent now" in browser.text
    assert "still" not in browser.text.lower()


def test_the_queue_is_looked_through_a_part_at_a_time_with_its_filters_kept(app: Flask) -> None:
    in_unit(app, lambda: [make.incident(victims=(), connection=None) for _ in range(32)])
    logged(app, type="threat")
    browser = Browser(app, "director")
    browser.get("/review?type=arrest")
    first = set(re.findall(r"/incidents/[0-9a-f-]{36}/review", browser.page))
    turn = re.search(r'href="(/review\?[^"]*skip=30[^"]*)"', browser.page)
    assert "32 incidents wait" in browser.text
    assert turn
    browser.get(turn[1].replace("&amp;", "&"))
    second = set(re.findall(r"/incidents/[0-9a-f-]{36}/review", browser.page))
    assert (len(first), len(second), len(first | second)) == (30, 2, 32)
    assert "31 to 32 of 32" in browser.text


def test_lists_take_as_many_statements_for_many_as_for_one(app: Flask) -> None:
    def costs() -> list[int]:
        browser = Browser(app, "director")
        paths = ("/incidents", "/incidents?from=2026", "/review", "/people")
        for path in paths:
            browser.get(path)
        return [statements(lambda: browser.get(path)) for path in paths]  # noqa: B023

    logged(app, victims=people(1))
    few = costs()
    in_unit(app, lambda: [make.incident(victims=people(2)) for _ in range(6)])
    assert costs() == few
    assert few <= [4, 5, 6, 7]


def test_a_case_with_a_title_of_its_own_still_says_what_where_and_when(app: Flask) -> None:
    here = logged(app)
    browser = Browser(app, "monitor")
    browser.get(here)
    case = re.search(r"/cases/[0-9a-f-]{36}", browser.page)
    assert case
    edit = f"{case[0]}/edit"
    form = {"version": version(browser, edit), "title": "Strike line"}
    assert browser.post(edit, form).status_code == 303
    browser.get("/cases")
    assert "Strike line" in browser.text
    assert "Arrest, Phnom Penh, November 2026" in browser.text


# --- people whose names are hidden ----------------------------------------------------------------


def test_equal_rows_of_people_say_letter_case_subject_place_and_when_they_were_last_seen(
    app: Flask,
) -> None:
    area = frozenset({"land_and_natural_resources"})
    place = Location(PlaceKind.CAMBODIA, "12", "1201", "120101")
    logged(app, victims=people(2), areas=area, place=place)
    browser = Browser(app, "monitor")
    browser.get("/people")
    told = re.findall(r'<p class="person__meta">(.*?)</p>', browser.page, re.DOTALL)
    assert len(set(told)) == 2
    for letter, row in zip("BA", told, strict=True):
        pattern = rf"{letter}\. in PNH-2026-\w+, .*[Ll]and.* · .+, Phnom Penh · last seen .*16 Nov"
        assert re.search(pattern, row), row
    assert "Canary" not in browser.page


def test_of_people_in_hidden_cases_a_list_says_nothing_more(app: Flask) -> None:
    somebody(app)
    browser = Browser(app, "stranger")
    browser.get("/people")
    assert "0 people" in browser.text
    assert "PNH-2026" not in browser.text


def test_the_names_of_a_whole_page_are_shown_by_one_recorded_act(app: Flask) -> None:
    for number in range(3):
        somebody(app, "monitor", f"Canary {number}")
    hidden = somebody(app, "stranger", "Canary Elsewhere")
    browser = Browser(app, "monitor")
    browser.get("/people")
    assert "Canary" not in browser.page
    shown = re.search(r'action="(/people/names[^"]*)"', browser.page)
    assert shown
    assert browser.post(shown[1]).status_code == 200
    assert [f"Canary {number}" in browser.page for number in range(3)] == [True] * 3
    assert hidden not in browser.page
    assert "Elsewhere" not in browser.page
    acts = select(func.count()).where(AuditEntry.action == Action.PERSON_REVEAL_LISTED)
    assert in_unit(app, lambda: session().scalar(acts)) == 1
    assert openings(app)[-1] == ("person.reveal_listed", "data_key", None)


def test_the_names_that_are_shown_are_those_of_the_page_with_its_filters(app: Flask) -> None:
    somebody(app, "monitor", "Canary Union", categories=frozenset({"union"}))
    somebody(app, "monitor", "Canary Land", categories=frozenset({"land"}))
    browser = Browser(app, "monitor")
    browser.get("/people?category=union")
    shown = re.search(r'action="(/people/names[^"]*)"', browser.page)
    assert shown
    browser.post(shown[1].replace("&amp;", "&"))
    assert "Canary Union" in browser.page
    assert "Canary Land" not in browser.page


# --- what a reviewer judges -----------------------------------------------------------------------


def test_the_review_page_shows_all_that_is_to_be_judged(app: Flask) -> None:
    told = Location(
        PlaceKind.ONLINE, words="In the comments", account="@canary", link="https://example.org/x",
        platform="facebook",
    )  # fmt: skip
    arrived = When.day(make.DAY, make.ZONE, "the same day")
    here = logged(app, place=told, custody=Custody(arrived, "Canary police post"))
    browser = Browser(app, "director")
    for page in (f"{here}/review", here):
        browser.get(page)
        for words in (
            "In the comments", "@canary", "https://example.org/x", "Facebook",
            "held: Canary police post", "arrived: ", "16 November", "F, 34",
        ):  # fmt: skip
            assert words in browser.text, (page, words)
    assert NAME not in browser.page


def test_a_returned_incident_keeps_the_assessment_and_tells_the_reviewer_their_own_reason(
    app: Flask,
) -> None:
    here = logged(app)
    review = f"{here}/review"
    director, monitor = Browser(app, "director"), Browser(app, "monitor")
    half = {"finding-0": "yes", "sources-0": "1", "established-0": "corroborated"}
    form = {"version": version(director, review), **half, "return": "1", "reason": "Who saw it?"}
    assert director.post(review, form).status_code == 303
    director.get(here)
    assert "Who saw it?" in director.text
    assert "Corroborated" not in director.text
    monitor.get(here)
    assert monitor.post(f"{here}/send").status_code == 303
    director.get(review)
    assert "You wrote: “Who saw it?”" in director.text
    for field, value in (("established", "corroborated"), ("finding", "yes")):
        chosen = rf'name="{field}-0"\s+value="{value}"\s+checked'
        assert re.search(chosen, director.page), field
    assert re.search(r'name="sources-0"\s+value="1"', director.page)
    other = Browser(app, "national")
    other.get(review)
    assert re.search(r"Director\w* wrote: “Who saw it\?”", other.text)


def test_returning_says_which_part_of_the_assessment_cannot_be_kept_yet(app: Flask) -> None:
    here = logged(app)
    review = f"{here}/review"
    director = Browser(app, "director")
    half = {"established-0": "verified", "finding-0": "yes"}
    form = {"version": version(director, review), **half, "return": "1", "reason": "Who saw it?"}
    answer = director.post(review, form)
    assert answer.status_code == 303
    director.get(answer.location)
    assert "kept once its sources are counted" in director.text
