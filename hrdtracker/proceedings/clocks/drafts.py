"""What a legal officer hands over who counts another end of a limit."""

from dataclasses import dataclass
from datetime import datetime

from hrdtracker.core.errors import N_
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, Reasons, check, unfit

NO_END = N_("Write the day and the hour at which it ends, such as “18 November 09:40”.")
NO_DISPUTE_REASON = N_("Say why it ends then: the article, the fact, or the paper that you saw.")


@dataclass(frozen=True)
class DisputeDraft:
    """Another end of a limit, and why it is that one."""

    ends_at: datetime
    reason: str
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons: Reasons = unfit({"reason": self.reason}, TEXT_MOST)
        if not self.reason.strip():
            reasons["reason"] = NO_DISPUTE_REASON
        check(reasons)
