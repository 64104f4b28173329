"""Who may stand in for whom: the very same at once, others by two, some never; and how it ends."""

import contextlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Membership, Role, Sensitivity
from hrdtracker.accounts import proposals, staff
from hrdtracker.authorised import authorised
from hrdtracker.cases import sharing
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, WrongStatus
from hrdtracker.fund.decisions import delegation
from hrdtracker.fund.drafts.requests import DelegationDraft
from hrdtracker.fund.model import Capacity
from hrdtracker.fund.requests import conflicts
from hrdtracker.fund.requests import service as requests
from hrdtracker.notices.model import Notice
from tests import fund, make
from tests.fund_stand_ins import delegates, names_stand_in
from tests.two_people import waiting

pytestmark = [pytest.mark.usefixtures("unit"), pytest.mark.engines("sqlite")]
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


def test_of_all_roles_in_all_offices_only_the_very_same_stands_in_without_a_second_person() -> None:
    national = make.role_given("far_director", Role.FUND_OFFICER, None)
    assert national.counts_since is not None
    of = {Capacity.OFFICER: "far_director", Capacity.DIRECTOR: "national"}
    answers, expected = {}, {}
    for capacity, where, role, there in TABLE:
        held = _holding(role, there)
        outcome, named = "never", None
        with contextlib.suppress(Refused):
            named = names_stand_in(of[capacity], "nobody", capacity, where)
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


@pytest.mark.parametrize("role", sorted(NEVER))
def test_a_stand_in_who_becomes_one_that_never_does_decides_no_more(role: Role) -> None:
    delegates("fund", "colleague")
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


@pytest.mark.parametrize("whose", ["fund", "fund2"])
def test_who_stood_in_by_the_same_role_decides_no_more_once_one_of_the_two_lost_it(
    whose: str,
) -> None:
    make.role_given("fund2", Role.MONITOR, make.office(make.HERE))
    delegates("fund", "fund2")
    assert _counts("fund2")
    _over(make.role_of(whose))
    assert not _counts("fund2")
    assert [line.void for line in delegation.stand_ins(make.actor("fund2"))] == [True]


def test_whoever_gets_a_new_code_stands_in_for_nobody_until_their_roles_are_given_back() -> None:
    delegates("fund", "colleague")
    staff.invite_again(make.actor("admin"), make.user("colleague"))
    make.activate(make.user("colleague"))
    assert not _counts("colleague")
    make.confirm("national", make.user("colleague"))
    assert _counts("colleague")


def test_a_stand_in_whose_role_changed_before_the_second_person_came_is_not_confirmed() -> None:
    named = names_stand_in("fund", "colleague")
    proposal = waiting(named)
    _holding_too("colleague", Role.AUDITOR)
    with pytest.raises(Refused):
        proposals.confirm(make.actor("admin2"), proposal)
    assert named.confirmed_at is None


def test_somebody_stands_in_for_ninety_days_at_most() -> None:
    moment, to, office = clock.now(), make.user("fund2").uid, make.office(make.HERE).uid
    days = timedelta(days=90)
    longest = DelegationDraft(to, Capacity.OFFICER, moment, moment + days, office)
    assert longest.ends_at - longest.starts_at == days
    with pytest.raises(Refused) as refused:
        DelegationDraft(to, Capacity.OFFICER, moment, moment + days + timedelta(hours=1), office)
    assert set(refused.value.reasons) == {"ends_at"}


def test_whoever_stands_in_at_once_is_told_and_nobody_need_confirm() -> None:
    named = names_stand_in("fund", "fund2")
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
def test_what_either_of_the_two_took_part_in_is_not_decided_so(who: str, part: str) -> None:
    """A stand-in is kept apart like everybody, and so is whoever is away."""
    to = "colleague" if who == "fund" else who
    delegates("fund", to)
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


@pytest.mark.parametrize(("away", "hands_on"), [("director", True), ("director2", False)])
def test_a_director_hands_on_no_more_than_they_have(away: str, *, hands_on: bool) -> None:
    case = make.case_of(make.incident())
    sharing.set_sensitivity(make.actor("director"), case, Sensitivity.RESTRICTED, case.version)
    request = requests.ask(make.actor("monitor"), case, fund.draft(600_00))
    requests.submit(make.actor("monitor"), request, request.version)

    def reads(login: str) -> bool:
        return policy.allows(make.actor(login), Action.FUND_IDENTIFY, request)

    assert [reads(login) for login in ("director", "director2", "national")] == [True, False, False]
    assert proposals.waiting_for(names_stand_in(away, "national", Capacity.DIRECTOR)) is None
    assert reads("national") is hands_on
