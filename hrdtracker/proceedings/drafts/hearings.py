"""What a channel hands over about hearings: when and where, who goes, and what became of each."""

from dataclasses import dataclass
from uuid import UUID

from hrdtracker.core.errors import N_
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, check, unfit, unkeepable
from hrdtracker.core.when.model import When
from hrdtracker.proceedings.drafts.proceedings import NAME_MOST, NAMES_MOST, told
from hrdtracker.proceedings.model import HearingStatus

NO_KIND = N_("Choose what kind of hearing it is.")
NO_COURT_DAY = N_("Write one day, or a day and an hour. Leave it empty where the day is not set.")


@dataclass(frozen=True)
class HearingDraft:
    """A hearing as somebody was told of it: `starts` is unknown where the day is not set."""

    starts: When
    kind: str
    court: str | None = None
    room: str | None = None
    judge: str | None = None
    note: str | None = None
    known_by: str | None = None
    monitors: tuple[UUID, ...] = ()
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"room": self.room}, NAME_MOST) | unfit({"judge": self.judge}, NAMES_MOST)
        reasons |= unfit({"note": self.note}, TEXT_MOST) | unkeepable({"when": told(self.starts)})
        if not self.kind:
            reasons["kind"] = NO_KIND
        check(reasons)


@dataclass(frozen=True)
class ConclusionDraft:
    """What became of a hearing: held, adjourned (who asked, until when) or cancelled.

    `next_starts` says when it goes on, None where that is not set: then somebody is to ask the
    clerk, and `task` is what that is called in their language.
    """

    status: HearingStatus
    asked_by: str | None = None
    defence_agreed: bool | None = None
    reason: str | None = None
    next_starts: When | None = None
    task: str = ""

    def __post_init__(self) -> None:
        reasons = unfit({"reason": self.reason}, TEXT_MOST)
        reasons |= unkeepable({"when": told(self.next_starts)})
        if self.status == HearingStatus.SCHEDULED:
            reasons["status"] = N_("Choose what became of it.")
        if self.status == HearingStatus.ADJOURNED and not self.asked_by:
            reasons["asked_by"] = N_("Choose who asked for it, or that it is not known.")
        check(reasons)
