"""A clock as it was last counted: whose it is, when it ends, how sure that is, what is asked."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.db import Entity, partial_index
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.proceedings.rules.model import Confidence, RuleKind


class ClockStanding(StrEnum):
    """How a clock stands, whatever the hour: what ends is running, reached or passed by the hour.

    A clock that was stopped, or whose day has come for what it allows, is not kept.
    """

    RUNS = "runs"
    NOT_STARTED = "not_started"
    PAUSED = "paused"
    FORBIDDEN = "forbidden"
    NOT_KNOWN = "not_known"


class ClockIdentity(NamedTuple):
    """What a limit is known by from one count to the next: whose it is, in which proceeding."""

    scope_id: int
    person_id: int | None
    stay_id: int | None
    proceeding_id: int | None
    clock: str


IDENTITY = ClockIdentity._fields


class Clock(Scoped, Entity):
    """One limit of one person, or of some of a group, in one case; counted, never edited.

    `ends_earliest` is the one to act by; both are the same where everything needed is known.
    `people` is for how many of a group it runs. `is_held` tells whether it is about somebody who is
    held: whoever is at liberty, in hiding or abroad stands in no list that is read out.
    """

    __tablename__ = "clock"
    record_label = N_("Limit")
    unaudited = "counted from what is audited, and counted anew whenever that changes"
    __table_args__ = (
        CheckConstraint(one_of("standing", ClockStanding), name="clock_stands_somehow"),
        CheckConstraint(one_of("kind", RuleKind), name="clock_kind_is_known"),
        CheckConstraint(one_of("confidence", Confidence), name="confidence_is_known"),
        CheckConstraint("people > 0", name="a_clock_is_for_somebody"),
    )

    person_id: Mapped[int | None] = technical(ForeignKey("person.id"), index=True)
    """None: somebody whom nobody named."""
    stay_id: Mapped[int | None] = technical(ForeignKey("stay.id"), index=True)
    """Where they are, or were last."""
    proceeding_id: Mapped[int | None] = technical(ForeignKey("proceeding.id"), index=True)
    """In which it runs; None for what begins with a stay, and where no proceeding is recorded."""
    clock: Mapped[str] = field(N_("Limit"), String(40), why="a key of the rules of law")
    kind: Mapped[str] = unsaid(String(20))
    standing: Mapped[str] = field(N_("How it stands"), String(12))
    ends_earliest: Mapped[datetime | None] = field(N_("Ends at the earliest"))
    ends_latest: Mapped[datetime | None] = field(N_("Ends at the latest"))
    furthest: Mapped[datetime | None] = field(N_("With every extension"))
    confidence: Mapped[str] = field(N_("How sure"), String(20))
    is_reviewed: Mapped[bool] = field(N_("Checked by a lawyer"))
    is_held: Mapped[bool] = unsaid()
    asks: Mapped[str] = unsaid(String(600), why="keys of what somebody could find out")
    people: Mapped[int] = field(N_("How many people"))
    disputed_end: Mapped[datetime | None] = field(N_("End that a legal officer counts"))
    """The window reaches to it; nothing that is disputed is ever called over."""
    replaced_for: Mapped[str | None] = field(
        N_("Why two people set another end"), codelist="limit_replacement"
    )
    """Set while that end stands alone, as two people set it."""
    counted_at: Mapped[datetime] = unsaid()

    @property
    def identity(self) -> ClockIdentity:
        """Return what it is known by."""
        return ClockIdentity(*(getattr(self, name) for name in IDENTITY))


class ClockDispute(Scoped, SealedRow):
    """A legal officer counts another end of one clock, and says why: both are shown from then on.

    `counted_earliest` is what the program counted then: where it counts something else now, the
    dispute is to be looked at again. Where a second person confirmed it, the end replaces the one
    that is counted, as long as that is counted as it was then (`counted_as`).
    """

    __tablename__ = "clock_dispute"
    record_label = N_("Disputed limit")
    __table_args__ = (
        CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name="somebody_ended_the_dispute"
        ),
        CheckConstraint(
            "(person_id IS NULL) = (stay_id IS NOT NULL)", name="a_dispute_is_about_somebody"
        ),
        CheckConstraint(
            "(replaced_at IS NULL) = (replaced_for IS NULL) AND"
            " (replaced_at IS NULL) = (replaced_by_id IS NULL) AND"
            " (replaced_at IS NULL) = (counted_as IS NULL)",
            name="what_two_people_set_says_why",
        ),
        CheckConstraint(
            "replaced_by_id IS NULL OR replaced_by_id <> proposed_by_id",
            name="two_people_replace_a_limit",
        ),
    )

    person_id: Mapped[int | None] = technical(ForeignKey("person.id"), index=True)
    stay_id: Mapped[int | None] = technical(ForeignKey("stay.id"), index=True)
    """Of somebody whom nobody named: where they are."""
    proceeding_id: Mapped[int | None] = technical(ForeignKey("proceeding.id"), index=True)
    """In which the limit runs; None where it runs in none."""
    clock: Mapped[str] = field(N_("Limit"), String(40), why="a key of the rules of law")
    ends_at: Mapped[datetime] = field(N_("End that a legal officer counts"))
    counted_earliest: Mapped[datetime | None] = field(N_("End as it was counted then"))
    reason = Sealed(Grade.NARRATIVE, N_("Reason"))
    disputed_by_id: Mapped[int] = field(N_("Disputed by"), ForeignKey("user_account.id"))
    disputed_at: Mapped[datetime] = field(N_("Disputed"))
    replaced_for: Mapped[str | None] = field(
        N_("Why two people set another end"), codelist="limit_replacement"
    )
    replaced_at: Mapped[datetime | None] = field(N_("Set by two people"))
    proposed_by_id: Mapped[int | None] = field(N_("Proposed by"), ForeignKey("user_account.id"))
    replaced_by_id: Mapped[int | None] = field(N_("Confirmed by"), ForeignKey("user_account.id"))
    counted_as: Mapped[str | None] = unsaid(
        String(64), why="a digest of the steps of the count at that time"
    )
    ended_at: Mapped[datetime | None] = field(N_("Ended"))
    ended_by_id: Mapped[int | None] = field(N_("Ended by"), ForeignKey("user_account.id"))


IS_DISPUTED = ClockDispute.ended_at.is_(None)
partial_index(
    "uq_clock_dispute_open",
    ClockDispute.scope_id,
    ClockDispute.person_id,
    ClockDispute.clock,
    where=IS_DISPUTED & ClockDispute.proceeding_id.is_(None),
    unique=True,
)
partial_index(
    "uq_clock_dispute_open_in_proceeding",
    ClockDispute.scope_id,
    ClockDispute.person_id,
    ClockDispute.clock,
    ClockDispute.proceeding_id,
    where=IS_DISPUTED & ClockDispute.proceeding_id.is_not(None),
    unique=True,
)
RUNS = Clock.standing == ClockStanding.RUNS
partial_index("ix_clock_ends", Clock.ends_earliest, Clock.id, Clock.scope_id, where=RUNS)
