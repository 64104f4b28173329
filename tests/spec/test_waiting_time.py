"""Where nobody second is there, what two others have seen counts after 72 hours."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor, worker
from hrdtracker.access.model import Membership, Role, User, UserState
from hrdtracker.accounts import proposals, queries, roles, staff
from hrdtracker.accounts.drafts import UserDraft
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, WrongStatus
from hrdtracker.notices import service as notices
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from tests import make
from tests.two_people import DIRECTING, as_if, open_up, without_seconds

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
MONITORS = ("monitor", "colleague")


def _see(
    proposal: Proposal,
    logins: Iterable[str] = MONITORS,
    kind: NoticeKind = NoticeKind.PROPOSED,
) -> None:
    """Let some say that they have understood that it was proposed, or counts soon."""
    for login in logins:
        about = Notice.about_uid == proposal.uid, Notice.kind == kind
        mine = select(Notice.uid).where(Notice.user_id == make.user(login).id, *about)
        notices.see(make.actor(login), session().scalars(mine).one())


def _after(hours: int) -> bool:
    """Let the worker come by after some hours; tell whether the office is open then."""
    with time_machine.travel(clock.now() + timedelta(hours=hours)):
        proposals.let_count(worker(make.organisation().id))
    return make.office(make.HERE).open_to_monitors


def _told(kind: NoticeKind) -> int:
    return session().query(Notice).where(Notice.kind == kind).count()


def test_what_two_others_have_seen_counts_after_72_hours_and_once() -> None:
    without_seconds()
    waiting = open_up()
    _see(waiting)
    assert not _after(1)
    assert waiting.counts_from is not None
    assert not _after(71)
    assert _after(73)
    assert waiting.status == ProposalStatus.CONFIRMED
    told = _told(NoticeKind.DECIDED)
    assert told
    assert _after(74)
    assert _told(NoticeKind.DECIDED) == told


def test_the_time_begins_once_the_second_of_them_has_seen_it() -> None:
    without_seconds()
    waiting = open_up()
    _see(waiting, ["monitor"])
    assert not _after(100)
    assert waiting.counts_from is None
    with time_machine.travel(clock.now() + timedelta(hours=50)):
        _see(waiting, ["colleague"])
    assert not _after(121)
    assert _after(123)


def test_what_lapses_before_its_time_has_come_does_not_count() -> None:
    without_seconds()
    waiting = open_up()
    with time_machine.travel(clock.now() + timedelta(days=13)):
        _see(waiting)
    assert not _after(17 * 24)


@pytest.mark.parametrize("hours", [1, 100])
def test_what_was_decided_in_the_same_moment_is_left_as_it_is(hours: int) -> None:
    without_seconds()
    proposal = open_up()
    _see(proposal)
    proposals.take_back(make.actor("admin"), proposal)
    machine = worker(make.organisation().id)
    with (
        time_machine.travel(clock.now() + timedelta(hours=hours)),
        pytest.raises(WrongStatus),
        authorised(machine, Action.PROPOSAL_COUNT, on=proposal),
    ):
        proposals._wait(proposal)
    assert proposal.counts_from is None


def test_nobody_waits_while_somebody_could_confirm_it() -> None:
    waiting = open_up()
    _see(waiting)
    assert not _after(100)
    assert waiting.counts_from is None


def test_whoever_made_the_second_person_go_does_not_wait_instead() -> None:
    for login in DIRECTING:
        staff.let_go(make.actor("admin"), make.user(login))
    waiting = open_up()
    assert queries.seconds_for(waiting) == set()
    _see(waiting)
    assert not _after(100)


@pytest.mark.parametrize("how", [staff.lock_user, staff.invite_again])
def test_nor_whoever_locked_them_or_made_them_a_new_code(
    how: Callable[[Actor, User], object],
) -> None:
    without_seconds()
    make.role_given("director", Role.DIRECTOR, make.office(make.HERE))
    how(make.actor("admin"), make.user("director"))
    waiting = open_up()
    assert queries.seconds_for(waiting) == set()
    _see(waiting)
    assert not _after(100)


def test_an_account_that_only_the_proposer_let_in_is_none_of_the_two() -> None:
    without_seconds()
    _let_in("puppet", by="admin")
    waiting = open_up()
    _see(waiting, ["monitor", "puppet"])
    assert not _after(100)


def test_nor_is_one_that_such_an_account_let_in() -> None:
    without_seconds()
    _let_in("puppet", by="admin")
    _let_in("puppet2", by="admin")
    first, second = make.user("puppet"), make.user("puppet2")
    as_if(update(User).where(User.id == second.id).values(let_in_by_id=first.id))
    waiting = open_up()
    _see(waiting, ["monitor", "puppet2"])
    assert not _after(100)


def _let_in(login: str, by: str) -> None:
    """Add a monitor whom only one person answers for: nobody could confirm the role."""
    user, _ = staff.invite(make.actor(by), make.organisation(), UserDraft(login, login))
    make.activate(user)
    roles.propose_role(make.actor("admin2"), user, Role.MONITOR, make.office(make.HERE))
    counts = {"confirmed_at": clock.now(), "counts_since": clock.now(), "alone": True}
    as_if(update(Membership).where(Membership.user_id == user.id).values(counts))


def test_whoever_has_left_since_they_saw_it_counts_no_more() -> None:
    without_seconds()
    waiting = open_up()
    _see(waiting)
    assert not _after(1)
    make.bring(make.user("colleague"), UserState.LEFT)
    assert not _after(100)
    assert waiting.counts_from is None


def test_somebody_who_comes_meanwhile_confirms_it_instead() -> None:
    without_seconds()
    waiting = open_up()
    _see(waiting)
    assert not _after(1)
    make.role_given("director", Role.DIRECTOR, make.office(make.HERE))
    assert not _after(100)
    proposals.refuse(make.actor("director"), waiting)


def test_anybody_whom_it_is_told_stops_it_before_and_after_it_counts() -> None:
    without_seconds()
    waiting = open_up()
    _see(waiting)
    assert _after(1) is False
    with pytest.raises(NotAllowed):
        proposals.stop(make.actor("stranger"), waiting)
    session().rollback()
    assert _after(73)
    proposals.stop(make.actor("colleague"), waiting)
    assert not make.office(make.HERE).open_to_monitors


def test_what_was_stopped_meanwhile_does_not_count() -> None:
    without_seconds()
    waiting = open_up()
    _see(waiting)
    _after(1)
    proposals.stop(make.actor("monitor"), waiting)
    assert not _after(100)


def test_whoever_it_is_told_is_told_that_it_counts_soon() -> None:
    without_seconds()
    waiting = open_up()
    _see(waiting)
    _after(1)
    _see(waiting, kind=NoticeKind.COUNTS_SOON)
    _after(2)
    assert _told(NoticeKind.COUNTS_SOON) == len(MONITORS)
    assert _told(NoticeKind.COUNTS_SOON) < len(make.NAMES)
