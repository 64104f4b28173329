"""Rows of rules checked together: each by itself, then against the others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hrdtracker.core.errors import N_, Message
from hrdtracker.proceedings.rules import rows
from hrdtracker.proceedings.rules.book import contradicting, overlapping
from hrdtracker.proceedings.rules.cells import BadCell
from hrdtracker.proceedings.rules.model import LegalRule, Vocabulary


@dataclass(frozen=True)
class RuleFault:
    """Why rules cannot be taken: which row it is, of which rule, in which column, and why.

    `place` is what whoever wrote the row calls it: a row of a file, a version on a page.
    """

    place: Message | str
    key: str
    column: str
    why: Message


def checked(
    named: Iterable[tuple[Message | str, rows.Row]], country: str, words: Vocabulary
) -> tuple[tuple[LegalRule, ...], list[RuleFault]]:
    """Return the rules of rows, each after its place, and every fault in them and between them."""
    placed: list[tuple[Message | str, LegalRule]] = []
    found: list[RuleFault] = []
    for place, row in named:
        try:
            rule = rows.rule_of(row, country)
        except BadCell as error:
            found.append(RuleFault(place, "", error.column, error.reason))
            continue
        placed.append((place, rule))
        found += (
            RuleFault(place, rule.key, column, why) for column, why in rows.faults(rule, words)
        )
    found += _between(placed)
    return tuple(rule for _, rule in placed), found


def _between(placed: Sequence[tuple[Message | str, LegalRule]]) -> Iterator[RuleFault]:
    """Yield what is wrong between rules: versions that overlap, two ends, extensions of nothing."""
    place_of = {id(rule): place for place, rule in placed}
    rules = [rule for _, rule in placed]
    for before, rule in overlapping(rules):
        since = {"place": place_of[id(before)]}
        why = Message(N_("this version overlaps the one of %(place)s"), since)
        yield RuleFault(place_of[id(rule)], rule.key, "valid_from", why)
    for one, rule in contradicting(rules):
        why = Message(N_("its clock ends by %(rule)s for the same people"), {"rule": one.key})
        yield RuleFault(place_of[id(rule)], rule.key, "clock", why)
    for place, rule in placed:
        beside = {other.key for other in rules if other.clock == rule.clock}
        for key in sorted(set(rule.counts.extends) - beside):
            why = Message(N_("it extends “%(rule)s”, which its clock does not have"), {"rule": key})
            yield RuleFault(place, rule.key, "extends", why)
