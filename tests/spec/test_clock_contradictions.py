"""Whatever was recorded of somebody, in whatever order of days, their limits can be counted.

An act that records what contradicts itself must not fail because a limit cannot be counted.
"""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.counting.model import NO_TIME, Length
from hrdtracker.proceedings.facts import (
    LIFE,
    UNKNOWN_AGE,
    AccusedOf,
    AgeFacts,
    DatedEvent,
    ExtensionOrder,
    OffenceTier,
    Penalty,
    PrisonTerm,
    ProceedingFacts,
)
from hrdtracker.proceedings.limits.engine import limit, limits
from hrdtracker.proceedings.rules.files import rule_book
from tests.spec.clock_facts import NOW, PHNOM_PENH, charge, when

MINUTES_OF_THREE_YEARS = 3 * 365 * 24 * 60
instants = st.integers(0, MINUTES_OF_THREE_YEARS).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@st.composite
def dates(draw: st.DrawFn) -> When:
    """Draw a date as finely as people know one: a minute, a day, some days, a month, a year."""
    instant = draw(instants)
    day = instant.date()
    return draw(
        st.sampled_from(
            (
                When.minute(instant, PHNOM_PENH),
                When.day(day, PHNOM_PENH),
                When.days(day, day + timedelta(days=20), PHNOM_PENH),
                When.month(day.year, day.month, PHNOM_PENH),
                When.year(day.year, PHNOM_PENH),
                When.unknown("", PHNOM_PENH),
            )
        )
    )


EVENTS = sorted(
    {
        name
        for rules in rule_book("KH").by_clock.values()
        for rule in rules
        for origin in rule.runs.origins
        for name in origin.events
    }
    | {
        name
        for rules in rule_book("KH").by_clock.values()
        for rule in rules
        for name in rule.runs.stops
    }
)
events = st.builds(DatedEvent, st.sampled_from(EVENTS), dates())
penalties = st.builds(
    Penalty,
    st.sampled_from((None, Length(1), Length(12))),
    st.sampled_from((None, Length(12), Length(60), LIFE)),
)
tiers = st.builds(
    OffenceTier,
    st.sampled_from((None, "felony", "misdemeanour", "petty_offence")),
    penalties,
    st.none() | dates(),
)
charges = st.builds(
    AccusedOf, st.uuids().map(str), st.lists(tiers, min_size=1, max_size=2).map(tuple)
)
extensions = st.builds(
    ExtensionOrder,
    st.sampled_from(("police_custody", "pre_trial_detention")),
    st.none() | dates(),
    st.sampled_from(({}, {"in_writing": True}, {"in_writing": False})),
)
ages = st.just(UNKNOWN_AGE) | st.builds(
    AgeFacts, born=st.integers(1930, 2024).map(lambda year: When.year(year, PHNOM_PENH))
)
lengths = st.sampled_from((NO_TIME, Length(1), Length(3, 5), Length(12), Length(0, 400)))
terms = st.builds(
    PrisonTerm, lengths | st.just(LIFE), lengths, lengths, lengths, st.just(("detention.order",))
)
contradictory = st.builds(
    ProceedingFacts,
    st.just(PHNOM_PENH),
    st.lists(events, max_size=6).map(tuple),
    st.lists(charges, max_size=2).map(tuple),
    ages,
    st.lists(extensions, max_size=4).map(tuple),
    st.none() | terms,
    st.dictionaries(st.sampled_from(sorted(rule_book("KH").words.flags)), st.booleans()),
    context=st.lists(events, max_size=3).map(tuple),
)


@given(contradictory, instants)
def test_every_limit_is_counted_whatever_was_recorded(
    facts: ProceedingFacts, moment: datetime
) -> None:
    counted = limits(facts, rule_book("KH"), moment)
    assert len({one.clock for one in counted}) == len(counted)


def test_a_charge_that_fell_away_after_a_custody_of_unknown_hour_had_ended() -> None:
    felony, misdemeanour = charge("a", "felony").tiers, charge("a", "misdemeanour").tiers
    later = OffenceTier("misdemeanour", misdemeanour[0].penalty, when("2026-02-20"))
    in_writing = ExtensionOrder("police_custody", None, {"in_writing": True})
    known = ProceedingFacts(
        PHNOM_PENH,
        (
            DatedEvent("custody.arrival_at_unit", when("?")),
            DatedEvent("custody.arrival_at_unit", when("2026-01-26T16:15")),
        ),
        (AccusedOf("a", (*felony, later)),),
        extensions=(in_writing,),
    )
    assert limit("police_custody", known, rule_book("KH"), NOW) is not None
