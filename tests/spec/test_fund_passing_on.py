"""What is stuck is passed on whenever the rules name somebody, and only then is it offered."""

import pytest

from hrdtracker.access.actor import worker
from hrdtracker.access.model import Role, UserState
from hrdtracker.fund.capacity import needs
from hrdtracker.fund.decisions import service as decisions
from hrdtracker.fund.model import Capacity, SupportRequest
from hrdtracker.fund.requests import conflicts, passing_on
from hrdtracker.fund.rules.approval_levels import passing_on_helps
from hrdtracker.fund.rules.stuck import stuck_requests
from tests import fund, make

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]


def _gone(*logins: str) -> None:
    for login in logins:
        make.bring(make.user(login), UserState.LOCKED)


def _look_after(request: SupportRequest) -> int:
    return passing_on.look_after(worker(request.organisation_id))


def test_what_was_left_is_passed_on_by_itself_once_the_rules_name_somebody() -> None:
    request = fund.committed()
    _gone("fund", "fund2", "national")
    assert _look_after(request) == 1
    left = request.passed_to_id
    make.role_given("nobody", Role.FUND_OFFICER, make.office(make.THERE))
    assert _look_after(request) == 0
    assert (left, request.passed_to_id) == (None, make.user("nobody").id)
    assert not request.stuck_since


def test_who_must_decide_on_what_was_returned_is_said_anew_and_offered() -> None:
    fund.set_up()
    request = fund.recommended()
    fund.no_tie(request, "fund2")
    decisions.return_request(make.actor("fund2"), request, fund.WHY, request.version)
    conflicts.declare(make.actor("monitor"), request, knows=True, reason="A cousin.")
    assert request.stuck_since is not None
    assert not passing_on_helps(request)
    _gone("fund", "fund2", "national")
    assert passing_on_helps(request)
    passing_on.pass_on_now(make.actor("director2"), request)
    assert needs(request) == [Capacity.BOARD]
    assert not passing_on_helps(request)


def test_whoever_has_it_keeps_it_though_another_may_hold_it_as_well() -> None:
    request = fund.committed()
    make.role_given("nobody", Role.FUND_OFFICER, make.office(make.THERE))
    _gone("fund", "fund2")
    passing_on.pass_on_now(make.actor("director"), request)
    make.role_given("stranger", Role.FUND_OFFICER, make.office(make.THERE))
    passing_on.pass_on_now(make.actor("director"), request)
    assert request.passed_to_id == make.user("nobody").id > make.user("stranger").id


def test_what_waits_for_the_board_says_nothing_of_another() -> None:
    fund.set_up()
    for_board, other = fund.sent(4_000_00), fund.sent()
    fund.set_up(board=None)
    assert set(stuck_requests(other.organisation_id)) == {for_board.id}
    assert stuck_requests(other.organisation_id, [other.id]) == {}
