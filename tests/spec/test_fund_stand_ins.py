"""Who decides in another’s absence, and whether there is anybody left who can."""

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.model import Block, Membership, Role, UserState
from hrdtracker.accounts import proposals, staff
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
from hrdtracker.notices.model import Notice
from tests import fund, make
from tests.two_people import waiting

pytestmark = pytest.mark.usefixtures("unit")
WHY = fund.WHY


def _names(
    login: str,
    to: str,
    capacity: Capacity = Capacity.OFFICER,
    place: str | None = make.HERE,
    begins: timedelta = -timedelta(minutes=1),
) -> Delegation:
    moment, office = clock.now(), make.office(place).uid if place else None
    starts, ends = moment + begins, moment + timedelta(days=5)
    draft = DelegationDraft(make.user(to).uid, capacity, starts, ends, office)
    return delegation.delegate(make.actor(login), make.organisation(), draft)


def _delegates(login: str, to: str, capacity: Capacity = Capacity.OFFICER) -> Delegation:
    named = _names(login, to, capacity)
    if proposals.waiting_for(named):
        make.confirm("admin2", named)
    return named


def test_somebody_decides_while_the_fund_officer_is_away() -> None:
    _delegates("fund", "colleague")
    request = fund.approve(fund.recommended(), "colleague")
    decision = session().scalars(select(Decision).where(Decision.verdict == "approved")).one()
    assert request.status == "approved"
    assert decision.stands_in_for_id == make.user("fund").id


NEVER = {Role.ADMINISTRATOR, Role.AUDITOR, Role.FINANCE_OFFICER, Role.SECOND}
SAME = {Capacity.OFFICER: Role.FUND_OFFICER, Capacity.DIRECTOR: Role.DIRECTOR}
TABLE = [
    (capacity, where, role, there)
    for capacity in (Capacity.OFFICER, Capacity.DIRECTOR)
    for where in (make.HERE, None)
    for role in (*Role, None)
    for there in (make.HERE, make.THERE, None)
]
"""As what, for which office; and the role, and its office, of whoever is named."""


def _expected(capacity: Capacity, where: str | None, role: Role | None, there: str | None) -> str:
    if role is None or role in NEVER:
        return "never"
    return "at once" if role == SAME[capacity] and there in (where, None) else "by two"


@pytest.mark.engines("sqlite")
def test_of_all_roles_in_all_offices_only_the_very_same_stands_in_without_a_second_person() -> None:
    national = make.role_given("far_director", Role.FUND_OFFICER, None)
    assert national.counts_since is not None
    of = {Capacity.OFFICER: "far_director", Capacity.DIRECTOR: "national"}
    answers, expected = {}, {}
    for capacity, where, role, there in TABLE:
        held = _holding(role, there)
        outcome, named = "never", None
        with contextlib.suppress(Refused):
            named = _names(of[capacity], "nobody", capacity, where)
            outcome = "by two" if proposals.waiting_for(named) else "at once"
        if named is not None:
            assert _counts("nobody") is (outcome == "at once")
            delegation.end_delegation(make.actor(of[capacity]), make.organisation(), named.uid)
        _over(held)
        case = (capacity, where, role, there)
        answers[case], expected[case] = outcome, _expected(*case)
    assert answers == expected


def _holding(role: Role | None, there: str | None) -> Membership | None:
    """Give a role as if it had been confirmed: what the table asks is not how one comes by it."""
    if role is None:
        return None
    moment = clock.now()
    held = Membership(
        user_id=make.user("nobody").id,
        office_id=make.office(there).id if there else None,
        role=role,
        starts_at=moment - timedelta(minutes=1),
        counts_since=moment,
    )
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        session().add(held)
    return held


def _over(held: Membership | None) -> None:
    if held is not None:
        with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
            held.ends_at = clock.now()


def _counts(login: str) -> bool:
    return delegation.decides_for_others(make.actor(login))


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("role", sorted(NEVER))
def test_a_stand_in_who_becomes_one_that_never_does_decides_no_more(role: Role) -> None:
    _delegates("fund", "colleague")
    assert _counts("colleague")
    held = _holding_too("colleague", role)
    assert not _counts("colleague")
    (line,) = delegation.stand_ins(make.actor("fund"))
    assert (line.void, line.waits) == (True, False)
    _over(held)
    assert _counts("colleague")


def _holding_too(login: str, role: Role) -> Membership:
    held = _holding(role, None)
    assert held is not None
    with authorised(make.actor("admin"), Action.SETTINGS_CHANGE, on=make.organisation()):
        held.user_id = make.user(login).id
    return held


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("whose", ["fund", "fund2"])
def test_who_stood_in_by_the_same_role_decides_no_more_once_one_of_the_two_lost_it(
    whose: str,
) -> None:
    make.role_given("fund2", Role.MONITOR, make.office(make.HERE))
    _delegates("fund", "fund2")
    assert _counts("fund2")
    _over(make.role_of(whose))
    assert not _counts("fund2")
    assert [line.void for line in delegation.stand_ins(make.actor("fund2"))] == [True]


@pytest.mark.engines("sqlite")
def test_whoever_gets_a_new_code_stands_in_for_nobody_until_their_roles_are_given_back() -> None:
    _delegates("fund", "colleague")
    staff.invite_again(make.actor("admin"), make.user("colleague"))
    make.activate(make.user("colleague"))
    assert not _counts("colleague")
    make.confirm("national", make.user("colleague"))
    assert _counts("colleague")


@pytest.mark.engines("sqlite")
def test_a_stand_in_whose_role_changed_before_the_second_person_came_is_not_confirmed() -> None:
    named = _names("fund", "colleague")
    proposal = waiting(named)
    _holding_too("colleague", Role.AUDITOR)
    with pytest.raises(Refused):
        proposals.confirm(make.actor("admin2"), proposal)
    assert named.confirmed_at is None


@pytest.mark.engines("sqlite")
def test_somebody_stands_in_for_ninety_days_at_most() -> None:
    moment, to, office = clock.now(), make.user("fund2").uid, make.office(make.HERE).uid
    days = timedelta(days=90)
    assert DelegationDraft(to, Capacity.OFFICER, moment, moment + days, office)
    with pytest.raises(Refused) as refused:
        DelegationDraft(to, Capacity.OFFICER, moment, moment + days + timedelta(hours=1), office)
    assert set(refused.value.reasons) == {"ends_at"}


@pytest.mark.engines("sqlite")
def test_whoever_stands_in_at_once_is_told_and_nobody_need_confirm() -> None:
    named = _names("fund", "fund2")
    told = session().execute(select(Notice.user_id, Notice.kind)).all()
    assert [tuple(row) for row in told] == [(make.user("fund2").id, "stands_in")]
    assert proposals.waiting_for(named) is None


@pytest.mark.parametrize(
    ("who", "part"),
    [
        ("colleague", "asks"),
        ("colleague", "carries"),
        ("director2", "verifies"),
        ("fund", "knows somebody"),
    ],
)
@pytest.mark.engines("sqlite")
def test_what_either_of_the_two_took_part_in_is_not_decided_so(who: str, part: str) -> None:
    """A stand-in is kept apart like everybody, and so is whoever is away."""
    to = "colleague" if who == "fund" else who
    _delegates("fund", to)
    asker = to if part == "asks" else "monitor"
    carrier = make.user(to).uid if part == "carries" else None
    other = fund.sent(who=asker)
    request = fund.sent(who=asker, method="cash", carrier_colleague=carrier)
    for each in (other, request):
        fund.recommend(each, who if part == "verifies" else "director")
    if part == "knows somebody":
        conflicts.declare(make.actor("fund"), request, knows=True, reason="A cousin.")
    with pytest.raises((NotAllowed, WrongStatus)):
        fund.approve(request, to)
    assert request.status == "recommended"


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
    _names("national", "director2", Capacity.DIRECTOR, place=None)

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


def test_nobody_delegates_what_they_do_not_decide_themself() -> None:
    with pytest.raises(Refused):
        _delegates("director", "colleague", Capacity.OFFICER)
    with pytest.raises(NotAllowed):
        _delegates("monitor", "colleague")


@pytest.mark.engines("sqlite")
def test_who_stands_in_for_several_signs_for_whoever_may_and_as_what_is_wanted() -> None:
    for of, capacity in (
        ("director", Capacity.DIRECTOR),  # who verifies the first request
        ("national", Capacity.DIRECTOR),
        ("fund", Capacity.OFFICER),
    ):
        _delegates(of, "colleague", capacity)
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
            _names(who, "director2", Capacity.DIRECTOR, place)
        assert set(refused.value.reasons) == {"office"}
        return
    named = _names(who, "director2", Capacity.DIRECTOR, place)
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
    _delegates("fund", "colleague")
    _names("fund2", "stranger")
    assert delegation.decides_for_others(make.actor(who)) is decides


# How it ends --------------------------------------------------------------------------------------


def _end(named: Delegation) -> None:
    delegation.end_delegation(make.actor("fund"), make.organisation(), named.uid)


@pytest.mark.engines("sqlite")
def test_what_has_begun_is_kept_when_it_ends_and_what_has_not_is_gone() -> None:
    begun, later = _delegates("fund", "colleague"), _names("fund", "fund2", begins=timedelta(1))
    _end(begun)
    _end(later)
    assert list(session().scalars(select(Delegation))) == [begun]
    assert begun.ends_at <= clock.now()
    assert begun.confirmed_at is not None


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("begins", [-timedelta(minutes=1), timedelta(days=1)])
def test_a_stand_in_who_was_ended_waits_for_no_second_person(begins: timedelta) -> None:
    named = _names("fund", "colleague", begins=begins)
    _end(named)
    assert proposals.waiting_for(named) is None


@pytest.mark.engines("sqlite")
def test_a_stand_in_whose_row_is_gone_is_not_confirmed() -> None:
    named = _names("fund", "colleague")
    proposal = waiting(named)
    with authorised(make.actor("fund"), Action.FUND_DELEGATE, within=make.organisation()):
        session().delete(named)
    with pytest.raises(WrongStatus, match="ended"):
        proposals.confirm(make.actor("admin2"), proposal)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("ended", [False, True])
def test_whoever_is_named_stops_it_and_what_they_decided_before_stays_right(*, ended: bool) -> None:
    named = _names("fund", "colleague")
    proposal = waiting(named)
    proposals.confirm(make.actor("admin2"), proposal)
    if ended:
        _end(named)
    proposals.stop(make.actor("colleague"), proposal)
    assert (named.confirmed_at is not None) is ended


@pytest.mark.engines("sqlite")
def test_all_that_binds_somebody_who_leaves_ends_and_nothing_else() -> None:
    over = _delegates("fund", "fund2")
    _end(over)
    was_over_at = over.ends_at
    theirs, of_them = _delegates("fund", "fund2"), _delegates("fund2", "colleague")
    other = _delegates("fund", "stranger")
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
    ("place", "decides"), [(None, True), (make.HERE, True), (make.THERE, False)]
)
def test_an_officer_counts_for_their_office_and_one_without_an_office_for_all(
    place: str | None, *, decides: bool
) -> None:
    make.role_given("nobody", Role.FUND_OFFICER, make.office(place) if place else None)
    request = fund.recommended()
    make.incident("stranger")  # a case of the other office
    for login in ("fund", "fund2"):
        conflicts.declare(make.actor(login), request, knows=True, reason="A cousin.")
    assert approval_levels.somebody_can(Capacity.OFFICER, request) is decides


@pytest.mark.engines("sqlite")
def test_nobody_of_another_organisation_counts() -> None:
    request = fund.sent()
    about = {"scope_id": request.scope_id, "requested_by_id": request.requested_by_id}
    here, elsewhere = request.organisation_id, request.organisation_id + 1
    assert [
        approval_levels.somebody_can(
            Capacity.OFFICER, SupportRequest(organisation_id=organisation_id, **about)
        )
        for organisation_id in (here, elsewhere)
    ] == [True, False]
