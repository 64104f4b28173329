"""Every table of the case before the courts, by topic."""

from hrdtracker.proceedings.model.charge import QUALIFIES, Charge, ChargeOutcome, ChargeStep
from hrdtracker.proceedings.model.hearing import Hearing, HearingMonitor, HearingStatus
from hrdtracker.proceedings.model.judgment import (
    Appellant,
    CourtLevel,
    Judgment,
    JudgmentAppeal,
    Presence,
)
from hrdtracker.proceedings.model.observation import (
    AccusedAnswer,
    HearingAnswer,
    TrialObservation,
)
from hrdtracker.proceedings.model.party import ACCUSED_ROLES, Party, PartyLawyer, PartyRole
from hrdtracker.proceedings.model.proceeding import FINAL, Proceeding, ProceedingScope
from hrdtracker.proceedings.model.request import (
    ASKS_RELEASE,
    DECIDED,
    FREES,
    DefenceRequest,
    RequestKind,
    RequestStanding,
)
from hrdtracker.proceedings.model.title import (
    IN_FORCE,
    CourtOrder,
    LegalTitle,
    OrderKind,
    TitleKind,
)

__all__ = [
    "ACCUSED_ROLES",
    "ASKS_RELEASE",
    "DECIDED",
    "FINAL",
    "FREES",
    "IN_FORCE",
    "QUALIFIES",
    "AccusedAnswer",
    "Appellant",
    "Charge",
    "ChargeOutcome",
    "ChargeStep",
    "CourtLevel",
    "CourtOrder",
    "DefenceRequest",
    "Hearing",
    "HearingAnswer",
    "HearingMonitor",
    "HearingStatus",
    "Judgment",
    "JudgmentAppeal",
    "LegalTitle",
    "OrderKind",
    "Party",
    "PartyLawyer",
    "PartyRole",
    "Presence",
    "Proceeding",
    "ProceedingScope",
    "RequestKind",
    "RequestStanding",
    "TitleKind",
    "TrialObservation",
]
