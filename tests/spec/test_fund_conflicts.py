"""Whoever knows the people of a request may say so at any time, and others take over."""

from collections.abc import Callable

import pytest

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import User, UserState
from hrdtracker.core.db import session
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.decisions import emergency
from hrdtracker.fund.model import SupportRequest
from hrdtracker.fund.requests import conflicts
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]


def _begun_in_haste() -> SupportRequest:
    request = fund.sent()
    fund.no_tie(request, "fund")
    emergency.release(make.actor("fund"), request, fund.WHY, request.version)
    return request


@pytest.mark.parametrize(
    ("build", "status", "signed"),
    [(_begun_in_haste, "submitted", False), (fund.committed, "committed", True)],
)
def test_whoever_took_part_may_say_at_any_time_that_they_know_somebody(
    build: Callable[[], SupportRequest],
    status: str,
    signed: bool,  # noqa: FBT001
) -> None:
    request = build()
    conflicts.declare(make.actor("fund"), request, knows=True, reason="A cousin.")
    assert not policy.allows(make.actor("fund"), Action.FUND_REQUEST_READ, request)
    assert (request.status, bool(request.approvers()), request.emergency) == (status, signed, False)


def test_where_two_release_in_haste_nobody_takes_the_place_of_who_knows_somebody() -> None:
    request = _begun_in_haste()
    conflicts.declare(make.actor("director"), request, knows=True, reason="A cousin.")
    assert (request.needs_officer, request.needs_director, request.emergency) == (True,) * 3


def test_whoever_said_no_may_still_say_yes_and_has_one_answer() -> None:
    request, other = fund.recommended(), fund.recommended()
    fund.no_tie(request, "fund2")
    conflicts.declare(make.actor("fund2"), request, knows=True, reason="A cousin.")
    assert conflicts.has_declared(make.actor("fund2"), request) is True
    assert conflicts.has_declared(make.actor("fund2"), other) is None
    assert conflicts.has_declared(make.actor("fund"), request) is None


def test_somebody_without_a_part_in_it_leaves_what_others_decided() -> None:
    request = fund.approved()
    conflicts.declare(make.actor("fund2"), request, knows=True, reason="A cousin.")
    assert (request.status, request.approvers()) == ("approved", {make.user("fund").id})


@pytest.mark.parametrize(
    ("build", "officer", "board"),
    [(fund.recommended, False, True), (fund.committed, True, False)],
)
def test_who_must_decide_is_said_anew_where_no_officer_may_unless_it_is_promised_already(
    build: Callable[[], SupportRequest], *, officer: bool, board: bool
) -> None:
    fund.set_up()
    request = build()
    for login in ("fund", "fund2"):
        conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    assert (request.needs_officer, request.needs_board) == (officer, board)


def test_once_the_last_who_could_go_on_knows_somebody_it_is_noted_that_nobody_can() -> None:
    request = fund.committed()
    able = ["fund", "fund2"]
    while able:
        assert request.stuck_since is None
        conflicts.declare(make.actor(able.pop(0)), request, knows=True, reason="A cousin.")
        if not able and request.passed_to_id is not None:
            able.append(session().get_one(User, request.passed_to_id).login)
    assert request.stuck_since is not None


def test_what_takes_no_director_waits_for_no_board_where_no_director_may_decide() -> None:
    fund.set_up()
    for login in ("director2", "national"):
        make.bring(make.user(login), UserState.LOCKED)
    assert needs(fund.sent(100_00, who="director")) == ["officer"]
    assert needs(fund.sent(600_00, who="director")) == ["officer", "board"]
