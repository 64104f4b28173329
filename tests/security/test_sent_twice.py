"""Every form that makes something, sent twice: one record, and one answer."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from hrdtracker.forms.base import CreateForm
from hrdtracker.web.blueprints import BLUEPRINTS
from tests.security.visits import Line, Visits, matrix
from tests.security.world import World

assert len(BLUEPRINTS) > 5  # importing the pages is what imports every form
pytestmark = pytest.mark.engines("sqlite")
LINES = [
    line
    for line in matrix()
    if line.method == "POST" and any(roles for _, roles in line.cells) and not line.answer
]
HIDDEN = re.compile(r'<input type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"')
CODE_SHOWN_ONCE = "admin.invite"
"""Its answer is a new code each time, for the same user."""
AMENDED = "fund.ask"
"""What it keeps is still the sender's own, and so is changed."""


@pytest.fixture(scope="module")
def visits(world_app: Flask, world_template: Any) -> Visits:
    return Visits(world_app, world_template.world)


class Form:
    """One form of the matrix as whoever may send it sends it."""

    def __init__(self, visits: Visits, line: Line) -> None:
        self.visits, self.line = visits, line
        place, roles = next((place, roles) for place, roles in line.cells if roles)
        self.login = World.who(roles[0], place)
        values = line.values(visits.world, roles[0], place, self.login)
        assert values is not None
        self.path = visits.address(line, values)
        self.data = {**line.data(visits.world, roles[0], place), "submission_id": uuid4().hex}

    def makes(self) -> bool:
        """Tell whether it leaves a receipt of what it made; the database is put back."""
        self.send()
        receipts = self.count()["submission"]
        self.visits.put_back()
        return receipts > self.count()["submission"]

    def send(self, **changes: str) -> TestResponse:
        who = self.visits.browser(self.login)
        return self.visits.call(who, self.line, self.path, {**self.data, **changes})

    def count(self) -> dict[str, int]:
        """Return how many rows each table has, but for what notes that somebody was here."""
        with self.visits.app.app_context():
            engine = self.visits.app.extensions["sqlalchemy"].engine
            with engine.connect() as connection:
                return {
                    name: len(connection.execute(table.select()).fetchall())
                    for name, table in self.visits.tables.items()
                    if name not in {"access_log", "audit_entry"}
                }


@pytest.fixture(scope="module")
def forms(visits: Visits) -> dict[str, Form]:
    """Return every form of the matrix that makes something, by its page."""
    found = {line.endpoint: Form(visits, line) for line in LINES}
    return {endpoint: form for endpoint, form in found.items() if form.makes()}


def test_every_kind_of_form_that_makes_something_is_tried(forms: dict[str, Form]) -> None:
    kinds, leaves = [CreateForm], set()
    while kinds:
        kind = kinds.pop()
        kinds += kind.__subclasses__()
        leaves |= {kind} if not kind.__subclasses__() else set()
    assert len(forms) > len(leaves) - 6 > 10


def test_the_same_form_sent_twice_makes_one_record_and_has_one_answer(
    forms: dict[str, Form], visits: Visits
) -> None:
    wrong = {}
    for endpoint, form in forms.items():
        first = form.send()
        after_one = form.count()
        second = form.send()
        answers = [(each.status_code, each.location) for each in (first, second)]
        rows = {**after_one, "invitation": 0}, {**form.count(), "invitation": 0}
        if answers[0] != answers[1] or rows[0] != rows[1]:
            wrong[endpoint] = answers
        visits.put_back()
    assert wrong == {}


def test_other_content_under_the_same_key_is_never_dropped_without_a_word(
    forms: dict[str, Form], visits: Visits
) -> None:
    wrong = {}
    for endpoint, form in forms.items():
        form.send()
        before = form.count()
        other = form.send(more="content")
        expected = 303 if endpoint == AMENDED else 409
        if other.status_code != expected or form.count() != before:
            wrong[endpoint] = other.status_code
        visits.put_back()
    assert wrong == {}


def test_what_was_sent_otherwise_is_saved_as_another_one_with_one_press(
    forms: dict[str, Form], visits: Visits
) -> None:
    wrong = {}
    for endpoint, form in forms.items():
        if endpoint == AMENDED:
            continue
        form.send()
        page = form.send(more="content").get_data(as_text=True)
        offered = {name: unescape(value) for name, value in HIDDEN.findall(page)}
        again = form.send(**offered)
        sent = {**form.data, "more": "content"}
        kept = {name: offered.get(name) for name in sent if name != "submission_id"}
        if kept != {name: sent[name] for name in kept} or again.status_code not in {200, 303, 422}:
            wrong[endpoint] = (again.status_code, kept)
        visits.put_back()
    assert wrong == {}
