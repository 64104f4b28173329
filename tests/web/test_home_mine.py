"""What the first page says of one’s own cases and roles: planned hours, what was given, waits."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from hrdtracker.access.model import Role
from hrdtracker.accounts import roles
from hrdtracker.cases import sharing, work
from hrdtracker.cases.drafts import FollowUpDraft, MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.incidents.model import Urgency
from tests import make
from tests.web.browse import Browser
from tests.web.somebody import in_unit, statements

pytestmark = pytest.mark.engines("sqlite")
NOON = (clock.now() + timedelta(days=2)).astimezone(make.ZONE).replace(hour=12, minute=0, second=0)
"""When the tests about hours happen: after the roles of the cast began."""


def at(days: int, hour: int, minute: int = 0) -> datetime:
    """Return an hour of a day so far from the one at whose noon these tests stand."""
    return (NOON + timedelta(days=days)).replace(hour=hour, minute=minute)


def plan(app: Flask, moment: datetime, *, timed: bool = True, **changes: Any) -> str:
    """Plan a hearing in a new case of the monitor’s, and return the address of the case."""

    def add() -> str:
        case = make.case_of(make.incident(type="threat", **changes))
        draft = FollowUpDraft("court", moment, timed, "Room 2")
        work.add_follow_up(make.actor("monitor"), case, draft)
        return f"/cases/{case.uid}"

    return str(in_unit(app, add))


def first_page(app: Flask, login: str) -> Browser:
    """Return the first page as somebody reads it."""
    browser = Browser(app, login)
    browser.get("/")
    return browser


def first_of(browser: Browser) -> str:
    """Return what the page says comes first, and why."""
    return browser.text.partition("Log an incident")[2].lstrip()


# --- what is planned ------------------------------------------------------------------------------


def test_a_hearing_of_tomorrow_stands_there_with_its_hour_and_why_it_comes_first(
    app: Flask,
) -> None:
    with time_machine.travel(NOON, tick=False):
        path = plan(app, at(1, 8, 30))
        page = first_page(app, "monitor")
    assert first_of(page).startswith(
        "Tomorrow, 08:30 First, because its hour comes first At court Threat, Phnom Penh"
    )
    assert f'href="{path}#timeline"' in page.page


@pytest.mark.parametrize(
    ("moment", "timed", "stands"),
    [
        (at(0, 11), True, False),
        (at(0, 13), True, True),
        (at(0, 0), False, True),
        (at(-1, 0), False, False),
        (at(40, 9), True, True),
    ],
)
def test_what_is_over_stands_there_no_more_and_what_has_no_hour_all_day(
    app: Flask,
    moment: datetime,
    timed: bool,  # noqa: FBT001 - a column of the table
    stands: bool,  # noqa: FBT001 - a column of the table
) -> None:
    with time_machine.travel(NOON, tick=False):
        plan(app, moment, timed=timed)
        page = first_page(app, "monitor")
    assert ("At court" in page.text) == stands


def test_what_is_planned_comes_in_the_order_of_its_hours(app: Flask) -> None:
    with time_machine.travel(NOON, tick=False):
        for days, hour in ((3, 9), (1, 14), (1, 8)):
            plan(app, at(days, hour))
        page = first_page(app, "monitor")
    hours = [page.text.index(hour) for hour in ("Tomorrow, 08:00", "Tomorrow, 14:00", "09:00")]
    assert hours == sorted(hours)


def test_who_may_only_read_a_case_is_not_told_of_its_hours_and_a_member_is(app: Flask) -> None:
    def let_in(login: str) -> None:
        case = make.case_of(make.incident(type="threat"))
        director, monitor = make.actor("director"), make.actor("monitor")
        work.add_follow_up(monitor, case, FollowUpDraft("court", at(1, 8), timed=True))
        draft = MemberDraft(make.user(login).uid, "Helps.", clock.now() + timedelta(days=9))
        sharing.add_member(director, case, draft)

    with time_machine.travel(NOON, tick=False):
        in_unit(app, lambda: let_in("colleague"))
        assert "Tomorrow, 08:00" in first_page(app, "colleague").text
        assert "Tomorrow, 08:00" not in first_page(app, "director").text
        assert "Tomorrow, 08:00" not in first_page(app, "stranger").text


def test_an_hour_within_a_day_comes_before_what_is_only_urgent(app: Flask) -> None:
    def give() -> None:
        case = make.case_of(make.incident(type="threat", urgency=Urgency.CRITICAL))
        draft = FollowUpDraft("court", at(1, 8), timed=True)
        work.add_follow_up(make.actor("director"), case, draft)

    with time_machine.travel(NOON, tick=False):
        in_unit(app, give)
        page = first_page(app, "director")
    assert first_of(page).startswith("Tomorrow, 08:00")
    assert page.page.index('id="waiting"') > page.page.index('id="now-what"')


# --- what was given -------------------------------------------------------------------------------


def assign(case: Case, login: str, by: str = "director") -> str:
    """Give a case to somebody, and return its address."""
    sharing.assign(make.actor(by), case, make.user(login).uid, case.version)
    return f"/cases/{case.uid}"


def test_a_case_given_to_me_stands_there_with_who_and_when_until_i_open_it(app: Flask) -> None:
    path = in_unit(app, lambda: assign(make.case_of(make.incident(type="threat")), "colleague"))
    page = first_page(app, "colleague")
    assert (
        "A case was given to you: Threat, Phnom Penh Director made you its owner, today"
        in page.text
    )
    assert "Director made you" not in first_page(app, "monitor").text
    page.get(path)
    page.get("/")
    assert "Nothing waits for you" in page.text


def test_whom_somebody_lets_in_reads_that_and_by_whom(app: Flask) -> None:
    def let_in() -> None:
        case = make.case_of(make.incident(type="threat"))
        user = make.user("colleague").uid
        draft = MemberDraft(user, "Helps.", clock.now() + timedelta(days=9))
        sharing.add_member(make.actor("director"), case, draft)

    in_unit(app, let_in)
    assert "Director let you in, today" in first_page(app, "colleague").text
    assert "let you in" not in first_page(app, "director").text


def test_what_i_gave_to_myself_or_was_given_on_is_not_new_to_me(app: Flask) -> None:
    def turn() -> None:
        assign(make.case_of(make.incident("monitor", type="threat")), "director")
        passed_on = make.case_of(make.incident("monitor", type="threat"))
        assign(passed_on, "colleague")
        assign(passed_on, "monitor")
        assign(passed_on, "director", by="director2")

    in_unit(app, turn)
    assert "made you its owner" not in first_page(app, "colleague").text
    page = first_page(app, "director")
    assert page.text.count("made you its owner") == 1
    assert "Director2 made you its owner" in page.text


# --- roles ----------------------------------------------------------------------------------------


def test_without_a_role_one_reads_that_and_never_that_all_is_done(app: Flask) -> None:
    page = first_page(app, "nobody")
    assert "You have no role yet" in page.text
    assert "Ask an administrator" in page.text
    assert "All done" not in page.text
    assert "Nothing waits" not in page.text


def propose(*logins: str) -> None:
    """Propose to make each of them a director."""
    office = make.office(make.HERE)
    for login in logins:
        roles.propose_role(make.actor("admin"), make.user(login), Role.DIRECTOR, office)


def test_a_role_that_waits_is_said_to_whose_it_is(app: Flask) -> None:
    in_unit(app, lambda: propose("nobody", "colleague"))
    without, with_another = first_page(app, "nobody"), first_page(app, "colleague")
    for page in (without, with_another):
        assert "Director, Phnom Penh" in page.text
        assert "It counts once a second person confirms it." in page.text
    assert "You have no role yet" in without.text
    assert "All done" not in without.text
    assert "You have no role yet" not in with_another.text


# --- how much it takes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "most"), [("monitor", 20), ("director", 25), ("national", 27), ("nobody", 9)]
)
def test_the_first_page_takes_few_statements(app: Flask, login: str, most: int) -> None:
    in_unit(app, make.incident)
    page = first_page(app, login)
    assert statements(lambda: page.get("/")) <= most
