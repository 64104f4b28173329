"""What a rule is: a sentence about a person and a record that the database can answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.sql.elements import False_

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import NamedInCases, Scope
from hrdtracker.core.db import looked_up

Condition = ColumnElement[bool]
Model = type[Any]
RENDERED = 8192
"""How many conditions are kept: some hundred for each person at work."""


class Rule(Protocol):
    """Anything that turns a person and a kind of record into one SQL condition."""

    def where(self, actor: Actor, model: Model) -> Condition:
        """Return the condition on rows of `model` under which `actor` may."""
        ...

    def __hash__(self) -> int:
        """Return the same for equal rules: a rule is what its parts say."""
        ...


@dataclass(frozen=True)
class Leaf:
    """A rule that is made of nothing else; `sentence` says it for a reader."""

    sentence: str
    condition: Callable[[Actor, Model], Condition]

    def where(self, actor: Actor, model: Model) -> Condition:
        """Return the leaf's own condition."""
        return self.condition(actor, model)


@dataclass(frozen=True)
class All:
    """Each part must hold."""

    parts: tuple[Rule, ...]

    def where(self, actor: Actor, model: Model) -> Condition:
        """Return all parts, joined by AND."""
        return _joined(and_, [part.where(actor, model) for part in self.parts], true(), false())


@dataclass(frozen=True)
class Either:
    """One part is enough."""

    parts: tuple[Rule, ...]

    def where(self, actor: Actor, model: Model) -> Condition:
        """Return all parts, joined by OR."""
        return _joined(or_, [part.where(actor, model) for part in self.parts], false(), true())


def _joined(
    join: Callable[..., Condition], parts: list[Condition], neutral: Condition, decisive: Condition
) -> Condition:
    """Return the parts joined; what is known without any row folds the rest away."""
    if any(isinstance(part, type(decisive)) for part in parts):
        return decisive
    asked = [part for part in parts if not isinstance(part, type(neutral))]
    return join(*asked) if asked else neutral


@dataclass(frozen=True)
class OnItsCase:
    """The rule must hold on the scope of the case that the record belongs to.

    Rendered as EXISTS for somebody who may see most cases and as IN for somebody who may see few:
    measured on 100,000 cases, each is 100 times slower where the other belongs. Of few records it
    is asked of each.
    """

    rule: Rule
    of_few: bool = False

    def where(self, actor: Actor, model: Model) -> Condition:
        """Return the condition on the record's scope; where none fits, no record is asked."""
        fits = self.rule.where(actor, Scope)
        if model is Scope or isinstance(fits, False_):
            return fits
        scopes = select(Scope.id).where(fits)
        if self.of_few:
            return looked_up(scopes.where(Scope.id == model.scope_id))
        if actor.sees_most_cases:
            return scopes.where(Scope.id == model.scope_id).exists()
        found: Condition = model.scope_id.in_(scopes)
        return found


@dataclass(frozen=True)
class SomewhereNamed:
    """The rule must hold on one of the places where a case names the record.

    Asked of each record for somebody who may see most cases, and of few; rendered as IN for
    somebody who may see few. What belongs to one case is named there alone.
    """

    rule: Rule
    of_few: bool = False

    def where(self, actor: Actor, model: Model) -> Condition:
        """Return the condition that there is such a place."""
        is_named_in_cases = issubclass(model, NamedInCases)
        if not is_named_in_cases:
            return (for_few(self.rule) if self.of_few else self.rule).where(actor, model)
        place, number = model.place_of_naming(), model.number_there()
        if self.of_few or actor.sees_most_cases:
            here = number == model.number_here(), for_few(self.rule).where(actor, place)
            return looked_up(select(number).where(*here))
        named = select(number).where(self.rule.where(actor, place))
        found: Condition = model.number_here().in_(named)
        return found


def for_few(rule: Rule) -> Rule:
    """Return the same rule for a query that something else narrows to few records."""
    if isinstance(rule, All | Either):
        return replace(rule, parts=tuple(for_few(part) for part in rule.parts))
    if isinstance(rule, OnItsCase | SomewhereNamed):
        return replace(rule, of_few=True)
    return rule


@lru_cache(maxsize=RENDERED)
def rendered(rule: Rule, actor: Actor, model: Model) -> Condition:
    """Return a rule as a condition; kept, since it asks the hour only when it is used."""
    return rule.where(actor, model)


def every(*parts: Rule) -> All:
    """Return the rule that holds when each part holds."""
    return All(parts)


def either(*parts: Rule) -> Either:
    """Return the rule that holds when one part holds."""
    return Either(parts)
