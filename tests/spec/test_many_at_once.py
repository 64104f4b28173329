"""What happened to many people is recorded at once, all or nothing, and taken back as one."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import func, select

from hrdtracker.access.action import Action
from hrdtracker.audit.model import AuditEntry
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import NotFound, Refused, WrongStatus
from hrdtracker.core.when.model import When
from hrdtracker.custody import acts
from hrdtracker.custody.model import CHANGES_STAYS, CustodyAct, CustodyEvent, Stay
from hrdtracker.custody.people import PersonStay, count_of
from hrdtracker.incidents.case_view import story
from hrdtracker.people.drafts import NameDraft, PersonDraft, Victim
from hrdtracker.people.model import CountingUnit
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.at_once.everybody import everybody
from hrdtracker.proceedings.at_once.reading import acts_in
from hrdtracker.proceedings.drafts.at_once import ManyDraft
from tests import make

pytestmark = pytest.mark.usefixtures("unit")
NOW = clock.now().replace(second=0, microsecond=0)
HOUR = timedelta(hours=1)
CAME = NOW - 5 * HOUR


def at(moment: datetime) -> When:
    return When.minute(moment, make.ZONE, "then")


def taken(count: int, *groups: PersonDraft) -> Case:
    """Return a case of so many people who were arrested today, and of groups."""
    named = [PersonDraft((NameDraft(f"Demo {n}"),)) for n in range(count)]
    victims = tuple(Victim(described=person) for person in (*named, *groups))
    today = When.day(clock.today(make.ZONE), make.ZONE, "today")
    return make.case_of(make.incident(occurred=today, victims=victims))


def where(case: Case) -> list[PersonStay]:
    return everybody(make.actor("monitor"), case)


def stay_of(row: PersonStay) -> Stay:
    assert row.stay is not None
    return row.stay


def held(case: Case) -> tuple[int, int]:
    count, people = count_of(where(case))
    return count.total, people


def record(case: Case, *people: PersonStay, **values: Any) -> CustodyAct:
    said = {"kind": CustodyEvent.ENDED, "happened": at(NOW), "end_kind": "released_on_promise"}
    draft = ManyDraft(stays=tuple(row.uid for row in people), **{**said, **values})
    return service.record(make.actor("monitor"), case, draft)


def arrive(case: Case, *people: PersonStay, moment: datetime = CAME, **more: Any) -> CustodyAct:
    said = {"kind": CustodyEvent.ARRIVED, "happened": at(moment), "end_kind": None}
    return record(case, *people, **{**said, **more})


def reasons(case: Case, *people: PersonStay, **values: Any) -> set[str]:
    with pytest.raises(Refused) as refused:
        record(case, *people, **values)
    return set(refused.value.reasons)


def test_forty_arrive_and_thirty_one_are_released_at_once() -> None:
    case = taken(40)
    arrive(case, *where(case), place_held="Municipal police", known_by="lawyer")
    assert held(case) == (40, 40)
    first = stay_of(where(case)[0])
    assert (first.began, first.place_held, first.known_by) == (
        at(CAME),
        "Municipal police",
        "lawyer",
    )
    record(case, *where(case)[:31])
    assert held(case) == (9, 40)
    ended = [stay_of(row) for row in where(case) if not row.is_held]
    assert {(row.end_kind, row.ended) for row in ended} == {("released_on_promise", at(NOW))}


def test_each_person_has_an_entry_of_their_own_on_the_trail() -> None:
    case = taken(3)
    before = session().scalar(select(func.max(AuditEntry.seq)))
    act = arrive(case, *where(case))
    query = select(AuditEntry).where(AuditEntry.seq > before).order_by(AuditEntry.seq)
    entries = session().scalars(query).all()
    assert [entry.subject_type for entry in entries] == ["custody_act", *["stay"] * 3]
    assert entries[0].subject_uid == act.uid
    assert {entry.action for entry in entries} == {Action.CASE_EXTEND}


def test_whoever_is_moved_keeps_the_arrival_that_the_clocks_run_from() -> None:
    case = taken(1)
    arrive(case, *where(case))
    moved = {"kind": CustodyEvent.MOVED, "end_kind": None, "prison": "cc1"}
    record(case, *where(case), **moved)
    rows = session().scalars(select(Stay).where(Stay.standing == "told").order_by(Stay.id)).all()
    assert [(row.end_kind, row.prison, row.began) for row in rows] == [
        ("transferred", None, at(CAME)),
        (None, "cc1", at(NOW)),
    ]
    assert held(case) == (1, 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"happened": at(CAME - HOUR)}, "when"),
        ({"kind": CustodyEvent.ARRIVED, "end_kind": None}, "stays"),
        ({"kind": None}, "what"),
        ({"end_kind": None}, "what"),
        ({"happened": None}, "when"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_lost(
    values: dict[str, Any], field: str
) -> None:
    case = taken(2)
    arrive(case, *where(case))
    assert reasons(case, *where(case), **values) == {field}
    assert held(case) == (2, 2)


def test_nobody_is_released_twice_and_nothing_is_recorded_of_the_others() -> None:
    case = taken(3)
    record(case, where(case)[0])
    assert reasons(case, *where(case)) == {"stays"}
    assert held(case) == (2, 3)


def test_whoever_is_released_and_taken_again_has_two_stays() -> None:
    case = taken(1)
    arrive(case, *where(case))
    record(case, *where(case), happened=at(NOW - 2 * HOUR))
    assert reasons(
        case, *where(case), kind=CustodyEvent.ARRIVED, happened=at(NOW - 3 * HOUR), end_kind=None
    ) == {"when"}
    arrive(case, *where(case), moment=NOW - HOUR)
    assert held(case) == (1, 1)
    told = session().scalars(select(Stay.end_kind).where(Stay.standing == "told")).all()
    assert sorted(told, key=str) == [None, "released_on_promise"]


def test_somebody_of_another_case_is_not_found_in_this_one() -> None:
    case, other = taken(1), taken(1)
    assert reasons(case, *where(other)) == {"stays"}


# --- a group --------------------------------------------------------------------------------------


def about_forty() -> Case:
    group = PersonDraft(
        (NameDraft("Workers"),), unit=CountingUnit.COMMUNITY, head_count=40, head_count_about=True
    )
    return taken(0, group)


def test_of_a_group_some_are_released_and_nobody_is_counted_twice() -> None:
    case = about_forty()
    (whole,) = where(case)
    record(case, whole, counts={whole.uid: 31})
    assert held(case) == (9, 40)
    assert sorted((row.heads, row.is_held) for row in where(case)) == [(9, True), (31, False)]


def test_more_than_there_are_of_a_group_are_refused() -> None:
    case = about_forty()
    (whole,) = where(case)
    assert reasons(case, whole, counts={whole.uid: 41}) == {"stays"}


@pytest.mark.parametrize("kind", sorted(CHANGES_STAYS))
def test_what_was_recorded_of_a_part_of_a_group_is_taken_back_whole(kind: CustodyEvent) -> None:
    case = about_forty()
    (whole,) = where(case)
    end_kind = "released" if kind == CustodyEvent.ENDED else None
    act = record(case, whole, kind=kind, end_kind=end_kind, counts={whole.uid: 31})
    service.undo(make.actor("monitor"), case, act.uid)
    assert [(row.heads, row.is_held) for row in where(case)] == [(40, True)]


# --- taking back ----------------------------------------------------------------------------------


def told(case: Case) -> list[tuple[Any, ...]]:
    return [
        (stay.end_kind, stay.began, stay.place_held, stay.confirmed_at)
        for stay in map(stay_of, where(case))
    ]


@pytest.mark.parametrize("kind", sorted(CHANGES_STAYS))
def test_what_was_recorded_is_taken_back_and_all_is_as_before(kind: CustodyEvent) -> None:
    case = taken(4)
    before = told(case)
    end_kind = "released" if kind == CustodyEvent.ENDED else None
    act = record(case, *where(case), kind=kind, end_kind=end_kind, place_held="Elsewhere")
    assert told(case) != before
    assert service.undo(make.actor("monitor"), case, act.uid) == 4
    assert told(case) == before
    assert acts_in(case.scope_id) == []
    with pytest.raises(NotFound):
        service.undo(make.actor("monitor"), case, act.uid)


def test_who_was_changed_since_stays_and_the_others_can_still_be_taken_back() -> None:
    case = taken(3)
    act = record(case, *where(case))
    with time_machine.travel(clock.now() + HOUR):
        arrive(case, where(case)[0], moment=clock.now())
        (latest, first) = acts_in(case.scope_id)
        assert (latest.people, latest.free, first.people, first.free) == (1, 1, 3, 2)
        assert service.undo(make.actor("monitor"), case, act.uid) == 2
        assert held(case) == (3, 3)
        with pytest.raises(WrongStatus):
            service.undo(make.actor("monitor"), case, act.uid)


def test_an_act_of_another_case_is_not_found() -> None:
    case, other = taken(1), taken(1)
    act = record(case, *where(case))
    for uid in (act.uid, UUID(int=0)):
        with pytest.raises(NotFound):
            service.undo(make.actor("monitor"), other, uid)


# --- what is said of it ---------------------------------------------------------------------------


def test_an_act_is_one_thing_on_the_timeline_however_many_it_is_about() -> None:
    case = taken(5)
    record(case, *where(case)[:4])
    (happening,) = story(make.actor("monitor"), case).happenings
    assert [(one.act.kind, one.people) for one in happening.acts] == [("ended", 4)]


def test_names_of_a_case_are_shown_as_one_act() -> None:
    case = taken(3)
    acts.show_names(make.actor("monitor"), case, where(case))
    entry = session().scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
    assert (entry.action, entry.subject_uid) == (Action.PERSON_REVEAL, case.uid)
