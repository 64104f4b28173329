"""What a channel hands over about charges, and what became of each."""

from dataclasses import dataclass
from uuid import UUID

from hrdtracker.core.errors import N_
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, Reasons, check, unfit, unkeepable
from hrdtracker.core.when.model import When, is_before
from hrdtracker.proceedings.drafts.proceedings import told
from hrdtracker.proceedings.model import QUALIFIES, ChargeStep

WORDS_MOST = 300
NO_PROVISION = N_("Choose the law and article, or write them.")


@dataclass(frozen=True)
class Qualification:
    """As what somebody is charged: law and article, by code or in words.

    Class and penalties are those that the list of provisions has, unless they are given: lengths
    such as “6 months”, “2 years”, “life”. `aggravated` says that the graver penalty is charged.
    """

    provision: str | None = None
    words: str | None = None
    offence_class: str | None = None
    aggravated: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing of what it is."""
        return not (self.provision or (self.words or "").strip())


def _reasons(qualification: Qualification) -> Reasons:
    reasons = unfit({"words": qualification.words}, WORDS_MOST)
    return reasons | ({"provision": NO_PROVISION} if qualification.is_empty else {})


@dataclass(frozen=True)
class ChargeDraft:
    """The same charge against several people; `charged` is when and `by` by whom."""

    parties: tuple[UUID, ...]
    qualification: Qualification
    charged: When
    charged_by: str | None = None
    alleged: When | None = None
    note: str | None = None
    known_by: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = _reasons(self.qualification) | unfit({"note": self.note}, TEXT_MOST)
        reasons |= unkeepable({"charged": told(self.charged), "alleged": told(self.alleged)})
        if not self.parties:
            reasons["parties"] = N_("Tick the people whom this is about.")
        if is_before(self.charged, self.alleged):
            reasons["alleged"] = N_("They were charged before this day.")
        check(reasons)


@dataclass(frozen=True)
class OutcomeDraft:
    """What happened to some charges: requalified as what, dropped, convicted …; when, by whom."""

    charges: tuple[UUID, ...]
    kind: ChargeStep
    decided: When
    decided_by: str | None = None
    qualification: Qualification | None = None
    note: str | None = None
    known_by: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"note": self.note}, TEXT_MOST)
        reasons |= unkeepable({"decided": told(self.decided)})
        if self.kind in QUALIFIES:
            reasons |= _reasons(self.qualification or Qualification())
        if not self.charges:
            reasons["charges"] = N_("Tick the charges that this is about.")
        check(reasons)
