"""Of which class a charge is, now and at an earlier instant: by what is said, or by its maximum."""

from collections.abc import Iterator

from hrdtracker.proceedings.counting.model import Window
from hrdtracker.proceedings.facts import UNKNOWN_TIER, AccusedOf, OffenceTier, ProceedingFacts
from hrdtracker.proceedings.rules.model import Vocabulary

Charged = tuple[AccusedOf | None, str | None]
"""A charge, and the class it has now."""


def class_of(tier: OffenceTier, words: Vocabulary) -> str | None:
    """Return the class of a tier; None where neither it nor a maximum is known."""
    if tier.offence_class:
        return tier.offence_class
    maximum = tier.penalty.maximum
    if maximum is None:
        return None
    for offence_class in words.classes.values():
        over, up_to = offence_class.over, offence_class.up_to
        is_over = over is None or maximum.about > over.about
        if (over or up_to) and is_over and (up_to is None or maximum.about <= up_to.about):
            return offence_class.key
    return None


def ordinary_classes(words: Vocabulary) -> tuple[str, ...]:
    """Return the classes that follow from a maximum: what an offence of no known class may be."""
    return tuple(one.key for one in words.classes.values() if one.over or one.up_to)


def charged(facts: ProceedingFacts, words: Vocabulary) -> Iterator[Charged]:
    """Yield each charge with the class it has now, or each class where that is not known."""
    for charge in facts.charges or (None,):
        known = class_of(last_tier(charge), words)
        for offence_class in (known,) if known else ordinary_classes(words) or (None,):
            yield charge, offence_class


def last_tier(charge: AccusedOf | None) -> OffenceTier:
    """Return how a charge is qualified now."""
    return charge.tiers[-1] if charge and charge.tiers else UNKNOWN_TIER


def classes_at(charge: AccusedOf, at: Window, words: Vocabulary) -> frozenset[str | None]:
    """Return each class that a charge may have had at an instant: several, if a day is not known.

    The last tier that had certainly begun, and every later one that may have; the first one always
    had.
    """
    first = charge.tiers[:1]
    begun = [*first, *(tier for tier in charge.tiers[1:] if _may_have_begun(tier, at))]
    sure = [*first, *(tier for tier in charge.tiers[1:] if _had_begun(tier, at))]
    return frozenset(class_of(tier, words) for tier in begun[begun.index(sure[-1]) :])


def _had_begun(tier: OffenceTier, at: Window) -> bool:
    since = Window.of(tier.since) if tier.since else None
    return bool(since and since.latest and at.earliest and since.latest <= at.earliest)


def _may_have_begun(tier: OffenceTier, at: Window) -> bool:
    since = Window.of(tier.since) if tier.since else None
    if since is None or since.earliest is None:
        return True
    return at.latest is None or since.earliest <= at.latest


def fell_away(charge: AccusedOf) -> Window | None:
    """Return when a charge got its last tier; None where nobody said when."""
    since = last_tier(charge).since
    return Window.of(since) if since else None
