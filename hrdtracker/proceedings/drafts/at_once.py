"""What a channel hands over about many people at once, and what a court did about all of them."""

from dataclasses import dataclass
from uuid import UUID

from hrdtracker.core.errors import N_
from hrdtracker.core.text import Reasons, unkeepable
from hrdtracker.core.when.model import When, is_before
from hrdtracker.custody.drafts import CustodyDraft
from hrdtracker.custody.model import CustodyEvent
from hrdtracker.proceedings.drafts.charges import NO_PROVISION, Qualification
from hrdtracker.proceedings.drafts.judgments import NO_SENTENCE, Sentence, wrong_sentence
from hrdtracker.proceedings.drafts.proceedings import ProceedingDraft, told

NEEDS_PROCEEDING = frozenset(
    {
        CustodyEvent.CHARGED,
        CustodyEvent.SENTENCED,
        CustodyEvent.ACQUITTAL,
        CustodyEvent.DROPPED,
    }
)
"""What happens only in a case before the courts."""
JUDGMENTS = frozenset({CustodyEvent.SENTENCED, CustodyEvent.ACQUITTAL})
FREES = frozenset({CustodyEvent.ACQUITTAL, CustodyEvent.DROPPED})
"""After what somebody who is held may be released at once."""


@dataclass(frozen=True)
class CourtAct:
    """What a prosecutor or a court did, said once for all whom it is about.

    `proceeding` is one that is on record, `opening` one that is opened with it. `is_released` says
    that whoever was held left at that moment.
    """

    proceeding: UUID | None = None
    opening: ProceedingDraft | None = None
    decided_by: str | None = None
    qualifications: tuple[Qualification, ...] = ()
    alleged: When | None = None
    sentence: Sentence = NO_SENTENCE
    is_released: bool = False


NO_COURT = CourtAct()


@dataclass(frozen=True)
class ManyDraft(CustodyDraft):
    """What happened to many people at once, in custody or before the courts."""

    court: CourtAct = NO_COURT

    def _reasons(self) -> Reasons:
        reasons, court = super()._reasons(), self.court
        if self.kind in NEEDS_PROCEEDING and court.proceeding is None and court.opening is None:
            reasons["proceeding"] = N_("Choose the proceeding, or open one.")
        if self.kind == CustodyEvent.CHARGED:
            reasons |= self._wrong_charge()
        if self.kind in JUDGMENTS and not court.decided_by:
            reasons["decided_by"] = N_("Choose which court.")
        if self.kind == CustodyEvent.SENTENCED:
            reasons |= wrong_sentence(court.sentence)
        return reasons

    def _wrong_charge(self) -> Reasons:
        reasons: Reasons = unkeepable({"alleged": told(self.court.alleged)})
        if not self.court.qualifications or any(one.is_empty for one in self.court.qualifications):
            reasons["provision"] = NO_PROVISION
        if is_before(self.happened, self.court.alleged):
            reasons["alleged"] = N_("They were charged before this day.")
        return reasons
