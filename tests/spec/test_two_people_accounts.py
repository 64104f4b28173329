"""Ended roles, locked accounts and new codes: what one person does holds until two agree."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import worker
from hrdtracker.access.model import Role, User, UserState
from hrdtracker.accounts import passwords, proposals, roles, service, sessions, staff
from hrdtracker.accounts.has_factor import has_one
from hrdtracker.accounts.model import Passkey, Proposal
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, WrongStatus
from tests import make
from tests.two_people import NEVER, holds, propose, settle, waiting

pytestmark = pytest.mark.usefixtures("unit")
GOOD = "cloud ladder teapot violin"


# Waiting monitors --------------------------------------------------------------------------------


def test_a_monitor_who_waits_logs_at_once_and_reads_nothing() -> None:
    old = make.case_of(make.incident("monitor"))
    propose("admin", "nobody", Role.MONITOR)
    make.incident("nobody")
    newcomer = make.actor("nobody")
    assert list(session().scalars(policy.visible(newcomer, Action.CASE_READ, Case))) == []
    with pytest.raises(NotFound):
        policy.fetch(newcomer, Action.CASE_READ, Case, old.uid)


def test_what_somebody_logged_while_waiting_is_theirs_once_confirmed() -> None:
    proposal = propose("admin", "nobody", Role.MONITOR)
    case = make.case_of(make.incident("nobody"))
    proposals.confirm(make.actor("admin2"), proposal)
    assert policy.allows(make.actor("nobody"), Action.CASE_READ, case)


def test_whoever_waits_for_another_role_does_not_even_log() -> None:
    propose("admin", "nobody", Role.DIRECTOR)
    with pytest.raises(NotAllowed):
        make.incident("nobody")


# Ending, locking, new codes ----------------------------------------------------------------------


def test_a_role_ended_by_one_is_over_at_once_and_comes_back_unless_confirmed() -> None:
    roles.end_role(make.actor("admin"), make.user("director"), make.role_of("director"))
    assert not holds("director", Role.DIRECTOR)
    assert settle(timedelta(hours=23)) == 0
    assert settle(proposals.HOLDS_FOR) == 1
    assert holds("director", Role.DIRECTOR)


def test_an_ended_role_that_a_second_person_confirmed_stays_ended() -> None:
    proposal = roles.end_role(make.actor("admin"), make.user("director"), make.role_of("director"))
    proposals.confirm(make.actor("national"), proposal)
    assert settle(NEVER) == 0
    assert not holds("director", Role.DIRECTOR)


def test_whose_role_was_ended_neither_confirms_nor_stops_it() -> None:
    proposal = roles.end_role(make.actor("admin"), make.user("director"), make.role_of("director"))
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("director"), proposal)
    with pytest.raises(WrongStatus):
        proposals.stop(make.actor("director"), proposal)


def test_nobody_ends_a_role_of_their_own_or_through_another_user() -> None:
    with pytest.raises(Refused):
        roles.end_role(make.actor("admin2"), make.user("admin2"), make.role_of("admin2"))
    with pytest.raises(NotFound):
        roles.end_role(make.actor("admin"), make.user("nobody"), make.role_of("director"))


@pytest.mark.parametrize("who", ["admin", "director", "national"])
def test_an_account_is_locked_by_one_at_once_for_a_day(who: str) -> None:
    token = sessions.begin(make.user("monitor"), "Test")
    staff.lock_user(make.actor(who), make.user("monitor"))
    assert sessions.identify(token) is None
    assert make.user("monitor").state == UserState.LOCKED
    settle(proposals.HOLDS_FOR)
    assert make.user("monitor").state != UserState.LOCKED
    assert sessions.identify(token) is None


@pytest.mark.parametrize("who", ["monitor", "far_director", "fund", "auditor", "second"])
def test_whoever_does_not_direct_their_office_locks_nobody(who: str) -> None:
    with pytest.raises(NotAllowed):
        staff.lock_user(make.actor(who), make.user("colleague"))


def test_a_locked_account_opens_once_a_second_person_confirms_it() -> None:
    monitor = make.user("monitor")
    proposals.confirm(make.actor("national"), staff.lock_user(make.actor("admin"), monitor))
    proposal = staff.unlock_user(make.actor("admin"), monitor)
    assert monitor.state == UserState.LOCKED
    with pytest.raises(WrongStatus):
        staff.unlock_user(make.actor("admin2"), monitor)
    proposals.confirm(make.actor("admin2"), proposal)
    assert monitor.state != UserState.LOCKED


@pytest.mark.engines("sqlite")
def test_a_lock_that_is_confirmed_once_they_have_left_brings_nobody_back() -> None:
    proposal = staff.lock_user(make.actor("admin"), make.user("monitor"))
    make.bring(make.user("monitor"), UserState.LEFT)
    proposals.confirm(make.actor("national"), proposal)
    assert make.user("monitor").state == UserState.LEFT


def test_after_a_new_start_nothing_from_before_opens_the_account() -> None:
    monitor = make.user("monitor")
    _give_password_and_factor(monitor)
    staff.lock_user(make.actor("admin"), monitor)
    proposal = staff.unlock_user(make.actor("admin"), monitor, new_start=True)
    assert has_one(monitor.id)
    proposals.confirm(make.actor("national"), proposal)
    assert monitor.state == UserState.ACTIVE
    assert not has_one(monitor.id)
    with pytest.raises(sessions.SignInRefused):
        sessions.sign_in("monitor", GOOD, "127.0.0.1", "Test")


def test_a_new_start_gives_whoever_makes_the_code_nothing() -> None:
    monitor = make.user("monitor")
    _give_password_and_factor(monitor)
    staff.lock_user(make.actor("admin"), monitor)
    proposals.confirm(
        make.actor("national"), staff.unlock_user(make.actor("admin"), monitor, new_start=True)
    )
    again = staff.lock_user(make.actor("admin"), monitor)
    proposals.take_back(make.actor("admin"), again)
    staff.invite_again(make.actor("admin"), monitor)
    assert make.actor("monitor").seats == frozenset()


def test_unlocked_as_before_the_second_factor_stays() -> None:
    monitor = make.user("monitor")
    _give_password_and_factor(monitor)
    staff.lock_user(make.actor("admin"), monitor)
    proposals.confirm(make.actor("national"), staff.unlock_user(make.actor("admin"), monitor))
    assert has_one(monitor.id)


def _give_password_and_factor(user: User) -> None:
    with authorised(make.actor("monitor"), Action.ACCOUNT_CHANGE, on=user):
        service.set_hash(user.id, passwords.hash_password(GOOD))
        moment = clock.now()
        session().add(
            Passkey(
                user_id=user.id, credential_id=b"key", public_key=b"half", sign_count=0,
                device="Test", added_at=moment,
            )
        )  # fmt: skip


@pytest.mark.parametrize("login", ["monitor", "director", "auditor", "admin2"])
def test_a_new_code_leaves_no_role_until_a_second_person_restores_them(login: str) -> None:
    staff.invite_again(make.actor("admin"), make.user(login))
    assert make.actor(login).seats == frozenset()
    proposal = waiting(make.user(login), Action.ROLE_RESTORE)
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("admin"), proposal)
    proposals.confirm(make.actor("national"), proposal)
    assert make.actor(login).seats != frozenset()


def test_a_reset_monitor_logs_new_incidents_and_reads_none_of_the_old() -> None:
    old = make.case_of(make.incident("monitor"))
    staff.invite_again(make.actor("admin"), make.user("monitor"))
    make.incident("monitor")
    assert not policy.allows(make.actor("monitor"), Action.CASE_READ, old)


def test_roles_that_nobody_restores_end() -> None:
    staff.invite_again(make.actor("admin"), make.user("monitor"))
    with time_machine.travel(clock.now() + proposals.OPEN_FOR):
        proposals.settle(worker(make.organisation().id))
        assert make.actor("monitor").logs_in == frozenset()


def test_a_second_new_code_asks_for_the_same_roles_once() -> None:
    staff.invite_again(make.actor("admin"), make.user("director"))
    staff.invite_again(make.actor("admin2"), make.user("director"))
    query = select(Proposal.status).where(Proposal.action == Action.ROLE_RESTORE)
    assert sorted(session().scalars(query)) == ["taken_back", "waits"]
    make.confirm("national", make.user("director"))
    assert holds("director", Role.DIRECTOR)


def test_a_role_that_comes_back_to_an_account_with_a_new_code_does_not_count() -> None:
    """Ended, then the account taken over with a new code, then given back by waiting."""
    roles.end_role(make.actor("admin"), make.user("director"), make.role_of("director"))
    staff.invite_again(make.actor("admin"), make.user("director"))
    with time_machine.travel(clock.now() + proposals.HOLDS_FOR):
        proposals.settle(worker(make.organisation().id))
        assert make.actor("director").seats == frozenset()
        make.confirm("national", make.user("director"))
        assert holds("director", Role.DIRECTOR)


def test_what_was_proposed_for_whoever_had_the_account_before_is_asked_anew() -> None:
    held = roles.propose_role(
        make.actor("admin2"), make.user("monitor"), Role.DIRECTOR, make.office(make.HERE)
    )
    staff.invite_again(make.actor("admin"), make.user("monitor"))
    assert proposals.waiting_for(held) is None
    make.confirm("national", make.user("monitor"))
    assert holds("monitor", Role.DIRECTOR)


def test_whose_roles_were_restored_for_somebody_else_stops_it() -> None:
    staff.invite_again(make.actor("admin"), make.user("director"))
    proposal = waiting(make.user("director"), Action.ROLE_RESTORE)
    proposals.confirm(make.actor("national"), proposal)
    proposals.stop(make.actor("director"), proposal)
    assert make.actor("director").seats == frozenset()


def test_a_role_of_whoever_has_left_meanwhile_does_not_come_back() -> None:
    held = make.role_of("director")
    roles.end_role(make.actor("admin"), make.user("director"), held)
    make.bring(make.user("director"), UserState.LEFT)
    settle(proposals.HOLDS_FOR)
    assert held.ends_at is not None
