"""What a channel hands over about a case, its tasks and follow-ups, and who may open it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from hrdtracker.core import clock
from hrdtracker.core.errors import N_
from hrdtracker.core.sending import Sending
from hrdtracker.core.text import TEXT_MOST, check, required, unfit

TITLE_MOST = 200
WHAT_MOST = 300
REASON_MOST = 2000
NO_TASK = N_("Write what is to be done.")
NO_CONFLICT = N_("Write what the conflict is.")
NO_MEMBER_REASON = N_("Write why they need to open it.")
NO_RECOVERY_REASON = N_("Write why you need to open it.")
BLOCKED_FOR = timedelta(days=90)
"""How long somebody is shut out of a case, where nothing else is said."""
BLOCKED_MOST = timedelta(days=366)
HELD_BACK_FOR = timedelta(days=7)
"""How long two may keep from somebody that they are shut out, as where a leak is suspected."""
APPEAL_MOST = 300
NO_APPEAL = N_("Write in one sentence what you ask.")
NO_CLOSING_REASON = N_("Write why you close it.")


@dataclass(frozen=True)
class CaseDraft:
    """What may be said of a case at any time; `areas` are codes of `thematic_area`."""

    title: str | None = None
    areas: frozenset[str] = frozenset()
    next_look_on: date | None = None

    def __post_init__(self) -> None:
        check(unfit({"title": self.title}, TITLE_MOST))


@dataclass(frozen=True)
class ClosingDraft:
    """How a case ended (`outcome` of `case_outcome`), why it is closed, and its areas in full."""

    outcome: str
    reason: str
    areas: frozenset[str]

    def __post_init__(self) -> None:
        reasons = required("reason", self.reason, NO_CLOSING_REASON, REASON_MOST)
        if not self.outcome:
            reasons["outcome"] = N_("Choose how it ended.")
        if not self.areas:
            reasons["areas"] = N_("A case is closed with at least one area. Choose those it fits.")
        check(reasons)


@dataclass(frozen=True)
class MemberDraft:
    """A colleague who may open a case until an instant, and why."""

    user: UUID
    reason: str
    ends_at: datetime
    sending: Sending | None = None

    def __post_init__(self) -> None:
        check(required("reason", self.reason, NO_MEMBER_REASON, REASON_MOST))


@dataclass(frozen=True)
class BlockDraft:
    """A person to be shut out of a case until an instant, and why; told at once, or `held_back`."""

    user: UUID
    reason: str
    sending: Sending | None = None
    ends_at: datetime = field(default_factory=lambda: clock.now() + BLOCKED_FOR)
    held_back: bool = False

    def __post_init__(self) -> None:
        check(required("reason", self.reason, NO_CONFLICT, REASON_MOST))


@dataclass(frozen=True)
class TaskDraft:
    """Something to do, by a day, by a colleague who can open the case (None: by oneself)."""

    what: str
    due_on: date | None = None
    assignee: UUID | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        check(required("what", self.what, NO_TASK, WHAT_MOST))


@dataclass(frozen=True)
class FollowUpDraft:
    """A call, visit, hearing or meeting at an instant; `timed` says whether the hour is known."""

    kind: str
    at: datetime
    timed: bool
    note: str | None = None
    sending: Sending | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"note": self.note}, TEXT_MOST)
        if not self.kind:
            reasons["kind"] = N_("Choose what it was, or will be.")
        check(reasons)
