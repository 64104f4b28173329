"""Whoever is to be a monitor logs from the first day, and reads once that is confirmed."""

from collections.abc import Callable

import pytest
from flask import Flask

from hrdtracker.access.model import Role
from hrdtracker.accounts import roles, staff
from hrdtracker.core.db import Entity
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
SENT = {
    "type": "arrest", "when": "today", "place": "12", "who": "Demo A", "connection": "witness",
    "narrative": "Two trucks came.", "office": "PNH",
}  # fmt: skip


def _newcomer() -> str:
    roles.propose_role(
        make.actor("admin"), make.user("nobody"), Role.MONITOR, make.office(make.HERE)
    )
    return "nobody"


def _reset() -> str:
    staff.invite_again(make.actor("admin"), make.user("monitor"))
    return "monitor"


@pytest.mark.parametrize("begin", [_newcomer, _reset])
def test_who_waits_logs_from_the_first_page_and_reads_nothing_until_confirmed(
    app: Flask, begin: Callable[[], str]
) -> None:
    login = in_unit(app, begin)
    browser = Browser(app, login)
    browser.get("/")
    assert 'href="/incidents/new"' in browser.page
    browser.get("/incidents/new")
    answer = browser.post("/incidents/new", SENT)
    assert (answer.status_code, answer.location) == (303, "/")
    browser.get("/")
    assert "You read it once a second person has confirmed your role." in browser.text
    assert browser.get("/cases").status_code == 403
    in_unit(app, lambda: make.confirm("national", _what_waits(login)))
    browser = Browser(app, login)
    browser.get("/cases")
    assert "Arrest" in browser.text


def _what_waits(login: str) -> Entity:
    user = make.user(login)
    return make.role_of(login) if login == "nobody" else user
