"""Names that are hidden stay as they are, whatever a form says of them."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.people import queries
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import Person
from hrdtracker.people.naming import HOLDS_FOR
from tests import courts, make
from tests.web.browse import Browser
from tests.web.case_pages import hidden
from tests.web.somebody import in_unit

pytestmark = pytest.mark.engines("sqlite")
NAME = "Tisu Nekova"
WHY = {"reason": "who"}


def _somebody_of_16() -> UUID:
    person = PersonDraft((NameDraft(NAME),), age=16, age_on=make.DAY)
    case = make.case_of(make.incident(victims=(Victim(described=person),)))
    return courts.people(case)[0]


@pytest.fixture
def child(app: Flask) -> UUID:
    uid: UUID = in_unit(app, _somebody_of_16)
    return uid


def _names_of(uid: UUID) -> list[str]:
    person = session().scalars(select(Person).where(Person.uid == uid)).one()
    return [name.name or "" for name in queries.card_of(person).names]


def test_whose_names_nobody_was_shown_keeps_them_whatever_the_form_says(
    app: Flask, child: UUID
) -> None:
    browser, uid = Browser(app, "monitor"), child
    browser.get(f"/people/{uid}/edit")
    forged = {"version": hidden(browser, "version"), "unit": "person", "names_shown": "1"}
    for names in ({}, {"names-0-name": "Somebody Else", "names-0-kind": "legal"}):
        assert browser.post(f"/people/{uid}/edit", {**forged, **names}).status_code == 422
        assert in_unit(app, lambda: _names_of(uid)) == [NAME]


def test_a_reason_that_lapsed_while_names_were_changed_is_given_again_and_nothing_typed_is_lost(
    app: Flask, child: UUID
) -> None:
    browser, uid = Browser(app, "monitor"), child
    browser.post(f"/people/{uid}/reveal", WHY)
    browser.get(f"/people/{uid}/edit")
    typed = {
        "version": hidden(browser, "version"),
        "names_shown": hidden(browser, "names_shown"),
        "unit": "person",
        "age": "16",
        "names-0-name": "Tisu Nekovala",
        "names-0-kind": "legal",
    }
    with time_machine.travel(clock.now() + HOLDS_FOR + timedelta(minutes=1)):
        assert browser.post(f"/people/{uid}/edit", typed).status_code == 422
        assert 'value="Tisu Nekovala"' in browser.page
        assert in_unit(app, lambda: _names_of(uid)) == [NAME]
        browser.post(f"/people/{uid}/reveal", WHY)
        assert browser.post(f"/people/{uid}/edit", typed).status_code == 303
    assert in_unit(app, lambda: _names_of(uid)) == ["Tisu Nekovala"]


def test_names_stay_that_were_shown_only_after_the_form_was_opened(app: Flask, child: UUID) -> None:
    browser, uid = Browser(app, "monitor"), child
    browser.get(f"/people/{uid}/edit")
    sent = {name: hidden(browser, name) for name in ("version", "names_shown")}
    typed = {**sent, "unit": "person", "age": "16"}
    browser.post(f"/people/{uid}/reveal", WHY)
    assert browser.post(f"/people/{uid}/edit", typed).status_code == 303
    assert in_unit(app, lambda: _names_of(uid)) == [NAME]
