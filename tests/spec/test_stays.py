"""A stay says where somebody is, since when and how it ended; nobody is in two places."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hrdtracker.access.action import Action
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import Terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import When
from hrdtracker.custody import service
from hrdtracker.custody.model import CustodyAct, CustodyEvent, Stay, StayStanding
from hrdtracker.custody.states import codes_in, is_held, says_held
from hrdtracker.custody.told import HELD, PlaceOfStay, StayDraft
from hrdtracker.people.model import PersonScope
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
NOW = clock.now()
HOUR = timedelta(hours=1)


def at(moment: datetime) -> When:
    return When.minute(moment, make.ZONE, "then")


def somebody() -> tuple[Case, int]:
    """Return a case without any stay, and the number of somebody in it."""
    case = make.case_of(make.incident(type="threat"))
    named = select(PersonScope.person_id).where(PersonScope.scope_id == case.scope_id)
    return case, session().scalars(named).one()


def begun(case: Case, **values: Any) -> Stay:
    """Return a stay that began as the monitor says."""
    actor = make.actor("monitor")
    with authorised(actor, Action.CASE_EXTEND, on=case):
        row = service.new_stay(actor, case, StayDraft(**{"since": NOW, **values}))
        service.begin([row])
    return row


def act(case: Case, kind: CustodyEvent, moment: datetime) -> CustodyAct:
    """Return what happened to several people; inside an open door."""
    row = CustodyAct(
        scope_id=case.scope_id,
        data_key_id=case.data_key_id,
        kind=kind,
        happened=at(moment),
        recorded_by_id=make.user("monitor").id,
        recorded_at=clock.now(),
    )
    session().add(row)
    session().flush()
    return row


def test_a_stay_says_where_somebody_is_held_since_when_and_how_we_know() -> None:
    case, person = somebody()
    place = PlaceOfStay("Sample unit", "cc1", "lawyer")
    row = begun(case, person_id=person, place=place, began=at(NOW), confirmed_at=NOW)
    assert (row.place_held, row.prison, row.known_by) == ("Sample unit", "cc1", "lawyer")
    assert (row.began, row.situation, row.ended) == (at(NOW), HELD, None)
    assert (row.confirmed_at, row.confirmed_by_id) == (NOW, make.user("monitor").id)
    assert row.standing == StayStanding.TOLD
    assert says_held(row)


def test_both_renderings_of_who_is_held_agree_on_every_stay_there_can_be() -> None:
    case, _ = somebody()
    for situation, end_kind, is_draft in product(
        (HELD, "held_trial", "in_hiding"), (None, "released", "unknown"), (False, True)
    ):
        ended = When.unknown("", "UTC") if end_kind else None
        begun(case, situation=situation, end_kind=end_kind, ended=ended, is_draft=is_draft)
    rows = session().scalars(select(Stay)).all()
    held = set(session().scalars(select(Stay.id).where(is_held())))
    told = [row for row in rows if row.standing == StayStanding.TOLD]
    assert {row.id for row in told if says_held(row)} == held
    assert 0 < len(held) < len(rows)


@pytest.mark.parametrize("hours", [-1, 1], ids=["typed in later", "later"])
def test_of_two_stays_that_go_on_the_one_that_began_first_has_ended(hours: int) -> None:
    case, person = somebody()
    first = begun(case, person_id=person, since=NOW)
    second = begun(case, person_id=person, since=NOW + hours * HOUR, situation="in_hiding")
    earlier, later = sorted((first, second), key=lambda row: row.since)
    assert earlier.end_kind == service.UNKNOWN
    assert later.end_kind is None


def test_what_is_only_drafted_ends_nothing_until_it_is_told() -> None:
    case, person = somebody()
    first = begun(case, person_id=person)
    second = begun(case, person_id=person, since=NOW + HOUR, is_draft=True)
    assert says_held(first)
    with authorised(make.actor("monitor"), Action.CASE_EXTEND, on=case):
        service.tell([second])
    session().refresh(first)
    assert first.end_kind == service.UNKNOWN
    assert second.standing == StayStanding.TOLD


def test_people_whom_nobody_named_are_not_taken_for_one() -> None:
    case, _ = somebody()
    rows = [begun(case), begun(case)]
    assert [row.end_kind for row in rows] == [None, None]


def test_whoever_is_moved_ends_one_stay_and_begins_the_next() -> None:
    case, person = somebody()
    row = begun(case, person_id=person, began=at(NOW), place=PlaceOfStay("Sample unit"))
    actor = make.actor("monitor")
    with authorised(actor, Action.CASE_EXTEND, on=case):
        moved = act(case, CustodyEvent.MOVED, NOW + HOUR)
        new = service.move(actor, row, at(NOW + HOUR), PlaceOfStay(prison="cc1"), moved)
        service.begin([new])
    assert (row.end_kind, row.ended, row.ended_with_id) == (
        service.TRANSFERRED,
        at(NOW + HOUR),
        moved.id,
    )
    assert (new.prison, new.place_held, new.began) == ("cc1", None, at(NOW + HOUR))
    assert (new.person_id, new.end_kind) == (person, None)


def test_an_arrival_that_was_not_known_is_laid_into_the_stay() -> None:
    case, person = somebody()
    row = begun(case, person_id=person, place=PlaceOfStay("Sample unit"))
    actor = make.actor("monitor")
    with authorised(actor, Action.CASE_EXTEND, on=case):
        came = act(case, CustodyEvent.ARRIVED, NOW - HOUR)
        service.arrive(row, at(NOW - HOUR), came)
        service.hold(row, PlaceOfStay(known_by="saw"))
    assert (row.began, row.since) == (at(NOW - HOUR), at(NOW - HOUR).earliest)
    assert (row.place_held, row.known_by, row.began_with_id) == ("Sample unit", "saw", came.id)


def test_an_end_that_certainly_lies_before_the_beginning_is_found_and_never_stored() -> None:
    case, person = somebody()
    row = begun(case, person_id=person, began=at(NOW))
    before, same = at(NOW - HOUR), When.day(clock.day_of(NOW, make.ZONE), make.ZONE, "today")
    assert service.ends_too_early(row, before)
    assert not service.ends_too_early(row, same)
    assert not service.ends_too_early(row, When.unknown("?", make.ZONE))
    with (
        pytest.raises(IntegrityError, match="nothing_ends_before_it_begins"),
        authorised(make.actor("monitor"), Action.CASE_EXTEND, on=case),
    ):
        service.end(row, "released", before)


def test_a_word_that_was_retired_goes_on_saying_of_old_records_that_people_are_held() -> None:
    lists = Terms(
        [
            ("victim_status", "held_once", HELD, "Held", "", True, "{}"),
            ("victim_status", "free", None, "Free", "", False, "{}"),
        ]
    )
    assert codes_in(lists) == (HELD, "held_once")
