"""A charge of another class than before, facts without a date: nothing ends too early or late."""

from dataclasses import replace

import pytest

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.counting.model import Length, StepKind
from hrdtracker.proceedings.facts import (
    LIFE,
    AccusedOf,
    DatedEvent,
    ExtensionOrder,
    OffenceTier,
    PrisonTerm,
    ProceedingFacts,
)
from hrdtracker.proceedings.limits.engine import limit
from hrdtracker.proceedings.limits.model import LimitState, OpenQuestion, RefusalReason
from hrdtracker.proceedings.rules.files import rule_book
from hrdtracker.proceedings.rules.model import Confidence
from tests.spec.clock_facts import (
    ARRIVED,
    FELONY,
    MISDEMEANOUR,
    NOW,
    ORDERED,
    PHNOM_PENH,
    at,
    charge,
    clock,
    facts,
    when,
)

DETENTION = "pre_trial_detention"
IN_FOUR, IN_SIX = at("2026-05-10T14:00"), at("2026-07-10T14:00")


def qualified(*classes: str, since: When | None) -> AccusedOf:
    """Return a charge of these classes, of the last since then."""
    *first, last = classes
    return AccusedOf("c", (*(OffenceTier(one) for one in first), OffenceTier(last, since=since)))


CHANGES = [
    ("felony", "misdemeanour", "2026-03-01T09:00", [IN_FOUR, IN_FOUR]),
    ("felony", "misdemeanour", "2026-06-01T09:00", [at("2026-06-01T09:00")] * 2),
    ("felony", "misdemeanour", "2026-08-01T09:00", [IN_SIX, IN_SIX]),
    ("felony", "misdemeanour", "?", [IN_FOUR, IN_SIX]),
    ("misdemeanour", "felony", "2026-05-01T09:00", [IN_SIX, IN_SIX]),
    ("misdemeanour", "felony", "2026-05-11T09:00", [IN_FOUR, IN_FOUR]),
    ("misdemeanour", "felony", "2026-05-10", [IN_FOUR, IN_SIX]),
    ("misdemeanour", "felony", "2026-05-10T14:00", [IN_FOUR, IN_FOUR]),
]


@pytest.mark.parametrize(("before", "now", "since", "ends"), CHANGES)
def test_a_lower_class_ends_detention_since_the_change_and_a_higher_one_revives_nothing(
    before: str, now: str, since: str, ends: list[object]
) -> None:
    known = facts(ORDERED, charges=(qualified(before, now, since=when(since)),))
    found = clock(DETENTION, known)
    assert found.window
    assert [found.window.earliest, found.window.latest] == ends


def test_what_ended_before_the_charge_was_raised_says_that_it_is_not_revived() -> None:
    raised = qualified("misdemeanour", "felony", since=when("2026-05-11"))
    end = clock(DETENTION, facts(ORDERED, charges=(raised,))).readings[0].end
    assert end.steps[-1].step.what is StepKind.NOT_REVIVED
    assert end.is_disputed


def test_an_extension_of_the_former_class_stands_until_the_charge_is_lowered() -> None:
    lowered = qualified("felony", "misdemeanour", since=when("2026-09-01T09:00"))
    order = ExtensionOrder(DETENTION, when("2026-07-01"))
    found = clock(DETENTION, facts(ORDERED, charges=(lowered,), extensions=(order,)))
    assert found.window
    assert found.window.earliest == at("2026-09-01T09:00")
    assert found.refused == ()
    assert "ptd_felony_ext1" in [rule.key for rule in found.rules]


def test_an_order_of_the_day_on_which_the_charge_was_lowered_may_have_come_before_or_after() -> (
    None
):
    lowered = qualified("felony", "misdemeanour", since=when("2026-05-01"))
    order = ExtensionOrder(DETENTION, when("2026-05-01"))
    found = clock(DETENTION, facts(ORDERED, charges=(lowered,), extensions=(order,)))
    assert found.window
    assert [found.window.earliest, found.window.latest] == [IN_FOUR, IN_SIX]
    assert OpenQuestion.ORDER_DATE in found.asks


@pytest.mark.parametrize("made", ["2026-03-03", "?"])
def test_nothing_is_asked_of_an_order_that_brings_the_same_end_either_way(made: str) -> None:
    lowered = qualified("felony", "misdemeanour", since=when("2026-03-03"))
    order = ExtensionOrder("police_custody", when(made))
    known = facts(ARRIVED, charges=(lowered,), extensions=(order,))
    assert clock("police_custody", known).asks == ()


def test_a_lower_penalty_of_the_same_class_ends_detention_since_the_change_too() -> None:
    first, then = charge("c", None, 2, 5).tiers[0], charge("c", None, 6, 24, months=True).tiers[0]
    lowered = AccusedOf("c", (first, replace(then, since=when("2026-05-01T09:00"))))
    found = clock(DETENTION, facts(ORDERED, charges=(lowered,)))
    assert found.window
    assert found.window.earliest == at("2026-05-01T09:00")


def test_the_time_in_which_to_prosecute_is_that_of_the_offence_as_it_is_qualified_now() -> None:
    lowered = qualified("felony", "misdemeanour", since=when("2026-01-01"))
    found = clock("limitation", facts(("offence.date", "2019-03-01"), charges=(lowered,)))
    assert found.window
    assert found.window.latest == at("2024-03-01T23:59:59")


def test_an_order_in_the_very_minute_of_the_end_is_too_late() -> None:
    order = ExtensionOrder("police_custody", when("2026-03-04T08:00"), {"in_writing": True})
    found = clock("police_custody", facts(ARRIVED, charges=(FELONY,), extensions=(order,)))
    assert [refused.why for refused in found.refused] == [RefusalReason.TOO_LATE]


@pytest.mark.parametrize(
    ("made", "ends"),
    [("2025-12-01", [IN_SIX, IN_SIX]), ("2026-01-10", [IN_SIX, at("2027-01-10T14:00")])],
)
def test_an_order_from_before_the_detention_extends_nothing(made: str, ends: list[object]) -> None:
    order = ExtensionOrder(DETENTION, when(made))
    found = clock(DETENTION, facts(ORDERED, charges=(FELONY,), extensions=(order,)))
    assert found.window
    assert [found.window.earliest, found.window.latest] == ends


def test_of_several_arrivals_one_without_a_date_may_have_been_the_first() -> None:
    known = facts(("arrest.made", "2026-03-01T20:00"), ARRIVED, charges=(MISDEMEANOUR,))
    undated = DatedEvent(ARRIVED[0], When.unknown("?", PHNOM_PENH))
    found = clock("police_custody", replace(known, events=(*known.events, undated)))
    assert found.window
    assert found.window.earliest == at("2026-03-03T20:00")
    assert found.window.latest == at("2026-03-04T08:00")
    assert found.asks == (ARRIVED[0],)
    assert found.confidence is Confidence.DISPUTED


def test_of_several_requests_one_without_a_date_may_have_been_the_last() -> None:
    found = clock(
        "release_request_again",
        facts(("release.last_request", "2026-03-05"), ("release.last_request", "?")),
    )
    assert found.window
    assert found.window.earliest == at("2026-04-05T00:00")
    assert found.window.latest is None
    assert found.confidence is Confidence.GENERAL_KNOWLEDGE


@pytest.mark.parametrize(
    ("start", "term"),
    [
        ("2026-09-01T09:00", PrisonTerm(Length(1), credited=Length(days=45))),
        ("2026-03-07T09:00", PrisonTerm(Length(days=1))),
    ],
)
def test_no_sentence_ends_before_it_begins(start: str, term: PrisonTerm) -> None:
    found = clock("sentence", facts(("sentence.start", start), term=term))
    assert found.window
    assert found.window.earliest == found.window.latest == at(start)


@pytest.mark.parametrize("name", ["sentence", "conditional_release", "royal_pardon"])
def test_of_a_sentence_for_life_nothing_is_counted_and_nothing_asked(name: str) -> None:
    known = facts(("sentence.start", "2026-01-15"), term=PrisonTerm(LIFE))
    found = clock(name, known)
    assert (found.state, found.window, found.asks) == (LimitState.NOT_KNOWN, None, ())


WITNESS = facts(ARRIVED, charges=(MISDEMEANOUR,), flags={"held_as_witness": True})
APPEARED = facts(("trial.first_appearance", "2026-03-02"))


@pytest.mark.parametrize(
    ("name", "known", "ask"),
    [
        ("police_custody", WITNESS, "authorised_in_writing"),
        ("immediate_appearance", APPEARED, "flagrant"),
        ("immediate_appearance", APPEARED, "penalty.maximum"),
    ],
)
def test_what_a_threshold_needs_and_nobody_said_is_asked(
    name: str, known: ProceedingFacts, ask: str
) -> None:
    found = clock(name, known)
    assert ask in found.asks
    assert found.doubts


def test_nothing_is_asked_for_a_rule_that_another_answer_leaves_out() -> None:
    known = facts(("assembly.start", "2026-03-16T09:00"), participants=300)
    assert limit("assembly_notice_small", known, rule_book("KH"), NOW) is None


def test_a_rule_of_which_nobody_can_tell_whether_it_applies_says_how_sure_it_is() -> None:
    found = clock("assembly_notice_small", facts(("assembly.start", "2026-03-16T09:00")))
    assert found.state is LimitState.NOT_KNOWN
    assert found.confidence is Confidence.REPORTED


def test_whether_a_petty_offence_allows_custody_is_disputed_with_its_end() -> None:
    found = clock("police_custody", facts(ARRIVED, charges=(charge("p", "petty"),)))
    assert found.confidence is Confidence.DISPUTED
    assert found.asks == ("custody_petty",)
