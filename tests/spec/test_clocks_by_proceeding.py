"""Two proceedings of one person count as two, and nobody is counted twice."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from hrdtracker.cases import sharing
from hrdtracker.cases.drafts import MemberDraft
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.proceedings.clocks.breakdown import breakdown
from hrdtracker.proceedings.clocks.disputes import dispute
from hrdtracker.proceedings.clocks.drafts import DisputeDraft
from hrdtracker.proceedings.clocks.model import IDENTITY, Clock, ClockStanding
from hrdtracker.proceedings.clocks.reading import clock_parts
from hrdtracker.proceedings.clocks.recount import COUNTED, count_all
from hrdtracker.proceedings.model import (
    Presence,
)
from tests import courts, make
from tests.clocks import adult, arrested, arrive
from tests.tried import (
    HALF_A_YEAR,
    JUDGED,
    ORDERED,
    at,
    detained,
    judged,
    limits,
    months,
    second,
    sentenced,
    tried,
)

pytestmark = pytest.mark.usefixtures("unit")


@pytest.fixture(autouse=True)
def _after_the_judgment() -> Iterator[None]:
    with time_machine.travel(JUDGED + timedelta(hours=5), tick=False):
        yield


def test_two_proceedings_of_one_person_have_each_a_limit_of_their_own() -> None:
    first = tried()
    other = second(courts.case_of(first))
    later: datetime = ORDERED + timedelta(days=10)
    detained(courts.case_of(first), other, began=at(later))
    found = {one.proceeding_id: one for one in limits("pre_trial_detention")}
    assert set(found) == {first.id, other.id}
    assert found[first.id].ends_latest == months(ORDERED, 6)
    earliest = found[other.id].ends_earliest
    assert earliest is not None
    assert earliest >= later


def test_the_custody_of_a_person_is_counted_once_whatever_the_proceedings() -> None:
    incident = arrested(adult())
    arrive(incident)
    case = make.case_of(incident)
    second(case)
    second(case)
    (found,) = limits("police_custody")
    assert (found.proceeding_id, found.people) == (None, 1)


def test_a_sentence_in_one_proceeding_is_served_while_detained_in_another() -> None:
    first = tried()
    case = courts.case_of(first)
    other = second(case)
    detained(case, other, began=at(JUDGED + timedelta(hours=1)))
    sentenced(first)
    assert [one.proceeding_id for one in limits("sentence")] == [first.id]
    assert [one.proceeding_id for one in limits("pre_trial_detention")] == [other.id]
    assert {one.is_held for one in limits("sentence") + limits("pre_trial_detention")} == {True}


def test_a_judgment_in_one_proceeding_says_nothing_of_the_other() -> None:
    first = tried()
    other = second(courts.case_of(first))
    judged(first)
    assert [one.proceeding_id for one in limits("appeal_accused")] == [first.id]
    judged(other, presence=Presence.DEFAULT)
    standing = {one.proceeding_id: one.standing for one in limits("appeal_accused")}
    assert standing == {first.id: ClockStanding.RUNS, other.id: ClockStanding.NOT_STARTED}


def test_equal_ends_of_two_proceedings_are_two_lines_and_nobody_is_counted_twice() -> None:
    first = tried()
    judged(first)
    judged(second(courts.case_of(first)))
    parts = clock_parts(make.actor("monitor"))
    lines = [line for line in parts.expected if line.clock == "appeal_accused"]
    assert [(line.people, len(line.letters)) for line in lines] == [(1, 1), (1, 1)]


def test_what_names_no_proceeding_belongs_to_the_only_one_and_to_none_of_two() -> None:
    incident = arrested(adult())
    case = make.case_of(incident)
    detained(case)
    first = second(case)
    assert [one.proceeding_id for one in limits("pre_trial_detention")] == [first.id]
    second(case)
    assert [one.proceeding_id for one in limits("pre_trial_detention")] == [None]


def test_a_limit_keeps_its_address_and_its_dispute_when_it_gets_a_proceeding() -> None:
    case = make.case_of(arrested(adult()))
    detained(case)
    (before,) = limits("pre_trial_detention")
    said = ORDERED + timedelta(days=3)
    until = clock.now() + timedelta(days=30)
    member = MemberDraft(make.user("legal").uid, "She follows the case.", until)
    sharing.add_member(make.actor("director"), case, member)
    dispute(make.actor("legal"), before, DisputeDraft(said, "The order says less."))
    second(case)
    (after,) = limits("pre_trial_detention")
    assert (after.uid, after.disputed_end) == (before.uid, said)
    assert after.proceeding_id is not None


def test_every_limit_of_two_proceedings_says_why() -> None:
    first = tried()
    sentenced(first)
    judged(second(courts.case_of(first)), presence=Presence.DEFAULT)
    every = session().scalars(select(Clock)).all()
    assert len({one.proceeding_id for one in every}) == 2
    for one in every:
        found = breakdown(make.actor("monitor"), one.uid)
        window = found.limit.window
        assert (window.earliest if window else None) == one.ends_earliest
        assert found.limit.rules


def test_all_counted_anew_comes_to_the_same() -> None:
    first = tried()
    sentenced(first, suspended=HALF_A_YEAR)
    judged(second(courts.case_of(first)), presence=Presence.DEFAULT)
    columns = [getattr(Clock, name) for name in ("uid", *IDENTITY, *COUNTED)]
    before = set(session().execute(select(*columns)))
    count_all(clock.now())
    assert set(session().execute(select(*columns))) == before
