"""A role is given once, ends once, comes back as it was, and is restored with no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from hrdtracker.access.action import Action
from hrdtracker.access.model import Membership, Role, UserState
from hrdtracker.accounts import proposals, roles, sessions, staff
from hrdtracker.accounts.model import Proposal
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused, WrongStatus
from hrdtracker.core.sending import Sending
from tests import make
from tests.two_people import holds, propose, settle, waiting

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOOD = "cloud ladder teapot violin"


@contextmanager
def _after(time: timedelta) -> Iterator[None]:
    with time_machine.travel(clock.now() + time):
        yield


def _until(time: timedelta, role: Role = Role.AUDITOR, login: str = "nobody") -> Membership:
    """Give somebody a role in our office that ends after a while."""
    end = clock.now() + time
    held = roles.propose_role(
        make.actor("admin"), make.user(login), role, make.office(make.HERE), ends_at=end
    )
    make.confirm("admin2", held)
    return held


@pytest.mark.parametrize(
    ("role", "place", "may"),
    [
        (Role.AUDITOR, make.HERE, False),
        (Role.AUDITOR, make.THERE, True),
        (Role.AUDITOR, None, True),
        (Role.MONITOR, make.HERE, True),
    ],
)
def test_the_same_role_in_the_same_place_is_given_once(
    role: Role, place: str | None, *, may: bool
) -> None:
    _until(DAY)
    office = make.office(place) if place else None
    if may:
        roles.propose_role(make.actor("admin"), make.user("nobody"), role, office)
    else:
        with pytest.raises(Refused):
            roles.propose_role(make.actor("admin"), make.user("nobody"), role, office)


def test_a_role_that_has_ended_may_be_given_anew() -> None:
    _until(HOUR)
    with _after(2 * HOUR):
        make.role_given("nobody", Role.AUDITOR, make.office(make.HERE))
        assert holds("nobody", Role.AUDITOR)


def test_the_same_sending_of_a_role_proposes_it_once() -> None:
    sending = Sending(uuid4())
    first, second = (
        roles.propose_role(
            make.actor("admin"), make.user("nobody"), Role.AUDITOR, None, sending=sending
        )
        for _ in range(2)
    )
    assert first.id == second.id


def test_a_role_is_ended_once() -> None:
    held = _until(HOUR)
    roles.end_role(make.actor("admin"), make.user("nobody"), held)
    with pytest.raises(WrongStatus):
        roles.end_role(make.actor("admin"), make.user("nobody"), held)


def test_a_role_that_comes_back_ends_when_it_was_to_end_and_signs_out_whom_it_is_for() -> None:
    held = _until(10 * DAY)
    end = held.ends_at
    roles.end_role(make.actor("admin"), make.user("nobody"), held)
    with _after(proposals.HOLDS_FOR):
        token = sessions.begin(make.user("nobody"), "Test")
        settle(timedelta())
        assert held.ends_at == end
        assert holds("nobody", Role.AUDITOR)
        assert sessions.identify(token) is None


def test_to_stop_a_role_that_has_ended_leaves_when_that_was() -> None:
    held = _until(HOUR)
    proposal = session().query(Proposal).where(Proposal.subject_uid == held.uid).one()
    end = held.ends_at
    with _after(DAY):
        proposals.stop(make.actor("nobody"), proposal)
    assert held.ends_at == end


def test_when_somebody_goes_a_role_that_ended_before_ended_when_it_did() -> None:
    held = _until(HOUR)
    end = held.ends_at
    with _after(DAY):
        make.bring(make.user("nobody"), UserState.LEFT)
    assert held.ends_at == end


def test_a_new_code_leaves_what_had_ended_before_as_it_was() -> None:
    over, other = _until(HOUR), _until(DAY, Role.DIRECTOR)
    with _after(2 * HOUR):
        staff.invite_again(make.actor("admin"), make.user("nobody"))
    assert over.confirmed_at is not None
    assert other.confirmed_at is None


def test_of_the_roles_that_are_restored_one_that_has_ended_meanwhile_stays_ended() -> None:
    over = _until(HOUR, login="monitor")
    staff.invite_again(make.actor("admin"), make.user("monitor"))
    with _after(2 * HOUR):
        make.confirm("national", make.user("monitor"))
        assert holds("monitor", Role.MONITOR)
        assert over.counts_since is None


def test_what_was_proposed_since_is_not_restored_with_the_roles_of_before() -> None:
    staff.invite_again(make.actor("admin"), make.user("monitor"))
    propose("admin", "monitor", Role.FUND_OFFICER)
    proposals.confirm(make.actor("national"), waiting(make.user("monitor"), Action.ROLE_RESTORE))
    assert holds("monitor", Role.MONITOR)
    assert not holds("monitor", Role.FUND_OFFICER)


def test_whoever_restores_the_roles_answers_for_whom_they_are() -> None:
    code = staff.invite_again(make.actor("admin"), make.user("director"))
    staff.accept(code, GOOD)
    make.confirm("national", make.user("director"))
    proposals.confirm(make.actor("director"), propose("admin", "nobody"))
    assert holds("nobody", Role.DIRECTOR)
