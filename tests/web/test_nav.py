"""The bar at the top leads each to where they have something to do, and says where they are."""

import pytest

from hrdtracker.web.shell.nav import places
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
CASE_WORK = ["Today", "Cases", "Limits", "Log", "People", "Incidents", "Fund"]
DIRECTING = [*CASE_WORK[:2], "Review", *CASE_WORK[2:6], "Readings", "Colleagues", "Fund"]
LED_TO = {
    "admin": ["Today", "Colleagues", "Users", "Offices", "Lists", "Rules of law", "Settings"],
    "monitor": CASE_WORK,
    "director": DIRECTING,
    "national": DIRECTING,
    "fund": ["Today", "Fund", "Outlines"],
    "finance": ["Today", "Fund"],
    "auditor": ["Today", "Trail", "Readings", "Fund"],
    "legal": ["Today", "Cases", "Limits", "People", "Incidents", "Fund", "Rules of law"],
    "board": ["Today"],
    "nobody": ["Today"],
    "second": ["Today"],
}


def test_each_role_is_led_to_its_own_work_and_whom_the_board_named_to_the_fund() -> None:
    led = {login: [link.label for link in places(make.actor(login), "/")] for login in LED_TO}
    assert led == LED_TO
    fund.set_up()
    assert [link.label for link in places(make.actor("board"), "/")] == ["Today", "Fund"]


CURRENT = {
    "/": ["Today"],
    "/cases": ["Cases"],
    "/cases/one": ["Cases"],
    "/cases-of-others": [],
    "/incidents/one": ["Incidents"],
    "/incidents/new": ["Log", "Incidents"],
    "/incidents/one/review": ["Review"],
    "/review": ["Review"],
    "/people/one/review": ["People"],
    "/elsewhere": [],
}


def test_the_place_where_somebody_is_is_the_current_one() -> None:
    director = make.actor("director")
    current = {
        path: [link.label for link in places(director, path) if link.current] for path in CURRENT
    }
    assert current == CURRENT
    assert [link.label for link in places(director, "/") if link.thumb] == ["Log"]
