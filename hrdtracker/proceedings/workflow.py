"""Where a charge can go from where it stands, and in which order its steps were."""

from collections.abc import Iterable
from datetime import datetime

from hrdtracker.core.when.model import sort_at
from hrdtracker.proceedings.model import ChargeOutcome, ChargeStep

OPEN = frozenset({ChargeStep.ADDED, ChargeStep.REQUALIFIED})
DISCONTINUED = frozenset({ChargeStep.DROPPED, ChargeStep.DISMISSED})
JUDGED = frozenset({ChargeStep.CONVICTED, ChargeStep.ACQUITTED})
ARROWS = {
    OPEN: {ChargeStep.REQUALIFIED, *DISCONTINUED, *JUDGED},
    DISCONTINUED: {ChargeStep.ADDED},
    JUDGED: {ChargeStep.REQUALIFIED, ChargeStep.DISMISSED, *JUDGED},
}
FOLLOWS = {source: targets for sources, targets in ARROWS.items() for source in sources}
"""What may follow each step: what ended may be charged again; appeals change judgments."""


def in_order(steps: Iterable[ChargeOutcome]) -> list[ChargeOutcome]:
    """Return the steps of a charge by their days; what has none stands where it was recorded."""
    return sorted(steps, key=lambda step: (_at(step), step.id))


def _at(step: ChargeOutcome) -> datetime:
    decided = ChargeOutcome.decided.plain(step)
    return sort_at(decided, step.recorded_at) if decided else step.recorded_at
