"""What takes two: proposed by one, confirmed by another, stopped by whom it concerns, or lapsed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hrdtracker.access.action import Action
from hrdtracker.access.actor import operator
from hrdtracker.access.model import Membership, Role, UserState
from hrdtracker.access.permissions.power import ALONE, TAKES_TWO, Effect, effect_of
from hrdtracker.accounts import proposals, queries, roles, sessions, staff, waiting_time
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, WrongStatus
from hrdtracker.web.words.proposals import SENTENCES
from tests import make
from tests.two_people import holds, propose, settle, waiting

pytestmark = pytest.mark.usefixtures("unit")
GOOD = "cloud ladder teapot violin"
KEEPS_AND_TAKES_TWO = {Action.CLOCK_REPLACE, Action.LAW_CHANGE}
"""What gives nobody power, but everybody's limits hang on: it neither counts by waiting nor is it
stopped by one."""


# The table ---------------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
def test_every_act_says_what_it_does_to_power() -> None:
    """Silence is refused: a new verb stands in exactly one place."""
    alone = [action for actions in ALONE.values() for action in actions]
    assert sorted([*alone, *TAKES_TWO]) == sorted(Action)
    of_power = [effect_of(action) for action in TAKES_TWO if action not in KEEPS_AND_TAKES_TWO]
    assert set(of_power) == {Effect.WIDENS, Effect.NARROWS}
    assert {effect_of(action) for action in KEEPS_AND_TAKES_TWO} == {Effect.KEEPS}
    assert all(action in ALONE[effect_of(action)] for action in alone)


@pytest.mark.engines("sqlite")
def test_an_act_that_widens_power_is_never_done_by_one() -> None:
    assert Effect.WIDENS not in ALONE
    assert not KEEPS_AND_TAKES_TWO & {action for acts in ALONE.values() for action in acts}
    assert not KEEPS_AND_TAKES_TWO & set(waiting_time.COUNTS_BY_WAITING)
    assert all(power.tells for power in TAKES_TWO.values())


@pytest.mark.engines("sqlite")
def test_each_act_that_takes_two_has_its_consequence() -> None:
    assert set(proposals.consequences()) == set(TAKES_TWO)


@pytest.mark.engines("sqlite")
def test_each_act_that_takes_two_has_its_sentence() -> None:
    assert set(SENTENCES) == set(TAKES_TWO)


# Roles -------------------------------------------------------------------------------------------


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("role", list(Role))
def test_a_role_counts_only_once_another_person_confirms_it(role: Role) -> None:
    proposal = propose("admin", "nobody", role)
    assert not holds("nobody", role)
    proposals.confirm(make.actor("admin2"), proposal)
    assert holds("nobody", role)


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
    proposal = propose("admin", "nobody")
    if may:
        proposals.confirm(make.actor(who), proposal)
    else:
        with pytest.raises(NotAllowed):
            proposals.confirm(make.actor(who), proposal)
    assert holds("nobody", Role.DIRECTOR) is may


def test_nobody_confirms_their_own_role_even_where_another_proposed_it() -> None:
    proposal = propose("admin", "director2", Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("director2"), proposal)


def test_an_account_that_only_the_proposer_let_in_confirms_nothing_of_theirs() -> None:
    user, code = staff.invite(make.actor("admin"), make.organisation(), UserDraft("new", "New"))
    staff.accept(code, GOOD)
    by_hand = operator(make.organisation().id)
    held = roles.propose_role(by_hand, user, Role.ADMINISTRATOR, None)
    make.bring(make.user("admin2"), UserState.LOCKED)
    with pytest.raises(NotAllowed):  # nor does whoever let them in answer for them
        proposals.confirm(make.actor("new"), propose("admin", "nobody"))
    make.confirm("admin", held)
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("new"), propose("admin", "colleague"))


def test_whom_a_third_person_vouched_for_confirms() -> None:
    _, code = staff.invite(make.actor("admin"), make.organisation(), UserDraft("new", "New"))
    staff.accept(code, GOOD)
    make.role_given("new", Role.ADMINISTRATOR, None)
    proposals.confirm(make.actor("new"), propose("admin", "nobody"))
    assert holds("nobody", Role.DIRECTOR)


def test_something_is_confirmed_once() -> None:
    proposal = propose("admin", "nobody")
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
    proposal = propose("admin", "nobody")
    answer(make.actor(who), proposal)
    assert not holds("nobody", Role.DIRECTOR)
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("admin2"), proposal)


@pytest.mark.parametrize(
    ("who", "answer"),
    [("admin2", proposals.take_back), ("admin2", proposals.stop), ("nobody", proposals.refuse)],
)
def test_nobody_else_takes_back_stops_or_refuses(who: str, answer: Callable[..., None]) -> None:
    proposal = propose("admin", "nobody")
    with pytest.raises(NotAllowed):
        answer(make.actor(who), proposal)


def test_whoever_did_not_expect_a_role_stops_it_after_it_counts() -> None:
    proposal = propose("admin", "nobody")
    proposals.confirm(make.actor("admin2"), proposal)
    proposals.stop(make.actor("nobody"), proposal)
    assert not holds("nobody", Role.DIRECTOR)
    assert proposal.status == ProposalStatus.STOPPED


def test_what_was_confirmed_long_ago_is_no_longer_stopped() -> None:
    proposal = propose("admin", "nobody")
    proposals.confirm(make.actor("admin2"), proposal)
    with time_machine.travel(clock.now() + timedelta(days=31)), pytest.raises(WrongStatus):
        proposals.stop(make.actor("nobody"), proposal)


def test_what_nobody_confirms_lapses_and_is_not_confirmed_any_more() -> None:
    proposal = propose("admin", "nobody")
    with time_machine.travel(clock.now() + proposals.OPEN_FOR), pytest.raises(WrongStatus):
        proposals.confirm(make.actor("admin2"), proposal)
    assert settle(proposals.OPEN_FOR) == 1
    assert proposal.status == ProposalStatus.LAPSED


def test_only_the_machine_lets_something_lapse() -> None:
    propose("admin", "nobody")
    with time_machine.travel(clock.now() + proposals.OPEN_FOR), pytest.raises(NotAllowed):
        proposals.settle(make.actor("admin"))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("who", ["monitor", "director", "national", "auditor", "fund", "second"])
def test_only_an_administrator_proposes_roles(who: str) -> None:
    with pytest.raises(NotAllowed):
        propose(who, "nobody", Role.MONITOR)


def test_a_role_has_an_end() -> None:
    tomorrow = clock.now() + timedelta(days=1)
    held = roles.propose_role(
        make.actor("admin"), make.user("nobody"), Role.MONITOR, None, ends_at=tomorrow
    )
    make.confirm("admin2", held)
    assert holds("nobody", Role.MONITOR)
    with time_machine.travel(tomorrow + timedelta(seconds=1)):
        assert not holds("nobody", Role.MONITOR)


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
        propose("admin", "nobody", Role.MONITOR)


def test_a_role_whose_end_has_come_meanwhile_is_not_confirmed() -> None:
    soon = clock.now() + timedelta(hours=1)
    held = roles.propose_role(
        make.actor("admin"), make.user("nobody"), Role.DIRECTOR, None, ends_at=soon
    )
    with time_machine.travel(soon + timedelta(seconds=1)), pytest.raises(WrongStatus):
        proposals.confirm(make.actor("admin2"), waiting(held))


# What is shown -----------------------------------------------------------------------------------


def test_whoever_stands_outside_reads_no_names() -> None:
    propose("admin", "nobody")
    shown = queries.to_confirm(make.actor("second"))
    assert shown
    assert all(line.user is None and line.proposer is None for line in shown)


# Sessions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["proposed", "confirmed", "ended"])
def test_a_session_is_dead_after_a_role_changes(change: str) -> None:
    proposal = propose("admin", "nobody")
    login = "director" if change == "ended" else "nobody"
    token = sessions.begin(make.user(login), "Test")
    if change == "proposed":
        propose("admin", "nobody", Role.MONITOR)
    elif change == "confirmed":
        proposals.confirm(make.actor("admin2"), proposal)
    else:
        roles.end_role(make.actor("admin"), make.user("director"), make.role_of("director"))
    assert sessions.identify(token) is None


def test_a_role_of_rank_that_only_waits_ends_no_session() -> None:
    token = sessions.begin(make.user("nobody"), "Test")
    propose("admin", "nobody")
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
    proposal = propose("admin", "nobody")
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
