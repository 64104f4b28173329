"""What takes two people: whom it concerns is told of each step, and each step has its effect."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Role, UserState
from hrdtracker.accounts import proposals, staff
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.notices.model import Notice
from tests import make
from tests.two_people import propose, settle, waiting

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("unit")]
LATER = timedelta(days=400)


def _proposed() -> Proposal:
    return propose("admin", "nobody")


def _locked() -> Proposal:
    monitor = make.user("monitor")
    staff.lock_user(make.actor("admin"), monitor)
    return waiting(monitor, Action.USER_LOCK)


def _told(proposal: Proposal, kind: str) -> set[str]:
    """Return who was told so of a proposal."""
    query = select(Notice.user_id).where(Notice.about_uid == proposal.uid, Notice.kind == kind)
    numbers = set(session().scalars(query))
    return {login for login in make.NAMES if make.user(login).id in numbers}


def _lapse(_proposal: Proposal) -> None:
    settle(LATER)


@pytest.mark.parametrize(
    ("decide", "but"),
    [
        (lambda proposal: proposals.confirm(make.actor("admin2"), proposal), "admin2"),
        (lambda proposal: proposals.refuse(make.actor("admin2"), proposal), "admin2"),
        (lambda proposal: proposals.stop(make.actor("nobody"), proposal), "nobody"),
        (_lapse, ""),
    ],
    ids=["confirmed", "refused", "stopped", "lapsed"],
)
def test_whom_it_concerns_is_told_of_each_step_and_who_acts_is_not(
    decide: Callable[[Proposal], object], but: str
) -> None:
    proposal = _proposed()
    assert "nobody" in _told(proposal, "proposed")
    assert "admin" not in _told(proposal, "proposed")
    decide(proposal)
    assert {"admin", "nobody"} - {but} <= _told(proposal, "decided")
    assert but not in _told(proposal, "decided")


def test_a_lock_that_is_refused_opens_the_account_again_and_one_that_is_confirmed_does_not() -> (
    None
):
    proposals.refuse(make.actor("admin2"), _locked())
    assert make.user("monitor").state != UserState.LOCKED
    proposals.confirm(make.actor("admin2"), _locked())
    assert make.user("monitor").state == UserState.LOCKED


def test_what_was_taken_back_is_not_confirmed_any_more() -> None:
    proposal = _proposed()
    proposals.take_back(make.actor("admin"), proposal)
    assert proposal.status != ProposalStatus.WAITS
    assert proposal.decided_by_id == make.user("admin").id
    with pytest.raises(WrongStatus):
        proposals.confirm(make.actor("admin2"), proposal)
    assert not make.actor("nobody").holds(Role.DIRECTOR)


def test_what_lapsed_is_refused_no_more() -> None:
    proposal = _locked()
    with clock.as_of(clock.now() + LATER), pytest.raises(WrongStatus):
        proposals.refuse(make.actor("admin2"), proposal)


def test_what_waits_is_known_by_its_kind_and_only_while_it_waits() -> None:
    proposal, monitor = _locked(), make.user("monitor")
    assert proposals.uids_waiting(Action.USER_LOCK, [monitor]) == {monitor.uid}
    assert proposals.uids_waiting(Action.USER_UNLOCK, [monitor]) == set()
    proposals.confirm(make.actor("admin2"), proposal)
    assert proposals.uids_waiting(Action.USER_LOCK, [monitor]) == set()
