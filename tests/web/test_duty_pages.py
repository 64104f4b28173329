"""The duty of a week on its page and on the first page, and the sheet of the day."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from hrdtracker.cases import sharing, work
from hrdtracker.cases.drafts import TaskDraft
from hrdtracker.core.when.model import When
from hrdtracker.duty.queries import roster
from hrdtracker.duty.service import DayChange, offer, set_days, take
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive
from tests.web.browse import Browser
from tests.web.somebody import in_unit, statements

pytestmark = pytest.mark.engines("sqlite")
EVENING = ARRIVED + timedelta(hours=42, minutes=48)
TODAY = EVENING.astimezone(make.ZONE).date()
BUTTON = re.compile(r'action="(/duty/days/[0-9a-f-]+/\w+)"')


@pytest.fixture(autouse=True)
def _evening() -> Iterator[None]:
    """Let it be five hours and twelve minutes before a custody of two days ends."""
    with time_machine.travel(EVENING, tick=False):
        yield


def held(app: Flask, owner: str = "monitor") -> None:
    """Record an arrest, and whose case it is."""

    def record() -> None:
        incident = arrested(adult("Demo Kane"))
        arrive(incident)
        case = make.case_of(incident)
        draft = TaskDraft("Call Demo Kane’s mother", TODAY, make.user("monitor").uid)
        work.add_task(make.actor("monitor"), case, draft)
        if owner != "monitor":
            sharing.assign(make.actor("director"), case, make.user(owner).uid, case.version)

    in_unit(app, record)


def set_week(app: Flask, login: str, **days: str) -> Browser:
    """Say as a director who is on duty today, and on the days that are given."""
    browser = Browser(app, "director")
    browser.get("/duty")
    target = re.search(r'action="(/duty/[0-9a-f-]{36}[^"]*)"', browser.page)
    assert target
    uid = in_unit(app, lambda: make.user(login).uid.hex)
    empty = {f"day_{number}": "" for number in range(7)}
    answer = browser.post(target[1].replace("&amp;", "&"), {**empty, "day_0": uid, **days})
    assert answer.status_code == 303
    return browser


def test_a_director_sets_a_week_and_everybody_of_the_office_sees_it(app: Flask) -> None:
    browser = set_week(app, "monitor")
    browser.get("/duty")
    assert "Today: Monitor" in browser.text
    monitor = Browser(app, "monitor")
    monitor.get("/duty")
    assert "Today: You" in monitor.text
    assert "Save the week" not in monitor.text
    monitor.get("/")
    assert "On duty in Phnom Penh: You" in monitor.text
    assert "Who is on duty has changed, and it concerns you" in monitor.text


def test_whoever_does_not_work_in_the_office_is_refused_and_what_was_chosen_stays(
    app: Flask,
) -> None:
    browser = Browser(app, "director")
    browser.get("/duty")
    target = re.search(r'action="(/duty/[0-9a-f-]{36}[^"]*)"', browser.page)
    assert target
    uid, stranger = in_unit(
        app, lambda: (make.user("monitor").uid.hex, make.user("stranger").uid.hex)
    )
    chosen = {"day_0": uid, "day_1": stranger}
    assert browser.post(target[1].replace("&amp;", "&"), chosen).status_code == 422
    assert "Choose somebody who works in this office." in browser.text
    assert re.search(rf'<option selected value="{uid}"', browser.page)


def test_a_week_that_was_opened_before_a_hand_over_takes_nothing_back(app: Flask) -> None:
    director = set_week(app, "monitor")
    director.get("/duty")
    target = re.search(r'action="(/duty/[0-9a-f-]{36}[^"]*)"', director.page)
    assert target
    shown = dict(re.findall(r'name="(shown_\d)"[^>]*value="([0-9a-f]*)"', director.page))
    monitor, colleague, other = in_unit(
        app, lambda: [make.user(login).uid.hex for login in ("monitor", "colleague", "director")]
    )
    assert re.search(rf'<option selected value="{monitor}"', director.page)
    in_unit(app, _hand_over)
    week = {**shown, **{name.replace("shown", "day"): uid for name, uid in shown.items()}}
    assert week["day_0"] == monitor
    way = target[1].replace("&amp;", "&")
    assert director.post(way, {**week, "day_1": other}).status_code == 303
    director.get("/duty")
    assert "Today: Colleague" in director.text
    assert director.post(way, {**week, "day_0": other, "day_1": other}).status_code == 409
    assert "after you opened it" in director.text
    assert re.search(rf'<option selected value="{other}"', director.page)
    again = re.search(r'name="shown_0"[^>]*value="([0-9a-f]*)"', director.page)
    assert again
    assert again[1] == colleague
    assert director.post(way, {"day_0": other, "shown_0": again[1]}).status_code == 303


def _hand_over() -> None:
    """Let the colleague take over the duty that the monitor has today."""
    row = roster([make.office(make.HERE)], [TODAY])[0].row
    assert row
    offer(make.actor("monitor"), row, make.user("colleague").uid)
    take(make.actor("colleague"), row)


def test_a_duty_is_handed_over_with_the_colleagues_word(app: Flask) -> None:
    set_week(app, "monitor")
    monitor = Browser(app, "monitor")
    monitor.get("/duty")
    offer = re.search(r'href="(/duty/days/[0-9a-f-]+/offer)"', monitor.page)
    assert offer
    assert monitor.get(offer[1]).status_code == 200
    assert monitor.post(offer[1], {"colleague": ""}).status_code == 422
    uid = in_unit(app, lambda: make.user("colleague").uid.hex)
    assert monitor.post(offer[1], {"colleague": uid}).status_code == 303
    colleague = Browser(app, "colleague")
    colleague.get("/")
    assert "A colleague asks you to take over their duty" in colleague.text
    colleague.get("/duty")
    take = next(each for each in BUTTON.findall(colleague.page) if each.endswith("/take"))
    assert colleague.post(take).status_code == 303
    colleague.get("/duty")
    assert "Today: You" in colleague.text


def test_who_cannot_be_there_leaves_the_day_to_the_directors(app: Flask) -> None:
    set_week(app, "monitor")
    monitor = Browser(app, "monitor")
    monitor.get("/duty")
    offer = re.search(r'href="(/duty/days/[0-9a-f-]+/offer)"', monitor.page)
    assert offer
    monitor.get(offer[1])
    assert monitor.post(offer[1].replace("/offer", "/back")).status_code == 303
    director = Browser(app, "director")
    director.get("/")
    assert "Whoever was on duty cannot be there" in director.text
    assert "On duty in Phnom Penh: Nobody: the directors" in director.text


def test_limits_that_whoever_is_on_duty_cannot_open_are_a_number_to_them_and_a_list_to_a_director(
    app: Flask,
) -> None:
    held(app, "colleague")
    director = set_week(app, "monitor")
    monitor = Browser(app, "monitor")
    monitor.get("/")
    assert "soon in a case that you cannot open" in monitor.text
    assert "PNH-2026-" not in monitor.text
    monitor.get("/duty")
    assert "cases of this office that you cannot open" in monitor.text or (
        "a case of this office that you cannot open" in monitor.text
    )
    assert "/members/new" not in monitor.page
    director.get("/")
    assert "that whoever is on duty cannot open" in director.text
    director.get("/duty")
    way = re.search(r'href="(/cases/[0-9a-f-]+/members/new)"', director.page)
    assert way
    assert director.get(way[1]).status_code == 200


def test_the_first_page_of_a_colleague_who_is_not_on_duty_counts_nothing(app: Flask) -> None:
    held(app, "colleague")
    browser = Browser(app, "monitor")
    browser.get("/")
    assert "cannot open" not in browser.text


def test_the_sheet_of_the_day_has_limits_and_tasks_and_no_name_and_no_code(app: Flask) -> None:
    held(app)
    set_week(app, "monitor")
    browser = Browser(app, "monitor")
    assert browser.get("/duty/sheet").status_code == 200
    sheet = browser.text.partition("What the day brings")[2]
    for words in ("On duty: You", "Police custody", "1 person", "1 task", "Yours", "Today"):
        assert words in sheet, words
    assert not re.search(r"Demo [A-Z]|mother|[A-Z]{3}-2026-", sheet)
    stranger = Browser(app, "stranger")
    stranger.get("/duty/sheet")
    assert "Police custody" not in stranger.text


def test_another_office_than_ones_own_is_not_there(app: Flask) -> None:
    browser = Browser(app, "monitor")
    assert browser.get("/duty?office=SRP").status_code == 404
    assert browser.get("/duty/sheet?office=SRP").status_code == 404
    assert browser.get("/duty?from=yesterday").status_code == 200
    assert Browser(app, "fund").get("/duty").status_code == 403


def test_the_page_costs_as_many_statements_for_a_full_week_as_for_one_day(app: Flask) -> None:
    browser = set_week(app, "monitor")
    few = statements(lambda: browser.get("/duty"))
    uid = in_unit(app, lambda: make.user("colleague").uid.hex)
    set_week(app, "monitor", **{f"day_{number}": uid for number in range(1, 7)})
    browser.get("/duty")
    assert statements(lambda: browser.get("/duty")) == few


def test_the_first_page_costs_as_many_statements_for_two_offices_as_for_one(app: Flask) -> None:
    held(app, "colleague")
    set_week(app, "monitor")
    browser = Browser(app, "national")
    browser.get("/")
    few = statements(lambda: browser.get("/"))

    def set_far() -> None:
        change = DayChange(None, make.user("stranger").uid)
        set_days(make.actor("far_director"), make.office(make.THERE), {TODAY: change})

    in_unit(app, set_far)
    browser.get("/")
    assert "On duty in Siem Reap: Stranger" in browser.text
    assert statements(lambda: browser.get("/")) == few


def test_it_speaks_khmer(app: Flask) -> None:
    set_week(app, "monitor")
    browser = Browser(app, "monitor")
    browser.post("/language", {"language": "km", "back": "/"})
    browser.get("/duty")
    assert "អ្នកប្រចាំការ" in browser.text


def test_an_unknown_hour_is_said_as_such_on_the_sheet(app: Flask) -> None:
    def record() -> None:
        arrive(arrested(adult("Demo Kane")), When.day(ARRIVED.date(), make.ZONE))

    in_unit(app, record)
    browser = Browser(app, "monitor")
    browser.get("/duty/sheet")
    assert "at the earliest" in browser.text
