"""What waits until its sender has shown who they are: done as it was sent, where, and once."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Engine, event, select

from hrdtracker.accounts import held_forms
from hrdtracker.accounts.model import HeldForm
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.web.shell.background import SUBMISSION
from tests import make
from tests.web.browse import Browser
from tests.web.proofs import HELD, OLD, RIGHT, hash_nothing, with_password
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture
def admin(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """Return the browser of an administrator who signed in a while ago, with a password alone."""
    hash_nothing(monkeypatch)
    in_unit(app, lambda: with_password("admin"))
    browser = Browser(app, "admin")
    with time_machine.travel(clock.now() + OLD, tick=False):
        yield browser


def _about(app: Flask, login: str) -> str:
    """Return the page on which somebody of the cast is given a role."""
    return f"/admin/users/{in_unit(app, lambda: make.user(login).uid)}"


def _held(browser: Browser, path: str) -> str:
    """Propose a role, and return the number of what waits now."""
    browser.get(path)
    sent = {"role": "monitor", "office": make.HERE, "submission_id": uuid4().hex}
    assert browser.post(path, sent).status_code == 401
    found = HELD.search(browser.page)
    assert found
    return found[1]


def test_it_is_completed_by_its_number_at_its_own_page_and_by_a_form_alone(
    app: Flask, admin: Browser
) -> None:
    assert admin.get("/account/again").location == "/account"
    path, elsewhere = _about(app, "nobody"), _about(app, "colleague")
    held = _held(admin, path)
    assert 'name="_password"' in admin.page
    assert 'name="_code"' not in admin.page

    led = [
        admin.post(page, {"_held": number, "_password": RIGHT}).location
        for page, number in ((path, uuid4().hex), (path, "x"), (elsewhere, held))
    ]
    assert led == ["/"] * 3
    assert admin.get(path, data={"_held": held, "_password": RIGHT}).status_code == 200

    assert admin.post(path, {"_held": held, "_password": RIGHT}).location == path


def test_a_script_is_told_of_each_answer_that_it_is_the_answer_to_its_form(
    app: Flask, admin: Browser
) -> None:
    path, key = _about(app, "nobody"), uuid4().hex
    held = _held(admin, path)
    sent = [
        {"_held": held, "_password": "wrong"},
        {"_held": uuid4().hex, "_password": RIGHT},
        {"role": "monitor", "office": make.HERE},
    ]
    answers = [admin.post(path, data, headers={SUBMISSION: key}) for data in sent]
    assert [answer.status_code for answer in answers] == [422, 200, 401]
    assert [answer.headers.get(SUBMISSION) for answer in answers] == [key] * 3


def test_of_two_that_complete_it_at_once_one_is_told_that_it_is_done(
    app: Flask, admin: Browser
) -> None:
    path = _about(app, "nobody")
    held = _held(admin, path)

    def take_it() -> None:
        row = session().scalars(select(HeldForm)).one()
        assert held_forms.take(row.session_id, row.uid)

    def another_takes_it(*values: object) -> None:
        if "FROM held_form" in str(values[2]) and not taken:
            taken.append(True)
            in_unit(app, take_it)

    taken: list[bool] = []
    event.listen(Engine, "after_cursor_execute", another_takes_it)
    try:
        answer = admin.post(path, {"_held": held, "_password": RIGHT})
    finally:
        event.remove(Engine, "after_cursor_execute", another_takes_it)
    assert (taken, answer.location) == ([True], "/")
