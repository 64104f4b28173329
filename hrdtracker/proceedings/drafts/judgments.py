"""What a channel hands over about a judgment, and what follows it."""

from dataclasses import dataclass
from uuid import UUID

from hrdtracker.core.errors import N_
from hrdtracker.core.money import Money
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, Reasons, check, unfit, unkeepable
from hrdtracker.core.when.model import When, is_before
from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.drafts.proceedings import told
from hrdtracker.proceedings.model import Appellant, Presence

NOTIFIED_BEFORE = N_("They were notified before it was pronounced.")
LONGER_SUSPENDED = N_("No more can be suspended than the sentence is long.")
NO_PRISON = N_("Say how long the sentence is of which this is suspended.")


@dataclass(frozen=True)
class Sentence:
    """What a court imposed: prison for life or so long, of which so much suspended; and money."""

    for_life: bool = False
    prison: Length | None = None
    suspended: Length | None = None
    fine: Money | None = None
    damages: Money | None = None
    confiscated: str | None = None


NO_SENTENCE = Sentence()


@dataclass(frozen=True)
class JudgmentDraft:
    """The same judgment about several accused; what became of each charge is said apart."""

    parties: tuple[UUID, ...]
    pronounced: When
    pronounced_by: str
    presence: Presence | None = None
    sentence: Sentence = NO_SENTENCE
    notified: When | None = None
    note: str | None = None
    known_by: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"note": self.note, "confiscated": self.sentence.confiscated}, TEXT_MOST)
        reasons |= unkeepable({"pronounced": told(self.pronounced)}) | wrong_sentence(self.sentence)
        reasons |= unkeepable({"notified": told(self.notified)})
        if not self.parties:
            reasons["parties"] = N_("Tick the people whom this is about.")
        if not self.pronounced_by:
            reasons["pronounced_by"] = N_("Choose which court.")
        if is_before(self.notified, self.pronounced):
            reasons["notified"] = NOTIFIED_BEFORE
        check(reasons)


def wrong_sentence(sentence: Sentence) -> Reasons:
    """Return why a sentence cannot be as it is said, beside its fields."""
    if sentence.for_life and sentence.prison is not None:
        return {"for_life": N_("A sentence for life has no length.")}
    if sentence.suspended is None:
        return {}
    if sentence.prison is None:
        return {"suspended_years": NO_PRISON}
    is_longer = sentence.suspended.about > sentence.prison.about
    return {"suspended_years": LONGER_SUSPENDED} if is_longer else {}


@dataclass(frozen=True)
class NotificationDraft:
    """When somebody was notified of a judgment."""

    notified: When

    def __post_init__(self) -> None:
        check(unkeepable({"notified": told(self.notified)}))


@dataclass(frozen=True)
class AppealDraft:
    """Somebody appealed some judgments."""

    judgments: tuple[UUID, ...]
    appellant: Appellant
    filed: When
    note: str | None = None
    known_by: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"note": self.note}, TEXT_MOST) | unkeepable({"filed": told(self.filed)})
        if not self.judgments:
            reasons["judgments"] = N_("Tick the judgments that are appealed.")
        check(reasons)
