"""Every form that makes something, sent twice: one record, and one answer."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hrdtracker.forms.base import CreateForm
from hrdtracker.web.blueprints import BLUEPRINTS
from hrdtracker.web.shell.background import SUBMISSION
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
UNCOUNTED = {"access_batch", "access_log", "audit_entry", "invitation"}
"""What notes that somebody was here; and a user who is invited twice has a new code."""
SAVED_OR_SAID = {200, 303, 409, 422}
"""Another one is saved, or the form says why not: a code is taken, an incident has changed."""
AMENDED = {"fund.ask", "fund.ask_for_many"}
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
        before = self.count("submission")
        self.send()
        after = self.count("submission")
        self.visits.put_back()
        return after != before

    def send(self, **changes: str) -> TestResponse:
        who = self.visits.browser(self.login)
        return self.visits.call(who, self.line, self.path, {**self.data, **changes})

    def send_in_background(self, **other: str | None) -> TestResponse:
        """Send it as the script of our pages does, as its own sender or as another `login`."""
        who = self.visits.browser(other.get("login", self.login))
        sent = {"csrf_token": self.visits.tokens[who], **self.data}
        return who.post(self.path, sent, headers={SUBMISSION: self.data["submission_id"]})

    def count(self, *names: str) -> dict[str, int]:
        """Return how many rows these tables have, or all but those that note who was here."""
        with self.visits.app.app_context():
            tables, engine = self.visits.tables, self.visits.app.extensions["sqlalchemy"].engine
            wanted = names or sorted(tables.keys() - UNCOUNTED)
            with engine.connect() as connection:
                counts = (select(func.count()).select_from(tables[name]) for name in wanted)
                found = [connection.scalar(query) for query in counts]
        return dict(zip(wanted, found, strict=True))


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
    # What many people went through is looked at before it is sent: see test_many_pages; and from a
    # proceeding of one accused nobody is separated: see test_proceedings_joined.
    assert len(forms) > len(leaves) - 8 > 10


def test_the_same_form_sent_twice_makes_one_record_and_has_one_answer(
    forms: dict[str, Form], visits: Visits
) -> None:
    wrong = {}
    for endpoint, form in forms.items():
        first, rows = form.send(), form.count()
        second = form.send()
        answers = [(each.status_code, each.location) for each in (first, second)]
        if answers[0] != answers[1] or rows != form.count():
            wrong[endpoint] = answers
        visits.put_back()
    assert wrong == {}


def test_a_form_sent_in_the_background_is_confirmed_by_its_id_and_led_to_the_same_page(
    forms: dict[str, Form], visits: Visits
) -> None:
    wrong = {}
    for endpoint, form in forms.items():
        confirmed = form.send_in_background()
        plain = form.send()
        place = confirmed.location
        is_led = (not confirmed.data and place == plain.location) if plain.location else not place
        is_confirmed = confirmed.headers.get(SUBMISSION) == form.data["submission_id"]
        if confirmed.status_code != 200 or not is_confirmed or not is_led:
            wrong[endpoint] = (confirmed.status_code, place, plain.location)
        visits.put_back()
    assert wrong == {}


def test_what_was_not_stored_leads_nowhere(forms: dict[str, Form], visits: Visits) -> None:
    wrong = {}
    for endpoint, form in forms.items():
        empty = Form(visits, form.line)
        empty.data = {"submission_id": empty.data["submission_id"]}
        is_stored = empty.makes()
        if bool(empty.send_in_background().location) != is_stored:
            wrong[endpoint] = is_stored
        visits.put_back()
    assert wrong == {}


@pytest.mark.parametrize("login", [None, "auditor"])
def test_a_page_of_an_error_or_of_a_sign_in_is_no_answer(
    forms: dict[str, Form], login: str | None
) -> None:
    answers = {name: form.send_in_background(login=login) for name, form in forms.items()}
    assert [name for name, answer in answers.items() if SUBMISSION in answer.headers] == []


def test_no_form_is_ignored_in_silence(visits: Visits) -> None:
    ignored = []
    for line in LINES:
        form = Form(visits, line)
        form.data = {name: "nonsense" for name in form.data if name != "submission_id"}
        acts = form.count("audit_entry")
        if form.data and (leads_on := form.send().location):
            ignored += [(line.endpoint, leads_on)] if form.count("audit_entry") == acts else []
            visits.put_back()
    assert ignored == []


def test_other_content_under_the_same_key_is_shown_and_saved_as_another_one_with_one_press(
    forms: dict[str, Form], visits: Visits
) -> None:
    wrong = {}
    for endpoint, form in forms.items():
        form.send()
        before = form.count()
        other = form.send(more="content")
        expected = 303 if endpoint in AMENDED else 409
        offered = HIDDEN.findall(other.get_data(as_text=True))
        fields = {name: unescape(value) for name, value in offered}
        sent = {**form.data, "more": "content", "submission_id": fields.get("submission_id")}
        is_asked = other.status_code == expected and form.count() == before
        if not is_asked or (expected == 409 and not sent.items() <= fields.items()):
            wrong[endpoint] = other.status_code
        if expected == 409 and form.send(**fields).status_code not in SAVED_OR_SAID:
            wrong[endpoint] = expected
        visits.put_back()
    assert wrong == {}
