"""What takes two about a case: shutting out, sensitivity, the way into one that nobody opens."""

from datetime import timedelta

import pytest
import time_machine

from hrdtracker.access.action import Action
from hrdtracker.access.model import Block, Scope, Sensitivity, UserState
from hrdtracker.access.policy import allows
from hrdtracker.accounts import proposals, queries
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.authorised import authorised
from hrdtracker.cases import recovery, sharing
from hrdtracker.cases.drafts import BlockDraft, MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, WrongStatus
from hrdtracker.notices.model import Notice
from tests import make
from tests.two_people import settle, waiting

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
DAY = timedelta(days=1)
EVERYBODY = ("monitor", "colleague", "director", "director2", "national", "stranger")
NORMAL, RESTRICTED, SECRET = Sensitivity.NORMAL, Sensitivity.RESTRICTED, Sensitivity.SECRET


def _case() -> Case:
    return make.case_of(make.incident("monitor"))


def _readers(case: Case) -> set[str]:
    return {login for login in EVERYBODY if allows(make.actor(login), Action.CASE_READ, case)}


def _grade(case: Case, grade: Sensitivity, by: str = "director") -> Proposal | None:
    sharing.set_sensitivity(make.actor(by), case, grade, case.version)
    return proposals.waiting_for(case)


def _scope(case: Case) -> Scope:
    return session().get_one(Scope, case.scope_id)


def _block(case: Case, login: str, by: str = "director", days: int = 30) -> Block:
    draft = BlockDraft(make.user(login).uid, "A cousin", ends_at=clock.now() + days * DAY)
    return sharing.block(make.actor(by), case, draft)


def _told(login: str) -> int:
    return len(session().query(Notice).where(Notice.user_id == make.user(login).id).all())


# How sensitive it is -----------------------------------------------------------------------------


@pytest.mark.parametrize("grade", [RESTRICTED, SECRET])
def test_a_case_made_more_secret_by_one_is_what_it_was_after_a_day(grade: Sensitivity) -> None:
    case = _case()
    before = _readers(case)
    _grade(case, grade)
    assert _readers(case) == {"monitor", "director"}
    settle(timedelta(hours=23))
    assert _readers(case) == {"monitor", "director"}
    settle(timedelta(hours=25))
    assert _readers(case) == before
    assert _scope(case).decider_id is None


def test_what_a_second_person_confirmed_stays_secret() -> None:
    case = _case()
    _grade(case, SECRET)
    make.confirm("monitor", case)
    settle(timedelta(hours=25))
    assert _readers(case) == {"monitor", "director"}


def test_of_two_steps_that_nobody_confirmed_neither_is_left() -> None:
    case = _case()
    _grade(case, RESTRICTED)
    _grade(case, SECRET)
    settle(timedelta(hours=25))
    assert _scope(case).sensitivity == NORMAL


def test_a_step_that_was_confirmed_is_not_undone_with_the_one_before_it() -> None:
    case = _case()
    _grade(case, RESTRICTED)
    _grade(case, SECRET)
    make.confirm("monitor", case)
    settle(timedelta(hours=25))
    assert _scope(case).sensitivity == SECRET


def test_a_case_that_was_eased_forgets_what_waited_and_who_decided() -> None:
    case = _case()
    _grade(case, RESTRICTED)
    make.confirm("monitor", case)
    _grade(case, SECRET)
    eased = _grade(case, NORMAL)
    assert eased is not None
    proposals.confirm(make.actor("monitor"), eased)
    settle(timedelta(hours=25))
    assert (_scope(case).sensitivity, _scope(case).decider_id) == (NORMAL, None)


def test_a_case_is_for_more_people_only_once_a_second_person_confirms_it() -> None:
    case = _case()
    _grade(case, SECRET)
    make.confirm("monitor", case)
    proposal = _grade(case, NORMAL)
    assert proposal is not None
    assert proposal.action == Action.CASE_EASE
    assert _readers(case) == {"monitor", "director"}
    with pytest.raises(NotAllowed):
        proposals.confirm(make.actor("director"), proposal)
    proposals.confirm(make.actor("monitor"), proposal)
    assert _readers(case) == {"monitor", "director", "director2", "national"}


def test_what_would_ease_a_case_that_was_decided_otherwise_meanwhile_is_refused() -> None:
    case = _case()
    _grade(case, RESTRICTED)
    make.confirm("monitor", case)
    eased = _grade(case, NORMAL)
    assert eased is not None
    _grade(case, SECRET)
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("monitor"), eased)
    assert _scope(case).sensitivity == SECRET


# Shutting out ------------------------------------------------------------------------------------


def test_somebody_shut_out_by_one_is_let_in_again_after_a_day() -> None:
    case = _case()
    _block(case, "director2")
    assert "director2" not in _readers(case)
    settle(timedelta(hours=25))
    with time_machine.travel(clock.now() + timedelta(hours=26)):
        assert "director2" in _readers(case)


def test_a_block_that_was_confirmed_ends_at_its_end_and_not_before() -> None:
    case = _case()
    make.confirm("monitor", _block(case, "director2", days=30))
    settle(timedelta(hours=25))
    assert "director2" not in _readers(case)
    with time_machine.travel(clock.now() + 31 * DAY):
        assert "director2" in _readers(case)


def test_a_block_may_be_made_longer_and_letting_in_again_ends_all_of_it() -> None:
    case = _case()
    first = _block(case, "director2", days=30)
    make.confirm("monitor", first)
    with pytest.raises(Refused):
        _block(case, "director2", days=20)
    make.confirm("monitor", _block(case, "director2", days=60))
    assert not sharing.end_block(make.actor("director"), case, first.uid)
    assert "director2" not in _readers(case)
    make.confirm("monitor", first)
    assert "director2" in _readers(case)


@pytest.mark.parametrize(
    ("by", "status"),
    [("director", ProposalStatus.TAKEN_BACK), ("director2", ProposalStatus.REFUSED)],
)
def test_what_nobody_confirmed_is_taken_back_by_who_did_it_and_refused_by_another(
    by: str, status: ProposalStatus
) -> None:
    case = _case()
    block = _block(case, "national")
    proposal = waiting(block)
    assert sharing.end_block(make.actor(by), case, block.uid)
    assert proposal.status == status
    assert "national" in _readers(case)


def test_letting_in_again_is_proposed_once_and_lets_in_nobody_else() -> None:
    case, other, director = _case(), _case(), make.actor("director")
    blocks = [_block(case, login) for login in ("national", "director2")]
    _block(other, "national")
    for block in blocks:
        make.confirm("monitor", block)
    assert not sharing.end_block(director, case, blocks[0].uid)
    with pytest.raises(WrongStatus):
        sharing.end_block(director, case, blocks[0].uid)
    session().rollback()
    make.confirm("monitor", blocks[0])
    assert _readers(case) == {"monitor", "director", "national"}
    assert "national" not in _readers(other)


def test_a_block_of_before_they_had_an_end_stands_until_somebody_ends_it() -> None:
    case, director = _case(), make.actor("director")
    block = _block(case, "director2")
    make.confirm("monitor", block)
    with authorised(director, Action.CASE_BLOCK, on=case):
        block.ends_at = None
    for act in (
        lambda: _block(case, "director2", days=60),
        lambda: sharing.assign(director, case, make.user("director2").uid, case.version),
    ):
        with pytest.raises(Refused):
            act()
        session().rollback()
    sharing.end_block(director, case, block.uid)
    make.confirm("monitor", block)
    assert "director2" in _readers(case)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_block_ends_within_a_year(days: int) -> None:
    with pytest.raises(Refused) as refused:
        _block(_case(), "director2", days=days)
    assert set(refused.value.reasons) == {"ends_on"}


@pytest.mark.parametrize(
    ("login", "may"),
    [
        ("monitor", True),
        ("national", True),
        ("second", True),
        ("director", False),
        ("director2", False),
        ("colleague", False),
        ("admin", False),
    ],
)
def test_who_is_the_second_person_for_a_block(login: str, *, may: bool) -> None:
    proposal = waiting(_block(_case(), "director2"))
    if may:
        proposals.confirm(make.actor(login), proposal)
    else:
        with pytest.raises(NotAllowed):
            proposals.confirm(make.actor(login), proposal)


def test_owner_and_directors_are_told_and_so_is_whoever_is_shut_out() -> None:
    _block(_case(), "director2")
    told = {login for login in make.NAMES if _told(login)}
    assert told == {"monitor", "director2", "national"}


def test_whoever_stands_outside_reads_neither_name_nor_code() -> None:
    _block(_case(), "director2")
    line = queries.to_confirm(make.actor("second"))[-1]
    assert line.proposal.action == Action.CASE_BLOCK
    assert (line.user, line.proposer) == (None, None)


# Nobody makes a case vanish ----------------------------------------------------------------------


def _without_a_way_in() -> None:
    """Leave nobody at work who could be let into a case that nobody opens."""
    for login in ("national", "second"):
        make.bring(make.user(login), UserState.LOCKED)


def test_a_director_does_not_make_a_colleagues_case_vanish() -> None:
    case = _case()
    _grade(case, SECRET)
    _without_a_way_in()
    with pytest.raises(Refused) as refused:
        _block(case, "monitor")
    assert set(refused.value.reasons) == {""}
    session().rollback()
    with pytest.raises(Refused):
        sharing.assign(make.actor("director"), case, make.user("director").uid, case.version)
    session().rollback()
    assert _readers(case) == {"monitor", "director"}


def test_the_last_other_member_is_not_put_out() -> None:
    case, until = _case(), clock.now() + 30 * DAY
    _grade(case, SECRET)
    draft = MemberDraft(make.user("colleague").uid, "Helps", until)
    grant = sharing.add_member(make.actor("director"), case, draft)
    _without_a_way_in()
    make.bring(make.user("monitor"), UserState.LOCKED)
    with pytest.raises(Refused):
        sharing.end_member(make.actor("director"), case, grant.uid)


def test_where_two_could_let_a_director_in_one_who_opens_the_case_is_enough() -> None:
    case = _case()
    _grade(case, SECRET)
    _block(case, "monitor")
    assert _readers(case) == {"director"}


def test_an_account_is_locked_at_once_and_the_case_stands_with_the_national_director() -> None:
    case, national = _case(), make.actor("national")
    _grade(case, SECRET)
    assert recovery.opened_by_too_few(national) == []
    make.bring(make.user("monitor"), UserState.LOCKED)
    assert [(row[0].id, row[2]) for row in recovery.opened_by_too_few(national)] == [
        (case.scope_id, 1)
    ]
    assert recovery.opened_by_too_few(make.actor("director")) == []
