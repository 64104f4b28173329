"""What was done for whoever is held: said of several at once, missing, and read by limits."""

from collections.abc import Iterator
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
from hrdtracker.custody.drafts import StepsDraft
from hrdtracker.custody.model import CustodyEvent, CustodyStep, StayStep
from hrdtracker.custody.people import people_in
from hrdtracker.custody.steps import TimeInCustody, record_steps, times_in_custody
from hrdtracker.incidents.case_view import story
from hrdtracker.incidents.known_facts import case_facts
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from tests import make
from tests.clocks import ARRIVED, adult, arrested, arrive

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
    case: Case, hours: float = 2, kind: CustodyStep = LAWYER, login: str = "monitor"
) -> StayStep:
    draft = StepsDraft(_stays(case), {kind: _at(hours)}, "lawyer")
    return record_steps(make.actor(login), case, draft)


def _acted(case: Case, kind: CustodyEvent, hours: float, **changes: Any) -> None:
    draft = ManyDraft(kind=kind, happened=_at(hours), stays=_stays(case), **changes)
    service.record(make.actor("monitor"), case, draft)


def _time(case: Case) -> TimeInCustody:
    (row,) = people_in(case.scope_id)
    assert row.stay is not None
    return times_in_custody(case.scope_id)[row.stay.id]


def _missing(case: Case) -> set[str]:
    monitor = make.actor("monitor")
    facts = case_facts(case_file(monitor, case.uid), story(monitor, case))
    return {gap.field for gap in completeness(facts).gaps}


def _lawyer_limit() -> datetime | None:
    session().expire_all()
    found = session().scalars(select(Clock).where(Clock.clock == "lawyer_access")).one_or_none()
    return found.ends_earliest if found else None


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
    assert _lawyer_limit() == ARRIVED + timedelta(hours=24)
    _done(case, 30)
    assert _lawyer_limit() is None
    assert session().scalars(select(Clock).where(Clock.clock == "lawyer_visit")).all() == []
    assert session().scalars(select(Clock).where(Clock.clock == "police_custody")).all()


def test_nothing_said_is_refused_beside_the_fields() -> None:
    with pytest.raises(Refused) as why:
        StepsDraft(_stays(_held()), {})
    assert set(why.value.reasons) == {"family_informed"}
