"""One reading of the facts, and what a condition of a rule comes to in it."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.facts import OffenceTier, PrisonTerm, ProceedingFacts
from hrdtracker.proceedings.limits.model import Interpretation
from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.model import (
    AgeAt,
    Comparison,
    Condition,
    FlagCondition,
    LegalRule,
    MeasureCondition,
    MeasureName,
)

AT_LEAST_SO_MUCH = frozenset({Comparison.AT_LEAST, Comparison.MORE})


class Truth(Enum):
    """What a condition comes to."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    DISPUTED = "disputed"


@dataclass(frozen=True)
class View:
    """The facts as one reading takes them: a charge in its last tier, and an age."""

    book: RuleBook
    facts: ProceedingFacts
    now: datetime
    interpretation: Interpretation
    tier: OffenceTier

    def concerns(self, rule: LegalRule, offence_class: str | None) -> bool:
        """Tell whether a rule is about this class of offence and this age."""
        classes = rule.applies.classes
        return (not classes or offence_class in classes) and self.is_of_age(rule)

    def is_of_age(self, rule: LegalRule) -> bool:
        """Tell whether a rule is about this age."""
        first, last = rule.applies.ages
        seen = self.interpretation
        age = seen.age_at_offence if rule.applies.age_at is AgeAt.OFFENCE else seen.age
        if age is None:
            return rule.applies.ages == (0, None)
        return first <= age and (last is None or age <= last)

    def truth(self, condition: Condition, said: Mapping[str, bool] | None = None) -> Truth:
        """Return what a condition comes to; `said` is asked before the facts are."""
        if isinstance(condition, FlagCondition):
            return self._flag(condition, said or {})
        results = {self._measure(name, condition) for name in condition.measures}
        if len(results) == 1:
            return results.pop()
        return Truth.UNKNOWN if Truth.UNKNOWN in results else Truth.DISPUTED

    def all_of(
        self, conditions: Iterable[Condition], said: Mapping[str, bool] | None = None
    ) -> Truth:
        """Return what several conditions come to together: a no outweighs what is not known."""
        results = {self.truth(condition, said) for condition in conditions}
        order = (Truth.NO, Truth.UNKNOWN, Truth.DISPUTED)
        return next((result for result in order if result in results), Truth.YES)

    def unknown(self, conditions: Iterable[Condition]) -> tuple[str, ...]:
        """Return the flags and measures that nobody said."""
        unknown = [one for one in conditions if self.truth(one) is Truth.UNKNOWN]
        return tuple(dict.fromkeys(name for one in unknown for name in self._unsaid(one)))

    def _unsaid(self, condition: Condition) -> tuple[str, ...]:
        if isinstance(condition, FlagCondition):
            return (condition.flag,)
        return tuple(name for name in condition.measures if MEASURES[name](self) is None)

    def _flag(self, condition: FlagCondition, said: Mapping[str, bool]) -> Truth:
        unsaid = self.book.words.flags[condition.flag]
        value = said.get(condition.flag, self.facts.flags.get(condition.flag, unsaid))
        if value is None:
            return Truth.UNKNOWN
        return Truth.YES if value is condition.wanted else Truth.NO

    def _measure(self, name: MeasureName, condition: MeasureCondition) -> Truth:
        value = MEASURES[name](self)
        if value is None:
            return self._by_class(name, condition)
        met = COMPARED[condition.comparison](_figure(value), _figure(condition.value))
        return Truth.YES if met else Truth.NO

    def _by_class(self, name: MeasureName, condition: MeasureCondition) -> Truth:
        """Return no where the class of the offence leaves no room for so high a penalty."""
        known = self.book.words.classes.get(self.interpretation.offence_class or "")
        is_penalty = name in {MeasureName.MINIMUM, MeasureName.MAXIMUM}
        if not (is_penalty and known and known.up_to and condition.comparison in AT_LEAST_SO_MUCH):
            return Truth.UNKNOWN
        is_below = _figure(known.up_to) < _figure(condition.value)
        return Truth.NO if is_below else Truth.UNKNOWN


def name_of(condition: Condition) -> str:
    """Return what a condition asks for."""
    if isinstance(condition, FlagCondition):
        return condition.flag
    return condition.measures[0]


def _figure(value: Length | int) -> timedelta:
    """Return what is compared: a length, or a number of people or years as if they were days."""
    return value.about if isinstance(value, Length) else timedelta(days=value)


def unsuspended(term: PrisonTerm) -> Length:
    """Return the part of a term that is to be served."""
    whole, part = term.length, term.suspended
    return Length(whole.months - part.months, whole.days - part.days, whole.exact - part.exact)


def _of_term(view: View, measure: Callable[[PrisonTerm], Length]) -> Length | None:
    return None if view.facts.term is None else measure(view.facts.term)


Measured = Callable[[View], Length | int | None]
MEASURES: dict[MeasureName, Measured] = {
    MeasureName.MINIMUM: lambda view: view.tier.penalty.minimum,
    MeasureName.MAXIMUM: lambda view: view.tier.penalty.maximum,
    MeasureName.SENTENCE: lambda view: _of_term(view, lambda term: term.length),
    MeasureName.UNSUSPENDED: lambda view: _of_term(view, unsuspended),
    MeasureName.AGE: lambda view: view.interpretation.age,
    MeasureName.PARTICIPANTS: lambda view: view.facts.participants,
}
COMPARED: dict[Comparison, Callable[[timedelta, timedelta], bool]] = {
    Comparison.AT_LEAST: operator.ge,
    Comparison.AT_MOST: operator.le,
    Comparison.MORE: operator.gt,
    Comparison.LESS: operator.lt,
}
