"""Of a group that was taken some are moved, freed, named: nobody is counted twice, none is lost."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import Refused
from hrdtracker.custody.drafts import AddedPerson
from hrdtracker.custody.model import CustodyAct, CustodyEvent, Stay
from hrdtracker.custody.people import PersonStay
from hrdtracker.incidents.case_view import story
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.at_once.reading import acts_in
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.of_case import custody_of
from hrdtracker.proceedings.drafts.at_once import CourtAct
from tests import courts, make
from tests.spec.test_many_at_once import CAME, about_forty, arrive, at, held, record, where

pytestmark = pytest.mark.usefixtures("unit")
HOUR = timedelta(hours=1)
MOVED = {"kind": CustodyEvent.MOVED, "end_kind": None, "prison": "cc1"}


def whole(case: Case) -> PersonStay:
    return next(row for row in where(case) if row.is_group and row.is_held)


def named(name: str, group: PersonStay | None = None) -> AddedPerson:
    described = PersonDraft((NameDraft(name),))
    return AddedPerson(Victim(described=described), group.uid if group else None)


def heads(case: Case) -> list[tuple[int, bool]]:
    return sorted((row.heads, row.is_held) for row in where(case))


def custody_clocks(case: Case) -> list[tuple[Any, int]]:
    query = select(Clock.ends_earliest, Clock.people).where(
        Clock.scope_id == case.scope_id, Clock.clock == "police_custody"
    )
    return sorted((row.ends_earliest, row.people) for row in session().execute(query))


# --- moved, in parts ------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [40, 31])
def test_whoever_of_a_group_is_moved_is_counted_once_and_keeps_the_arrival(count: int) -> None:
    case = about_forty()
    arrive(case, whole(case))
    first = custody_clocks(case)
    record(case, whole(case), **MOVED, counts={whole(case).uid: count})
    assert held(case) == (40, 40)
    assert sum(people for _, people in custody_clocks(case)) == 40
    assert {end for end, _ in custody_clocks(case)} == {end for end, _ in first}
    shown = custody_of(make.actor("monitor"), case.uid).people
    assert sum(row.stay.people or 40 for row in shown) == 40


def test_whoever_of_a_group_was_freed_and_is_taken_again_is_counted_once() -> None:
    case = about_forty()
    record(case, whole(case), counts={whole(case).uid: 31})
    freed = next(row for row in where(case) if not row.is_held)
    arrive(case, freed, moment=clock.now(), counts={freed.uid: 10})
    assert heads(case) == [(9, True), (10, True), (21, False)]


# --- named ----------------------------------------------------------------------------------------


def test_naming_a_member_takes_them_out_of_the_group() -> None:
    case = about_forty()
    arrive(case, whole(case), place_held="Municipal police")
    group = whole(case)
    act = record(case, added=(named("Demo A", group), named("Demo B", group)))
    assert heads(case) == [(1, False), (1, False), (38, True)]
    assert held(case) == (38, 40)
    person = next(row for row in where(case) if row.person and not row.is_group)
    assert person.stay is not None
    assert (person.stay.began, person.stay.place_held) == (at(CAME), "Municipal police")
    assert story(make.actor("monitor"), case).victims == 40
    assert [one.people for one in acts_in(case.scope_id)] == [2, 38 + 2]
    assert service.undo(make.actor("monitor"), case, act.uid) == 2
    assert held(case) == (40, 40)


def test_a_member_has_been_wherever_the_group_was() -> None:
    case = about_forty()
    arrive(case, whole(case))
    record(case, whole(case), **MOVED)
    group = whole(case)
    arrive_no_more = {"kind": CustodyEvent.MOVED, "end_kind": None, "prison": "cc2"}
    record(case, added=(named("Demo A", group),), **arrive_no_more)
    person = next(row.person for row in where(case) if row.person and not row.is_group)
    stays = session().scalars(select(Stay).where(Stay.person_id == person.id).order_by(Stay.id))
    assert [(stay.prison, stay.end_kind) for stay in stays] == [
        (None, "transferred"),
        ("cc1", "transferred"),
        ("cc2", None),
    ]
    assert {people for _, people in custody_clocks(case)} == {1, 39}
    assert len({end for end, _ in custody_clocks(case)}) == 1


def test_the_last_of_a_group_is_not_taken_out_and_nothing_is_recorded() -> None:
    case = about_forty()
    record(case, whole(case), counts={whole(case).uid: 39})
    group = whole(case)
    with pytest.raises(Refused) as refused:
        record(case, added=(named("Demo A", group),))
    assert refused.value.reasons.keys() == {"who"}
    assert heads(case) == [(1, True), (39, False)]


def test_of_a_group_that_nobody_counted_somebody_can_be_named() -> None:
    group = PersonDraft((NameDraft("Workers"),), unit=CountingUnit.COMMUNITY)
    case = make.case_of(make.incident(victims=(Victim(described=group),)))
    record(case, added=(named("Demo A", whole(case)),))
    assert heads(case) == [(1, False), (1, True)]


def test_some_of_a_group_are_detained_by_order_and_only_their_limit_is_another() -> None:
    case = about_forty()
    arrive(case, whole(case))
    record(
        case, whole(case), kind=CustodyEvent.DETAINED, end_kind=None, prison="cc1",
        counts={whole(case).uid: 10}, court=CourtAct(),
    )  # fmt: skip
    assert heads(case) == [(10, True), (30, True)]
    assert [people for _, people in custody_clocks(case)] == [30]
    query = select(Clock.people).where(Clock.clock == "pre_trial_detention")
    assert session().scalars(query).all() == [10]
    assert session().scalars(select(Person.head_count).order_by(Person.id)).all() == [30, 10]


def test_a_group_has_a_title_for_all_of_it() -> None:
    case = about_forty()
    courts.held(case)
    assert [line.people for line in acts_in(case.scope_id)] == []
    record(case, whole(case), kind=CustodyEvent.BROUGHT, end_kind=None, court=CourtAct())
    (line,) = story(make.actor("monitor"), case).court_acts
    assert line.people == 40


# --- whatever happens -----------------------------------------------------------------------------


def _released(case: Case, draw: Random) -> CustodyAct | None:
    return _some(case, draw, kind=CustodyEvent.ENDED, end_kind="released")


def _moved(case: Case, draw: Random) -> CustodyAct | None:
    return _some(case, draw, **MOVED)


def _detained(case: Case, draw: Random) -> CustodyAct | None:
    return _some(case, draw, kind=CustodyEvent.DETAINED, end_kind=None, prison="cc2")


def _some(case: Case, draw: Random, **said: Any) -> CustodyAct | None:
    rows = [row for row in where(case) if row.is_held]
    if not rows:
        return None
    row = draw.choice(rows)
    return record(case, row, happened=at(clock.now()), counts=_count(draw, row), **said)


def _count(draw: Random, row: PersonStay) -> dict[Any, int]:
    return {row.uid: draw.randint(1, row.heads)} if row.is_group else {}


def _taken_again(case: Case, draw: Random) -> CustodyAct | None:
    rows = [row for row in where(case) if not row.is_held]
    row = draw.choice(rows) if rows else None
    return None if row is None else arrive(case, row, moment=clock.now(), counts=_count(draw, row))


def _member_named(case: Case, draw: Random) -> CustodyAct | None:
    rows = [row for row in where(case) if row.is_group and row.is_held and row.heads > 1]
    row = draw.choice(rows) if rows else None
    return (
        None if row is None else record(case, happened=at(clock.now()), added=(named("Demo", row),))
    )


def _undone(case: Case, draw: Random) -> None:
    acts = [one for one in acts_in(case.scope_id) if one.free]
    if acts:
        service.undo(make.actor("monitor"), case, draw.choice(acts).act.uid)


STEPS: tuple[Callable[[Case, Random], object], ...] = (
    _released,
    _moved,
    _detained,
    _taken_again,
    _member_named,
    _undone,
)


@pytest.mark.parametrize("seed", range(8))
def test_nobody_of_forty_is_counted_twice_or_lost_whatever_happens(seed: int) -> None:
    draw, case = Random(seed), about_forty()
    arrive(case, whole(case))
    for number in range(10):
        with time_machine.travel(clock.now() + number * timedelta(minutes=5)):
            draw.choice(STEPS)(case, draw)
            rows = where(case)
            freed = sum(row.heads for row in rows if not row.is_held)
            assert held(case) == (40 - freed, 40)
            assert sum(people for _, people in _clocks_of_held(case)) == 40 - freed
            assert story(make.actor("monitor"), case).victims == 40


def _clocks_of_held(case: Case) -> list[tuple[Any, ...]]:
    """Return of how many people each stay is of which a limit counts, those that are held."""
    query = select(Clock.stay_id, Clock.people).where(
        Clock.scope_id == case.scope_id, Clock.is_held
    )
    return list({row.stay_id: tuple(row) for row in session().execute(query)}.values())
