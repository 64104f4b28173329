"""The rules of one country together, by clock, each in its version of the day asked about."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import combinations, groupby

from hrdtracker.proceedings.counting.holidays import NO_TABLE, HolidayTable
from hrdtracker.proceedings.rules.model import LegalRule, RuleKind, Vocabulary


@dataclass(frozen=True)
class ClockBegins:
    """The events that begin a clock, those it cannot begin before, and whether the last counts."""

    events: frozenset[str]
    bounds: frozenset[str]
    from_last: bool


def _begins(rules: Iterable[LegalRule]) -> ClockBegins:
    runs = [rule.runs for rule in rules]
    return ClockBegins(
        frozenset(event for one in runs for origin in one.origins for event in origin.events),
        frozenset(event for one in runs for event in one.not_before),
        any(one.from_last for one in runs),
    )


@dataclass(frozen=True)
class RuleBook:
    """All versions of all rules of a country, the words they use, and its public holidays."""

    country: str
    rules: tuple[LegalRule, ...]
    words: Vocabulary
    holidays: HolidayTable = NO_TABLE

    @cached_property
    def by_clock(self) -> Mapping[str, tuple[LegalRule, ...]]:
        """Return every version of the rules of each clock, in the order of the file."""
        found: dict[str, list[LegalRule]] = {}
        for rule in self.rules:
            found.setdefault(rule.clock, []).append(rule)
        return {clock: tuple(rules) for clock, rules in found.items()}

    @cached_property
    def beginnings(self) -> Mapping[str, ClockBegins]:
        """Return from which events each clock runs."""
        return {clock: _begins(rules) for clock, rules in self.by_clock.items()}

    def in_force(self, clock: str, day: date) -> tuple[LegalRule, ...]:
        """Return the rules of one clock as they stood on a day."""
        return tuple(rule for rule in self.by_clock[clock] if rule.is_in_force(day))

    def of_key(self, key: str) -> tuple[LegalRule, ...]:
        """Return the versions of one rule, the oldest first."""
        found = [rule for rule in self.rules if rule.key == key]
        return tuple(sorted(found, key=lambda rule: rule.valid_from or date.min))


def overlapping(rules: Iterable[LegalRule]) -> Iterator[tuple[LegalRule, LegalRule]]:
    """Yield each version that begins before the version of the same rule before it has ended."""
    ordered = sorted(rules, key=lambda rule: (rule.key, rule.valid_from or date.min))
    for _, versions in groupby(ordered, key=lambda rule: rule.key):
        before = None
        for version in versions:
            if before and version.is_in_force(before.valid_until or date.max):
                yield before, version
            before = version


ENDS = frozenset({RuleKind.LATEST, RuleKind.EARLIEST, RuleKind.BACKWARDS})


def contradicting(rules: Iterable[LegalRule]) -> Iterator[tuple[LegalRule, LegalRule]]:
    """Yield two rules that end one clock for the same people at the same time.

    Rules with conditions may exclude each other in ways that no file can show: they are left out.
    """
    plain = [rule for rule in rules if rule.kind in ENDS and not rule.applies.conditions]
    for one, other in combinations(plain, 2):
        if one.clock == other.clock and one.key != other.key and _for_the_same(one, other):
            yield one, other


def _for_the_same(one: LegalRule, other: LegalRule) -> bool:
    classes, others = one.applies.classes, other.applies.classes
    in_time = overlapping((replace(one, key=""), replace(other, key="")))
    return (
        (not classes or not others or bool(classes & others))
        and _spans_meet(one.applies.ages, other.applies.ages)
        and any(in_time)
    )


def _spans_meet(one: tuple[int, int | None], other: tuple[int, int | None]) -> bool:
    (first, last), (from_age, to_age) = one, other
    return (last is None or from_age <= last) and (to_age is None or first <= to_age)
