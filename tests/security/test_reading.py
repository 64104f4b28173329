"""Reading changes nothing: no page that is fetched writes but to the few tables that say so."""

from typing import Any

import pytest
from flask import Flask

from tests.security.dump import digests
from tests.security.visits import Line, Visits, matrix
from tests.security.world import ROLES, World

pytestmark = pytest.mark.engines("sqlite")
ASIDE = {"login_session", "throttle", "refusal_window", "audit_entry", "access_log", "access_batch"}
"""Signs of life, attempts, refusals, openings: what may be written although nothing was sent."""
FETCHED = [line for line in matrix() if line.method == "GET"]
PLACES = {"any", "own", "office", "secret"}
FILTERS = (
    "?type=arrest&status=submitted&province=12&from=2026&to=2027&page=x&q=x&parent=12&state=left"
)


@pytest.fixture(scope="module")
def visits(world_app: Flask, world_template: Any) -> Visits:
    return Visits(world_app, world_template.world)


def _digests(visits: Visits) -> dict[str, str]:
    with visits.app.app_context():
        engine = visits.app.extensions["sqlalchemy"].engine
        with engine.connect() as connection:
            return digests(connection, visits.tables)


def _changed(visits: Visits, before: dict[str, str]) -> set[str]:
    after = _digests(visits)
    return {name for name in after if after[name] != before[name]}


def _fetch(visits: Visits, line: Line, letter: str) -> int:
    """Fetch a page about a record in some relations; return how many answers there were."""
    pages = 0
    for place, _ in line.cells:
        login = World.who(letter, place)
        values = line.values(visits.world, letter, place, login)
        if place in PLACES and values is not None:
            for ending in ("", FILTERS) if place in {"any", "own"} else ("",):
                visits.browser(login).get(visits.address(line, values) + ending)
                pages += 1
    return pages


@pytest.mark.parametrize("letter", ROLES)
def test_no_page_that_is_fetched_changes_anything(letter: str, visits: Visits) -> None:
    before, pages = _digests(visits), 0
    for line in FETCHED:
        pages += _fetch(visits, line, letter)
    assert pages > 50
    changed = _changed(visits, before) - ASIDE
    assert changed == set(), _who_changed(visits, letter, changed)


def _who_changed(visits: Visits, letter: str, tables: set[str]) -> list[str]:
    """Return the pages that wrote to these tables."""
    guilty = []
    for line in FETCHED:
        before = _digests(visits)
        _fetch(visits, line, letter)
        if _changed(visits, before) & tables:
            guilty.append(str(line))
    return guilty


def test_a_change_would_be_noticed(visits: Visits) -> None:
    before = _digests(visits)
    sent = visits.browser("monitor").post(
        "/account/preferences", {"language": "km", "theme": "", "keeps_typing": ""}
    )
    assert sent.status_code == 303
    assert _changed(visits, before) == {"user_account", "audit_entry"}
    visits.put_back()
