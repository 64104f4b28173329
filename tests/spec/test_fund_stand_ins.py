"""Who decides in another’s absence, and whether there is anybody left who can."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Block, UserState
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, WrongStatus
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.decisions import service as deciding
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import Capacity, Decision, Delegation, SupportRequest
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.rules import approval_levels
from tests import fund, make

pytestmark = pytest.mark.usefixtures("unit")
WHY = fund.WHY


def _names(login: str, to: str, capacity: Capacity = Capacity.OFFICER, days: int = 5) -> Delegation:
    moment = clock.now()
    told = DelegationDraft(
        make.user(to).uid,
        capacity,
        moment - timedelta(minutes=1),
        moment + timedelta(days=days),
        make.office(make.HERE).uid,
    )
    return delegation.delegate(make.actor(login), make.organisation(), told)


def _delegates(login: str, to: str, capacity: Capacity = Capacity.OFFICER) -> Delegation:
    named = _names(login, to, capacity)
    make.confirm("admin2", named)
    return named


def test_somebody_decides_while_the_fund_officer_is_away() -> None:
    _delegates("fund", "colleague")
    request = fund.approve(fund.recommended(), "colleague")
    decision = session().scalars(select(Decision).where(Decision.verdict == "approved")).one()
    assert request.status == "approved"
    assert decision.stands_in_for_id == make.user("fund").id


def test_whoever_stands_in_is_kept_apart_like_everybody() -> None:
    _delegates("fund", "monitor")
    request = fund.recommended()
    with pytest.raises(NotAllowed):
        deciding.approve(make.actor("monitor"), request, WHY, request.version)


def test_an_absence_ends() -> None:
    _delegates("fund", "colleague")
    request = fund.recommended()
    fund.no_tie(request, "colleague")
    with clock.as_of(clock.now() + timedelta(days=6)), pytest.raises(NotAllowed):
        deciding.approve(make.actor("colleague"), request, WHY, request.version)


def test_of_two_who_were_named_only_the_one_who_was_confirmed_counts() -> None:
    first, second = _names("fund", "colleague"), _names("fund2", "stranger")
    make.confirm("admin2", second)
    assert (first.confirmed_at, second.confirmed_at is None) == (None, False)


@pytest.mark.parametrize("to", ["fund", "nobody at all"])
def test_nobody_names_themselves_nor_somebody_who_is_not_there(to: str) -> None:
    told = DelegationDraft(
        make.user("fund").uid if to == "fund" else uuid4(),
        Capacity.OFFICER,
        clock.now(),
        clock.now() + timedelta(days=1),
        make.office(make.HERE).uid,
    )
    with pytest.raises(Refused) as refused:
        delegation.delegate(make.actor("fund"), make.organisation(), told)
    assert set(refused.value.reasons) == {"to"}


@pytest.mark.parametrize("which", ["of somebody else", "that is over", "that there is not"])
def test_one_ends_a_stand_in_of_one_s_own_alone_and_once(which: str) -> None:
    organisation, kept, ended = make.organisation(), _delegates("fund2", "colleague"), uuid4()
    if which == "of somebody else":
        ended = kept.uid
    if which == "that is over":
        ended = _delegates("fund", "colleague").uid
        delegation.end_delegation(make.actor("fund"), organisation, ended)
    with pytest.raises(WrongStatus if which == "that is over" else NotFound):
        delegation.end_delegation(make.actor("fund"), organisation, ended)
    assert kept.ends_at > clock.now()
    assert kept.confirmed_at is not None


def test_a_stand_in_who_is_ended_decides_no_more() -> None:
    named = _delegates("fund", "colleague")
    request = fund.recommended()
    fund.no_tie(request, "colleague")
    delegation.end_delegation(make.actor("fund"), make.organisation(), named.uid)
    with pytest.raises(NotAllowed):
        deciding.approve(make.actor("colleague"), request, WHY, request.version)


def test_one_sees_whom_one_named_and_for_whom_one_stands_in_and_nobody_else() -> None:
    _delegates("fund", "colleague")
    _names("fund2", "stranger")

    def seen(login: str) -> list[tuple[bool, bool]]:
        return [(each.mine, each.waits) for each in delegation.stand_ins(make.actor(login))]

    assert (seen("fund"), seen("colleague")) == ([(True, False)], [(False, False)])
    assert (seen("fund2"), seen("stranger")) == ([(True, True)], [(False, True)])
    assert seen("director") == []
    with clock.as_of(clock.now() + timedelta(days=6)):
        assert seen("fund") == seen("colleague") == []


def test_nobody_delegates_what_they_do_not_decide_themself() -> None:
    with pytest.raises(Refused):
        _delegates("director", "colleague", Capacity.OFFICER)
    with pytest.raises(NotAllowed):
        _delegates("monitor", "colleague")


# Whether there is anybody -------------------------------------------------------------------------


def _block(request: SupportRequest, ends: timedelta | None = None) -> None:
    moment = clock.now()
    session().add(
        Block(
            scope_id=request.scope_id,
            data_key_id=request.data_key_id,
            user_id=make.user("fund2").id,
            starts_at=moment - timedelta(days=2),
            ends_at=None if ends is None else moment + ends,
            blocked_by_id=make.user("director").id,
        )
    )


def _end_role(*_: SupportRequest) -> None:
    make.role_of("fund2").ends_at = clock.now()


def _wait(*_: SupportRequest) -> None:
    role = make.role_of("fund2")
    role.counts_since = role.confirmed_at = role.confirmed_by_id = None


def _lock(*_: SupportRequest) -> None:
    make.user("fund2").state = UserState.LOCKED


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("happens", "decides"),
    [
        (lambda *_: None, True),
        (lambda here, _: _block(here), False),
        (lambda here, _: _block(here, timedelta(days=1)), False),
        (lambda here, _: _block(here, -timedelta(days=1)), True),
        (lambda _, elsewhere: _block(elsewhere), True),
        (_end_role, False),
        (_wait, False),
        (_lock, False),
    ],
    ids=["nothing", "shut out", "for a day", "until yesterday", "elsewhere", "role over",
         "role waits", "locked"],
)  # fmt: skip
def test_an_officer_counts_who_may_decide_today_on_this_very_case(
    happens: Callable[[SupportRequest, SupportRequest], object],
    decides: bool,  # noqa: FBT001
) -> None:
    request, other = fund.recommended(), fund.sent()
    conflicts.declare(make.actor("fund"), request, knows=True, reason="A cousin.")

    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        happens(request, other)
    assert approval_levels.somebody_can(Capacity.OFFICER, request) is decides
