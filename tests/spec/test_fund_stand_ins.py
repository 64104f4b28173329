"""Who decides in another’s absence, and whether there is anybody left who can."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from hrdtracker.access.action import Action
from hrdtracker.access.model import Block, Membership, Role, UserState
from hrdtracker.accounts import proposals
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, WrongStatus
from hrdtracker.fund.capacity import capacity_for
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.decisions import service as deciding
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import Capacity, Decision, Delegation, SupportRequest
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.rules import approval_levels
from tests import fund, make
from tests.fund_stand_ins import delegates, names_stand_in
from tests.two_people import as_if, waiting

pytestmark = pytest.mark.usefixtures("unit")
WHY = fund.WHY


def test_somebody_decides_while_the_fund_officer_is_away() -> None:
    delegates("fund", "colleague")
    request = fund.approve(fund.recommended(), "colleague")
    decision = session().scalars(select(Decision).where(Decision.verdict == "approved")).one()
    assert request.status == "approved"
    assert decision.stands_in_for_id == make.user("fund").id


def test_whoever_was_refused_stands_in_for_nobody_even_with_the_same_role_later() -> None:
    named = names_stand_in("fund", "colleague")
    proposals.refuse(make.actor("national"), waiting(named))
    assert named.ends_at <= clock.now()


def test_an_absence_ends() -> None:
    delegates("fund", "colleague")
    request = fund.recommended()
    fund.no_tie(request, "colleague")
    with clock.as_of(clock.now() + timedelta(days=6)), pytest.raises(NotAllowed):
        deciding.approve(make.actor("colleague"), request, WHY, request.version)


def test_of_two_who_were_named_only_the_one_who_was_confirmed_counts() -> None:
    first, second = names_stand_in("fund", "colleague"), names_stand_in("fund2", "stranger")
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
    organisation, kept, ended = make.organisation(), delegates("fund2", "colleague"), uuid4()
    if which == "of somebody else":
        ended = kept.uid
    if which == "that is over":
        ended = delegates("fund", "colleague").uid
        delegation.end_delegation(make.actor("fund"), organisation, ended)
    with pytest.raises(WrongStatus if which == "that is over" else NotFound):
        delegation.end_delegation(make.actor("fund"), organisation, ended)
    assert kept.ends_at > clock.now()
    assert kept.confirmed_at is not None


def test_a_stand_in_who_is_ended_decides_no_more() -> None:
    named = delegates("fund", "colleague")
    request = fund.recommended()
    fund.no_tie(request, "colleague")
    delegation.end_delegation(make.actor("fund"), make.organisation(), named.uid)
    with pytest.raises(NotAllowed):
        deciding.approve(make.actor("colleague"), request, WHY, request.version)


def test_one_sees_whom_one_named_and_for_whom_one_stands_in_and_nobody_else() -> None:
    delegates("fund", "colleague")
    names_stand_in("fund2", "stranger")
    names_stand_in("national", "director2", Capacity.DIRECTOR, place=None)

    def seen(login: str) -> list[tuple[bool, bool, str | None]]:
        return [
            (stand_in.mine, stand_in.waits, stand_in.office.code if stand_in.office else None)
            for stand_in in delegation.stand_ins(make.actor(login))
        ]

    here = make.HERE
    assert (seen("fund"), seen("colleague")) == ([(True, False, here)], [(False, False, here)])
    assert (seen("fund2"), seen("stranger")) == ([(True, True, here)], [(False, True, here)])
    assert (seen("national"), seen("director2")) == ([(True, True, None)], [(False, True, None)])
    assert seen("director") == []
    with clock.as_of(clock.now() + timedelta(days=6)):
        assert seen("fund") == seen("colleague") == []


def test_a_stand_in_is_void_once_who_held_the_same_role_holds_another() -> None:
    names_stand_in("fund", "fund2")
    delegates("fund", "colleague")
    names_stand_in("fund", "stranger")

    def seen() -> list[tuple[bool, bool]]:
        return [(named.waits, named.void) for named in delegation.stand_ins(make.actor("fund"))]

    assert seen() == [(False, False), (False, False), (True, False)]
    theirs = Membership.user_id == make.user("fund2").id
    as_if(update(Membership).where(theirs).values(role=Role.MONITOR))
    assert seen() == [(False, True), (False, False), (True, False)]


def test_nobody_delegates_what_they_do_not_decide_themself() -> None:
    with pytest.raises(Refused):
        delegates("director", "colleague", Capacity.OFFICER)
    with pytest.raises(NotAllowed):
        delegates("monitor", "colleague")


@pytest.mark.engines("sqlite")
def test_who_stands_in_for_several_signs_for_whoever_may_and_as_what_is_wanted() -> None:
    for of, capacity in (
        ("director", Capacity.DIRECTOR),  # who verifies the first request
        ("national", Capacity.DIRECTOR),
        ("fund", Capacity.OFFICER),
    ):
        delegates(of, "colleague", capacity)
    small, large, other = fund.recommended(), fund.recommended(900_00), fund.sent()
    fund.recommend(other, "director2")
    fund.approve(fund.approve(large, "fund2"), "colleague")
    fund.approve(small, "colleague")
    signed = select(Decision.capacity, Decision.stands_in_for_id).where(
        Decision.decided_by_id == make.user("colleague").id
    )
    assert [tuple(row) for row in session().execute(signed.order_by(Decision.id))] == [
        ("director", make.user("national").id),
        ("officer", make.user("fund").id),
    ]
    assert (small.status, large.status) == ("approved", "approved")


@pytest.mark.engines("sqlite")
def test_who_may_not_sign_signs_as_nothing() -> None:
    request = fund.recommended()
    for login in ("stranger", "director2"):
        with pytest.raises(NotAllowed):
            capacity_for(make.actor(login), request)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("who", "place", "may"),
    [
        ("national", None, True),
        ("national", make.HERE, True),
        ("national", make.THERE, True),
        ("director", None, False),
        ("director", make.HERE, True),
        ("director", make.THERE, False),
    ],
)
def test_a_stand_in_decides_in_the_office_that_was_named_and_nowhere_else(
    who: str, place: str | None, *, may: bool
) -> None:
    if not may:
        with pytest.raises(Refused, match="correct") as refused:
            names_stand_in(who, "director2", Capacity.DIRECTOR, place)
        assert set(refused.value.reasons) == {"office"}
        return
    named = names_stand_in(who, "director2", Capacity.DIRECTOR, place)
    assert named.office_id == (make.office(place).id if place else None)


@pytest.mark.engines("sqlite")
def test_the_offices_of_another_organisation_are_none_to_decide_for() -> None:
    elsewhere = replace(make.actor("national"), organisation_id=4711)
    assert delegation.offices_of(elsewhere, Capacity.DIRECTOR) == []


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("who", "decides"), [("board", True), ("colleague", True), ("stranger", False), ("fund", False)]
)
def test_the_pages_of_the_fund_are_for_whoever_the_board_named_or_who_stands_in_today(
    who: str, *, decides: bool
) -> None:
    fund.set_up()
    delegates("fund", "colleague")
    names_stand_in("fund2", "stranger")
    assert delegation.decides_for_others(make.actor(who)) is decides


# How it ends --------------------------------------------------------------------------------------


def _end(named: Delegation) -> None:
    delegation.end_delegation(make.actor("fund"), make.organisation(), named.uid)


@pytest.mark.engines("sqlite")
def test_what_has_begun_is_kept_when_it_ends_and_what_has_not_is_gone() -> None:
    begun, later = (
        delegates("fund", "colleague"),
        names_stand_in("fund", "fund2", begins=timedelta(1)),
    )
    _end(begun)
    _end(later)
    assert list(session().scalars(select(Delegation))) == [begun]
    assert begun.ends_at <= clock.now()
    assert begun.confirmed_at is not None


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("begins", [-timedelta(minutes=1), timedelta(days=1)])
def test_a_stand_in_who_was_ended_waits_for_no_second_person(begins: timedelta) -> None:
    named = names_stand_in("fund", "colleague", begins=begins)
    _end(named)
    assert proposals.waiting_for(named) is None


@pytest.mark.engines("sqlite")
def test_a_stand_in_whose_row_is_gone_is_not_confirmed() -> None:
    named = names_stand_in("fund", "colleague")
    proposal = waiting(named)
    with authorised(make.actor("fund"), Action.FUND_DELEGATE, within=make.organisation()):
        session().delete(named)
    with pytest.raises(WrongStatus, match="ended"):
        proposals.confirm(make.actor("admin2"), proposal)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("ended", [False, True])
def test_whoever_is_named_stops_it_and_what_they_decided_before_stays_right(*, ended: bool) -> None:
    named = names_stand_in("fund", "colleague")
    proposal = waiting(named)
    proposals.confirm(make.actor("admin2"), proposal)
    confirmed_at = named.confirmed_at
    if ended:
        _end(named)
    ends_at = named.ends_at
    proposals.stop(make.actor("colleague"), proposal)
    assert (named.confirmed_at, named.ends_at <= clock.now()) == (confirmed_at, True)
    assert (named.ends_at == ends_at) is ended


@pytest.mark.engines("sqlite")
def test_all_that_binds_somebody_who_leaves_ends_and_nothing_else() -> None:
    over = delegates("fund", "fund2")
    _end(over)
    was_over_at = over.ends_at
    theirs, of_them = delegates("fund", "fund2"), delegates("fund2", "colleague")
    other = delegates("fund", "stranger")
    with clock.as_of(clock.now() + timedelta(hours=1)):
        make.bring(make.user("fund2"), UserState.LEFT)
        with authorised(make.actor("admin"), Action.USER_LEAVE, on=make.user("fund2")):
            delegation.end_all_of(make.user("fund2"))
        left = [row.ends_at > clock.now() for row in (theirs, of_them, other)]
    assert (left, over.ends_at) == ([False, False, True], was_over_at)


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


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("role", "place", "decides"),
    [
        (Role.FUND_OFFICER, None, True),
        (Role.FUND_OFFICER, make.HERE, True),
        (Role.FUND_OFFICER, make.THERE, True),  # to whom it is passed on
        (Role.MONITOR, make.HERE, False),
    ],
)
def test_where_no_officer_of_the_office_may_decide_one_of_another_office_counts(
    role: Role, place: str | None, *, decides: bool
) -> None:
    make.role_given("nobody", role, make.office(place) if place else None)
    request = fund.recommended()
    make.incident("stranger")  # a case of the other office
    for login in ("fund", "fund2"):
        conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    assert approval_levels.somebody_can(Capacity.OFFICER, request) is decides
