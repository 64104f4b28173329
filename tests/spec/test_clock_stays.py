"""Whoever is released and taken again has two ends, as far as stays add up or do not."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.facts import DatedEvent
from hrdtracker.proceedings.limits.model import LimitState, OpenQuestion
from tests.spec.clock_facts import (
    ARRIVED,
    MISDEMEANOUR,
    ORDERED,
    PHNOM_PENH,
    at,
    charge,
    clock,
    facts,
)

CUSTODY, RELEASED = "police_custody", "custody.released"
DETENTION, LET_GO = "pre_trial_detention", "detention.released"
FIRST = datetime(2026, 1, 1, tzinfo=PHNOM_PENH)
LIMIT = timedelta(hours=48)
hours = st.integers(1, 60).map(lambda count: timedelta(hours=count))


@given(hours, st.lists(st.tuples(hours, hours), max_size=3))
def test_the_time_of_every_earlier_stay_is_taken_off_in_one_reading_only(
    since: timedelta, stays: list[tuple[timedelta, timedelta]]
) -> None:
    now, spent, events = FIRST + since, timedelta(), [(ARRIVED[0], FIRST + since)]
    for held, free in stays:
        now, spent = now + held + free, spent + held
        events += [(RELEASED, now - free), (ARRIVED[0], now)]
    told = [DatedEvent(name, When.minute(moment, PHNOM_PENH)) for name, moment in events]
    known = replace(facts(charges=(MISDEMEANOUR,)), events=tuple(told))
    found = clock(CUSTODY, known)
    assert found.window
    assert found.window.earliest == max(now, now + LIMIT - spent)
    assert found.window.latest == now + LIMIT
    assert (OpenQuestion.HELD_AGAIN in found.asks) == bool(stays)


def test_whoever_is_released_twice_is_released() -> None:
    again = (RELEASED, "2026-03-02T20:00"), (ARRIVED[0], "2026-03-03T08:00")
    last = (RELEASED, "2026-03-03T12:00")
    known = facts(ARRIVED, *again, last, charges=(MISDEMEANOUR,))
    found = clock(CUSTODY, known)
    assert (found.state, found.asks) == (LimitState.STOPPED, ())


def test_a_cap_is_shorter_by_an_earlier_stay_too() -> None:
    again = (LET_GO, "2026-01-20T14:00"), (ORDERED[0], "2026-03-01T14:00")
    half_year = charge("h", None, 6, 24, months=True)
    found = clock(DETENTION, facts(ORDERED, *again, charges=(half_year,)))
    assert found.window
    assert found.window.earliest == at("2026-05-22T14:00")
    assert found.window.latest == at("2026-06-01T14:00")


def test_where_a_second_arrival_may_lie_before_the_release_nobody_can_tell() -> None:
    known = facts(ARRIVED, (RELEASED, "2026-03-02T20:00"), (ARRIVED[0], "2026-03-02"))
    found = clock(CUSTODY, known)
    assert found.state is LimitState.NOT_KNOWN
    assert OpenQuestion.HELD_AGAIN in found.asks
