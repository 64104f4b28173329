"""The bar at the top leads each to where they have something to do, and says where they are."""

import pytest

from hrdtracker.web.shell.nav import places
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
CASE_WORK = ["Today", "Cases", "Log", "Limits", "Hearings", "People", "Incidents", "Fund"]
DIRECTING = [*CASE_WORK[:2], "Review", *CASE_WORK[2:7], "Numbers", "Readings", "Colleagues", "Fund"]
LED_TO = {
    "admin": ["Today", "Colleagues", "Users", "Offices", "Lists", "Rules of law", "Settings"],
    "monitor": CASE_WORK,
    "director": DIRECTING,
    "national": DIRECTING,
    "fund": ["Today", "Fund", "Outlines"],
    "finance": ["Today", "Fund"],
    "auditor": ["Today", "Trail", "Readings", "Fund"],
    "legal": [*CASE_WORK[:2], *CASE_WORK[3:], "Rules of law"],
    "board": ["Today"],
    "nobody": ["Today"],
    "second": ["Today"],
}


def test_each_role_is_led_to_its_own_work_and_whom_the_board_named_to_the_fund() -> None:
    led = {login: [link.label for link in places(make.actor(login), "/")] for login in LED_TO}
    assert led == LED_TO
    fund.set_up()
    assert [link.label for link in places(make.actor("board"), "/")] == ["Today", "Fund"]


@pytest.mark.parametrize("login", ["monitor", "director", "national"])
def test_who_may_log_finds_it_in_the_bar_at_the_bottom_of_a_phone(login: str) -> None:
    assert "Log" in [link.label for link in places(make.actor(login), "/")[:4]]


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
