"""How old somebody may have been, and in which order things happened, as far as it is known."""

from datetime import date

import pytest

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.facts import UNKNOWN_AGE, AgeFacts, StatedAge
from hrdtracker.proceedings.limits.ages import ages_on, is_guessed, possible_ages, youngest
from tests.spec.clock_facts import ADULT, ARRIVED, PHNOM_PENH, facts, when


@pytest.mark.parametrize(
    ("born", "day", "ages"),
    [
        ("2012-03-01", "2026-02-28", {13}),
        ("2012-03-01", "2026-03-01", {14}),
        ("2012-02-29", "2026-02-27", {13}),
        ("2012-02-29", "2026-02-28", {13, 14}),
        ("2012-02-29", "2026-03-01", {14}),
        ("2012-02-29", "2028-02-28", {15}),
        ("2012-02-29", "2028-02-29", {16}),
        ("2012-12-31", "2026-02-28", {13}),
    ],
)
def test_a_birthday_is_reached_on_its_day_and_of_29_february_on_one_of_two(
    born: str, day: str, ages: set[int]
) -> None:
    assert ages_on(date.fromisoformat(born), date.fromisoformat(day)) == ages


BORN_IN_2010, BORN_2_MARCH = AgeFacts(When.year(2010, PHNOM_PENH)), AgeFacts(when("2008-03-02"))
FIFTEEN_OR_MORE = AgeFacts(at_offence=StatedAge(15, 16), when_held=StatedAge(15, 16))


@pytest.mark.parametrize(
    ("known", "offence", "held", "pairs"),
    [
        (BORN_IN_2010, when("2026-12-31"), "2026-12-31", {(16, 16)}),
        (BORN_IN_2010, when("2026-06-30"), "2026-07-01", {(15, 15), (15, 16), (16, 16)}),
        (BORN_2_MARCH, when("2026-03-01"), "2026-03-02", {(17, 18)}),
        (BORN_2_MARCH, None, "2026-03-02", {(18, 18)}),
        (ADULT, None, "2026-03-02", {(18, 18)}),
        (UNKNOWN_AGE, when("2026-03-01"), "2026-03-02", {(14, 14), (16, 16), (18, 18)}),
        (FIFTEEN_OR_MORE, None, "2026-03-02", {(15, 15), (15, 16), (16, 16)}),
    ],
)
def test_each_age_at_the_offence_goes_with_those_when_held_that_it_allows(
    known: AgeFacts, offence: When | None, held: str, pairs: set[tuple[int, int]]
) -> None:
    (arrived,) = facts((ARRIVED[0], held)).events
    assert set(possible_ages(known, offence, arrived.window, PHNOM_PENH)) == pairs


@pytest.mark.parametrize(
    ("known", "guessed"),
    [
        (ADULT, False),
        (UNKNOWN_AGE, True),
        (AgeFacts(when("2008-03-02")), False),
        (AgeFacts(when("?")), True),
        (AgeFacts(at_offence=StatedAge(15, 17, is_estimate=True)), True),
    ],
)
def test_an_age_is_asked_for_where_it_is_unknown_or_an_estimate(
    known: AgeFacts,
    guessed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert is_guessed(known) is guessed


@pytest.mark.parametrize(
    ("age", "least"),
    [
        (AgeFacts(born=when("2008-03-02")), 17),
        (AgeFacts(at_offence=StatedAge(18, 18), when_held=StatedAge(19, 19)), 18),
        (UNKNOWN_AGE, None),
    ],
)
def test_whoever_may_have_been_a_minor_at_any_event_is_known_by_the_least_age(
    age: AgeFacts, least: int | None
) -> None:
    known = facts(ARRIVED, ("offence.date", "2026-03-01"), ("arrest.made", "?"), age=age)
    assert youngest(known) == least


def test_events_stand_in_their_order_and_those_without_a_date_last() -> None:
    name = "prosecution.act"
    known = facts((name, "?"), (name, "2026-03-02"), (name, "2026-03-01"))
    assert [event.when.earliest for event in known.named(name)] == [
        when("2026-03-01").earliest,
        when("2026-03-02").earliest,
        None,
    ]
