"""What is shown leaves its line however it is shown: refused, overtaken, in part, or found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.security.rows import MARK
from tests.security.test_access_matrix import READS_MORE
from tests.security.visits import Line, Visits, matrix
from tests.security.world import World

pytestmark = pytest.mark.engines("sqlite")
SENT = [line for line in matrix() if line.method == "POST"]
PLACES = ("own", "office", "any", "home")
NONSENSE = "?"
"""What no field takes for an answer, so that its form comes back."""
SEARCHES: Mapping[str, str] = MappingProxyType(
    {"people.search": "name", "people.possible": "words", "people.suggest": "who"}
)


@pytest.fixture(scope="module")
def visits(world_app: Flask, world_template: Any) -> Visits:
    return Visits(world_app, world_template.world)


@dataclass(frozen=True)
class Sending:
    """One way to send a form; it `reads_more` where what was typed stands over what is stored."""

    data: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)
    reads_more: bool = False


def _sendings(line: Line, data: dict[str, str]) -> Iterator[Sending]:
    """Yield ways to send a form, other than as it should be."""
    in_background = {"Submission-Id": str(uuid4())}
    yield Sending(dict.fromkeys(data, NONSENSE), in_background, reads_more=True)
    if "version" in data:
        yield Sending({**data, "version": "0"}, reads_more=True)
    if not data:
        yield Sending(data, {"HX-Request": "true"})
    if line.endpoint in SEARCHES:
        yield Sending({SEARCHES[line.endpoint]: MARK})


def _reader(visits: Visits, line: Line) -> tuple[str, str, str, dict[str, Any]] | None:
    """Return somebody who may send this form: their name, role and relation, and the address."""
    cells = dict(line.cells)
    for place in PLACES:
        for letter in cells.get(place, ""):
            login = World.who(letter, place)
            values = line.values(visits.world, letter, place, login)
            if values is not None:
                return login, letter, place, values
    return None


@pytest.mark.parametrize("line", SENT, ids=str)
def test_a_form_that_comes_back_leaves_its_trace_however_it_was_sent(
    line: Line, visits: Visits
) -> None:
    reader = _reader(visits, line)
    if reader is None:
        return
    login, letter, place, values = reader
    path, data = visits.address(line, values), line.data(visits.world, letter, place)
    for sending in _sendings(line, data):
        who, last = visits.browser(login), visits.trace.end()
        token = {"csrf_token": visits.tokens[who]}
        answer = who.post(path, {**token, **sending.data}, headers=sending.headers)
        more = sending.reads_more or line.endpoint in READS_MORE
        assert visits.trace.difference(answer, last, who.uid, reads_more=more) == ""
        if answer.location:
            visits.put_back()


@pytest.mark.parametrize(("endpoint", "field"), SEARCHES.items())
def test_a_search_leaves_the_names_of_whom_it_shows_in_one_row(
    endpoint: str, field: str, visits: Visits
) -> None:
    who, last = visits.browser("national"), visits.trace.end()
    path = visits.app.url_map.bind("localhost").build(endpoint, method="POST")
    answer = who.post(path, {"csrf_token": visits.tokens[who], field: MARK})
    shown = visits.trace.shown_by(answer)
    assert len(shown) > 3
    named = visits.trace.named_after(last)  # whoever is masked as well, whose age was shown
    assert (shown - named.keys(), set(named.values())) == (set(), {1})
    assert visits.trace.end() == last + 1
