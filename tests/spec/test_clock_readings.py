"""What is so of every limit, whoever it is about: what is not known holds what would be known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.counting.local import day_of
from hrdtracker.proceedings.counting.model import Counting, HolidayRule, Window
from hrdtracker.proceedings.facts import (
    AccusedOf,
    AgeFacts,
    DatedEvent,
    ExtensionOrder,
    OffenceTier,
    ProceedingFacts,
    StatedAge,
)
from hrdtracker.proceedings.limits.engine import limit
from hrdtracker.proceedings.limits.model import Limit, LimitState
from hrdtracker.proceedings.rules.files import rule_book
from hrdtracker.proceedings.rules.model import RuleKind
from tests.architecture.source import ROOT
from tests.spec.clock_facts import PHNOM_PENH as KH

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
minutes = st.integers(0, 5 * 365 * 24 * 60)
instants = minutes.map(lambda count: FIRST + timedelta(minutes=count))
OFFENCES = ("felony", "misdemeanour", "petty", "gravest", None)


@st.composite
def detained(draw: st.DrawFn) -> ProceedingFacts:
    """Draw somebody in custody and then in detention, with what may be known of them."""
    arrived = draw(instants)
    order = arrived + timedelta(hours=draw(st.integers(1, 90)))
    offence_class = draw(st.sampled_from(OFFENCES))
    age = draw(st.sampled_from((13, 14, 15, 16, 17, 18, 40, None)))
    charges = (AccusedOf("a", (OffenceTier(offence_class),)),) if offence_class else ()
    return ProceedingFacts(
        KH,
        (
            DatedEvent("custody.arrival_at_unit", When.minute(arrived, KH)),
            DatedEvent("detention.order", When.minute(order, KH)),
        ),
        charges,
        AgeFacts(at_offence=StatedAge(age, age)) if age else AgeFacts(),
    )


def clock(name: str, facts: ProceedingFacts) -> Limit | None:
    """Return one clock at an instant that does not matter."""
    return limit(name, facts, rule_book("KH"), FIRST)


@pytest.mark.parametrize("name", ["police_custody", "pre_trial_detention"])
@given(facts=detained(), orders=st.integers(1, 4))
def test_an_order_to_extend_never_brings_an_end_forward_nor_past_the_furthest(
    name: str, facts: ProceedingFacts, orders: int
) -> None:
    order = ExtensionOrder(name, None, {"in_writing": True})
    before = clock(name, facts)
    after = clock(name, replace(facts, extensions=(order,) * orders))
    assert (before is None) == (after is None)
    if before is None or before.window is None:
        return
    assert after
    assert after.window
    assert after.furthest
    assert before.window.earliest
    assert after.window.earliest
    assert before.window.earliest <= after.window.earliest
    assert after.window.latest
    assert after.furthest.latest
    assert after.window.latest <= after.furthest.latest


@pytest.mark.parametrize("name", ["police_custody", "pre_trial_detention"])
@given(facts=detained(), known=st.sampled_from((14, 15, 16, 17, 18)))
def test_what_is_not_known_of_an_age_holds_what_would_be_known(
    name: str, facts: ProceedingFacts, known: int
) -> None:
    unknown = clock(name, replace(facts, age=AgeFacts()))
    told = clock(name, replace(facts, age=AgeFacts(at_offence=StatedAge(known, known))))
    if told is None or told.window is None:
        return
    assert unknown
    assert unknown.window
    assert Window.around((unknown.window, told.window)) == unknown.window


@pytest.mark.parametrize("name", ["police_custody", "pre_trial_detention"])
@given(facts=detained(), orders=st.integers(0, 2), hours=st.integers(1, 100))
def test_an_hour_that_is_not_known_holds_the_end_of_every_hour_of_that_day(
    name: str, facts: ProceedingFacts, orders: int, hours: int
) -> None:
    custody = facts.events[0]
    assert custody.when.earliest
    ordered = When.minute(custody.when.earliest + timedelta(hours=hours), KH)
    order = ExtensionOrder(name, ordered, {"in_writing": True})
    exact = replace(facts, events=facts.events[:1], extensions=(order,) * orders)
    if name == "pre_trial_detention":
        exact = replace(exact, events=(replace(custody, name="detention.order"),))
    (event,) = exact.events
    on_that_day = replace(event, when=When.day(day_of(custody.when.earliest, KH), KH))
    known, roughly = clock(name, exact), clock(name, replace(exact, events=(on_that_day,)))
    if known is None or known.window is None:
        return
    assert roughly
    assert roughly.window
    assert Window.around((roughly.window, known.window)) == roughly.window


@given(facts=detained())
def test_every_clock_names_its_article_its_source_and_how_sure_it_is(
    facts: ProceedingFacts,
) -> None:
    for name in ("police_custody", "pre_trial_detention", "lawyer_access"):
        found = clock(name, facts)
        for rule in found.rules if found else ():
            assert rule.cites.article
            assert rule.cites.sources
            assert found
            assert found.readings[0].end.steps


@pytest.mark.parametrize("kind", [*Counting, *HolidayRule, *RuleKind, *LimitState])
def test_each_kind_is_explained_on_the_page_for_lawyers(kind: str) -> None:
    page = (ROOT / "docs" / "clocks.md").read_text(encoding="utf-8")
    assert f"`{kind}`" in page or f"*{kind.replace('_', ' ')}*" in page
