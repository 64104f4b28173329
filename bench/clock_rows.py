"""Stays in the data of the benchmark, limits that run, and a charge: for each arrest."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from hrdtracker.custody.model import StayStanding
from hrdtracker.custody.told import HELD
from hrdtracker.proceedings.clocks.model import ClockStanding
from hrdtracker.proceedings.model import (
    Charge,
    ChargeOutcome,
    ChargeStep,
    LegalTitle,
    Party,
    PartyRole,
    Proceeding,
    ProceedingScope,
    TitleKind,
)
from hrdtracker.proceedings.rules.model import Confidence, RuleKind

ZONE = "Asia/Phnom_Penh"
ARTICLES = ("kh_cc_495", "kh_cc_411", "kh_cc_217")


class Said(NamedTuple):
    """By whom, and when, something was recorded."""

    by: int
    at: datetime


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


def court_rows(
    number: int, common: Callable[[], dict[str, Any]], organisation: int, person: int, said: Said
) -> Iterator[tuple[type[Any], dict[str, Any]]]:
    """Yield the rows of a proceeding against somebody who is charged and held before trial.

    All have the number of the stay; `common` gives each row what rows of its case have.
    """
    shared = common()
    scope = shared.pop("scope_id")
    recorded = {"recorded_by_id": said.by, "recorded_at": said.at}
    day = {"earliest": said.at, "latest": said.at + timedelta(days=1), "precision": "day"}
    began = {f"began_{part}": value for part, value in {**day, "zone": ZONE}.items()}
    decided = {f"decided_{part}": value for part, value in {**day, "zone": ZONE}.items()}
    proceeding = {"organisation_id": organisation, "stage": "trial", "changed_at": said.at}
    yield Proceeding, {**shared, **recorded, **proceeding, "id": number, "version": 1}
    yield ProceedingScope, {"proceeding_id": number, "scope_id": scope}
    party = {"proceeding_id": number, "person_id": person, "role": PartyRole.ACCUSED}
    yield Party, {**common(), **recorded, **party, "id": number}
    yield Charge, {**common(), **recorded, "id": number, "party_id": number, "last_step": "added"}
    step = {"charge_id": number, "kind": ChargeStep.ADDED, "provision": ARTICLES[number % 3]}
    yield ChargeOutcome, {**common(), **recorded, **step, **decided}
    title = {"person_id": person, "proceeding_id": number, "kind": TitleKind.PRETRIAL_DETENTION}
    confirmed = {"confirmed_at": said.at, "confirmed_by_id": said.by, "version": 1}
    yield LegalTitle, {**common(), **recorded, **title, **began, **confirmed}
