"""Hearings: what is recorded of a day in court, how it is put off, and who goes there."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from hrdtracker.cases.model import Task
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, NotFound, Refused, Stale, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.proceedings import hearings, opening
from hrdtracker.proceedings.drafts.hearings import ConclusionDraft, HearingDraft
from hrdtracker.proceedings.drafts.proceedings import EndDraft
from hrdtracker.proceedings.model import Hearing, HearingStatus, Proceeding
from hrdtracker.proceedings.reading import hearings as reading
from hrdtracker.proceedings.reading.double_bookings import double_bookings, who_is_free
from hrdtracker.proceedings.reading.hearings import (
    Agenda,
    HearingFilter,
    HearingLine,
    agenda,
    hearing_line,
    hearings_of,
)
from tests import courts, make
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("unit")
NOW = clock.now().replace(second=0, microsecond=0)
BATTAMBANG = "first_instance_02"


def at(hours: float) -> When:
    """Return the minute so many hours from now."""
    return When.minute(NOW + timedelta(hours=hours), make.ZONE)


def added(proceeding: Proceeding, starts: When, login: str = "monitor", **changes: Any) -> Hearing:
    draft = HearingDraft(**{"starts": starts, "kind": "trial", **changes})
    return hearings.add_hearing(make.actor(login), proceeding, draft)


def concluded(hearing: Hearing, status: str = "adjourned", **changes: Any) -> None:
    values = {"asked_by": "court", "task": "Ask the clerk", **changes}
    draft = ConclusionDraft(HearingStatus(status), **values)
    hearings.conclude(make.actor("monitor"), hearing, draft, hearing.version)


def following(hearing: Hearing) -> Hearing:
    return session().scalars(select(Hearing).where(Hearing.follows_id == hearing.id)).one()


def line(hearing: Hearing, login: str = "monitor") -> HearingLine:
    return hearing_line(make.actor(login), hearing.uid)


def week(login: str = "monitor", **changes: Any) -> Agenda:
    chosen = HearingFilter(NOW - timedelta(days=3), NOW + timedelta(days=4), **changes)
    return agenda(make.actor(login), chosen)


def uid(login: str) -> UUID:
    return make.user(login).uid


def test_a_hearing_is_recorded_with_its_room_and_judge_and_who_goes() -> None:
    proceeding = courts.opened(courts.case_with(2))
    hearing = added(proceeding, at(20), room="2", judge="Judge One", monitors=(uid("monitor"),))
    found = line(hearing)
    assert (found.hearing.room, found.hearing.judge, found.accused) == ("2", "Judge One", 2)
    assert [user.login for user in found.monitors] == ["monitor"]


def test_a_hearing_is_seen_through_each_case_of_its_proceeding_and_by_nobody_else() -> None:
    proceeding = courts.opened(courts.case_with(1))
    hearing = added(proceeding, at(20))
    with pytest.raises(NotFound):
        line(hearing, "stranger")
    courts.tied(proceeding, courts.case_with(1, "stranger"))
    assert line(hearing, "stranger").hearing.uid == hearing.uid


def test_nobody_records_a_hearing_of_a_case_that_is_not_theirs() -> None:
    proceeding = courts.opened(courts.case_with(1))
    with pytest.raises(NotAllowed):
        added(proceeding, at(20), "stranger")


def test_only_who_can_open_the_case_goes_there() -> None:
    proceeding = courts.opened(courts.case_with(1))
    with pytest.raises(Refused) as why:
        added(proceeding, at(20), monitors=(uid("stranger"),))
    assert set(why.value.reasons) == {"monitor"}


def test_a_hearing_after_the_end_of_the_proceeding_is_refused_beside_its_day() -> None:
    proceeding = courts.opened(courts.case_with(1))
    opening.end_proceeding(
        make.actor("monitor"),
        proceeding,
        EndDraft(courts.on(12), "final_judgment"),
        proceeding.version,
    )
    with pytest.raises(Refused) as why:
        added(proceeding, at(20))
    assert set(why.value.reasons) == {"when"}


def test_what_is_to_come_was_not_held_yet() -> None:
    hearing = added(courts.opened(courts.case_with(1)), at(20))
    with pytest.raises(Refused) as why:
        concluded(hearing, "held")
    assert set(why.value.reasons) == {"status"}


def test_a_hearing_that_was_held_keeps_no_reason() -> None:
    hearing = added(courts.opened(courts.case_with(1)), at(-2))
    concluded(hearing, "held", reason="none")
    assert (hearing.status, hearing.reason, hearing.asked_by) == ("held", None, None)


def test_an_adjournment_says_who_asked_and_goes_on_with_the_same_people() -> None:
    hearing = added(
        courts.opened(courts.case_with(1)), at(-2), room="2", monitors=(uid("monitor"),)
    )
    concluded(hearing, reason="A judge was absent.", defence_agreed=False, next_starts=at(200))
    after = line(following(hearing))
    assert (hearing.asked_by, hearing.defence_agreed) == ("court", False)
    assert (after.at, after.hearing.room) == (NOW + timedelta(hours=200), "2")
    assert [user.login for user in after.monitors] == ["monitor"]
    assert after.before is not None
    assert after.before.reason == "A judge was absent."


def test_an_adjournment_that_nobody_is_said_to_have_asked_for_is_refused() -> None:
    with pytest.raises(Refused) as why:
        ConclusionDraft(HearingStatus.ADJOURNED)
    assert set(why.value.reasons) == {"asked_by"}


def test_it_cannot_go_on_before_it_began() -> None:
    hearing = added(courts.opened(courts.case_with(1)), at(-2))
    with pytest.raises(Refused) as why:
        concluded(hearing, next_starts=at(-30))
    assert set(why.value.reasons) == {"when"}


def test_without_a_next_day_somebody_asks_the_clerk_after_a_week() -> None:
    hearing = added(courts.opened(courts.case_with(1)), at(-2))
    concluded(hearing)
    task = session().get_one(Task, following(hearing).ask_task_id)
    in_a_week = clock.today(make.ZONE) + timedelta(days=7)
    assert (task.what, task.due_on, task.done_at) == ("Ask the clerk", in_a_week, None)


def test_once_the_day_is_set_nobody_asks_the_clerk() -> None:
    hearing = added(courts.opened(courts.case_with(1)), at(-2))
    concluded(hearing)
    after = following(hearing)
    draft = HearingDraft(at(100), "trial")
    hearings.change_hearing(make.actor("monitor"), after, draft, after.version)
    assert session().get_one(Task, after.ask_task_id).done_at is not None


def test_nobody_asks_the_clerk_once_a_colleague_of_another_case_of_the_proceeding_set_the_day() -> (
    None
):
    proceeding = courts.opened(courts.case_with(1))
    courts.tied(proceeding, courts.case_with(1, "stranger"))
    hearing = added(proceeding, at(-2))
    concluded(hearing)
    after = following(hearing)
    draft = HearingDraft(at(100), "trial")
    hearings.change_hearing(make.actor("stranger"), after, draft, after.version)
    assert session().get_one(Task, after.ask_task_id).done_at is not None


def test_the_day_that_is_set_is_not_before_the_adjournment() -> None:
    hearing = added(courts.opened(courts.case_with(1)), at(-2))
    concluded(hearing)
    after = following(hearing)
    with pytest.raises(Refused) as why:
        hearings.change_hearing(
            make.actor("monitor"), after, HearingDraft(at(-40), "trial"), after.version
        )
    assert set(why.value.reasons) == {"when"}


def test_what_became_of_a_hearing_is_said_once_and_may_be_taken_back() -> None:
    hearing = added(courts.opened(courts.case_with(1)), at(-2))
    concluded(hearing, "cancelled", reason="A holiday")
    with pytest.raises(WrongStatus):
        concluded(hearing, "held")
    hearings.take_back(make.actor("monitor"), hearing, hearing.version)
    assert (hearing.status, hearing.reason) == ("scheduled", None)
    with pytest.raises(WrongStatus):
        hearings.take_back(make.actor("monitor"), hearing, hearing.version)


def test_whoever_saw_an_older_hearing_is_told() -> None:
    hearing = added(courts.opened(courts.case_with(1)), at(-2))
    with pytest.raises(Stale):
        hearings.take_back(make.actor("monitor"), hearing, hearing.version - 1)
    with pytest.raises(Stale):
        hearings.change_hearing(
            make.actor("monitor"), hearing, HearingDraft(at(2), "trial"), hearing.version - 1
        )


def test_the_third_adjournment_counts_from_the_first_hearing() -> None:
    first = added(courts.opened(courts.case_with(1)), at(-24 * 210))
    concluded(first, next_starts=at(-24 * 100))
    second = following(first)
    concluded(second, next_starts=at(-24))
    concluded(following(second), next_starts=at(24))
    last = line(following(following(second)))
    assert (last.adjourned, last.first_at) == (3, NOW - timedelta(days=210))


def test_what_has_no_day_stands_in_a_list_of_its_own() -> None:
    proceeding = courts.opened(courts.case_with(1))
    added(proceeding, at(20))
    added(proceeding, When.unknown("", make.ZONE))
    found = week()
    assert (len(found.lines), len(found.unset), found.unattended) == (1, 1, 1)


def test_the_agenda_is_narrowed_to_a_court_an_office_and_whoever_goes() -> None:
    proceeding = courts.opened(courts.case_with(1))
    added(proceeding, at(20), court=BATTAMBANG, monitors=(uid("monitor"),))
    added(proceeding, at(24 * 5))
    assert len(week().lines) == 1
    assert len(week(court=BATTAMBANG, office=make.HERE, monitor=uid("monitor")).lines) == 1
    assert len(week(court="first_instance_12").lines) == 0
    assert len(week(office="elsewhere").lines) == 0
    assert len(week(monitor=uid("director")).lines) == 0


def _two_courts(hours: float = 20.5, court: str | None = BATTAMBANG) -> Agenda:
    proceeding = courts.opened(courts.case_with(1))
    monitors = (uid("monitor"),)
    added(proceeding, at(20), court="first_instance_12", monitors=monitors)
    added(proceeding, at(hours), court=court, monitors=monitors)
    return week()


def test_somebody_in_two_courts_at_one_hour_is_found() -> None:
    (booking,) = double_bookings(_two_courts().lines)
    assert (booking.monitor.login, booking.second.hearing.court) == ("monitor", BATTAMBANG)


@pytest.mark.parametrize(("hours", "court"), [(21, BATTAMBANG), (20.5, "first_instance_12")])
def test_an_hour_apart_or_in_one_court_is_no_conflict(hours: float, court: str) -> None:
    assert list(double_bookings(_two_courts(hours, court).lines)) == []


def test_two_hearings_of_one_proceeding_whose_court_nobody_knows_are_in_one_court() -> None:
    proceeding, other = (courts.opened(courts.case_with(1)) for _ in range(2))
    for hours, of in ((20, proceeding), (20.5, proceeding)):
        added(of, at(hours), monitors=(uid("monitor"),))
    assert list(double_bookings(week().lines)) == []
    added(other, at(20.75), monitors=(uid("monitor"),))
    assert len(list(double_bookings(week().lines))) == 2


def test_somebody_who_is_free_goes_instead() -> None:
    (booking,) = double_bookings(_two_courts().lines)
    free = who_is_free(make.actor("monitor"), booking.second)
    assert "monitor" not in {user.login for user in free}
    row = booking.second.hearing
    hearings.send_monitor(make.actor("monitor"), row, free[0].uid, instead_of=uid("monitor"))
    assert [user.id for user in line(row).monitors] == [free[0].id]
    assert list(double_bookings(week().lines)) == []


def test_who_is_free_does_not_tell_of_a_hearing_in_a_case_that_one_may_not_open() -> None:
    here = line(added(courts.opened(courts.case_with(1)), at(20)))

    def free(login: str) -> set[str]:
        return {user.login for user in who_is_free(make.actor(login), here)}

    before = free("monitor")
    assert "national" in before
    hidden = courts.opened(courts.case_with(1, "stranger"), "stranger")
    added(hidden, at(20.5), "stranger", monitors=(uid("national"),))
    assert free("monitor") == before
    assert "national" not in free("national")


def test_the_office_of_a_case_that_one_may_not_open_narrows_nothing() -> None:
    proceeding = courts.opened(courts.case_with(1))
    courts.tied(proceeding, courts.case_with(1, "stranger"))
    added(proceeding, at(20))
    assert len(week("national", office=make.THERE).lines) == 1
    assert len(week("monitor", office=make.THERE).lines) == 0
    assert len(week("stranger", office=make.HERE).lines) == 0


def test_who_goes_there_already_is_not_sent_twice_but_may_be_sent_again() -> None:
    hearing = added(courts.opened(courts.case_with(1)), at(20), monitors=(uid("monitor"),))
    with pytest.raises(Refused):
        hearings.send_monitor(make.actor("monitor"), hearing, uid("monitor"))
    hearings.relieve_monitor(make.actor("monitor"), hearing, uid("monitor"))
    assert line(hearing).nobody_goes
    with pytest.raises(WrongStatus):
        hearings.relieve_monitor(make.actor("monitor"), hearing, uid("monitor"))
    hearings.send_monitor(make.actor("monitor"), hearing, uid("monitor"))
    assert not line(hearing).nobody_goes


def test_nobody_is_sent_to_what_is_over() -> None:
    hearing = added(courts.opened(courts.case_with(1)), at(-2))
    concluded(hearing, "held")
    with pytest.raises(WrongStatus):
        hearings.send_monitor(make.actor("monitor"), hearing, uid("monitor"))


def test_forty_hearings_are_as_many_statements_as_two() -> None:
    proceeding = courts.opened(courts.case_with(1))
    for number in range(2):
        added(proceeding, at(number), monitors=(uid("monitor"),))
    few = counted(lambda: hearings_of(make.actor("monitor"), proceeding))
    for number in range(38):
        added(proceeding, at(number / 2), monitors=(uid("monitor"),))
    session().expire_all()
    assert counted(lambda: hearings_of(make.actor("monitor"), proceeding)) <= few
    assert len(week().lines) == 40


def test_a_court_is_asked_for_before_a_list_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much happens in other courts first, the hearings of this one are all there."""
    monkeypatch.setattr(reading, "MOST", 2)
    proceeding = courts.opened(courts.case_with(1))
    unset = When.unknown("", make.ZONE)
    for starts in (*(at(hours) for hours in (1, 2, 3)), unset, unset, unset):
        added(proceeding, starts)
    here = [added(proceeding, starts, court=BATTAMBANG) for starts in (at(4), at(5), at(6), unset)]
    found = week(court=BATTAMBANG)
    assert [each.hearing.id for each in found.lines] == [row.id for row in here[:2]]
    assert [each.hearing.id for each in found.unset] == [here[3].id]
    one = counted(lambda: week(court=BATTAMBANG))
    assert one <= counted(week) + 2
