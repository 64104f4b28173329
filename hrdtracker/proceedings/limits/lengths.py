"""How long the law says, as a length that can be counted: a figure, or a share of a term."""

from fractions import Fraction

from hrdtracker.proceedings.counting.model import NO_TIME, Length
from hrdtracker.proceedings.counting.shares import share_of
from hrdtracker.proceedings.facts import Penalty
from hrdtracker.proceedings.limits.view import View, unsuspended
from hrdtracker.proceedings.rules.cells import length
from hrdtracker.proceedings.rules.model import SHARES, LegalRule, LengthUnit

HALF = Fraction(1, 2)


def lengths_of(rule: LegalRule, view: View) -> tuple[Length, ...]:
    """Return how long a rule says, every length where it is disputed which; none if unknown."""
    amount = rule.counts.amount
    if amount is None:
        return ()
    if amount.unit not in SHARES:
        return (length(amount),)
    found = [part for term in _terms(amount.unit, view) for part in share_of(term, amount.number)]
    if rule.counts.at_least:
        least = length(rule.counts.at_least)
        found = [max(part, least, key=lambda one: one.about) for part in found]
    return tuple(dict.fromkeys(found))


def _terms(unit: LengthUnit, view: View) -> tuple[Length, ...]:
    """Return the terms of which a share is taken; none of life, or of a mere fine."""
    if unit is LengthUnit.OF_SENTENCE:
        term = view.facts.term
        return () if term is None or term.is_life else (unsuspended(term),)
    minimum = view.tier.penalty.minimum
    if minimum is None or minimum == NO_TIME:
        return ()
    halved = share_of(minimum, HALF) if unit is LengthUnit.OF_HALVED_MINIMUM else ()
    return (*halved, minimum)


def halved(penalty: Penalty, life_becomes: Length) -> Penalty:
    """Return the range for a minor: both ends halved, life a term of years.

    Source: Criminal Code of Cambodia, art. 160, read in text. A felony stays a felony, so this
    penalty never decides the class. Where months do not divide, the shorter length is taken.
    """
    ends = [
        None if end is None else min(share_of(end, HALF), key=lambda one: one.about)
        for end in (penalty.minimum, penalty.maximum)
    ]
    if penalty.is_life:
        ends[1] = life_becomes
    return Penalty(*ends)


def what_is_missing(rule: LegalRule, view: View) -> tuple[str, ...]:
    """Return the fact without which a share cannot be counted, unless it is known.

    Of life there is no share, of a fine no prison: then nothing is missing.
    """
    unit = rule.counts.amount.unit if rule.counts.amount else None
    if unit is LengthUnit.OF_SENTENCE:
        return () if view.facts.term else ("sentence.length",)
    return () if view.tier.penalty.minimum is not None else ("penalty.minimum",)
