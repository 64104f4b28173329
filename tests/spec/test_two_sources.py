"""Two sources, two hours of one arrival: both are kept, a limit is counted from each."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.custody.model import CustodyEvent, Stay
from hrdtracker.people.drafts import PersonDraft
from hrdtracker.people.model import CountingUnit
from hrdtracker.proceedings.at_once import service
from hrdtracker.proceedings.clocks.model import Clock
from hrdtracker.proceedings.clocks.reading_out import readable
from tests import make
from tests.spec.test_many_at_once import (
    CAME,
    HOUR,
    NOW,
    arrive,
    at,
    reasons,
    record,
    stay_of,
    taken,
    where,
)

pytestmark = pytest.mark.usefixtures("unit")
LIMIT = timedelta(hours=48)
"""Longer than any custody that nobody extended."""
GROUP = PersonDraft(unit=CountingUnit.COMMUNITY, head_count=12)
FREED = {"kind": CustodyEvent.ENDED, "end_kind": "released_on_promise"}


def police_custody(case: Case) -> list[Any]:
    query = select(Clock.ends_earliest, Clock.ends_latest).where(
        Clock.scope_id == case.scope_id, Clock.clock == "police_custody"
    )
    return [tuple(row) for row in session().execute(query)]


@pytest.mark.parametrize(("first", "second"), [("family", "police"), ("police", "family")])
@pytest.mark.parametrize("later", [HOUR, -HOUR])
def test_a_limit_is_counted_from_each_hour_and_the_earlier_end_stands_first(
    first: str, second: str, later: timedelta
) -> None:
    case = taken(1)
    arrive(case, *where(case), known_by=first)
    ((earliest, latest),) = police_custody(case)
    arrive(case, *where(case), moment=CAME + later, known_by=second)
    row = stay_of(where(case)[0])
    assert {row.known_by, row.other_known_by} == {first, second}
    assert police_custody(case) == [(min(earliest, earliest + later), max(latest, latest + later))]


def test_an_hour_of_another_source_is_taken_back_as_one_and_all_is_as_before() -> None:
    for later in (HOUR, -HOUR):
        case = taken(2)
        arrive(case, *where(case), known_by="family")
        before = police_custody(case)
        act = arrive(case, *where(case), moment=CAME + later, known_by="police")
        assert service.undo(make.actor("monitor"), case, act.uid) == 2
        rows = [stay_of(each) for each in where(case)]
        assert [(row.began, row.known_by) for row in rows] == [(at(CAME), "family")] * 2
        assert [(row.other_arrival, row.other_known_by) for row in rows] == [(None, None)] * 2
        assert police_custody(case) == before


@pytest.mark.parametrize(
    ("hour", "source"),
    [(CAME, "police"), (CAME + HOUR, "family"), (CAME + HOUR, None)],
    ids=["the same hour", "the same source", "no source"],
)
def test_what_is_no_other_word_of_it_is_refused_beside_the_people(
    hour: datetime, source: str | None
) -> None:
    case = taken(1)
    arrive(case, *where(case), known_by="family")
    said = {"kind": CustodyEvent.ARRIVED, "end_kind": None}
    assert reasons(case, *where(case), happened=at(hour), known_by=source, **said) == {"stays"}


def test_a_third_hour_is_refused_beside_the_people() -> None:
    case = taken(1)
    arrive(case, *where(case), known_by="family")
    arrive(case, *where(case), moment=CAME + HOUR, known_by="police")
    said = {"kind": CustodyEvent.ARRIVED, "end_kind": None, "known_by": "press"}
    assert reasons(case, *where(case), happened=at(CAME + 2 * HOUR), **said) == {"stays"}


def test_some_of_a_group_have_no_hour_of_their_own_while_the_group_has_one() -> None:
    case = taken(0, GROUP)
    (group,) = where(case)
    arrive(case, group, known_by="family")
    said = {"kind": CustodyEvent.ARRIVED, "end_kind": None, "known_by": "police"}
    (group,) = where(case)
    some = {"happened": at(CAME + HOUR), "counts": {group.uid: 5}}
    assert reasons(case, group, **some, **said) == {"stays"}
    ((earliest, latest),) = police_custody(case)
    arrive(case, group, moment=CAME + HOUR, known_by="police")
    assert police_custody(case) == [(earliest, latest + HOUR)]


def test_an_end_before_one_of_the_hours_leaves_no_limit() -> None:
    case = taken(1)
    arrive(case, *where(case), known_by="family")
    arrive(case, *where(case), moment=CAME + 3 * HOUR, known_by="police")
    record(case, *where(case), **FREED, happened=at(CAME + HOUR))
    assert police_custody(case) == []


def test_whoever_is_moved_keeps_both_hours() -> None:
    case = taken(1)
    arrive(case, *where(case), known_by="family")
    arrive(case, *where(case), moment=CAME + HOUR, known_by="police")
    before = police_custody(case)
    record(case, *where(case), kind=CustodyEvent.MOVED, end_kind=None, prison="cc1")
    assert police_custody(case) == before


def test_what_is_read_to_an_authority_shows_the_weaker_of_two_sources() -> None:
    case = taken(1)
    arrive(case, *where(case), known_by="document")
    arrive(case, *where(case), moment=CAME + HOUR, known_by="press")
    (line,) = readable(make.actor("director"), NOW + LIMIT)
    assert line.source == "press"


# --- the order of two stays -----------------------------------------------------------------------


def test_an_arrival_before_the_end_of_an_earlier_stay_is_a_fact_where_sources_differ() -> None:
    case = taken(1)
    arrive(case, *where(case))
    record(case, *where(case), **FREED)
    again = {"kind": CustodyEvent.ARRIVED, "end_kind": None, "happened": at(NOW - HOUR)}
    assert reasons(case, *where(case), **again) == {"when"}
    record(case, *where(case), **again, order_unclear=True)
    row = stay_of(where(case)[0])
    assert (row.began, row.order_unclear) == (at(NOW - HOUR), True)


def test_whoever_did_not_say_so_has_stays_in_an_order_that_is_sure() -> None:
    case = taken(1)
    arrive(case, *where(case))
    rows = session().scalars(select(Stay).where(Stay.scope_id == case.scope_id))
    assert not any(row.order_unclear for row in rows)
