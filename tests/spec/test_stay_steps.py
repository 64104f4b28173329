"""What was done for whoever is held: said of several at once, missing, and read by limits."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases.case_file import case_file
from hrdtracker.cases.completeness import completeness
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused
from hrdtracker.core.when.model import When
from hrdtracker.custody.drafts import AddedPerson, StepsDraft
from hrdtracker.custody.model import CustodyAct, CustodyEvent, CustodyStep, StayStep
from hrdtracker.custody.people import people_in
from hrdtracker.custody.steps import TimeInCustody, record_steps, times_in_custody
from hrdtracker.incidents.case_view import story
from hrdtracker.incidents.known_facts import case_facts
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive
from tests.spec.test_stays import begun, somebody

pytestmark = pytest.mark.usefixtures("unit")
LAWYER, FAMILY = CustodyStep.LAWYER_SEEN, CustodyStep.FAMILY_INFORMED


@pytest.fixture(autouse=True)
def _a_day_later() -> Iterator[None]:
    with time_machine.travel(ARRIVED + timedelta(hours=31), tick=False):
        yield


def _at(hours: float) -> When:
    return When.minute(ARRIVED + timedelta(hours=hours), make.ZONE)


def _held() -> Case:
    """Return the case of an adult who arrived at a police unit 31 hours ago."""
    incident = arrested(adult())
    arrive(incident)
    return make.case_of(incident)


def _stays(case: Case) -> tuple[UUID, ...]:
    return tuple(row.uid for row in people_in(case.scope_id))


def _done(
    case: Case,
    hours: float = 2,
    kind: CustodyStep = LAWYER,
    login: str = "monitor",
    stays: Sequence[UUID] = (),
) -> StayStep:
    draft = StepsDraft(tuple(stays) or _stays(case), {kind: _at(hours)}, "lawyer")
    return record_steps(make.actor(login), case, draft)


def _acted(
    case: Case,
    kind: CustodyEvent,
    hours: float,
    stays: Sequence[UUID] | None = None,
    **changes: Any,
) -> CustodyAct:
    whom = _stays(case) if stays is None else tuple(stays)
    draft = ManyDraft(kind=kind, happened=_at(hours), stays=whom, **changes)
    return service.record(make.actor("monitor"), case, draft)


def _group(count: int) -> PersonDraft:
    return PersonDraft((NameDraft("Workers"),), unit=CountingUnit.COMMUNITY, head_count=count)


def _time(case: Case) -> TimeInCustody:
    (row,) = people_in(case.scope_id)
    assert row.stay is not None
    return times_in_custody(case.scope_id)[row.stay.id]


def _missing(case: Case) -> set[str]:
    monitor = make.actor("monitor")
    facts = case_facts(case_file(monitor, case.uid), story(monitor, case))
    return {gap.field for gap in completeness(facts).gaps}


def _lawyer_limits() -> list[tuple[int, datetime | None]]:
    """Return of how many people, and when, a lawyer may first be seen."""
    session().expire_all()
    rows = session().scalars(select(Clock).where(Clock.clock == "lawyer_access"))
    return sorted((row.people, row.ends_earliest) for row in rows)


def _reasons(case: Case, hours: float) -> set[str]:
    with pytest.raises(Refused) as why:
        _done(case, hours)
    return set(why.value.reasons)


def test_what_was_done_is_said_of_several_at_once_each_when_and_how_we_know() -> None:
    case = _held()
    draft = StepsDraft(_stays(case), {LAWYER: _at(3), FAMILY: _at(1)}, "family")
    record_steps(make.actor("monitor"), case, draft)
    steps = _time(case).steps
    assert {kind: row.known_by for kind, row in steps.items()} == {
        LAWYER: "family",
        FAMILY: "family",
    }


def test_said_again_it_is_corrected_and_the_trail_keeps_both() -> None:
    case = _held()
    first = _done(case, 2)
    count = len(session().scalars(select(AuditEntry.seq)).all())
    again = _done(case, 5)
    assert again.id == first.id
    assert again.happened == _at(5)
    assert len(session().scalars(select(AuditEntry.seq)).all()) > count


def test_whoever_is_moved_keeps_what_was_done_before() -> None:
    case = _held()
    _done(case)
    _acted(case, CustodyEvent.MOVED, 4, place_held="Another post")
    assert set(_time(case).steps) == {LAWYER}
    _done(case, 1)
    assert len(session().scalars(select(StayStep)).all()) == 1
    assert _time(case).steps[LAWYER].happened == _at(1)


def test_each_part_of_a_group_that_is_moved_keeps_what_was_done_for_it() -> None:
    incident = arrested(_group(30))
    arrive(incident)
    case = make.case_of(incident)
    _done(case, 1, FAMILY)
    for hours in (4, 5):
        whole = max(people_in(case.scope_id), key=lambda row: row.heads)
        _acted(case, CustodyEvent.MOVED, hours, (whole.uid,), counts={whole.uid: 10}, prison="cc1")
    parts = [row.uid for row in people_in(case.scope_id)]
    _done(case, 6, stays=parts[:1])
    times = times_in_custody(case.scope_id)
    said = {row.uid: times[row.stay.id] for row in people_in(case.scope_id) if row.stay}
    assert {time.arrived for time in said.values()} == {When.minute(ARRIVED, make.ZONE)}
    assert [set(said[uid].steps) for uid in parts] == [{FAMILY, LAWYER}, {FAMILY}, {FAMILY}]
    assert [heads for heads, _ in _lawyer_limits()] == [10, 10]


def test_whoever_of_a_group_is_named_keeps_what_was_done_for_it() -> None:
    incident = arrested(_group(30))
    arrive(incident)
    case = make.case_of(incident)
    _done(case)
    (group,) = people_in(case.scope_id)
    named = AddedPerson(Victim(described=adult()), group.uid)
    _acted(case, CustodyEvent.MOVED, 4, (), added=(named,), prison="cc1")
    times = times_in_custody(case.scope_id)
    rows = [row.stay for row in people_in(case.scope_id) if row.stay]
    assert [set(times[stay.id].steps) for stay in rows] == [{LAWYER}, {LAWYER}]
    assert _lawyer_limits() == []


@pytest.mark.parametrize("is_before", [True, False])
def test_what_was_done_stays_when_the_hour_of_the_arrival_is_said_or_taken_back(
    is_before: bool,  # noqa: FBT001 - a table of decisions
) -> None:
    case = make.case_of(arrested(adult()))
    if is_before:
        _done(case)
    act = _acted(case, CustodyEvent.ARRIVED, 0)
    if not is_before:
        _done(case)
    assert set(_time(case).steps) == {LAWYER}
    assert _lawyer_limits() == []
    service.undo(make.actor("monitor"), case, act.uid)
    assert set(_time(case).steps) == {LAWYER}
    _acted(case, CustodyEvent.ARRIVED, 1)
    assert (set(_time(case).steps), _lawyer_limits()) == ({LAWYER}, [])


def test_what_goes_over_to_another_stay_stands_on_the_trail_with_whose_it_is() -> None:
    case = make.case_of(arrested(adult(), adult("Demo B")))
    _done(case)
    _acted(case, CustodyEvent.ARRIVED, 0)
    rows = session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(3)).all()
    assert [row.subject_type for row in rows] == ["stay", "stay", "custody_act"]
    assert [b'"stay_step"' in row.payload for row in rows] == [True, True, False]


def test_what_was_done_where_somebody_was_moved_to_stays_when_the_move_is_taken_back() -> None:
    case = _held()
    act = _acted(case, CustodyEvent.MOVED, 1, prison="cc1")
    _done(case)
    service.undo(make.actor("monitor"), case, act.uid)
    assert set(_time(case).steps) == {LAWYER}


def test_what_was_done_in_an_arrival_that_is_taken_back_is_not_said_of_the_custody_before() -> None:
    case = _held()
    _acted(case, CustodyEvent.ENDED, 5, end_kind="released")
    act = _acted(case, CustodyEvent.ARRIVED, 10)
    _done(case, 11)
    service.undo(make.actor("monitor"), case, act.uid)
    assert _time(case).steps == {}


def test_what_was_done_in_an_arrival_that_is_taken_back_is_not_said_of_who_is_in_hiding() -> None:
    case, person = somebody()
    begun(case, person_id=person, situation="in_hiding", since=ARRIVED)
    act = _acted(case, CustodyEvent.ARRIVED, 10)
    _done(case, 11)
    service.undo(make.actor("monitor"), case, act.uid)
    assert _time(case).steps == {}


def test_whoever_is_taken_anew_begins_with_nothing() -> None:
    case = _held()
    _done(case)
    _acted(case, CustodyEvent.ENDED, 5, end_kind="released")
    _acted(case, CustodyEvent.ARRIVED, 10)
    assert _time(case).steps == {}


def test_no_step_lies_before_the_arrival_after_the_end_or_ahead() -> None:
    case = _held()
    assert _reasons(case, -1) == {"lawyer_seen"}
    assert _reasons(case, 32) == {"lawyer_seen"}
    _acted(case, CustodyEvent.ENDED, 5, end_kind="released")
    assert _reasons(case, 6) == {"lawyer_seen"}
    _done(case, 4)


def test_who_may_not_add_to_the_case_says_nothing_and_of_another_case_nobody_does() -> None:
    case, other = _held(), _held()
    with pytest.raises(NotAllowed):
        _done(case, login="stranger")
    with pytest.raises(Refused) as why:
        record_steps(make.actor("monitor"), case, StepsDraft(_stays(other), {LAWYER: _at(2)}))
    assert set(why.value.reasons) == {"stays"}


def test_what_was_not_done_for_whoever_is_held_is_missing_from_the_case() -> None:
    case = _held()
    every = {str(kind) for kind in CustodyStep}
    assert every <= _missing(case)
    _done(case)
    assert _missing(case) & every == every - {"lawyer_seen"}
    _acted(case, CustodyEvent.ENDED, 5, end_kind="released")
    assert not _missing(case) & every


def test_the_day_on_which_a_lawyer_may_be_seen_is_no_more_awaited_once_one_was() -> None:
    case = _held()
    assert _lawyer_limits() == [(1, ARRIVED + timedelta(hours=24))]
    _done(case, 30)
    assert _lawyer_limits() == []
    assert session().scalars(select(Clock).where(Clock.clock == "lawyer_visit")).all() == []
    assert session().scalars(select(Clock).where(Clock.clock == "police_custody")).all()


def test_nothing_said_is_refused_beside_the_fields() -> None:
    with pytest.raises(Refused) as why:
        StepsDraft(_stays(_held()), {})
    assert set(why.value.reasons) == {"family_informed"}
