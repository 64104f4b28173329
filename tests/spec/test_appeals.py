"""Whoever is shut out of a case is told, or told a week later, and asks that it is looked at."""

from datetime import timedelta

import pytest
import time_machine

from hrdtracker.access.action import Action
from hrdtracker.access.actor import worker
from hrdtracker.access.model import Block, UserState
from hrdtracker.access.policy import allows
from hrdtracker.accounts import proposals, queries
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.authorised import authorised
from hrdtracker.cases import appeals, sharing
from hrdtracker.cases.drafts import BlockDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, WrongStatus
from hrdtracker.notices.model import Notice
from tests import make
from tests.two_people import waiting

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
DAY = timedelta(days=1)
WORDS = "The accused is no cousin of mine."


def _block(*, held_back: bool = False, by: str = "director", days: float = 30) -> Block:
    """Shut a colleague out of a case of the monitor's."""
    case, ends_at = make.case_of(make.incident("monitor")), clock.now() + days * DAY
    draft = BlockDraft(make.user("director2").uid, "A leak", ends_at=ends_at, held_back=held_back)
    return sharing.block(make.actor(by), case, draft)


def _appeal(block: Block, login: str = "director2") -> Proposal:
    return appeals.appeal(make.actor(login), block, WORDS)


def _case_of(block: Block) -> Case:
    return session().query(Case).where(Case.scope_id == block.scope_id).one()


def _opens(block: Block) -> bool:
    return allows(make.actor("director2"), Action.CASE_READ, _case_of(block))


def _knows(login: str = "director2") -> bool:
    """Tell whether somebody learns in any way that they are shut out."""
    actor = make.actor(login)
    told = session().query(Notice).where(Notice.user_id == actor.id).all()
    acts = [line for line in queries.open_proposals(actor) if line.proposal.scope_id]
    return bool(told or acts or appeals.shut_out(actor))


def _settle() -> None:
    machine = worker(make.organisation().id)
    proposals.settle(machine)
    appeals.tell_at_last(machine)


# An appeal ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["national", "second"])
def test_whoever_decides_for_all_lets_them_in_again(login: str) -> None:
    block = _block()
    make.confirm("monitor", block)
    proposals.confirm(make.actor(login), _appeal(block))
    assert _opens(block)
    assert appeals.shut_out(make.actor("director2")) == []


def test_an_appeal_that_is_refused_leaves_the_block_and_may_be_made_anew() -> None:
    block = _block()
    make.confirm("monitor", block)
    proposal = _appeal(block)
    with pytest.raises(WrongStatus):
        _appeal(block)
    session().rollback()
    proposals.refuse(make.actor("national"), proposal)
    assert not _opens(block)
    _appeal(block)


def test_whoever_shut_them_out_does_not_decide_on_the_appeal() -> None:
    proposal = _appeal(_block(by="national"))
    assert queries.seconds_for(proposal) == {make.user("second").id}
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("national"), proposal)


def test_whoever_shut_out_somebody_elsewhere_decides_all_the_same() -> None:
    _block(by="national")
    block = _block()
    proposals.confirm(make.actor("national"), _appeal(block))
    assert _opens(block)


@pytest.mark.parametrize("login", ["director", "monitor", "colleague", "admin", "director2"])
def test_nobody_else_decides_on_it(login: str) -> None:
    proposal = _appeal(_block())
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor(login), proposal)


def test_only_whoever_is_shut_out_asks_and_not_without_words() -> None:
    block = _block()
    with pytest.raises(NotAllowed):
        _appeal(block, "colleague")
    session().rollback()
    with pytest.raises(Refused):
        appeals.appeal(make.actor("director2"), block, " ")


def test_before_it_is_confirmed_an_appeal_ends_the_block_as_well() -> None:
    block = _block()
    proposals.confirm(make.actor("national"), _appeal(block))
    assert _opens(block)
    assert proposals.waiting_for(block) is None


def test_an_appeal_about_what_has_lapsed_is_closed_with_it() -> None:
    block = _block()
    proposal = _appeal(block)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        _settle()
    assert proposal.status == ProposalStatus.TAKEN_BACK


def test_a_director_lets_somebody_in_again_while_their_appeal_waits() -> None:
    block = _block()
    make.confirm("monitor", block)
    proposal = _appeal(block)
    sharing.end_block(make.actor("director"), _case_of(block), block.uid)
    proposals.confirm(make.actor("monitor"), waiting(block, Action.CASE_UNBLOCK))
    assert _opens(block)
    assert proposal.status == ProposalStatus.TAKEN_BACK


@pytest.mark.parametrize(
    ("ends", "told", "may"),
    [
        (None, None, True),
        (DAY, None, True),
        (-DAY, None, False),
        (None, -DAY, True),
        (None, DAY, False),
        (DAY, DAY, False),
    ],
)
def test_against_which_block_somebody_may_appeal(
    ends: timedelta | None, told: timedelta | None, *, may: bool
) -> None:
    block, moment = _block(), clock.now() + 2 * DAY
    with authorised(make.actor("director"), Action.CASE_BLOCK, within=_case_of(block)):
        block.ends_at = moment + ends if ends else None
        block.told_from = moment + told if told else None
    with time_machine.travel(moment):
        assert allows(make.actor("director2"), Action.CASE_APPEAL, block) is may
        assert not allows(make.actor("colleague"), Action.CASE_APPEAL, block)


def test_a_block_without_an_end_holds_for_good() -> None:
    block = _block()
    with authorised(make.actor("director"), Action.CASE_BLOCK, within=_case_of(block)):
        block.ends_at = None
    with time_machine.travel(clock.now() + 4000 * DAY):
        assert not _opens(block)


# Held back ---------------------------------------------------------------------------------------


def test_two_hold_back_for_a_week_that_somebody_is_shut_out() -> None:
    block = _block(held_back=True)
    assert not _knows()
    make.confirm("monitor", block)
    assert not _knows()
    with pytest.raises(NotAllowed):
        _appeal(block)
    session().rollback()
    with time_machine.travel(clock.now() + 6 * DAY):
        _settle()
        assert not _knows()
    with time_machine.travel(clock.now() + 8 * DAY):
        _settle()
        assert _knows()
        _settle()
    assert session().query(Notice).where(Notice.user_id == block.user_id).count() == 1


@pytest.mark.parametrize("days", [30, 0.5])
def test_one_alone_holds_nothing_back_for_longer_than_a_day(days: float) -> None:
    block = _block(held_back=True, days=days)
    over = min(block.ends_at or clock.now(), clock.now() + timedelta(hours=26))
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        _settle()
        assert _knows()
        assert _opens(block)
        assert block.ends_at is not None
        assert block.ends_at <= over


def test_what_a_second_person_refuses_is_told_at_once() -> None:
    block = _block(held_back=True)
    proposals.refuse(make.actor("monitor"), waiting(block, Action.CASE_BLOCK))
    assert _knows()


def test_whoever_is_to_be_let_in_again_learns_of_it_only_once_that_counts() -> None:
    block = _block(held_back=True)
    make.confirm("monitor", block)
    sharing.end_block(make.actor("director"), _case_of(block), block.uid)
    assert not _knows()
    proposals.confirm(make.actor("monitor"), waiting(block, Action.CASE_UNBLOCK))
    assert _knows()


@pytest.mark.parametrize("held_back", [True, False])
def test_whoever_knows_that_they_are_shut_out_may_stop_being_let_in(*, held_back: bool) -> None:
    block = _block(held_back=held_back)
    make.confirm("monitor", block)
    sharing.end_block(make.actor("director"), _case_of(block), block.uid)
    proposal = waiting(block, Action.CASE_UNBLOCK)
    assert allows(make.actor("director2"), Action.PROPOSAL_STOP, proposal) is not held_back
    assert not allows(make.actor("colleague"), Action.PROPOSAL_STOP, proposal)


def test_what_is_held_back_of_one_case_keeps_nothing_of_another_from_them() -> None:
    _block(held_back=True)
    block = _block()
    told = session().query(Notice).where(Notice.user_id == block.user_id).all()
    assert {notice.scope_id for notice in told} == {block.scope_id}


def test_owner_and_directors_are_told_at_once_all_the_same() -> None:
    _block(held_back=True)
    assert _knows("monitor")
    assert _knows("national")


def test_the_second_person_reads_that_it_is_held_back() -> None:
    block, plain, _ = _block(held_back=True), _block(), _block(held_back=True)
    assert appeals.held_back([block.uid, plain.uid]) == {block.uid}
    with time_machine.travel(clock.now() + 8 * DAY):
        assert appeals.held_back([block.uid]) == set()


def test_an_account_that_is_locked_meanwhile_is_told_nothing_twice() -> None:
    block = _block(held_back=True)
    make.confirm("monitor", block)
    make.bring(make.user("director2"), UserState.LOCKED)
    with time_machine.travel(clock.now() + 8 * DAY):
        _settle()
        _settle()
    theirs = session().query(Notice).where(Notice.user_id == block.user_id)
    assert theirs.where(Notice.scope_id == block.scope_id).count() == 1
