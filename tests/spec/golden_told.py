"""What a limit comes to, told in the columns of a worded case, so that the two can be compared."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from hrdtracker.proceedings.counting.model import Window
from hrdtracker.proceedings.limits.model import Limit, LimitReading, LimitState
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.model import LegalRule, RuleKind
from tests.spec.golden_words import ZONE

Row = Mapping[str, str]
LAWS = {
    "Code of Criminal Procedure 2007": "CPC",
    "Criminal Code 2009": "CC",
    "Law on Peaceful Demonstrations 2009": "LPD",
    "Royal decree of 12 January 2021": "Decree",
}
SILENT = frozenset(
    {RuleKind.CAP, RuleKind.THRESHOLD, RuleKind.AGE, RuleKind.QUESTION, RuleKind.REFERENCE}
)
"""Kinds that leave no trace where they change nothing: a cap not reached, a threshold met."""
COMPARED = (
    "expected_status",
    "expected_end",
    "expected_end_alt",
    "moved",
    "asks",
    "refused",
    "doubts",
    "confidence",
)


def several(text: str) -> list[str]:
    """Return what stands between the bars of a cell."""
    return [part for part in text.split(" | ") if part]


def expected(row: Row) -> dict[str, str]:
    """Return what a case says of its clock, and how far it may go where the case says that."""
    said = (*COMPARED, "furthest") if row["furthest"] else COMPARED
    return {column: row[column] for column in said}


def told(found: Limit | None, row: Row) -> dict[str, str]:
    """Return what a limit says, in the columns of the case."""
    if found is None:
        return dict.fromkeys(expected(row), "") | {"expected_status": "no clock"}
    window = found.window or Window(None, None)
    furthest = found.furthest.latest if found.furthest else None
    said = {
        "expected_status": _status(found),
        "expected_end": _at(window.earliest),
        "expected_end_alt": _at(window.latest),
        "moved": _bars(_at(one.end.moved.earliest) for one in _moved(found) if one.end.moved),
        "asks": _bars(found.asks),
        "refused": _bars(refused.why for refused in found.refused),
        "doubts": _bars(rule.key for rule in found.doubts),
        "confidence": found.confidence.value,
        "furthest": _at(furthest),
    }
    return {column: said[column] for column in expected(row)}


def _status(found: Limit) -> str:
    status = found.state.value.replace("_", " ")
    is_both = found.may_be_forbidden and found.state is not LimitState.FORBIDDEN
    return f"{status} or forbidden" if is_both else status


def _moved(found: Limit) -> list[LimitReading]:
    """Return the readings whose end may move off a day off."""
    return [one for one in found.readings if one.end.moved and one.end.moved != one.end.window]


def _at(instant: datetime | None) -> str:
    if instant is None:
        return ""
    return f"{instant.astimezone(ZONE):%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def _bars(words: Iterable[str]) -> str:
    return " | ".join(sorted({str(word) for word in words}))


def used_in(reading: LimitReading) -> frozenset[LegalRule]:
    """Return the rules by which one reading comes to its end, each step and refusal included."""
    end = reading.end
    steps = [step.rule for step in end.steps if step.rule]
    return frozenset(
        [*end.rules, *end.doubts, *steps, *(one.rule for one in end.refused if one.rule)]
    )


def unused(row: Row, found: Limit | None, book: RuleBook) -> set[str]:
    """Return the rules that a case names and its clock did not need, though they leave a trace."""
    if found is None:
        return set()
    used = {rule.key for reading in found.readings for rule in used_in(reading)}
    named = [rule for key in several(row["rule_keys"]) for rule in book.of_key(key)]
    return {rule.key for rule in named if rule.kind not in SILENT} - used


def articles(row: Row, book: RuleBook) -> str:
    """Return where the rules stand that a case names, as a lawyer cites them."""
    rules = [rule for key in several(row["rule_keys"]) for rule in book.of_key(key)]
    cited = [_cited(rule) for rule in rules if rule.cites.law in LAWS]
    return "; ".join(dict.fromkeys(cited))


def _cited(rule: LegalRule) -> str:
    number = re.match(r"[\d, -]*\d", rule.cites.article)
    return f"{LAWS[rule.cites.law]} {number[0] if number else ''}".strip()


def decided(row: Row, found: Limit) -> set[tuple[str, str]]:
    """Return each rule that a case names and that counted in it, with the class and ages it met."""
    return {
        (rule.key, str(met))
        for reading in found.readings
        for rule in used_in(reading)
        if rule.key in several(row["rule_keys"])
        for met in _met(reading)
    }


def _met(reading: LimitReading) -> tuple[str | int | None, ...]:
    seen = reading.interpretation
    return seen.offence_class, seen.age, seen.age_at_offence


def to_decide(rule: LegalRule) -> set[tuple[str, str]]:
    """Return what a rule must be tried with: each class it names, and the edges of its ages."""
    first, last = rule.applies.ages
    ages = [age for age in (first, last) if age]
    return {(rule.key, str(met)) for met in (*rule.applies.classes, *ages)}
