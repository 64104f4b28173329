"""Where a charge, a hearing or a request can go from where it stands; the order of steps."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from hrdtracker.access.action import Action
from hrdtracker.core.when.model import sort_at
from hrdtracker.core.workflow import Step, Workflow
from hrdtracker.proceedings.model import (
    QUALIFIES,
    ChargeOutcome,
    ChargeStep,
    HearingStatus,
    RequestStanding,
)

ENDS = (HearingStatus.HELD, HearingStatus.ADJOURNED, HearingStatus.CANCELLED)
HEARING = Workflow(
    HearingStatus.SCHEDULED,
    [
        *(Step(Action.PROCEEDING_RECORD, HearingStatus.SCHEDULED, end) for end in ENDS),
        *(Step(Action.PROCEEDING_RECORD, end, HearingStatus.SCHEDULED) for end in ENDS),
    ],
)
"""What becomes of a hearing, and back again where that was recorded by mistake."""

OUTCOMES = tuple(one for one in RequestStanding if one != RequestStanding.UNDECIDED)
REQUEST = Workflow(
    RequestStanding.UNDECIDED,
    [
        *(Step(Action.PROCEEDING_RECORD, RequestStanding.UNDECIDED, one) for one in OUTCOMES),
        *(Step(Action.PROCEEDING_RECORD, one, RequestStanding.UNDECIDED) for one in OUTCOMES),
    ],
)
"""What becomes of a request of the defence, and back again where that was recorded by mistake."""

DISCONTINUED = frozenset({ChargeStep.DROPPED, ChargeStep.DISMISSED})
JUDGED = frozenset({ChargeStep.CONVICTED, ChargeStep.ACQUITTED})
ARROWS = {
    QUALIFIES: {ChargeStep.REQUALIFIED, *DISCONTINUED, *JUDGED},
    DISCONTINUED: {ChargeStep.ADDED},
    JUDGED: {ChargeStep.REQUALIFIED, ChargeStep.DISMISSED, *JUDGED},
}
FOLLOWS = {source: targets for sources, targets in ARROWS.items() for source in sources}
"""What may follow each step: what ended may be charged again; appeals change judgments."""


def in_order(steps: Iterable[ChargeOutcome]) -> list[ChargeOutcome]:
    """Return the steps of a charge by their days; what has none stands where it was recorded.

    A charge whose own day is not known was made before all else that happened to it.
    """
    recorded = sorted(steps, key=lambda step: step.id)
    count = 1 if _is_undated(recorded) else 0
    dated = sorted(recorded[count:], key=lambda step: (_at(step), step.id))
    return [*recorded[:count], *dated]


def _is_undated(steps: Sequence[ChargeOutcome]) -> bool:
    """Tell whether nobody knows when the first step was, which made the charge."""
    first = ChargeOutcome.decided.plain(steps[0]) if steps else None
    return first is not None and not first.is_known


def _at(step: ChargeOutcome) -> datetime:
    decided = ChargeOutcome.decided.plain(step)
    return sort_at(decided, step.recorded_at) if decided else step.recorded_at
