"""Cases worked by hand come to what was worked out: each end, and each that cannot be told."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from hrdtracker.proceedings.counting.model import Length, Window
from hrdtracker.proceedings.facts import Penalty, ProceedingFacts
from hrdtracker.proceedings.limits.engine import limit
from hrdtracker.proceedings.limits.lengths import halved
from hrdtracker.proceedings.limits.model import EndKind, Limit, LimitState
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.files import FOLDER, rule_book
from hrdtracker.proceedings.rules.model import RuleKind
from tests.shared import FOLDER as SHARED
from tests.shared import csv_rows, shared
from tests.spec.golden_facts import (
    GoldenCase,
    facts_of,
    length,
    now_of,
    penalties,
    with_holidays,
)
from tests.spec.golden_told import (
    SILENT,
    articles,
    decided,
    expected,
    several,
    to_decide,
    told,
    unused,
)
from tests.spec.golden_words import book_in, facts_in, instant

SEED = "domain/procedure/golden_seed.csv"
FOREIGN = Path(__file__).parent / "foreign_rules"
WORDED = {row["id"]: row for row in csv_rows(Path(__file__).parent / "golden_kh.csv")}
"""Cases told in words by somebody who had not read the program, each with all that it comes to."""
SUMS = {"custody_cap", "ptd_felony_cap", "ptd_misd_cap", "ptd_grave_cap"}
"""Caps that only say what the limit and its extensions come to: no case can show them alone."""


def _ids() -> list[str]:
    path = SHARED / SEED
    return [row["id"] for row in csv_rows(path)] if path.exists() else ["KH001"]


@cache
def _rows() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in csv_rows(shared(SEED))}


@cache
def _book(country: str) -> RuleBook:
    book = rule_book(country, FOLDER if country == "KH" else FOREIGN)
    return with_holidays(book, csv_rows(shared("domain/procedure/golden_holidays.csv")))


def _case(case_id: str) -> GoldenCase:
    row = _rows()[case_id]
    articles = penalties(shared("domain/penal_code_articles.csv"))
    return GoldenCase(row, _book(row["country"]), articles)


def _limit(case: GoldenCase, facts: ProceedingFacts) -> Limit | None:
    """Return the clock of the rules that a case names, or of its anchor; one that runs first."""
    rules = [rule for key in case.keys for rule in case.book.of_key(key)]
    clocks = dict.fromkeys([rule.clock for rule in rules])
    anchor = case.row["anchor_event"]
    clocks |= dict.fromkeys(["sentence"] if anchor == "sentence.start" else [])
    found = [limit(clock, facts, case.book, now_of(case)) for clock in clocks]
    there = [one for one in found if one]
    running = [one for one in there if one.state is not LimitState.STOPPED]
    return next(iter([*running, *there]), None)


@pytest.mark.parametrize("case_id", _ids())
def test_a_case_worked_by_hand_comes_to_the_same(case_id: str) -> None:
    case = _case(case_id)
    if case.row["expected_status"] == "range":
        assert _range(case) == (case.row["expected_end"], case.row["expected_end_alt"])
        return
    found = _limit(case, facts_of(case))
    assert set(_differences(case, found)) == set()


def _range(case: GoldenCase) -> tuple[str, str]:
    low, high = case.said.split(" ")[-2].split("-")
    penalty = halved(Penalty(length(f"{low} y"), length(f"{high} y")), Length(240))
    return _years(penalty.minimum), _years(penalty.maximum)


def _years(term: Length | None) -> str:
    years, months = divmod(term.months if term else 0, 12)
    said = f"{years} year{'s' * (years > 1)}"
    return f"{said} {months} months" if months else said


def _differences(case: GoldenCase, found: Limit | None) -> Iterator[str]:
    """Yield how a limit differs from what the case says."""
    status = case.row["expected_status"]
    if status == "not_applicable":
        if found and found.state is not LimitState.STOPPED:
            yield f"runs: {found.state}"
        return
    if found is None:
        yield "there is no such clock"
        return
    has_alternative = status == "end" and bool(case.row["expected_end_alt"])
    if found.asks if has_alternative else not STATUSES[status](found):
        yield f"it is no {status}: {found.state}, asks {found.asks}, {found.window}"
    yield from _other_ends(case, found)


STATUSES = {
    "end": lambda found: not found.asks and _is_exact(found),
    "earliest": lambda found: found.kind is RuleKind.EARLIEST and _is_exact(found),
    "window": lambda found: not found.asks and not (_is_exact(found) and _is_one(found)),
    "needs_input": lambda found: bool(found.asks),
    "forbidden": lambda found: found.state is LimitState.FORBIDDEN,
    "invalid_extension": lambda found: bool(found.refused),
    "paused": lambda found: found.state is LimitState.PAUSED,
    "not_started": lambda found: found.state is LimitState.NOT_STARTED,
}


def _is_exact(found: Limit) -> bool:
    return found.window is not None and found.window.is_exact


def _is_one(found: Limit) -> bool:
    return len(found.readings) == 1


def _other_ends(case: GoldenCase, found: Limit) -> Iterator[str]:
    expected = [case.row["expected_end"], case.row["expected_end_alt"]]
    if "forbidden" in expected and not found.may_be_forbidden:
        yield "no reading forbids it"
    ends = [case.instant(text) for text in expected if text and text != "forbidden"]
    if not ends:
        return
    if found.window is None or found.window.earliest != min(_firsts(case, ends)):
        yield f"ends {found.window} instead of {ends}"
    if not set(ends) <= _known_ends(found):
        yield f"does not show all of {ends}: {_known_ends(found)}"


def _firsts(case: GoldenCase, ends: list[datetime]) -> list[datetime]:
    """Return the ends of which the earliest comes first: of a window both, else the first."""
    return ends if case.row["expected_status"] == "window" else ends[:1]


def _known_ends(found: Limit) -> set[datetime | None]:
    windows: list[Window | None] = [found.window, found.furthest]
    for reading in found.readings:
        if reading.end.kind is not EndKind.NOT_STARTED:
            windows += [reading.end.window, reading.end.plain, reading.end.moved]
    return {end for window in windows if window for end in (window.earliest, window.latest)}


@cache
def _cambodia() -> RuleBook:
    return rule_book("KH", FOLDER)


@cache
def _worded(case_id: str) -> Limit | None:
    row = WORDED[case_id]
    book = book_in(row["facts"], _cambodia())
    return limit(row["clock"], facts_in(row["facts"]), book, instant(row["asked_at"]))


@pytest.mark.parametrize("case_id", WORDED)
def test_a_case_told_in_words_comes_to_all_that_its_author_worked_out(case_id: str) -> None:
    assert told(_worded(case_id), WORDED[case_id]) == expected(WORDED[case_id])


@pytest.mark.parametrize("case_id", WORDED)
def test_a_worded_case_rests_on_the_rules_and_articles_that_it_names(case_id: str) -> None:
    row, book = WORDED[case_id], _cambodia()
    assert unused(row, _worded(case_id), book) == set()
    assert articles(row, book) == row["article"]


def test_no_two_worded_cases_ask_the_same() -> None:
    asked = [(row["clock"], row["facts"], row["asked_at"]) for row in WORDED.values()]
    assert len(set(asked)) == len(asked)


def test_every_rule_has_a_worded_case() -> None:
    named = {key for row in WORDED.values() for key in several(row["rule_keys"])}
    counted = [rule for rule in _cambodia().rules if rule.kind is not RuleKind.REFERENCE]
    assert {rule.key for rule in counted} - named == set()


def test_every_rule_is_tried_with_each_of_its_classes_and_at_the_edges_of_its_ages() -> None:
    tried = {
        met
        for case_id, row in WORDED.items()
        if (found := _worded(case_id))
        for met in decided(row, found)
    }
    rules = [rule for rule in _cambodia().rules if rule.key not in SUMS]
    counted = [
        rule for rule in rules if rule.kind not in SILENT - {RuleKind.CAP, RuleKind.THRESHOLD}
    ]
    assert {met for rule in counted for met in to_decide(rule)} - tried == set()
