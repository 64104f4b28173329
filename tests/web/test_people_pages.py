"""People through the pages: the list, one person, a name that is asked for."""

import re
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Scope
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.people import service
from hrdtracker.people.drafts import PersonDraft, Victim
from hrdtracker.people.model import Person
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import NAME, in_unit, last_entry, openings, somebody, statements

pytestmark = pytest.mark.engines("sqlite")


# --- the list ------------------------------------------------------------------------------------


def test_the_list_shows_whom_one_may_see_without_any_name(app: Flask) -> None:
    here, hidden = somebody(app, age=34), somebody(app, "stranger")
    browser = Browser(app, "monitor")
    assert browser.get("/people").status_code == 200
    assert here in browser.page
    assert hidden not in browser.page
    assert "1 person or group" in browser.text
    assert "Name hidden." in browser.text
    assert "Canary" not in browser.page


def test_the_filters_of_the_list_stand_in_the_address_and_can_be_taken_away(app: Flask) -> None:
    union = somebody(app, categories=frozenset({"union"}))
    land = somebody(app, categories=frozenset({"land"}))
    browser = Browser(app, "monitor")
    browser.get("/people?category=union&unit=person")
    assert union in browser.page
    assert land not in browser.page
    assert 'href="/people?unit=person"' in browser.page
    browser.get("/people?category=monk")
    assert "Nobody matches these filters" in browser.text


MEANINGLESS = [
    "category=invented",
    "sex=%00",
    "unit='",
    "page=nonsense",
    "page=AAAA",
    "page=%F0%9F%99%82",
    "x=y",
]


def test_an_address_that_means_nothing_shows_the_whole_list(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    answers = {query: browser.get(f"/people?{query}") for query in MEANINGLESS}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert [
        query for query, page in answers.items() if here not in page.get_data(as_text=True)
    ] == []


def test_a_long_list_comes_in_pages_and_nobody_is_left_out(app: Flask) -> None:
    in_unit(
        app,
        lambda: [service.record_person(make.actor("monitor"), PersonDraft()) for _ in range(35)],
    )
    browser = Browser(app, "monitor")
    browser.get("/people")
    first = set(re.findall(r"/people/[0-9a-f-]{36}", browser.page))
    older = re.search(r'href="(/people\?page=[^"]+)"', browser.page)
    assert older
    browser.get(older.group(1))
    second = set(re.findall(r"/people/[0-9a-f-]{36}", browser.page))
    assert (len(first), len(second), len(first | second)) == (30, 5, 35)


def test_the_list_takes_as_many_statements_for_thirty_people_as_for_one(app: Flask) -> None:
    somebody(app, categories=frozenset({"union"}))
    browser = Browser(app, "monitor")
    browser.get("/people")
    one = statements(lambda: browser.get("/people"))
    for _ in range(5):
        somebody(app, categories=frozenset({"union", "land"}))
    assert statements(lambda: browser.get("/people")) == one
    assert one <= 6


# --- one person ----------------------------------------------------------------------------------


def test_the_page_of_a_person_hides_the_names_and_says_what_else_is_known(app: Flask) -> None:
    here = somebody(app, age=34, remarks="Speaks for the night shift.")
    browser = Browser(app, "monitor")
    browser.get(here)
    assert "Canary" not in browser.page
    assert "Speaks for the night shift." in browser.text
    assert "Show name of this person" in browser.text
    assert "Arrest" in browser.text
    assert ("person.read", "person", None) in openings(app)


def test_other_cases_are_not_hinted_at(app: Flask) -> None:
    here = somebody(app)
    uid = here.rsplit("/", 1)[1]

    def name_elsewhere() -> str:
        person = session().scalars(select(Person)).one()
        make.load_keys(person)
        scope = make.incident("stranger", type="threat", victims=()).scope_id
        director = make.actor("national")
        found = session().get_one(Scope, scope)
        with authorised(director, Action.CASE_EXTEND, on=found):
            service.name_in_case([person], found, draft_of=None)
        return str(session().scalars(select(Case.code).where(Case.scope_id == scope)).one())

    code = in_unit(app, name_elsewhere)
    monitor, stranger = Browser(app, "monitor"), Browser(app, "stranger")
    monitor.get(f"/people/{uid}")
    stranger.get(f"/people/{uid}")
    assert code not in monitor.page
    assert code in stranger.page
    assert "Arrest" in monitor.text
    assert "Arrest" not in stranger.text
    assert len(re.findall(r"(?:PNH|SRP)-2026-[0-9A-Z]{4}", monitor.text)) > 0
    assert set(re.findall(r"(?:PNH|SRP)-2026-[0-9A-Z]{4}", stranger.text)) == {code}


def test_hidden_and_missing_are_the_same_page(app: Flask) -> None:
    here = somebody(app, "stranger")
    browser = Browser(app, "monitor")
    for suffix in ("", "/edit"):
        hidden = browser.get(here + suffix)
        missing = browser.get(f"/people/{uuid4()}{suffix}")
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert comparable(hidden.get_data(as_text=True)) == comparable(
            missing.get_data(as_text=True)
        )


def comparable(page: str) -> str:
    """Return a page without its own address and its token, which differ every time."""
    page = re.sub(r"/people/[0-9a-f-]{36}", "", page)
    return re.sub(r'name="csrf_token"\s+value="[^"]+"', "", page)


def link(app: Flask, times: int) -> None:
    """Name the only person in so many more cases."""

    def name() -> None:
        person = session().scalars(select(Person)).one()
        make.load_keys(person)
        for _ in range(times):
            make.incident("monitor", victims=(Victim(known=person.uid),))

    in_unit(app, name)


def test_a_person_takes_as_many_statements_with_thirty_links_as_with_one(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "director")
    browser.get(here)
    one = statements(lambda: browser.get(here))
    link(app, 29)
    assert statements(lambda: browser.get(here)) == one
    assert "Incidents 30 " in browser.text
    assert one <= 19


def test_links_that_fill_more_than_a_page_are_reached_page_by_page(app: Flask) -> None:
    here = somebody(app)
    link(app, 31)
    browser = Browser(app, "monitor")
    assert statements(lambda: browser.get(here)) <= 19
    assert "Incidents 32 " in browser.text
    first = set(re.findall(r"/incidents/[0-9a-f-]{36}", browser.page))
    older = re.search(rf'href="({here}\?incidents=[^"#]+)', browser.page)
    assert older
    browser.get(older.group(1))
    second = set(re.findall(r"/incidents/[0-9a-f-]{36}", browser.page))
    assert (len(first), len(second), len(first | second)) == (30, 2, 32)


# --- showing a name ------------------------------------------------------------------------------


def test_a_name_is_shown_once_when_it_is_asked_for_and_that_is_recorded(app: Flask) -> None:
    here = somebody(app, "monitor", NAME, "គំរូ ក")
    browser = Browser(app, "director")
    assert browser.post(here + "/reveal").status_code == 200
    assert NAME in browser.text
    assert '<span lang="km">គំរូ ក</span>' in browser.page
    assert last_entry(app)[:2] == ("person.reveal", "done")
    browser.get(here)
    assert NAME not in browser.text


def test_on_a_page_that_asks_for_a_part_only_the_name_comes_back(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "monitor")
    browser.post(here + "/reveal", headers={"HX-Request": "true"})
    assert NAME in browser.text
    assert "<html" not in browser.page


def test_a_name_shown_from_a_case_stands_among_the_openings_of_that_case(app: Flask) -> None:
    here = somebody(app)
    case = in_unit(app, lambda: session().execute(select(Case.uid, Case.scope_id)).one())
    browser = Browser(app, "monitor")
    assert browser.post(f"{here}/reveal?case={case.uid}").status_code == 200
    assert ("person.reveal", "case_file", case.scope_id) in openings(app)
    browser.post(f"{here}/reveal?case={case.uid}", headers={"HX-Request": "true"})
    assert openings(app)[-1] == ("person.reveal", "person", case.scope_id)


def test_a_name_is_not_asked_for_from_a_case_that_does_not_name_the_person(app: Flask) -> None:
    here, _ = somebody(app), somebody(app, "stranger")
    cases = in_unit(app, lambda: session().scalars(select(Case.uid).order_by(Case.id)).all())
    browser = Browser(app, "monitor")
    for case in (cases[1], uuid4(), "nonsense"):
        assert browser.post(f"{here}/reveal?case={case}").status_code == 404
        assert NAME not in browser.page


def test_a_name_is_never_shown_by_merely_opening_an_address(app: Flask) -> None:
    here = somebody(app)
    assert Browser(app, "monitor").get(here + "/reveal").status_code == 405


def test_a_hidden_person_s_name_is_not_shown(app: Flask) -> None:
    here = somebody(app)
    browser = Browser(app, "stranger")
    assert browser.post(here + "/reveal").status_code == 404
    assert "Canary" not in browser.page


# --- everywhere ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "km"])
def test_each_page_is_there_in_both_languages(app: Flask, language: str) -> None:
    here = somebody(app, age=34, categories=frozenset({"union"}))
    browser = Browser(app, "monitor")
    browser.post("/language", {"language": language})
    for path in ("/people", here, here + "/edit", "/people/new"):
        assert browser.get(path).status_code == 200
        assert f'<html lang="{language}"' in browser.page
        assert browser.page.count("<h1") == 1
    browser.get(here)
    assert ("៣៤" in browser.text, "34" in browser.text) == (language == "km", language == "en")
    label = "សកម្មជនសហជីព" if language == "km" else "Trade unionist"
    assert label in browser.text


def test_nothing_personal_stands_in_a_title_or_an_address(app: Flask) -> None:
    here = somebody(app, "monitor", NAME, remarks="Canary remark")
    browser = Browser(app, "monitor")
    pages = [browser.get(path) for path in ("/people", here, here + "/edit", "/people/new")]
    pages += [
        browser.post(here + "/reveal"),
        browser.post("/people/search", {"name": NAME}),
        browser.post("/people/new", {"names-0-name": NAME, "unit": "person"}),
    ]
    for answer in pages:
        page = answer.get_data(as_text=True)
        title = re.search(r"<title>(.*?)</title>", page)
        assert title
        assert "Canary" not in title.group(1)
        assert "Canary" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', page))
        assert "Canary" not in (answer.location or "")


def test_the_browser_is_told_to_remember_no_identity(app: Flask) -> None:
    browser = Browser(app, "monitor")
    browser.get("/people/new")
    fields = re.findall(r"<(?:input|textarea)[^>]*name=\"([^\"]+)\"[^>]*>", browser.page)
    typed = [name for name in fields if name.split("-")[-1] in {"name", "birth", "age", "remarks"}]
    assert typed
    for name in typed:
        tag = re.search(rf'<(?:input|textarea)[^>]*name="{name}"[^>]*>', browser.page)
        assert tag
        assert 'autocomplete="off"' in tag.group(0)


@pytest.mark.parametrize("login", ["fund", "auditor", "admin", "nobody"])
def test_who_does_not_work_on_cases_finds_and_changes_nobody(app: Flask, login: str) -> None:
    here = somebody(app)
    browser = Browser(app, login)
    browser.get("/people")
    assert here not in browser.page
    assert browser.get(here).status_code == 404
    assert browser.get(here + "/edit").status_code == 404
    assert browser.post(here + "/reveal").status_code == 404
    assert browser.post("/people/search", {"name": NAME}).status_code == 403
    assert browser.post("/people/suggest", {"who": NAME}).status_code == 403
    assert browser.post("/people/new", {"names-0-name": NAME, "same_as": ""}).status_code == 403
    assert "Canary" not in browser.page
