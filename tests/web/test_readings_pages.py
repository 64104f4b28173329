"""The pages of who has read what: what they cost, and that looking too often loses nothing."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from hrdtracker.accounts.drafts import ReadingLimits
from hrdtracker.audit import reading_chain
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import NAME, closes_a_batch, in_unit, openings, sent, somebody, statements

LIMIT = "You have looked for people 10 times within an hour. Looking works again in "


def limit_searches(app: Flask) -> None:
    limits = ReadingLimits(10, *[100_000] * 6)
    in_unit(app, lambda: make.change_limits(limits))


def address(app: Flask, login: str) -> str:
    """Return where it stands whom somebody has opened."""
    return f"/readings/{in_unit(app, lambda: make.user(login).uid)}"


def test_who_looks_too_often_reads_when_looking_works_again_and_loses_nothing(app: Flask) -> None:
    somebody(app)
    limit_searches(app)
    browser = Browser(app, "monitor")
    for _ in range(10):
        assert browser.post("/people/search", {"name": NAME}).status_code == 200
    assert NAME in browser.text
    assert browser.post("/people/search", {"name": NAME}).status_code == 429
    assert LIMIT in browser.text
    assert f'value="{NAME}"' in browser.page, "what was typed is still there"
    browser.post("/people/suggest", {"who": NAME})
    assert LIMIT in browser.text
    browser.post("/people/possible", {"words": NAME})
    assert LIMIT in browser.text
    incident = {"type": "arrest", "when": "yesterday", "who": NAME, "office": "PNH"}
    assert browser.post("/incidents/new", incident).status_code == 303
    person = {"names-0-name": NAME, "names-0-kind": "as_told", "unit": "person"}
    assert browser.post("/people/new", person).status_code == 303


def test_a_director_finds_whom_a_colleague_opened_and_how_to_reach_them(app: Flask) -> None:
    here = somebody(app)
    browser, director = Browser(app, "monitor"), Browser(app, "director")
    browser.get(here)
    path = address(app, "monitor")
    director.get("/readings")
    assert f'href="{path}"' in director.page
    director.get(path)
    assert "No way to reach them is known here" in director.text
    assert NAME not in director.page
    names = re.search(r'action="(/readings/[^"]+/names[^"]*)"', director.page)
    assert names
    director.post(names[1].replace("&amp;", "&"))
    assert NAME in director.text
    assert openings(app)[-1][:2] == ("readings.read", "data_key")
    auditor = Browser(app, "auditor")
    auditor.get(path)
    assert here not in auditor.page
    assert "Day by day" in auditor.text
    director.get(f"{here}/openings")
    assert "Monitor. Open a person" in director.text
    director.get(here)
    assert f'href="{here}/openings"' in director.page
    browser.get(here)
    assert f'href="{here}/openings"' not in browser.page


def test_these_pages_take_as_many_statements_for_many_as_for_one(app: Flask) -> None:
    browser, director = Browser(app, "monitor"), Browser(app, "director")
    path, auditor = address(app, "monitor"), Browser(app, "auditor")
    browser.get(here := somebody(app))
    pages = (
        (director, path),
        (auditor, path),
        (director, "/readings"),
        (director, f"{here}/openings"),
    )

    def cost() -> list[int]:
        return [statements(lambda: who.get(page)) for who, page in pages]  # noqa: B023

    cost()
    few = cost()
    for number in range(12):
        browser.get(somebody(app, "monitor", f"Demo {number}"))
    assert cost() == few
    assert max(few) <= 25


def test_what_a_page_costs_more_since_readings_have_a_chain(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monitor, here = Browser(app, "monitor"), somebody(app)
    monitor.get(here)

    def chain(longest: timedelta) -> int:
        monkeypatch.setattr(reading_chain, "LONGEST", longest)
        return sum(map(closes_a_batch, sent(lambda: monitor.get(here))))

    assert chain(timedelta(days=1)) == 1, "each page asks whether a batch is due"
    assert chain(timedelta(0)) == 4, "once a second a page closes one"
