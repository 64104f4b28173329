"""What takes two people: whom it concerns is told of each step, and each step has its effect."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Role, UserState
from hrdtracker.accounts import organisation as organisations
from hrdtracker.accounts import proposals, staff
from hrdtracker.accounts.drafts import OfficeDraft, ReadingLimits
from hrdtracker.accounts.model import Proposal, ProposalStatus
from hrdtracker.authorised import authorised
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import BlockDraft, MemberDraft
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import WrongStatus
from hrdtracker.fund.rules import settings
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
    assert proposals.uids_waiting(Action.USER_LOCK, [make.user("colleague")]) == set()
    proposals.confirm(make.actor("admin2"), proposal)
    assert proposals.uids_waiting(Action.USER_LOCK, [monitor]) == set()


# Who is told -------------------------------------------------------------------------------------

DIRECTORS_HERE = {"director", "director2", "national"}
FUND = {"fund", "fund2", "finance", "auditor"}
ALL_DIRECTORS = DIRECTORS_HERE | {"far_director"}


def _opened_up() -> Proposal:
    office = make.office(make.HERE)
    draft = OfficeDraft(office.code, office.name_en, office.name_km, open_to_monitors=True)
    organisations.change_office(make.actor("admin"), office, draft)
    return waiting(office)


def _limited() -> Proposal:
    limits = ReadingLimits(*[1_000] * 7)
    return organisations.change_limits(make.actor("admin"), make.organisation(), limits)


def _named_for_the_board() -> Proposal:
    draft = settings.FundSettingsDraft(board=make.user("colleague").uid)
    version = settings.settings_of(make.organisation().id).version or 0
    return settings.change_settings(make.actor("admin"), make.organisation(), draft, version)


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (_proposed, {"nobody"} | DIRECTORS_HERE),
        (_locked, {"monitor"} | ALL_DIRECTORS),
        (_opened_up, {"monitor", "colleague"} | DIRECTORS_HERE),
        (_limited, ALL_DIRECTORS),
        (
            _named_for_the_board,
            {"colleague", "fund", "fund2", "finance", "auditor"} | ALL_DIRECTORS,
        ),
    ],
)
def test_who_is_told_that_something_is_proposed(
    act: Callable[[], Proposal], told: set[str]
) -> None:
    assert _told(act(), "proposed") == told


@pytest.mark.parametrize(
    ("member", "is_told"),
    [("for a month", True), ("for good", True), ("until now", False), ("elsewhere", False)],
)
def test_the_owner_and_who_is_a_member_now_are_told_of_what_is_decided_about_a_case(
    member: str, *, is_told: bool
) -> None:
    director, case, other = (
        make.actor("director"),
        *(make.case_of(make.incident(login)) for login in ("monitor", "colleague")),
    )
    draft = MemberDraft(make.user("stranger").uid, "Knows them", clock.now() + timedelta(days=30))
    grant = sharing.add_member(director, other if member == "elsewhere" else case, draft)
    with authorised(director, Action.CASE_MEMBERS, within=case):
        if member in {"for good", "until now"}:
            grant.ends_at = None if member == "for good" else clock.now()
    block = sharing.block(director, case, BlockDraft(make.user("director2").uid, "A cousin"))
    told = {"monitor", "director2", "national"} | ({"stranger"} if is_told else set())
    assert _told(waiting(block), "proposed") == told


def test_of_a_record_about_which_nothing_for_anybody_waits_nobody_is_told() -> None:
    with authorised(make.actor("admin"), Action.OFFICE_CHANGE, on=make.office(make.HERE)):
        proposals.tell_affected(make.office(make.HERE))
    opened = _opened_up()
    told = session().query(Notice).count()
    with authorised(make.actor("admin"), Action.OFFICE_CHANGE, on=make.office(make.HERE)):
        proposals.tell_affected(make.office(make.HERE))
    assert opened.user_id is None
    assert session().query(Notice).count() == told
