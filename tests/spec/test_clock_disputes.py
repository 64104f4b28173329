"""A legal officer counts another end of a limit: both stand, and nothing of it is called over."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotAllowed, Refused, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.custody.model import CustodyEvent
from hrdtracker.custody.people import people_in
from hrdtracker.incidents.service import log_incident
from hrdtracker.people import service as people
from hrdtracker.people.drafts import Victim
from hrdtracker.people.model import Person
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.clocks import disputes
from hrdtracker.proceedings.clocks.drafts import DisputeDraft
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.recount import count_all
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from tests import courts, make
from tests.clocks import ARRIVED, adult, arrested, arrive

pytestmark = pytest.mark.usefixtures("unit")
COUNTED = ARRIVED + timedelta(hours=48)


@pytest.fixture(autouse=True)
def _this_evening() -> Iterator[None]:
    with time_machine.travel(ARRIVED + timedelta(hours=10), tick=False):
        yield


@pytest.fixture
def custody() -> Clock:
    """Return the custody of somebody in a case that the legal officer was let into."""
    incident = arrested(adult())
    arrive(incident)
    case = make.case_of(incident)
    until = clock.now() + timedelta(days=30)
    member = MemberDraft(make.user("legal").uid, "She follows the custody.", until)
    sharing.add_member(make.actor("director"), case, member)
    return present()


def present() -> Clock:
    session().expire_all()
    query = select(Clock).where(Clock.clock == "police_custody")
    return session().scalars(query).one()


def disputed(custody: Clock, hours: int) -> None:
    ends = COUNTED + timedelta(hours=hours)
    draft = DisputeDraft(ends, "The order names another hour.")
    disputes.dispute(make.actor("legal"), custody, draft)


@pytest.mark.parametrize("hours", [-6, 6])
def test_both_ends_stand_the_earlier_first(custody: Clock, hours: int) -> None:
    disputed(custody, hours)
    found, other = present(), COUNTED + timedelta(hours=hours)
    assert (found.ends_earliest, found.ends_latest) == (min(COUNTED, other), max(COUNTED, other))
    assert (found.disputed_end, found.confidence, found.is_reviewed) == (other, "disputed", False)
    assert found.uid == custody.uid


def test_a_dispute_that_ended_leaves_the_limit_as_it_is_counted(custody: Clock) -> None:
    disputed(custody, -6)
    disputes.end_dispute(make.actor("legal"), present())
    found = present()
    assert (found.ends_earliest, found.ends_latest, found.disputed_end) == (COUNTED, COUNTED, None)
    with pytest.raises(WrongStatus):
        disputes.end_dispute(make.actor("legal"), found)


def test_a_dispute_outlives_what_is_counted_anew_and_every_correction(custody: Clock) -> None:
    disputed(custody, 6)
    count_all(clock.now())
    person = session().scalars(select(Person)).one()
    draft = adult("Demo A", sex=None)
    people.edit_person(make.actor("monitor"), person, draft, person.version)
    assert present().disputed_end == COUNTED + timedelta(hours=6)


def test_a_dispute_says_nothing_of_a_later_arrest_of_the_same_person(custody: Clock) -> None:
    disputed(custody, 6)
    case = session().scalars(select(Case).where(Case.scope_id == custody.scope_id)).one()
    (person,) = courts.people(case)
    _recorded(case, 20, CustodyEvent.ENDED, end_kind="released")
    later = ARRIVED + timedelta(days=9)
    with time_machine.travel(later + timedelta(hours=1), tick=False):
        draft = make.draft(victims=(Victim(known=person),), occurred=When.minute(later, make.ZONE))
        again = log_incident(make.actor("monitor"), draft, case)
        arrive(again, When.minute(later, make.ZONE))
        found = present()
        assert found.disputed_end is None
        assert found.ends_earliest is not None
        assert found.ends_earliest > later
        disputed(found, 24 * 9 + 6)
        assert present().disputed_end == later + timedelta(hours=54)


def test_a_dispute_goes_along_with_whoever_is_moved(custody: Clock) -> None:
    disputed(custody, 6)
    case = session().scalars(select(Case).where(Case.scope_id == custody.scope_id)).one()
    _recorded(case, 20, CustodyEvent.MOVED)
    assert present().disputed_end == COUNTED + timedelta(hours=6)


def _recorded(case: Case, hours: int, kind: CustodyEvent, **more: Any) -> None:
    """Record what happened so many hours after the arrival to whoever is held in a case."""
    at = ARRIVED + timedelta(hours=hours)
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        (here,) = people_in(case.scope_id)
        stays = (here.uid,)
        draft = ManyDraft(kind, When.minute(at, make.ZONE), stays, **more)
        service.record(make.actor("monitor"), case, draft)


def test_nobody_disputes_a_limit_twice(custody: Clock) -> None:
    disputed(custody, 6)
    with pytest.raises(WrongStatus):
        disputed(present(), 8)


@pytest.mark.parametrize("who", ["monitor", "director", "national", "stranger"])
def test_only_a_legal_officer_who_reads_the_case_disputes_its_limits(
    custody: Clock, who: str
) -> None:
    with pytest.raises(NotAllowed):
        disputes.dispute(make.actor(who), custody, DisputeDraft(COUNTED, "No."))


def test_a_legal_officer_outside_the_case_disputes_nothing() -> None:
    arrive(arrested(adult()))
    with pytest.raises(NotAllowed):
        disputed(present(), 6)


def test_a_dispute_says_why() -> None:
    with pytest.raises(Refused):
        DisputeDraft(COUNTED, " ")
