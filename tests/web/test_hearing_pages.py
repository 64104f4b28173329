"""Hearings on their pages: recorded, put off, shown by week, and given to somebody else."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from hrdtracker.access.actor import operator
from hrdtracker.core import clock
from hrdtracker.core.when.model import When
from hrdtracker.proceedings import hearings
from hrdtracker.proceedings.checklists.load import load_first_checklist
from hrdtracker.proceedings.drafts.hearings import HearingDraft
from hrdtracker.proceedings.model import Proceeding
from tests import courts, make
from tests.web.browse import Browser
from tests.web.case_pages import hidden, send
from tests.web.somebody import in_unit, statements

BATTAMBANG, PHNOM_PENH = "first_instance_02", "first_instance_12"


def soon(hours: float) -> When:
    """Return a minute so many hours from now."""
    return When.minute(clock.now() + timedelta(hours=hours), make.ZONE)


def add(
    proceeding: Proceeding, hours: float, court: str | None = None, login: str = "monitor"
) -> UUID:
    draft = HearingDraft(soon(hours), "trial", court, monitors=(make.user(login).uid,))
    return hearings.add_hearing(make.actor("monitor"), proceeding, draft).uid


def new_proceeding(app: Flask) -> str:
    """Return the address of a new proceeding."""
    return str(in_unit(app, lambda: f"/proceedings/{courts.opened(courts.case_with(2)).uid}"))


def test_a_hearing_is_recorded_and_stands_on_its_proceeding(app: Flask) -> None:
    address, browser = new_proceeding(app), Browser(app, "monitor")
    values = {"when": "yesterday 08:30", "kind": "trial", "court": BATTAMBANG, "room": "2"}
    assert send(browser, f"{address}/hearings/new", **values) == 303
    browser.get(f"{address}/hearings")
    assert "Battambang Provincial Court of First Instance, room 2, 2 accused" in browser.text


def test_the_page_of_custody_leads_to_the_hearings_of_each_proceeding(app: Flask) -> None:
    def make_one() -> tuple[str, str]:
        case = courts.case_with(1)
        return f"/cases/{case.uid}/court", f"/proceedings/{courts.opened(case).uid}/hearings"

    page, hearings_page = in_unit(app, make_one)
    browser = Browser(app, "monitor")
    browser.get(page)
    assert f'href="{hearings_page}"' in browser.page


def test_a_day_that_is_none_is_refused_beside_it(app: Flask) -> None:
    address, browser = new_proceeding(app), Browser(app, "monitor")
    assert send(browser, f"{address}/hearings/new", when="some time", kind="trial") == 422
    assert "Write one day, or a day and an hour." in browser.text


def test_an_adjournment_without_a_day_waits_in_a_list_of_its_own(app: Flask) -> None:
    address, browser = new_proceeding(app), Browser(app, "monitor")
    browser.get(f"{address}/hearings/new")
    first = {"submission_id": hidden(browser, "submission_id")}
    made = browser.post(
        f"{address}/hearings/new", {**first, "when": "yesterday 08:30", "kind": "trial"}
    )
    hearing = made.headers["Location"]
    values = {"status": "adjourned", "asked_by": "court", "reason": "A judge was absent."}
    assert send(browser, f"{hearing}/conclude", **values) == 303
    browser.get("/hearings")
    assert "Day not set" in browser.text
    assert "First adjournment" in browser.text


def test_whoever_is_in_two_courts_comes_first_and_somebody_else_is_sent(app: Flask) -> None:
    def make_two() -> None:
        proceeding = courts.opened(courts.case_with(1))
        add(proceeding, 2, PHNOM_PENH)
        add(proceeding, 2.5, BATTAMBANG)

    in_unit(app, make_two)
    browser = Browser(app, "director")
    browser.get("/hearings?view=agenda")
    assert "In two courts" in browser.text
    (action,) = re.findall(r'action="(/hearings/[^"]+/monitors)"', browser.page)
    values = {name: hidden(browser, name) for name in ("monitor", "instead_of")}
    assert browser.post(action, values).status_code == 303
    browser.get("/hearings?view=agenda")
    assert "In two courts" not in browser.text


@pytest.mark.parametrize("view", ["week", "agenda", "month"])
def test_forty_hearings_are_as_many_statements_as_two(app: Flask, view: str) -> None:
    def make_some(count: int) -> None:
        proceeding = courts.opened(courts.case_with(1))
        for number in range(count):
            add(proceeding, number / 60, BATTAMBANG)

    browser = Browser(app, "monitor")
    in_unit(app, lambda: make_some(2))
    few = statements(lambda: browser.get(f"/hearings?view={view}"))
    in_unit(app, lambda: make_some(38))
    assert statements(lambda: browser.get(f"/hearings?view={view}")) <= few


def test_hearings_of_the_next_days_stand_on_the_first_page(app: Flask) -> None:
    in_unit(app, lambda: add(courts.opened(courts.case_with(1)), 20, BATTAMBANG))
    browser = Browser(app, "monitor")
    browser.get("/")
    assert "Hearings of the next days" in browser.text
    assert "Battambang Provincial Court" in browser.text


def test_the_first_page_shows_where_one_goes_oneself_however_many_go_elsewhere(app: Flask) -> None:
    def make_some() -> None:
        proceeding = courts.opened(courts.case_with(1))
        for number in range(8):
            add(proceeding, number, PHNOM_PENH)
        add(proceeding, 20, BATTAMBANG, "director")

    in_unit(app, make_some)
    browser = Browser(app, "director")
    browser.get("/")
    assert "Battambang Provincial Court" in browser.text
    assert "Phnom Penh Municipal Court" not in browser.text


def test_who_works_on_no_cases_sees_no_hearings(app: Flask) -> None:
    assert Browser(app, "auditor").get("/hearings").status_code == 403


@pytest.mark.parametrize("view", ["week", "agenda", "month", "%00"])
@pytest.mark.parametrize(
    "day", ["0001-01-01", "1900-01-01", "2100-12-31", "9999-12-31", "2026-02-30", "x", "%00"]
)
def test_a_day_that_no_calendar_of_ours_has_gives_no_fault(app: Flask, view: str, day: str) -> None:
    assert Browser(app, "monitor").get(f"/hearings?view={view}&day={day}").status_code == 200


def test_the_sheet_for_the_gate_has_a_column_for_each_accused_and_nothing_of_the_case(
    app: Flask,
) -> None:
    def make_one() -> tuple[str, str]:
        case, organisation = courts.case_with(2), make.organisation()
        load_first_checklist(operator(organisation.id), organisation)
        return f"/hearings/{add(courts.opened(case), 20, BATTAMBANG)}/sheet", case.code

    address, code = in_unit(app, make_one)
    browser = Browser(app, "monitor")
    browser.get(address)
    assert "Accused 2" in browser.text
    assert "Accused 3" not in browser.text
    assert code not in browser.text
    assert "Battambang" not in browser.text
