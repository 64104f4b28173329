"""What takes two: proposed by one, confirmed by another, stopped by whom it concerns, or lapsed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator, worker
from hrdtracker.access.model import Membership, Role, UserState
from hrdtracker.access.permissions.power import ALONE, TAKES_TWO, Effect, effect_of
from hrdtracker.accounts import proposals, queries, roles, sessions, staff
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import Entity, session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, WrongStatus
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
GOOD = "cloud ladder teapot violin"
NEVER = timedelta(days=400)


def _propose(who: str, whom: str, role: Role = Role.DIRECTOR) -> Proposal:
    held = roles.propose_role(make.actor(who), make.user(whom), role, make.office(make.HERE))
    return _waiting(held)


def _waiting(subject: Entity, action: Action | None = None) -> Proposal:
    proposal = proposals.waiting_for(subject, action)
    assert proposal is not None
    return proposal


def _holds(login: str, role: Role) -> bool:
    return make.actor(login).holds(role)


def _settle(after: timedelta) -> int:
    """Let the time pass, and what was not confirmed lapse."""
    with time_machine.travel(clock.now() + after):
        return proposals.settle(worker(make.organisation().id))


def _membership(login: str) -> Membership:
    return make.role_of(login)


# The table ---------------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
def test_every_act_says_what_it_does_to_power() -> None:
    """Silence is refused: a new verb stands in exactly one place."""
    alone = [action for actions in ALONE.values() for action in actions]
    assert sorted([*alone, *TAKES_TWO]) == sorted(Action)
    assert all(effect_of(action) in Effect for action in Action)


@pytest.mark.engines("sqlite")
def test_an_act_that_widens_power_is_never_done_by_one() -> None:
    assert Effect.WIDENS not in ALONE
    assert all(power.effect in {Effect.WIDENS, Effect.NARROWS} for power in TAKES_TWO.values())
    assert all(power.tells for power in TAKES_TWO.values())


@pytest.mark.engines("sqlite")
def test_each_act_that_takes_two_has_its_consequence() -> None:
    assert set(proposals.consequences()) == set(TAKES_TWO)


# Roles -------------------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("role", list(Role))
def test_a_role_counts_only_once_another_person_confirms_it(role: Role) -> None:
    proposal = _propose("admin", "nobody", role)
    assert not _holds("nobody", role)
    proposals.confirm(make.actor("admin2"), proposal)
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
        ("second", True),
        ("monitor", False),
        ("auditor", False),
        ("fund", False),
    ],
)
def test_who_confirms_a_role(who: str, *, may: bool) -> None:
    proposal = _propose("admin", "nobody")
    if may:
        proposals.confirm(make.actor(who), proposal)
    else:
        with pytest.raises(NotAllowed):
            proposals.confirm(make.actor(who), proposal)
    assert _holds("nobody", Role.DIRECTOR) is may


def test_nobody_confirms_their_own_role_even_where_another_proposed_it() -> None:
    proposal = _propose("admin", "director2", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("director2"), proposal)


def test_an_account_that_only_the_proposer_let_in_confirms_nothing_of_theirs() -> None:
    user, code = staff.invite(make.actor("admin"), make.organisation(), UserDraft("new", "New"))
    staff.accept(code, GOOD)
    by_hand = operator(make.organisation().id)
    held = roles.propose_role(by_hand, user, Role.ADMINISTRATOR, None)
    make.bring(make.user("admin2"), UserState.LOCKED)
    with pytest.raises(NotAllowed):  # nor does whoever let them in answer for them
        proposals.confirm(make.actor("new"), _propose("admin", "nobody"))
    make.confirm("admin", held)
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("new"), _propose("admin", "colleague"))


def test_whom_a_third_person_vouched_for_confirms() -> None:
    _, code = staff.invite(make.actor("admin"), make.organisation(), UserDraft("new", "New"))
    staff.accept(code, GOOD)
    make.role_given("new", Role.ADMINISTRATOR, None)
    proposals.confirm(make.actor("new"), _propose("admin", "nobody"))
    assert _holds("nobody", Role.DIRECTOR)


def test_something_is_confirmed_once() -> None:
    proposal = _propose("admin", "nobody")
    proposals.confirm(make.actor("admin2"), proposal)
    for answer in (proposals.confirm, proposals.refuse):
        with pytest.raises(WrongStatus):
            answer(make.actor("national"), proposal)


@pytest.mark.parametrize(
    ("who", "answer"),
    [("director", proposals.refuse), ("admin", proposals.take_back), ("nobody", proposals.stop)],
)
def test_a_role_that_is_refused_taken_back_or_stopped_never_counts(
    who: str, answer: Callable[..., None]
) -> None:
    proposal = _propose("admin", "nobody")
    answer(make.actor(who), proposal)
    assert not _holds("nobody", Role.DIRECTOR)
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("admin2"), proposal)


@pytest.mark.parametrize(
    ("who", "answer"),
    [("admin2", proposals.take_back), ("admin2", proposals.stop), ("nobody", proposals.refuse)],
)
def test_nobody_else_takes_back_stops_or_refuses(who: str, answer: Callable[..., None]) -> None:
    proposal = _propose("admin", "nobody")
    with pytest.raises(NotAllowed):
        answer(make.actor(who), proposal)


def test_whoever_did_not_expect_a_role_stops_it_after_it_counts() -> None:
    proposal = _propose("admin", "nobody")
    proposals.confirm(make.actor("admin2"), proposal)
    proposals.stop(make.actor("nobody"), proposal)
    assert not _holds("nobody", Role.DIRECTOR)
    assert proposal.status == ProposalStatus.STOPPED


def test_what_was_confirmed_long_ago_is_no_longer_stopped() -> None:
    proposal = _propose("admin", "nobody")
    proposals.confirm(make.actor("admin2"), proposal)
    with time_machine.travel(clock.now() + timedelta(days=31)), pytest.raises(WrongStatus):
        proposals.stop(make.actor("nobody"), proposal)


def test_what_nobody_confirms_lapses_and_is_not_confirmed_any_more() -> None:
    proposal = _propose("admin", "nobody")
    with time_machine.travel(clock.now() + proposals.OPEN_FOR), pytest.raises(WrongStatus):
        proposals.confirm(make.actor("admin2"), proposal)
    assert _settle(proposals.OPEN_FOR) == 1
    assert proposal.status == ProposalStatus.LAPSED


def test_only_the_machine_lets_something_lapse() -> None:
    _propose("admin", "nobody")
    with time_machine.travel(clock.now() + proposals.OPEN_FOR), pytest.raises(NotAllowed):
        proposals.settle(make.actor("admin"))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("who", ["monitor", "director", "national", "auditor", "fund", "second"])
def test_only_an_administrator_proposes_roles(who: str) -> None:
    with pytest.raises(NotAllowed):
        _propose(who, "nobody", Role.MONITOR)


def test_a_role_has_an_end() -> None:
    tomorrow = clock.now() + timedelta(days=1)
    held = roles.propose_role(
        make.actor("admin"), make.user("nobody"), Role.MONITOR, None, ends_at=tomorrow
    )
    make.confirm("admin2", held)
    assert _holds("nobody", Role.MONITOR)
    with time_machine.travel(tomorrow + timedelta(seconds=1)):
        assert not _holds("nobody", Role.MONITOR)


def test_a_role_does_not_end_in_the_past_nor_stand_twice() -> None:
    admin, nobody = make.actor("admin"), make.user("nobody")
    with pytest.raises(Refused):
        roles.propose_role(admin, nobody, Role.MONITOR, None, ends_at=clock.now())
    roles.propose_role(admin, nobody, Role.MONITOR, None)
    with pytest.raises(Refused):
        roles.propose_role(admin, nobody, Role.MONITOR, None)


def test_nobody_who_left_is_given_a_role() -> None:
    make.bring(make.user("nobody"), UserState.LEFT)
    with pytest.raises(WrongStatus):
        _propose("admin", "nobody", Role.MONITOR)


def test_a_role_whose_end_has_come_meanwhile_is_not_confirmed() -> None:
    soon = clock.now() + timedelta(hours=1)
    held = roles.propose_role(
        make.actor("admin"), make.user("nobody"), Role.DIRECTOR, None, ends_at=soon
    )
    with time_machine.travel(soon + timedelta(seconds=1)), pytest.raises(WrongStatus):
        proposals.confirm(make.actor("admin2"), _waiting(held))


# Waiting monitors --------------------------------------------------------------------------------


def test_a_monitor_who_waits_logs_at_once_and_reads_nothing() -> None:
    old = make.case_of(make.incident("monitor"))
    _propose("admin", "nobody", Role.MONITOR)
    make.incident("nobody")
    newcomer = make.actor("nobody")
    assert list(session().scalars(policy.visible(newcomer, Action.CASE_READ, Case))) == []
    with pytest.raises(NotFound):
        policy.fetch(newcomer, Action.CASE_READ, Case, old.uid)


def test_what_somebody_logged_while_waiting_is_theirs_once_confirmed() -> None:
    proposal = _propose("admin", "nobody", Role.MONITOR)
    case = make.case_of(make.incident("nobody"))
    proposals.confirm(make.actor("admin2"), proposal)
    assert policy.allows(make.actor("nobody"), Action.CASE_READ, case)


def test_whoever_waits_for_another_role_does_not_even_log() -> None:
    _propose("admin", "nobody", Role.DIRECTOR)
    with pytest.raises(NotAllowed):
        make.incident("nobody")


# Ending, locking, new codes ----------------------------------------------------------------------


def test_a_role_ended_by_one_is_over_at_once_and_comes_back_unless_confirmed() -> None:
    roles.end_role(make.actor("admin"), make.user("director"), _membership("director"))
    assert not _holds("director", Role.DIRECTOR)
    assert _settle(timedelta(hours=23)) == 0
    assert _settle(proposals.HOLDS_FOR) == 1
    assert _holds("director", Role.DIRECTOR)


def test_an_ended_role_that_a_second_person_confirmed_stays_ended() -> None:
    proposal = roles.end_role(make.actor("admin"), make.user("director"), _membership("director"))
    proposals.confirm(make.actor("national"), proposal)
    assert _settle(NEVER) == 0
    assert not _holds("director", Role.DIRECTOR)


def test_whose_role_was_ended_neither_confirms_nor_stops_it() -> None:
    proposal = roles.end_role(make.actor("admin"), make.user("director"), _membership("director"))
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("director"), proposal)
    with pytest.raises(WrongStatus):
        proposals.stop(make.actor("director"), proposal)


def test_nobody_ends_a_role_of_their_own_or_through_another_user() -> None:
    with pytest.raises(Refused):
        roles.end_role(make.actor("admin2"), make.user("admin2"), _membership("admin2"))
    with pytest.raises(NotFound):
        roles.end_role(make.actor("admin"), make.user("nobody"), _membership("director"))


@pytest.mark.parametrize("who", ["admin", "director", "national"])
def test_an_account_is_locked_by_one_at_once_for_a_day(who: str) -> None:
    token = sessions.begin(make.user("monitor"), "Test")
    staff.lock_user(make.actor(who), make.user("monitor"))
    assert sessions.identify(token) is None
    assert make.user("monitor").state == UserState.LOCKED
    _settle(proposals.HOLDS_FOR)
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


@pytest.mark.parametrize("login", ["monitor", "director", "auditor", "admin2"])
def test_a_new_code_leaves_no_role_until_a_second_person_restores_them(login: str) -> None:
    staff.invite_again(make.actor("admin"), make.user(login))
    assert make.actor(login).seats == frozenset()
    proposal = _waiting(make.user(login), Action.ROLE_RESTORE)
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
    assert _holds("director", Role.DIRECTOR)


# What is shown -----------------------------------------------------------------------------------


def test_whoever_stands_outside_reads_no_names() -> None:
    _propose("admin", "nobody")
    shown = queries.to_confirm(make.actor("second"))
    assert shown
    assert all(line.user is None and line.proposer is None for line in shown)


# Sessions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["proposed", "confirmed", "ended"])
def test_a_session_is_dead_after_a_role_changes(change: str) -> None:
    waiting = _propose("admin", "nobody")
    login = "director" if change == "ended" else "nobody"
    token = sessions.begin(make.user(login), "Test")
    if change == "proposed":
        _propose("admin", "nobody", Role.MONITOR)
    elif change == "confirmed":
        proposals.confirm(make.actor("admin2"), waiting)
    else:
        roles.end_role(make.actor("admin"), make.user("director"), _membership("director"))
    assert sessions.identify(token) is None


def test_a_role_of_rank_that_only_waits_ends_no_session() -> None:
    token = sessions.begin(make.user("nobody"), "Test")
    _propose("admin", "nobody")
    assert sessions.identify(token) is not None


# The database ------------------------------------------------------------------------------------


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
    with (
        pytest.raises(IntegrityError, match=rule),
        authorised(make.actor("admin"), Action.ROLE_GRANT, on=make.user("nobody")),
    ):
        session().add(
            Membership(
                user_id=make.user("nobody").id,
                role=Role.DIRECTOR,
                starts_at=clock.now(),
                counts_since=clock.now(),
                proposed_by_id=make.user(proposer).id,
                confirmed_at=clock.now(),
                confirmed_by_id=make.user(confirmer).id if confirmer else None,
                alone=alone,
            )
        )


@pytest.mark.parametrize(
    ("status", "decider", "rule"),
    [
        ("confirmed", "admin", "whoever_proposed_does_not_confirm"),
        ("confirmed", None, "somebody_confirmed_what_is_confirmed"),
        ("confirmed", "nobody", "nobody_confirms_what_is_for_themselves"),
        ("refused", "nobody", "nobody_confirms_what_is_for_themselves"),
    ],
)
def test_the_database_itself_refuses_what_was_not_confirmed_by_a_second_person(
    status: str, decider: str | None, rule: str
) -> None:
    proposal = _propose("admin", "nobody")
    decider_id = make.user(decider).id if decider else None

    def write() -> None:
        with authorised(make.actor("admin"), Action.PROPOSAL_TAKE_BACK, on=proposal):
            proposal.status, proposal.decided_by_id = status, decider_id

    with pytest.raises(IntegrityError, match=rule):
        write()


def test_a_new_user_without_a_role_waits_for_nothing() -> None:
    staff.invite(make.actor("admin"), make.organisation(), UserDraft("newcomer", "Newcomer"))
    assert make.actor("newcomer").seats == frozenset()
    query = select(Proposal).where(Proposal.user_id == make.user("newcomer").id)
    assert session().scalars(query).all() == []
