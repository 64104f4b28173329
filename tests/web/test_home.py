"""The first page: what comes first, and that nothing stands on it twice."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hrdtracker.access.model import Office, Role, Sensitivity
from hrdtracker.accounts import roles
from hrdtracker.cases import sharing, work
from hrdtracker.cases.drafts import TaskDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.incidents import decisions, service
from hrdtracker.incidents.model import Incident
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit, openings, statements

pytestmark = pytest.mark.engines("sqlite")


def a_task(app: Flask, what: str, days: int) -> None:
    """Give the monitor something to do in the latest case, so many days from today."""

    def add() -> None:
        case = session().scalars(select(Case).order_by(Case.id.desc())).first()
        assert case
        make.load_keys(case)
        monitor = make.actor("monitor")
        day = clock.day_of(clock.now(), make.ZONE) + timedelta(days=days)
        work.add_task(monitor, case, TaskDraft(what, day))

    in_unit(app, add)


def return_it(app: Flask) -> None:
    """Let the director return the latest incident."""

    def send_back() -> None:
        one = session().scalars(select(Incident).order_by(Incident.id.desc())).first()
        assert one
        make.load_keys(one)
        decisions.return_incident(make.actor("director"), one, "Who saw it?", one.version)

    in_unit(app, send_back)


def first_of(browser: Browser) -> str:
    """Return what the page says is the next thing."""
    return browser.page.split('id="now-what">')[1].split("<")[0]


def test_what_is_late_comes_before_what_was_returned(app: Flask) -> None:
    in_unit(app, lambda: make.incident(type="threat"))
    return_it(app)
    a_task(app, "Call the lawyer", -2)
    browser = Browser(app, "monitor")

    browser.get("/")

    assert first_of(browser) == "Call the lawyer"
    assert "2 days overdue" in browser.text
    assert openings(app)[-1] == ("case.read", "data_key", None)


def test_what_was_returned_comes_before_what_is_due_later(app: Flask) -> None:
    in_unit(app, lambda: make.incident(type="threat"))
    return_it(app)
    a_task(app, "Call the lawyer", 3)
    browser = Browser(app, "monitor")

    browser.get("/")

    assert first_of(browser) == "Threat was returned to you"
    assert "In 3 days" in browser.text


def test_what_comes_first_does_not_stand_below_again(app: Flask) -> None:
    in_unit(app, lambda: make.incident(type="threat"))
    a_task(app, "Call the lawyer", 0)
    browser = Browser(app, "monitor")

    browser.get("/")

    assert browser.text.count("Call the lawyer") == 1


def test_a_director_finds_the_roles_that_wait_for_a_second_person(app: Flask) -> None:
    def propose() -> None:
        here = session().scalars(select(Office).order_by(Office.id)).first()
        roles.propose_role(make.actor("admin"), make.user("colleague"), Role.DIRECTOR, here)

    in_unit(app, propose)
    browser = Browser(app, "director")

    browser.get("/")

    assert "For your word" in browser.text
    assert "Colleague" in browser.text
    assert 'href="/confirmations"' in browser.page


def test_whoever_has_nothing_to_do_is_led_to_their_work(app: Flask) -> None:
    browser = Browser(app, "auditor")

    browser.get("/")

    assert "Nothing waits for you" in browser.text
    assert "Go to Trail" in browser.text


def test_twenty_things_to_do_take_as_many_statements_as_one(app: Flask) -> None:
    in_unit(app, make.incident)
    browser = Browser(app, "director")
    browser.get("/")
    few = statements(lambda: browser.get("/"))
    in_unit(app, lambda: [make.incident() for _ in range(19)])

    assert statements(lambda: browser.get("/")) == few


def test_the_national_director_reads_what_nobody_may_review_and_whom_to_ask(app: Flask) -> None:
    def write_part_of_it(sensitivity: Sensitivity) -> str:
        incident = make.incident()
        case, director = make.case_of(incident), make.actor("director")
        sharing.set_sensitivity(director, case, sensitivity, case.version)
        service.edit_incident(director, incident, make.draft(victims=()), incident.version)
        return case.code

    restricted = in_unit(app, lambda: write_part_of_it(Sensitivity.RESTRICTED))
    secret = in_unit(app, lambda: write_part_of_it(Sensitivity.SECRET))
    browser = Browser(app, "national")
    browser.get("/")
    assert "Nobody may review this incident" in browser.text
    assert browser.page.count('href="/review#stuck"') == 3
    browser.get("/review")
    assert browser.text.count("Ask Director to add another director, or you") == 2
    assert restricted in browser.text
    assert secret not in browser.text
    assert "a secret case" in browser.text
    assert "/access" not in browser.page


def incident_path() -> str:
    """Return the address of the one incident."""
    return f"/incidents/{session().scalars(select(Incident)).one().uid}"


def test_a_national_director_who_may_add_a_member_is_led_to_where_they_do(app: Flask) -> None:
    def restrict_what_one_wrote() -> str:
        incident, national = make.incident(), make.actor("national")
        case = make.case_of(incident)
        service.edit_incident(national, incident, make.draft(victims=()), incident.version)
        sharing.set_sensitivity(national, case, Sensitivity.RESTRICTED, case.version)
        return f"/cases/{case.uid}/access"

    path = in_unit(app, restrict_what_one_wrote)
    browser = Browser(app, "national")
    for page in ("/review", in_unit(app, incident_path)):
        browser.get(page)
        assert f'href="{path}"' in browser.page
    browser.get(path)
    assert "Add a member" in browser.text
