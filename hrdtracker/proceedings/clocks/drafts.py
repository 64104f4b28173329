"""What a channel hands over about a limit: another end, an extension that somebody saw."""

from dataclasses import dataclass
from datetime import datetime

from hrdtracker.core.errors import N_
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, Reasons, check, unfit, unkeepable
from hrdtracker.core.when.model import When
from hrdtracker.proceedings.drafts.proceedings import told

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


@dataclass(frozen=True)
class SeenExtension:
    """An extension that was seen at a limit: when it was ordered, by whom, in writing or not."""

    ordered: When
    ordered_by: str | None = None
    in_writing: bool | None = None
    known_by: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        check(unkeepable({"ordered": told(self.ordered)}))


@dataclass(frozen=True)
class ReplacementDraft:
    """Why the end of a disputed limit is to replace the one that is counted: a code of the list."""

    reason: str

    def __post_init__(self) -> None:
        check({} if self.reason else {"reason": N_("Choose why.")})
