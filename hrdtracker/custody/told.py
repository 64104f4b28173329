"""What is handed over about where somebody is: whose, since when, and how it ended."""

from dataclasses import dataclass, field
from datetime import datetime

from hrdtracker.core.when.model import When

HELD = "held"
"""The situation under which `victim_status` gathers everybody who is deprived of liberty."""


@dataclass(frozen=True)
class PlaceOfStay:
    """Where somebody is held: a prison of the list, or words; and how we know."""

    words: str | None = None
    prison: str | None = None
    known_by: str | None = None


@dataclass(frozen=True)
class StayDraft:
    """A stay that begins, or did: whose, in which situation, since when, and how it ended.

    `since` orders the stays of one person where no arrival is known; `confirmed_at` says as of when
    somebody here says that they are held, and is None where nobody does.
    """

    since: datetime
    person_id: int | None = None
    violation_id: int | None = None
    situation: str = HELD
    place: PlaceOfStay = field(default_factory=PlaceOfStay)
    began: When | None = None
    confirmed_at: datetime | None = None
    end_kind: str | None = None
    ended: When | None = None
    is_draft: bool = False
