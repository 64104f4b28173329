"""Rank is given by two people; alone at once, and shown to the next who could have confirmed."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, operator
from hrdtracker.access.model import CONFIRMED_BY_ANOTHER, Membership, Role, User, UserState
from hrdtracker.accounts import queries, sessions, staff
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, WrongStatus
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
RANKS = sorted(CONFIRMED_BY_ANOTHER)


def _propose(who: str, whom: str, role: Role = Role.DIRECTOR) -> Membership:
    return staff.propose_role(make.actor(who), make.user(whom), role, make.office(make.HERE))


def _holds(login: str, role: Role) -> bool:
    return make.actor(login).holds(role)


def _alone() -> Actor:
    """Leave the organisation with one administrator, and nobody else who could ever confirm."""
    admin = make.actor("admin")
    for login in ("admin2", "director", "director2", "national", "far_director"):
        staff.set_state(admin, make.user(login), UserState.LEFT)
    return admin


LONG_AFTER = staff.CONFIRMERS_COUNT_FOR + timedelta(days=1)


# Two people --------------------------------------------------------------------------------------


def test_a_monitor_works_at_once() -> None:
    _propose("admin", "nobody", Role.MONITOR)
    assert _holds("nobody", Role.MONITOR)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("role", RANKS)
def test_a_role_of_rank_counts_only_once_another_person_confirms_it(role: Role) -> None:
    held = _propose("admin", "nobody", role)
    assert not _holds("nobody", role)
    staff.confirm_role(make.actor("admin2"), held)
    assert _holds("nobody", role)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("admin", False),  # proposed it
        ("nobody", False),  # it is for them
        ("admin2", True),
        ("director", True),
        ("far_director", True),
        ("national", True),
        ("monitor", False),
        ("auditor", False),
        ("fund", False),
    ],
)
def test_who_confirms_a_role(who: str, *, may: bool) -> None:
    held = _propose("admin", "nobody")
    if may:
        staff.confirm_role(make.actor(who), held)
    else:
        with pytest.raises(NotAllowed):
            staff.confirm_role(make.actor(who), held)
    assert _holds("nobody", Role.DIRECTOR) is may


def test_nobody_confirms_their_own_role_even_where_another_proposed_it() -> None:
    held = _propose("admin", "director2", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        staff.confirm_role(make.actor("director2"), held)


def test_a_role_is_confirmed_once() -> None:
    held = _propose("admin", "nobody")
    staff.confirm_role(make.actor("admin2"), held)
    with pytest.raises(WrongStatus):
        staff.confirm_role(make.actor("national"), held)


def test_an_ended_role_is_not_confirmed() -> None:
    held = _propose("admin", "nobody")
    staff.end_role(make.actor("admin"), make.user("nobody"), held)
    with pytest.raises(WrongStatus):
        staff.confirm_role(make.actor("admin2"), held)


def test_a_declined_role_never_counts() -> None:
    held = _propose("admin", "nobody")
    staff.decline_role(make.actor("director"), held)
    assert not _holds("nobody", Role.DIRECTOR)
    with pytest.raises(WrongStatus):
        staff.confirm_role(make.actor("admin2"), held)


def test_who_may_confirm_does_not_thereby_end_a_role_that_counts() -> None:
    first = _membership("admin", Role.ADMINISTRATOR)
    assert first.alone
    with pytest.raises(WrongStatus):
        staff.decline_role(make.actor("director"), first)


def test_a_role_that_somebody_gives_themselves_is_confirmed_too_even_that_of_a_monitor() -> None:
    held = _propose("admin", "admin", Role.MONITOR)
    assert not _holds("admin", Role.MONITOR)
    with pytest.raises(NotAllowed):
        staff.confirm_role(make.actor("admin"), held)
    staff.confirm_role(make.actor("admin2"), held)
    assert _holds("admin", Role.MONITOR)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("who", ["monitor", "director", "national", "auditor", "fund"])
def test_only_an_administrator_gives_roles(who: str) -> None:
    with pytest.raises(NotAllowed):
        _propose(who, "nobody", Role.MONITOR)


def test_a_role_has_an_end() -> None:
    tomorrow = clock.now() + timedelta(days=1)
    staff.propose_role(
        make.actor("admin"), make.user("nobody"), Role.MONITOR, None, ends_at=tomorrow
    )
    assert _holds("nobody", Role.MONITOR)
    with time_machine.travel(tomorrow + timedelta(seconds=1)):
        assert not _holds("nobody", Role.MONITOR)


def test_a_role_does_not_end_in_the_past_nor_stand_twice() -> None:
    admin, nobody = make.actor("admin"), make.user("nobody")
    with pytest.raises(Refused):
        staff.propose_role(admin, nobody, Role.MONITOR, None, ends_at=clock.now())
    staff.propose_role(admin, nobody, Role.MONITOR, None)
    with pytest.raises(Refused):
        staff.propose_role(admin, nobody, Role.MONITOR, None)


def test_nobody_who_left_is_given_a_role() -> None:
    staff.set_state(make.actor("admin"), make.user("nobody"), UserState.LEFT)
    with pytest.raises(WrongStatus):
        _propose("admin", "nobody", Role.MONITOR)


def test_a_role_is_ended_by_an_administrator_and_by_nobody_for_themselves() -> None:
    staff.end_role(
        make.actor("admin"), make.user("director"), _membership("director", Role.DIRECTOR)
    )
    assert not _holds("director", Role.DIRECTOR)
    own = _membership("admin2", Role.ADMINISTRATOR)
    with pytest.raises(Refused):
        staff.end_role(make.actor("admin2"), make.user("admin2"), own)


def test_the_role_of_another_user_is_not_ended_through_this_one() -> None:
    with pytest.raises(NotFound):
        staff.end_role(
            make.actor("admin"), make.user("nobody"), _membership("director", Role.DIRECTOR)
        )


@pytest.mark.parametrize("change", ["given", "ended", "confirmed"])
def test_a_session_is_dead_after_a_role_changes(change: str) -> None:
    waiting = _propose("admin", "nobody")
    login = "director" if change == "ended" else "nobody"
    token = sessions.begin(make.user(login), "Test")
    if change == "given":
        _propose("admin", "nobody", Role.MONITOR)
    elif change == "confirmed":
        staff.confirm_role(make.actor("admin2"), waiting)
    else:
        held = _membership("director", Role.DIRECTOR)
        staff.end_role(make.actor("admin"), make.user("director"), held)
    assert sessions.identify(token) is None


def test_a_role_that_only_waits_ends_no_session() -> None:
    token = sessions.begin(make.user("nobody"), "Test")
    _propose("admin", "nobody")
    assert sessions.identify(token) is not None


# Alone -------------------------------------------------------------------------------------------


def test_while_nobody_could_confirm_a_role_counts_at_once_and_is_marked() -> None:
    _alone()
    with time_machine.travel(clock.now() + LONG_AFTER):
        held = _propose("admin", "nobody")
        assert held.alone
        assert held.confirmed_by_id is None
        assert _holds("nobody", Role.DIRECTOR)


def test_what_was_given_alone_is_shown_to_the_next_who_could_confirm_it() -> None:
    first = _membership("admin", Role.ADMINISTRATOR)
    shown = {row.uid: row for row in queries.waiting(make.actor("national"))}
    assert shown[first.uid].counts
    staff.confirm_role(make.actor("national"), first)
    assert not first.alone
    assert first.uid not in {row.uid for row in queries.waiting(make.actor("national"))}


def test_an_administrator_who_gets_rid_of_the_others_is_not_the_only_one_the_same_day() -> None:
    _alone()
    held = _propose("admin", "nobody")
    assert not held.alone
    assert not _holds("nobody", Role.DIRECTOR)


def test_locking_every_other_confirmer_does_not_help_however_long_it_lasts() -> None:
    admin = make.actor("admin")
    for login in ("admin2", "director", "director2", "national", "far_director"):
        staff.set_state(admin, make.user(login), UserState.LOCKED)
    with time_machine.travel(clock.now() + LONG_AFTER):
        _propose("admin", "nobody")
        assert not _holds("nobody", Role.DIRECTOR)


def test_whoever_holds_the_machine_helps_where_nobody_is_left() -> None:
    _alone()
    by_hand = operator(make.organisation().id)
    staff.set_state(by_hand, make.user("admin"), UserState.LOCKED)
    held = staff.propose_role(by_hand, make.user("nobody"), Role.ADMINISTRATOR, None)
    assert held.alone
    assert _holds("nobody", Role.ADMINISTRATOR)


def test_whoever_holds_the_machine_needs_a_second_person_where_there_is_one() -> None:
    by_hand = operator(make.organisation().id)
    staff.propose_role(by_hand, make.user("nobody"), Role.ADMINISTRATOR, None)
    assert not _holds("nobody", Role.ADMINISTRATOR)


# Another way in ----------------------------------------------------------------------------------


def test_a_new_code_for_an_active_director_puts_the_role_back_to_waiting() -> None:
    staff.invite_again(make.actor("admin"), make.user("director"))
    assert not _holds("director", Role.DIRECTOR)
    held = _membership("director", Role.DIRECTOR)
    with pytest.raises(NotAllowed):
        staff.confirm_role(make.actor("admin"), held)
    staff.confirm_role(make.actor("national"), held)
    assert _holds("director", Role.DIRECTOR)


def test_a_new_code_for_a_monitor_leaves_the_role_as_it_is() -> None:
    staff.invite_again(make.actor("admin"), make.user("monitor"))
    assert _holds("monitor", Role.MONITOR)


@pytest.mark.parametrize(
    ("proposer", "confirmer", "alone", "rule"),
    [
        ("admin", "admin", False, "a_role_is_confirmed_by_a_second_person"),
        ("admin", "nobody", False, "nobody_confirms_their_own_role"),
        ("admin", None, False, "a_role_that_counts_says_by_whom"),
        ("admin", "admin2", True, "alone_means_that_nobody_confirmed"),
    ],
)
def test_the_database_itself_refuses_a_role_that_nobody_else_confirmed(
    proposer: str, confirmer: str | None, rule: str, *, alone: bool
) -> None:
    with pytest.raises(IntegrityError, match=rule):
        _write_past_the_service(proposer, confirmer, alone=alone)


def _write_past_the_service(proposer: str, confirmer: str | None, *, alone: bool) -> None:
    admin = make.actor("admin")
    held = Membership(
        user_id=make.user("nobody").id,
        role=Role.DIRECTOR,
        starts_at=clock.now(),
        proposed_by_id=make.user(proposer).id,
        confirmed_at=clock.now(),
        confirmed_by_id=make.user(confirmer).id if confirmer else None,
        alone=alone,
    )
    with authorised(admin, Action.ROLE_PROPOSE, on=make.user("nobody")):
        session().add(held)


def test_an_administrator_of_another_organisation_changes_nobody_here() -> None:
    elsewhere = replace(make.actor("admin"), organisation_id=4711)
    held = _propose("admin", "nobody")
    with pytest.raises(NotAllowed):
        staff.propose_role(elsewhere, make.user("nobody"), Role.MONITOR, None)
    with pytest.raises(NotAllowed):
        staff.confirm_role(replace(make.actor("national"), organisation_id=4711), held)


def test_the_console_s_operator_confirms_nothing() -> None:
    held = _propose("admin", "nobody")
    with pytest.raises(NotAllowed):
        staff.confirm_role(operator(make.organisation().id), held)


def test_a_new_user_without_a_role_waits_for_nothing() -> None:
    staff.invite(make.actor("admin"), make.organisation(), UserDraft("newcomer", "Newcomer"))
    assert make.actor("newcomer").seats == frozenset()
    assert {row.user.login for row in queries.waiting(make.actor("national"))} == {
        "admin",
        "admin2",
    }


def _membership(login: str, role: Role) -> Membership:
    user_id = session().scalars(select(User.id).where(User.login == login)).one()
    query = select(Membership).where(Membership.user_id == user_id, Membership.role == role)
    return session().scalars(query).one()
