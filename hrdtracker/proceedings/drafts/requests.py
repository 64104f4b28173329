"""What a channel hands over about requests of the defence, and what became of each."""

from dataclasses import dataclass
from uuid import UUID

from hrdtracker.core.errors import N_
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, Reasons, check, unfit, unkeepable
from hrdtracker.core.when.model import When, is_before
from hrdtracker.proceedings.drafts.proceedings import told
from hrdtracker.proceedings.model import DECIDED, RequestKind, RequestStanding

DAY_NEEDED = N_("Write when it was decided, roughly. “Not known” is an answer too.")
NOT_DECIDED = N_("Say first what was decided.")
DECIDED_AFTER = N_("It was decided after this day.")


@dataclass(frozen=True)
class DefenceRequestDraft:
    """The same request in favour of several accused: what, when it was filed, and by whom."""

    parties: tuple[UUID, ...]
    kind: RequestKind
    filed: When
    filed_by: str | None = None
    note: str | None = None
    known_by: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"note": self.note}, TEXT_MOST) | unkeepable({"filed": told(self.filed)})
        if not self.parties:
            reasons["parties"] = N_("Tick the people whom this is about.")
        check(reasons)


@dataclass(frozen=True)
class DefenceRequestUpdate:
    """What is known later of a request: the prosecutor’s opinion, the decision, an appeal of it."""

    standing: RequestStanding
    opinion: str | None = None
    opinion_received: When | None = None
    decided: When | None = None
    decided_by: str | None = None
    notified: When | None = None
    appealed: When | None = None
    note: str | None = None
    known_by: str | None = None

    def __post_init__(self) -> None:
        dates = ("opinion_received", "decided", "notified", "appealed")
        reasons = unfit({"note": self.note}, TEXT_MOST)
        reasons |= unkeepable({name: told(getattr(self, name)) for name in dates})
        check(reasons | self._of_decision())

    def _of_decision(self) -> Reasons:
        """Return what cannot be of a decision and of what follows it."""
        after = {"notified": self.notified, "appealed": self.appealed}
        if self.standing not in DECIDED:
            said = {"decided": self.decided, **after}
            return {name: NOT_DECIDED for name, when in said.items() if when is not None}
        if self.decided is None:
            return {"decided": DAY_NEEDED}
        return {
            name: DECIDED_AFTER for name, when in after.items() if is_before(when, self.decided)
        }
