"""Who is on duty in an office on a day, and that being on duty opens nothing."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Sensitivity, UserState
from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import BlockDraft, MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, Stale, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyEvent
from hrdtracker.custody.people import people_in
from hrdtracker.duty.model import DutyDay
from hrdtracker.duty.queries import DutyLine, offered_to, on_duty, roster
from hrdtracker.duty.service import DayChange, decline, give_back, offer, set_days, take
from hrdtracker.incidents.model import Incident
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.queries import unseen
from hrdtracker.people.drafts import Victim
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.clocks.on_duty import closed_in, closed_to, unreadable
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive

pytestmark = pytest.mark.usefixtures("unit")
TODAY = ARRIVED.date()
SOON = timedelta(hours=48)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with time_machine.travel(ARRIVED + timedelta(hours=1), tick=False):
        yield


def set_duty(login: str | None, day: date = TODAY, by: str = "director") -> DutyDay:
    """Say who is on duty in the office of the cast."""
    present, uid = line(day).user, make.user(login).uid if login else None
    change = DayChange(present.uid if present else None, uid)
    set_days(make.actor(by), make.office(make.HERE), {day: change})
    query = select(DutyDay).where(DutyDay.day == day)
    return session().scalars(query).one()


def line(day: date = TODAY) -> DutyLine:
    return roster([make.office(make.HERE)], [day])[0]


def who(day: date = TODAY) -> str | None:
    user = line(day).user
    return user.login if user else None


def told(login: str) -> list[NoticeKind]:
    return [notice.kind for notice in unseen(make.actor(login))]


def held(login: str = "colleague") -> Incident:
    """Record an arrest in a case of somebody, whose custody ends within two days."""
    incident = arrested(adult("Demo A"))
    arrive(incident)
    case = make.case_of(incident)
    if login != "monitor":
        sharing.assign(make.actor("director"), case, make.user(login).uid, case.version)
    return incident


# --- who says it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("login", "may"),
    [("director", True), ("national", True), ("monitor", False), ("stranger", False)],
)
def test_a_director_of_the_office_says_who_is_on_duty(login: str, may: bool) -> None:  # noqa: FBT001
    if not may:
        with pytest.raises(NotAllowed):
            set_duty("monitor", by=login)
        return
    set_duty("monitor", by=login)
    assert who() == "monitor"
    assert told("monitor") == [NoticeKind.DUTY_CHANGED]


def test_only_who_works_in_the_office_is_on_duty_there() -> None:
    for login in ("stranger", "fund", "auditor"):
        with pytest.raises(Refused):
            set_duty(login)
    assert who() is None


def test_a_day_that_is_over_does_not_change() -> None:
    with pytest.raises(Refused):
        set_duty("monitor", TODAY - timedelta(days=1))
    row = set_duty("monitor")
    with time_machine.travel(ARRIVED + timedelta(days=1), tick=False):
        with pytest.raises(WrongStatus):
            offer(make.actor("monitor"), row, make.user("colleague").uid)
        with pytest.raises(WrongStatus):
            give_back(make.actor("monitor"), row)


def test_a_day_that_a_colleague_took_over_meanwhile_is_not_set_by_who_has_not_seen_it() -> None:
    row = set_duty("monitor")
    offer(make.actor("monitor"), row, make.user("colleague").uid)
    take(make.actor("colleague"), row)
    for chosen in (None, make.user("director").uid):
        late = DayChange(make.user("monitor").uid, chosen)
        with pytest.raises(Stale):
            set_days(make.actor("director"), make.office(make.HERE), {TODAY: late})
    assert who() == "colleague"


def test_what_stays_the_same_is_not_set_anew_and_nobody_is_told() -> None:
    row = set_duty("monitor")
    offer(make.actor("monitor"), row, make.user("colleague").uid)
    set_duty("monitor")
    assert line().offered_to is not None
    assert told("monitor") == [NoticeKind.DUTY_CHANGED]


@pytest.mark.parametrize("state", [UserState.LOCKED, UserState.LEFT])
def test_where_whoever_is_on_duty_is_locked_or_left_it_is_with_the_directors(
    state: UserState,
) -> None:
    set_duty("monitor")
    make.bring(make.user("monitor"), state)
    assert who() is None


def test_one_sees_the_duty_of_the_offices_in_which_one_works() -> None:
    set_duty("monitor")
    seen = {
        login: [one.office.code for one in on_duty(make.actor(login), TODAY)]
        for login in ("monitor", "director", "stranger", "fund")
    }
    assert seen["monitor"] == seen["director"] == [make.HERE]
    assert make.HERE not in seen["stranger"]
    assert seen["fund"] == []


# --- handing it over ------------------------------------------------------------------------------


def test_a_duty_stays_ones_own_until_the_colleague_agrees() -> None:
    row = set_duty("monitor")
    offer(make.actor("monitor"), row, make.user("colleague").uid)
    assert who() == "monitor"
    assert told("colleague") == [NoticeKind.DUTY_OFFERED]
    assert [each.day for each in offered_to(make.actor("colleague"), TODAY)] == [TODAY]
    take(make.actor("colleague"), row)
    assert who() == "colleague"
    assert line().offered_to is None


def test_who_declines_leaves_it_where_it_is() -> None:
    row = set_duty("monitor")
    offer(make.actor("monitor"), row, make.user("colleague").uid)
    decline(make.actor("colleague"), row)
    assert (who(), line().offered_to) == ("monitor", None)


def test_nobody_hands_over_or_takes_what_is_not_theirs() -> None:
    row = set_duty("monitor")
    for login in ("colleague", "director", "stranger"):
        with pytest.raises(NotAllowed):
            offer(make.actor(login), row, make.user("colleague").uid)
        with pytest.raises(NotAllowed):
            give_back(make.actor(login), row)
        with pytest.raises(NotAllowed):
            take(make.actor(login), row)
    with pytest.raises(Refused):
        offer(make.actor("monitor"), row, make.user("stranger").uid)
    with pytest.raises(Refused):
        offer(make.actor("monitor"), row, make.user("monitor").uid)


def test_who_cannot_be_there_gives_the_day_to_the_directors_who_are_told() -> None:
    row = set_duty("monitor")
    give_back(make.actor("monitor"), row)
    assert who() is None
    assert NoticeKind.DUTY_OPEN in told("director")
    assert told("colleague") == []


# --- it opens nothing -----------------------------------------------------------------------------


def test_being_on_duty_opens_no_case_and_changes_nothing_that_somebody_may_do() -> None:
    held("colleague")
    monitor = make.actor("monitor")
    of_cases = [action for action in Action if action.startswith("case.")]
    of_cases.remove(Action.CASE_APPEAL)  # it is about a block

    def powers() -> dict[str, set[Action]]:
        return {
            case.code: policy.allowed(monitor, of_cases, case)
            for case in session().scalars(select(Case).order_by(Case.id))
        }

    before = powers()
    set_duty("monitor")
    assert powers() == before


def test_of_limits_that_one_cannot_open_whoever_is_on_duty_learns_only_how_many() -> None:
    held("monitor")
    held("colleague")
    office = make.office(make.HERE)
    until = clock.now() + SOON
    hidden = unreadable(make.actor("monitor"), [office.id], until)
    assert hidden > 0
    assert unreadable(make.actor("monitor"), [office.id], clock.now()) == 0
    assert unreadable(make.actor("stranger"), [office.id], until) == 0
    (case,) = closed_to(make.actor("director"), make.actor("monitor"), office.id, until)
    assert case.limits == hidden
    assert closed_to(make.actor("monitor"), make.actor("colleague"), office.id, until) == []


def held_far_away() -> None:
    """Record an arrest in another office, in a case that its monitor cannot open any more."""
    far, director = make.actor("stranger"), make.actor("far_director")
    victims, day = (Victim(described=adult("Demo B")),), When.day(TODAY, make.ZONE)
    case = make.case_of(make.incident("stranger", occurred=day, victims=victims, type="arrest"))
    stays = tuple(row.uid for row in people_in(case.scope_id))
    came = When.minute(ARRIVED, make.ZONE)
    service.record(far, case, ManyDraft(kind=CustodyEvent.ARRIVED, happened=came, stays=stays))
    sharing.assign(director, case, director.uid, case.version)


def test_for_several_offices_it_is_counted_at_once_what_whoever_is_on_duty_cannot_open() -> None:
    held("colleague")
    held_far_away()
    national, until = make.actor("national"), clock.now() + SOON
    here, there = make.office(make.HERE).id, make.office(make.THERE).id
    others = {here: make.actor("monitor"), there: make.actor("stranger")}
    counts = closed_in(national, others, until)
    assert counts == {
        office: sum(case.limits for case in closed_to(national, other, office, until))
        for office, other in others.items()
    }
    assert min(counts.values()) > 0
    assert closed_in(national, {here: make.actor("colleague")}, until) == {}
    assert closed_in(make.actor("director"), others, until) == {here: counts[here]}
    assert closed_in(national, others, clock.now()) == {}


def test_the_director_lets_them_in_by_the_act_that_lets_anybody_in() -> None:
    case = make.case_of(held("colleague"))
    director, monitor, office = (
        make.actor("director"),
        make.actor("monitor"),
        make.office(make.HERE),
    )
    until = clock.now() + SOON
    assert closed_to(director, monitor, office.id, until)
    sharing.add_member(
        director, case, MemberDraft(make.user("monitor").uid, "On duty tonight.", until)
    )
    assert closed_to(director, monitor, office.id, until) == []
    assert unreadable(monitor, [office.id], until) == 0


def test_of_a_secret_case_and_of_one_from_which_they_are_shut_out_not_even_the_number_is_told() -> (
    None
):
    monitor, office, until = make.actor("monitor"), make.office(make.HERE), clock.now() + SOON
    case = make.case_of(held("colleague"))
    assert unreadable(monitor, [office.id], until) > 0
    sharing.block(make.actor("director"), case, BlockDraft(make.user("monitor").uid, "A relative."))
    assert unreadable(monitor, [office.id], until) == 0
    other = make.case_of(held("colleague"))
    assert unreadable(monitor, [office.id], until) > 0
    sharing.set_sensitivity(make.actor("director"), other, Sensitivity.SECRET, other.version)
    assert unreadable(monitor, [office.id], until) == 0
