"""Stays in the data of the benchmark, and limits that run: three for each arrest."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from hrdtracker.custody.model import StayStanding
from hrdtracker.custody.told import HELD
from hrdtracker.proceedings.clocks.model import ClockStanding
from hrdtracker.proceedings.rules.model import Confidence, RuleKind

CLOCKS = (("pre_trial_detention", 180), ("appeal_accused", 365), ("limitation", 5 * 365))
"""Limits of each arrest, and after how many days they end."""


def stay_row(
    since: datetime, recorded: datetime, person: int, by: int, *, is_draft: bool
) -> dict[str, Any]:
    """Return what a stay says that an arrest began, and of which nothing else is known."""
    return {
        "person_id": person,
        "situation": HELD,
        "standing": StayStanding.DRAFTED if is_draft else StayStanding.TOLD,
        "since": since,
        "order_unclear": False,
        "recorded_by_id": by,
        "recorded_at": recorded,
        "changed_at": recorded,
        "version": 1,
    }


def clock_rows(recorded: datetime, scope: int, person: int, stay: int) -> Iterator[dict[str, Any]]:
    """Yield limits that run for somebody who is not held: so the age of a word hides none."""
    for name, days in CLOCKS:
        ends = recorded + timedelta(days=days)
        yield {
            "uid": uuid4(),
            "scope_id": scope,
            "person_id": person,
            "stay_id": stay,
            "clock": name,
            "kind": RuleKind.LATEST,
            "standing": ClockStanding.RUNS,
            "ends_earliest": ends,
            "ends_latest": ends,
            "confidence": Confidence.GENERAL_KNOWLEDGE,
            "is_reviewed": stay % 3 == 0,
            "is_held": False,
            "asks": "",
            "people": 1,
            "counted_at": recorded,
        }
