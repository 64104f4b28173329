"""What begins, holds and ends a clock, where several things happened or nobody knows when."""

import pytest

from hrdtracker.proceedings.counting.model import Length, StepKind
from hrdtracker.proceedings.facts import ExtensionOrder, PrisonTerm
from hrdtracker.proceedings.limits.model import LimitState, RefusalReason
from hrdtracker.proceedings.limits.view import unsuspended
from tests.spec.clock_facts import (
    ARRIVED,
    BERLIN,
    FELONY,
    MISDEMEANOUR,
    ORDERED,
    at,
    book,
    clock,
    ends,
    facts,
)

CUSTODY, DETENTION = "police_custody", "pre_trial_detention"
RELEASED = "custody.released"
BEGAN = ("remand.start", "2026-01-15T00:00")
SENT, DECIDED = "higher_court.file_received", "higher_court.decided"


@pytest.mark.parametrize(
    ("released", "state"),
    [
        ("2026-03-02T08:00", "stopped"),
        ("2026-03-02T20:00", "stopped"),
        ("2026-03-02", "stopped"),
        ("?", "stopped"),
        ("2026-03-01T20:00", "running"),
    ],
)
def test_a_release_stops_a_clock_unless_it_came_before(released: str, state: str) -> None:
    known = facts(ARRIVED, (RELEASED, released), charges=(MISDEMEANOUR,))
    assert clock(CUSTODY, known).state == state


@pytest.mark.parametrize(
    ("again", "asks"),
    [
        ("2026-03-02T19:00", []),
        ("2026-03-02T21:00", ["held_again"]),
        ("2026-03-02", ["held_again"]),
    ],
)
def test_whether_a_second_arrival_after_the_release_adds_up_is_for_a_person_to_judge(
    again: str, asks: list[str]
) -> None:
    known = facts(ARRIVED, (RELEASED, "2026-03-02T20:00"), (ARRIVED[0], again))
    assert list(clock(CUSTODY, known).asks) == asks


def test_of_two_arrivals_without_a_release_the_first_counts_and_that_is_disputed() -> None:
    found = clock(CUSTODY, facts(ARRIVED, (ARRIVED[0], "2026-03-02T14:00"), charges=(FELONY,)))
    assert ends(found) == [at("2026-03-04T08:00")] * 2
    assert found.confidence == "disputed"
    assert not found.may_be_forbidden


def test_a_beginning_that_is_disputed_gives_the_earlier_end_first() -> None:
    custody = ("custody.start", "2026-01-08T08:00")
    found = clock(DETENTION, facts(custody, ORDERED, charges=(FELONY,)))
    assert ends(found) == [at("2026-07-08T08:00"), at("2026-07-10T14:00")]


def test_where_the_order_has_no_date_nothing_is_counted_from_the_custody_instead() -> None:
    known = facts(("custody.start", "2026-01-08T08:00"), (ORDERED[0], "?"), charges=(FELONY,))
    found = clock(DETENTION, known)
    assert (found.state, found.window) == (LimitState.NOT_KNOWN, None)
    assert list(found.asks) == [ORDERED[0]]


@pytest.mark.parametrize(
    ("events", "now", "state"),
    [
        ([(SENT, "2026-07-01"), (DECIDED, "2026-07-20")], "2026-07-19T23:59", "paused"),
        ([(SENT, "2026-07-01"), (DECIDED, "2026-07-20")], "2026-07-20T00:00", "running"),
        ([(SENT, "2026-07-01")], "2026-09-01T00:00", "paused"),
        ([(DECIDED, "2026-06-01"), (SENT, "2026-07-01")], "2026-09-01T00:00", "paused"),
        ([(SENT, "2026-07-16")], "2026-09-01T00:00", "passed"),
        ([(SENT, "?")], "2026-09-01T00:00", "passed"),
    ],
)
def test_a_pause_holds_a_clock_from_its_beginning_to_its_end_if_it_had_not_run_out(
    events: list[tuple[str, str]], now: str, state: str
) -> None:
    known = facts(BEGAN, *events, zone=BERLIN)
    assert clock("remand", known, at(now, BERLIN), book("DE")).state == state


def test_two_pauses_lengthen_a_clock_by_both() -> None:
    first = (SENT, "2026-03-01"), (DECIDED, "2026-03-11")
    second = (SENT, "2026-07-01"), (DECIDED, "2026-07-06")
    known = facts(BEGAN, *first, *second, zone=BERLIN)
    found = clock("remand", known, at("2026-07-10T12:00", BERLIN), book("DE"))
    assert ends(found) == [at("2026-07-30T23:59:59", BERLIN)] * 2


@pytest.mark.parametrize(
    ("months", "steps"),
    [(24, [StepKind.ALLOWED]), (None, [StepKind.DOUBTED]), (6, [StepKind.FORBIDDEN])],
)
def test_a_threshold_says_in_its_step_what_it_came_to(
    months: int | None, steps: list[StepKind]
) -> None:
    term = PrisonTerm(Length(months)) if months else None
    found = clock("warrant_at_judgment", facts(("judgment.pronounced", "2026-03-02"), term=term))
    assert [step.step.what for step in found.readings[0].end.steps] == steps


def test_what_is_to_be_served_is_the_term_without_its_suspended_part() -> None:
    term = PrisonTerm(Length(24, 20), suspended=Length(18, 5))
    assert unsuspended(term) == Length(6, 15)


@pytest.mark.parametrize(
    ("name", "began", "rule"),
    [
        (CUSTODY, ARRIVED, "custody_ext_felony"),
        ("closing_to_trial", ("closing_order.detention_kept", "2026-03-02T08:00"), None),
    ],
)
def test_an_order_that_finds_no_further_extension_names_the_last_one(
    name: str, began: tuple[str, str], rule: str | None
) -> None:
    orders = (ExtensionOrder(name, None, {"in_writing": True}),) * 2
    found = clock(name, facts(began, charges=(FELONY,), extensions=orders))
    assert [one.why for one in found.refused][-1] is RefusalReason.NO_FURTHER
    assert (found.refused[-1].rule and found.refused[-1].rule.key) == rule
