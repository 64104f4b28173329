"""Every part of every rule is taken away in turn, and each time a reviewed table must be wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import false, true

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.permissions.whole import RULES
from hrdtracker.access.rule import All, Either, Leaf, OnItsCase, Rule, SomewhereNamed
from tests.security.tables import questions, wrong
from tests.security.world import World

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.usefixtures("world_unit")]
EVERYBODY = Leaf("everybody may", lambda _actor, _model: true())
NOBODY = Leaf("nobody may", lambda _actor, _model: false())


@dataclass(frozen=True)
class Mutant:
    """The rules with the part at one place of one of them replaced."""

    parent: Rule | Action
    place: int
    instead: Leaf
    name: str

    def rules(self) -> Mapping[Action, Rule]:
        """Return every rule; those that share the mutated one change with it."""
        return {
            action: self.instead if self.parent is action else self._changed(rule)
            for action, rule in RULES.items()
        }

    def _changed(self, rule: Rule) -> Rule:
        parts = [self._changed(part) for part in parts_of(rule)]
        if rule is self.parent:
            parts[self.place] = self.instead
        if isinstance(rule, OnItsCase | SomewhereNamed):
            return type(rule)(parts[0])
        return type(rule)(tuple(parts)) if isinstance(rule, All | Either) else rule

    def __str__(self) -> str:
        return self.name


def parts_of(rule: Rule) -> tuple[Rule, ...]:
    """Return what a rule is made of."""
    if isinstance(rule, All | Either):
        return rule.parts
    return (rule.rule,) if isinstance(rule, OnItsCase | SomewhereNamed) else ()


def composites(rule: Rule) -> Iterator[Rule]:
    """Yield a rule and all it is made of that is made of something itself."""
    parts = parts_of(rule)
    if parts:
        yield rule
    for part in parts:
        yield from composites(part)


def said(rule: Rule) -> str:
    """Return a rule as words, short enough for the name of a test."""
    if isinstance(rule, Leaf):
        return rule.sentence.replace("’", "'")
    joint = " or " if isinstance(rule, Either) else " and "
    return f"({joint.join(said(part) for part in parts_of(rule))})"[:60]


def mutants() -> Iterator[Mutant]:
    """Yield each rule without one of its parts, and each verb without its rule."""
    for action in RULES:
        yield Mutant(action, 0, EVERYBODY, f"{action}: everybody")
        yield Mutant(action, 0, NOBODY, f"{action}: nobody")
    seen: dict[int, Rule] = {}
    for action, rule in RULES.items():
        for parent in composites(rule):
            if id(parent) in seen:
                continue
            seen[id(parent)] = parent
            for place, part in enumerate(parts_of(parent)):
                yield Mutant(parent, place, EVERYBODY, f"{action}: always {said(part)}")
                yield Mutant(parent, place, NOBODY, f"{action}: never {said(part)}")


MUTANTS = list(mutants())


def test_the_rules_are_made_only_of_what_the_mutants_know() -> None:
    known = {Leaf, All, Either, OnItsCase, SomewhereNamed}
    assert {type(each) for rule in RULES.values() for each in _every_node(rule)} <= known
    assert all(len(fields(kind)) <= 2 for kind in known)
    assert len(MUTANTS) > 100


def _every_node(rule: Rule) -> Iterator[Rule]:
    yield rule
    for part in parts_of(rule):
        yield from _every_node(part)


@pytest.mark.parametrize("mutant", MUTANTS, ids=str)
def test_without_this_part_of_a_rule_a_table_is_wrong(
    mutant: Mutant, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = mutant.rules()
    monkeypatch.setattr(policy, "RULES", MappingProxyType(changed))
    touched = {action for action, rule in changed.items() if _differs(rule, RULES[action])}
    assert touched
    assert any(wrong(world, each) for each in questions() if each.action in touched)


def _differs(one: Any, other: Any) -> bool:
    """Tell whether two rules are not made of the very same leaves."""
    if parts_of(one) or parts_of(other):
        pairs = zip(parts_of(one), parts_of(other), strict=True)
        return type(one) is not type(other) or any(_differs(*pair) for pair in pairs)
    return one is not other
