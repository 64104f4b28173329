"""Whose limits would move if other rules counted: by how much, and by which rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hrdtracker.proceedings.clocks.known_facts import facts_of
from hrdtracker.proceedings.clocks.listing import everybody
from hrdtracker.proceedings.facts import ProceedingFacts
from hrdtracker.proceedings.limits.engine import limit
from hrdtracker.proceedings.limits.model import Limit
from hrdtracker.proceedings.rules.book import RuleBook


@dataclass(frozen=True)
class MovedLimit:
    """A limit that other rules count otherwise; None where it does not run by one of them.

    `code` and `letter` say whose it is, never a name; `because` are the rules that differ.
    """

    code: str
    letter: str
    people: int
    clock: str
    before: Limit | None
    after: Limit | None
    because: tuple[str, ...]


def compare_rules(old: RuleBook, new: RuleBook, moment: datetime) -> list[MovedLimit]:
    """Return every limit that is counted otherwise by the new rules, by case and letter.

    Only clocks whose rules differ are counted, and equal facts once. It is for whoever holds the
    machine: nothing of it is narrowed to a reader.
    """
    differing = _differing(old, new)
    known: dict[ProceedingFacts, list[tuple[str, Limit | None, Limit | None]]] = {}
    moved = []
    for code, letter, subject in everybody():
        facts = facts_of(subject)
        if facts not in known:
            known[facts] = [
                (clock, *both)
                for clock in differing
                if _is_other(*(both := _both(clock, facts, old, new, moment)))
            ]
        moved += [
            MovedLimit(code, letter, subject.people, clock, before, after, differing[clock])
            for clock, before, after in known[facts]
        ]
    return sorted(moved, key=lambda one: (one.code, one.letter, one.clock))


def _differing(old: RuleBook, new: RuleBook) -> Mapping[str, tuple[str, ...]]:
    """Return the clocks of which a rule differs, and those rules; all where a holiday does."""
    found = {}
    for clock in dict.fromkeys((*old.by_clock, *new.by_clock)):
        before, after = old.by_clock.get(clock, ()), new.by_clock.get(clock, ())
        keys = {rule.key for rule in {*before} ^ {*after}}
        if keys or before != after or old.holidays != new.holidays:
            found[clock] = tuple(sorted(keys))
    return found


def _both(
    clock: str, facts: ProceedingFacts, old: RuleBook, new: RuleBook, moment: datetime
) -> tuple[Limit | None, Limit | None]:
    before, after = (
        limit(clock, facts, book, moment) if clock in book.by_clock else None for book in (old, new)
    )
    return before, after


def _is_other(before: Limit | None, after: Limit | None) -> bool:
    return _told(before) != _told(after)


def _told(counted: Limit | None) -> tuple[object, ...] | None:
    if counted is None:
        return None
    return (
        counted.state, counted.window, counted.furthest, counted.confidence, counted.is_reviewed,
    )  # fmt: skip
