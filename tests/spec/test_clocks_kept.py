"""Limits are counted in the act that changes a fact, kept, and counted anew to the same."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.authorised import authorised
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.custody import service as custody
from hrdtracker.people import service as people
from hrdtracker.people.drafts import NameDraft, PersonDraft
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.clocks.model import IDENTITY, Clock, ClockStanding
from hrdtracker.proceedings.clocks.reading import clock_parts, due_until, to_be_freed
from hrdtracker.proceedings.clocks.recount import COUNTED, count_all
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive

pytestmark = pytest.mark.usefixtures("unit")
TWO_DAYS = timedelta(hours=48)


@pytest.fixture(autouse=True)
def _this_evening() -> Any:
    with time_machine.travel(ARRIVED + timedelta(hours=10), tick=False):
        yield


def clocks(name: str = "police_custody") -> list[Clock]:
    return list(session().scalars(select(Clock).where(Clock.clock == name).order_by(Clock.id)))


def kept() -> set[tuple[Any, ...]]:
    columns = [getattr(Clock, name) for name in ("uid", *IDENTITY, *COUNTED)]
    return {tuple(row) for row in session().execute(select(*columns))}


def test_custody_ends_48_hours_after_the_arrival_that_was_recorded() -> None:
    arrive(arrested(adult()))
    (found,) = clocks()
    assert found.ends_earliest == found.ends_latest == ARRIVED + TWO_DAYS
    assert (found.standing, found.people, found.is_held) == (ClockStanding.RUNS, 1, True)
    assert not found.is_reviewed


def test_an_arrival_of_which_no_hour_is_known_gives_a_window_of_a_day() -> None:
    arrive(arrested(adult()), When.day(ARRIVED.date(), make.ZONE))
    (found,) = clocks()
    assert found.ends_earliest is not None
    assert found.ends_latest is not None
    assert found.ends_latest - found.ends_earliest == timedelta(days=1) - timedelta(seconds=1)


def test_where_no_age_is_known_the_shorter_limits_of_minors_count_and_it_is_asked() -> None:
    arrive(arrested(PersonDraft((NameDraft("Demo B"),))))
    (found,) = clocks()
    assert found.ends_earliest == ARRIVED + timedelta(hours=24)
    assert "age" in found.asks.split()


def test_an_age_that_is_entered_later_changes_the_limit_in_the_same_act() -> None:
    arrive(arrested(PersonDraft((NameDraft("Demo B"),))))
    before = clocks()[0].uid
    person = session().scalars(select(Person)).one()
    people.edit_person(make.actor("monitor"), person, adult("Demo B"), person.version)
    session().expire_all()
    (found,) = clocks()
    assert (found.uid, found.ends_earliest) == (before, ARRIVED + TWO_DAYS)


def test_nothing_runs_any_more_for_somebody_who_was_released() -> None:
    incident = arrested(adult())
    (stay,) = arrive(incident)
    with authorised(make.actor("monitor"), Action.INCIDENT_EDIT, on=incident):
        released = When.minute(ARRIVED + timedelta(hours=8), make.ZONE)
        custody.end(stay, "released_on_bail", released)
    assert clocks() == []


def test_a_stay_of_a_group_counts_for_as_many_as_it_is_of() -> None:
    group = PersonDraft((NameDraft("About forty"),), unit=CountingUnit.COMMUNITY, head_count=40)
    incident = arrested(group)
    (stay,) = arrive(incident)
    assert clocks()[0].people == 40
    with authorised(make.actor("monitor"), Action.INCIDENT_EDIT, on=incident):
        stay.people = 9
    session().expire_all()
    assert clocks()[0].people == 9


def test_all_clocks_counted_anew_are_those_that_are_kept() -> None:
    arrive(arrested(adult(), PersonDraft((NameDraft("Demo B"),)), adult("Demo C")))
    arrive(arrested(adult("Demo D")), When.day(ARRIVED.date(), make.ZONE))
    before = kept()
    count_all(clock.now())
    assert kept() == before
    assert len(before) > 4


def test_equal_ends_of_a_case_are_one_line_with_the_letters_of_the_people() -> None:
    arrive(arrested(adult("Demo A"), adult("Demo B"), adult("Demo C")))
    (line,) = [
        line
        for line in clock_parts(make.actor("monitor")).expected
        if line.clock == "police_custody"
    ]
    assert (line.people, line.letters) == (3, ("A", "B", "C"))


def test_what_a_lawyer_did_not_check_stands_only_among_what_is_expected() -> None:
    arrive(arrested(adult()))
    parts = clock_parts(make.actor("monitor"))
    assert not parts.checked
    assert {line.clock for line in parts.expected} >= {"police_custody"}


@pytest.mark.parametrize(("hours", "is_due"), [(38, True), (37, False)])
def test_the_next_limits_are_those_that_end_in_time(hours: int, is_due: bool) -> None:  # noqa: FBT001
    arrive(arrested(adult()))
    until = clock.now() + timedelta(hours=hours)
    found = due_until(make.actor("monitor"), until)
    assert [line.clock for line in found] == (["police_custody"] if is_due else [])


def test_the_list_for_tonight_has_only_people_who_are_held() -> None:
    incident = arrested(adult("Demo A"), adult("Demo B"))
    first, _ = arrive(incident)
    tomorrow = clock.now() + timedelta(days=2)
    assert len(to_be_freed(make.actor("monitor"), tomorrow)) == 2
    with authorised(make.actor("monitor"), Action.INCIDENT_EDIT, on=incident):
        custody.end(first, "escaped")
    assert len(to_be_freed(make.actor("monitor"), tomorrow)) == 1


def test_of_whom_nobody_heard_for_a_week_only_a_number_is_said() -> None:
    arrive(arrested(adult()))
    with time_machine.travel(ARRIVED + timedelta(days=9), tick=False):
        parts = clock_parts(make.actor("monitor"))
    assert (list(parts.expected), parts.unheard) == ([], 1)


def test_a_stranger_reads_no_clock_of_a_case_of_another_office() -> None:
    arrive(arrested(adult()))
    parts = clock_parts(make.actor("stranger"))
    assert (list(parts.expected), parts.unheard) == ([], 0)


def test_what_became_possible_since_is_in_no_list_of_what_comes() -> None:
    arrive(arrested(adult()))

    def listed(hours: int) -> set[str]:
        with time_machine.travel(ARRIVED + timedelta(hours=hours), tick=False):
            return {line.clock for line in clock_parts(make.actor("monitor")).expected}

    assert "lawyer_access" in listed(23)
    assert "lawyer_access" not in listed(25)
    assert "police_custody" in listed(25)
