"""Which limits run for somebody, where they stand, what they rest on, and what is still asked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hrdtracker.core.when.model import When
from hrdtracker.proceedings.counting.model import Length, StepKind
from hrdtracker.proceedings.facts import (
    FINE_ONLY,
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
    StatedAge,
)
from hrdtracker.proceedings.limits.engine import limit, limits
from hrdtracker.proceedings.limits.lengths import halved
from hrdtracker.proceedings.limits.model import LimitState, RefusalReason
from hrdtracker.proceedings.rules.files import rule_book
from hrdtracker.proceedings.rules.model import (
    BASES,
    Confidence,
    FlagCondition,
    LegalRule,
    RuleKind,
)
from tests.spec.clock_facts import (
    ADULT,
    ARRIVED,
    BAKU,
    BERLIN,
    FELONY,
    MISDEMEANOUR,
    NOW,
    ORDERED,
    PHNOM_PENH,
    at,
    book,
    charge,
    clock,
    ends,
    facts,
    when,
)

CUSTODY, DETENTION = "police_custody", "pre_trial_detention"
WRITTEN = {"in_writing": True}


@pytest.mark.parametrize(
    ("arrived", "now", "state"),
    [
        ("2026-03-02T08:00", "2026-03-04T07:59", "running"),
        ("2026-03-02T08:00", "2026-03-04T08:00", "reached"),
        ("2026-03-02T08:00", "2026-03-04T08:01", "passed"),
        ("2026-03-02", "2026-03-03T23:59", "running"),
        ("2026-03-02", "2026-03-04T00:00", "reached"),
        ("2026-03-02", "2026-03-04T23:59", "reached"),
        ("2026-03-02", "2026-03-05T00:00", "passed"),
        ("?", "2026-03-05T00:00", "not_known"),
    ],
)
def test_a_clock_runs_is_reached_or_has_passed(arrived: str, now: str, state: str) -> None:
    known = facts((ARRIVED[0], arrived), charges=(MISDEMEANOUR,))
    assert clock(CUSTODY, known, at(now)).state == state


def test_the_first_end_comes_first_and_what_was_stopped_last() -> None:
    order, offence = ("detention.order", "2026-03-03T14:00"), ("offence.date", "2026-03-01")
    found = limits(facts(ARRIVED, order, offence, charges=(FELONY,)), rule_book("KH"), NOW)
    assert [(one.clock, one.state) for one in found] == [
        (DETENTION, LimitState.RUNNING),
        ("limitation", LimitState.RUNNING),
        ("lawyer_access", LimitState.STOPPED),
        (CUSTODY, LimitState.STOPPED),
    ]


def test_a_corrected_date_moves_the_clocks_that_run_from_it_and_no_other() -> None:
    offence, judgment = ("offence.date", "2026-03-01"), ("judgment.pronounced", "2026-06-01")
    before = facts(ARRIVED, offence, judgment, charges=(FELONY,))
    after = facts((ARRIVED[0], "2026-03-02T09:00"), offence, judgment, charges=(FELONY,))
    both = [
        {one.clock: one.window for one in limits(known, rule_book("KH"), NOW)}
        for known in (before, after)
    ]
    moved = {name for name in both[0] if both[0][name] != both[1][name]}
    assert moved == {CUSTODY, "lawyer_access"}
    assert len(both[0]) > 5


def test_nothing_runs_for_somebody_to_whom_nothing_happened() -> None:
    assert limits(facts(), rule_book("KH"), NOW) == ()


def test_every_step_of_a_count_names_its_rule_its_article_and_how_sure_it_is() -> None:
    order = ExtensionOrder(CUSTODY, when("2026-03-03T09:00"), WRITTEN)
    found = clock(CUSTODY, facts(ARRIVED, charges=(FELONY,), extensions=(order,)))
    (reading,) = found.readings
    assert [
        (step.step.what, step.rule and step.rule.key, step.step.at and step.step.at.earliest)
        for step in reading.end.steps
    ] == [
        (StepKind.STARTED, "custody_base", at("2026-03-02T08:00")),
        (StepKind.COUNTED, "custody_base", at("2026-03-04T08:00")),
        (StepKind.EXTENDED, "custody_ext_felony", at("2026-03-05T08:00")),
    ]
    assert [step.confidence for step in reading.end.steps][-1] is Confidence.GENERAL_KNOWLEDGE
    assert found.confidence is Confidence.GENERAL_KNOWLEDGE
    assert not found.is_reviewed


ASKS = [
    # what is known, and what is asked for
    (facts(ARRIVED), []),
    (facts(ARRIVED, age=UNKNOWN_AGE, charges=(FELONY,)), ["age"]),
    (facts(ARRIVED, age=UNKNOWN_AGE), ["age", "offence_class"]),
    (facts(("arrest.made", "2026-03-02T06:00")), ["custody.arrival_at_unit"]),
    (facts(ARRIVED, charges=(charge("p", "petty"),)), ["custody_petty"]),
    (
        facts(ARRIVED, ("custody.released", "2026-03-02T20:00"), (ARRIVED[0], "2026-03-03T01:00")),
        ["held_again"],
    ),
    (facts(ARRIVED, ("custody.released", "2026-03-02T20:00")), []),
]


@pytest.mark.parametrize(("known", "asks"), ASKS)
def test_what_would_bring_another_end_is_asked_for(known: ProceedingFacts, asks: list[str]) -> None:
    assert list(clock(CUSTODY, known).asks) == asks


@pytest.mark.parametrize(
    ("known", "asks"),
    [
        (facts(ORDERED), ["penalty.minimum", "penalty.maximum", "offence_class"]),
        (
            facts(ORDERED, charges=(charge("m", "misdemeanour"),)),
            ["penalty.minimum", "penalty.maximum"],
        ),
        (facts(ORDERED, charges=(FELONY,)), []),
    ],
)
def test_the_penalty_is_asked_for_where_it_may_cap_or_forbid_the_detention(
    known: ProceedingFacts, asks: list[str]
) -> None:
    assert list(clock(DETENTION, known).asks) == asks


REFUSALS = [
    (FELONY, ADULT, [("2026-03-04T09:00", WRITTEN)], RefusalReason.TOO_LATE),
    (FELONY, ADULT, [(None, {"in_writing": False})], RefusalReason.REQUIREMENT_NOT_MET),
    (MISDEMEANOUR, ADULT, [(None, WRITTEN)], RefusalReason.WRONG_CLASS),
    (
        FELONY,
        replace(ADULT, at_offence=StatedAge(16, 16)),
        [(None, WRITTEN)],
        RefusalReason.NOT_FOR_THIS_AGE,
    ),
    (FELONY, ADULT, [(None, WRITTEN)] * 2, RefusalReason.NO_FURTHER),
]


@pytest.mark.parametrize(("charged", "age", "orders", "why"), REFUSALS)
def test_an_extension_that_does_not_count_says_why(
    charged: AccusedOf,
    age: AgeFacts,
    orders: list[tuple[str | None, dict[str, bool]]],
    why: RefusalReason,
) -> None:
    made = tuple(
        ExtensionOrder(CUSTODY, when(ordered) if ordered else None, conditions)
        for ordered, conditions in orders
    )
    known = replace(facts(ARRIVED, charges=(charged,), extensions=made), age=age)
    assert [refused.why for refused in clock(CUSTODY, known).refused] == [why]


@pytest.mark.parametrize(
    ("order", "asks"),
    [
        (ExtensionOrder(CUSTODY, when("2026-03-03T09:00")), ["in_writing"]),
        (ExtensionOrder(CUSTODY, None, WRITTEN), ["order_date"]),
        (ExtensionOrder(CUSTODY, when("2026-03-04"), WRITTEN), ["order_date"]),
        (ExtensionOrder(CUSTODY, when("2026-03-03"), WRITTEN), []),
    ],
)
def test_an_extension_that_may_not_count_leaves_the_earlier_end_first(
    order: ExtensionOrder, asks: list[str]
) -> None:
    found = clock(CUSTODY, facts(ARRIVED, charges=(FELONY,), extensions=(order,)))
    first = "2026-03-04T08:00" if asks else "2026-03-05T08:00"
    assert ends(found) == [at(first), at("2026-03-05T08:00")]
    assert list(found.asks) == asks


def test_a_cap_that_is_reached_leaves_an_extension_without_effect() -> None:
    low = charge("l", None, 6, 24, months=True)
    order = ExtensionOrder(DETENTION, when("2026-02-10T14:00"))
    found = clock(DETENTION, facts(ORDERED, charges=(low,), extensions=(order,)))
    assert ends(found) == [at("2026-04-10T14:00")] * 2
    assert [(one.why, one.rule and one.rule.key) for one in found.refused] == [
        (RefusalReason.CAP_REACHED, "ptd_misd_half_min")
    ]


def test_of_several_charges_the_earlier_end_comes_first_and_the_later_closes_the_window() -> None:
    found = clock(DETENTION, facts(ORDERED, charges=(charge("l", None, 1, 2), FELONY)))
    assert ends(found) == [at("2026-05-10T14:00"), at("2026-07-10T14:00")]
    assert [one.interpretation.charge for one in found.readings] == ["l", "f"]


def test_a_threshold_that_is_disputed_is_shown_as_a_doubt_and_one_unmet_forbids() -> None:
    between, below = charge("b", None, 6, 24, months=True), charge("u", None, 1, 6, months=True)
    doubted = clock(DETENTION, facts(ORDERED, charges=(between,)))
    forbidden = clock(DETENTION, facts(ORDERED, charges=(below,)))
    fined = clock(
        DETENTION, facts(ORDERED, charges=(AccusedOf("x", (OffenceTier(None, FINE_ONLY),)),))
    )
    assert [rule.key for rule in doubted.doubts] == ["ptd_threshold"]
    assert doubted.state is LimitState.RUNNING
    assert forbidden.state is LimitState.FORBIDDEN
    assert fined.state is LimitState.FORBIDDEN


@pytest.mark.parametrize(
    ("length", "suspended", "state"),
    [
        (Length(24), Length(), "allowed"),
        (Length(24), Length(18), "forbidden"),
        (None, None, "not_known"),
    ],
)
def test_a_threshold_allows_forbids_or_asks(
    length: Length | None, suspended: Length | None, state: str
) -> None:
    term = PrisonTerm(length, suspended or Length()) if length else None
    known = facts(("judgment.pronounced", "2026-03-02"), term=term)
    assert clock("warrant_at_judgment", known).state == state


def test_a_witness_is_held_only_with_a_written_authorisation() -> None:
    held = {"held_as_witness": True, "authorised_in_writing": False}
    assert clock(CUSTODY, facts(ARRIVED, flags=held)).state is LimitState.FORBIDDEN


def test_what_is_forbidden_ends_with_the_release_too() -> None:
    child = replace(ADULT, at_offence=StatedAge(13, 13))
    known = facts(ARRIVED, age=child, charges=(FELONY,))
    freed = facts(ARRIVED, ("custody.released", "2026-03-02T11:00"), age=child, charges=(FELONY,))
    assert clock(CUSTODY, known).state is LimitState.FORBIDDEN
    assert clock(CUSTODY, freed).state is LimitState.STOPPED


def test_a_felony_stays_a_felony_when_a_minors_penalty_is_halved() -> None:
    ten = Penalty(Length(24), Length(120))
    assert halved(ten, Length(240)) == Penalty(Length(12), Length(60))
    known = facts(
        ORDERED,
        age=replace(ADULT, at_offence=StatedAge(14, 14)),
        charges=(AccusedOf("c", (OffenceTier(None, ten),)),),
    )
    assert ends(clock(DETENTION, known)) == [at("2026-05-10T14:00")] * 2


def test_life_becomes_twenty_years_for_a_minor() -> None:
    assert halved(Penalty(Length(180), LIFE), Length(240)) == Penalty(Length(90), Length(240))


def test_each_act_of_prosecution_restarts_the_limitation_until_it_has_run_out() -> None:
    petty = charge("p", "petty")
    acts = [("prosecution.act", day) for day in ("2026-09-01", "2027-08-31", "2028-09-02")]
    found = clock("limitation", facts(("offence.date", "2026-03-10"), *acts, charges=(petty,)))
    assert ends(found) == [at("2028-08-31T23:59:59")] * 2
    assert StepKind.NOT_REVIVED in [step.step.what for step in found.readings[0].end.steps]
    assert found.confidence is Confidence.DISPUTED


def test_an_act_before_the_offence_restarts_nothing() -> None:
    events = ("offence.date", "2026-03-10"), ("prosecution.act", "2026-03-09")
    found = clock("limitation", facts(*events, charges=(charge("p", "petty"),)))
    assert ends(found) == [at("2027-03-10T23:59:59")] * 2
    assert "limitation_interruption" not in [rule.key for rule in found.rules]


@pytest.mark.parametrize("when", [When.month(2027, 3, PHNOM_PENH), When.unknown("?", PHNOM_PENH)])
def test_an_act_that_may_lie_before_or_after_the_end_leaves_both_ends(when: When) -> None:
    act = DatedEvent("prosecution.act", when)
    known = facts(("offence.date", "2026-03-10"), charges=(charge("p", "petty"),))
    found = clock("limitation", replace(known, events=(*known.events, act)))
    assert ends(found) == [at("2027-03-10T23:59:59"), at("2028-03-10T23:59:59")]
    assert list(found.asks) == ["prosecution.act"]


def test_detention_is_credited_in_full_and_nobody_is_kept_over_a_day_off() -> None:
    term = PrisonTerm(Length(6), credited=Length(days=59))
    found = clock("sentence", facts(("sentence.start", "2026-09-01T00:00"), term=term))
    (reading,) = found.readings
    assert reading.end.plain
    assert reading.end.plain.earliest == at("2027-01-01T00:00")
    assert StepKind.CREDITED in [step.step.what for step in reading.end.steps]
    assert StepKind.HOLIDAYS_UNKNOWN in [step.step.what for step in reading.end.steps]


def test_a_clock_rests_while_it_is_paused_and_is_longer_afterwards() -> None:
    began = ("remand.start", "2026-01-15T00:00")
    sent = ("higher_court.file_received", "2026-07-01")
    back = ("higher_court.decided", "2026-07-20")
    in_july, in_august = at("2026-07-10T12:00", BERLIN), at("2026-08-10T12:00", BERLIN)
    known = facts(began, sent, back, zone=BERLIN)
    assert clock("remand", known, in_july, book("DE")).state is LimitState.PAUSED
    ended = clock("remand", known, in_august, book("DE"))
    assert ended.window
    assert ended.window.earliest == at("2026-08-03T23:59:59", BERLIN)


def test_the_version_of_the_day_it_happened_counts() -> None:
    name = "administrative_arrest.start"
    before = facts((name, "2013-05-13T10:00"), zone=BAKU)
    after = facts((name, "2013-05-14T10:00"), zone=BAKU)
    assert (
        ends(clock("administrative_arrest", before, NOW, book("AZ")))
        == [at("2013-05-28T10:00", BAKU)] * 2
    )
    assert (
        ends(clock("administrative_arrest", after, NOW, book("AZ")))
        == [at("2013-08-14T10:00", BAKU)] * 2
    )


def test_where_it_may_have_happened_under_either_version_both_count() -> None:
    known = facts(("administrative_arrest.start", "2013-05-13T23:00"), zone=BAKU)
    (event,) = known.events
    assert event.when.earliest
    wide = replace(event, when=replace(event.when, latest=event.when.earliest + timedelta(hours=3)))
    found = clock("administrative_arrest", replace(known, events=(wide,)), NOW, book("AZ"))
    assert ends(found) == [at("2013-05-28T23:00", BAKU), at("2013-08-14T01:59:59", BAKU)]


def _facts_for(rule: LegalRule) -> ProceedingFacts:
    """Return facts that one rule is about, and nothing more."""
    event = rule.runs.origins[0].events[0]
    age = StatedAge(rule.applies.ages[0] or 18, rule.applies.ages[0] or 18)
    conditions = [*rule.applies.conditions, *rule.requires]
    flags = {one.flag: one.wanted for one in conditions if isinstance(one, FlagCondition)}
    months = 24 if "conditional_release_long" in rule.key else 12
    return facts(
        (event, "2026-03-02T08:00"),
        age=replace(ADULT, at_offence=age),
        charges=tuple(charge(name, name, None, None) for name in sorted(rule.applies.classes)[:1]),
        flags=flags,
        term=PrisonTerm(Length(months)),
        participants=100,
    )


COUNTED_ALONE = [
    rule for rule in rule_book("KH").rules if rule.kind in BASES and rule.kind is not RuleKind.CAP
]


@pytest.mark.parametrize("rule", COUNTED_ALONE, ids=lambda rule: rule.key)
def test_each_rule_that_ends_a_clock_does_so_for_whom_it_is_about(rule: LegalRule) -> None:
    found = limit(rule.clock, _facts_for(rule), rule_book("KH"), NOW)
    assert found
    assert rule.key in [one.key for one in found.rules]
    assert found.window or "holidays" in str(found.readings)
