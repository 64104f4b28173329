"""A day in court: when and where, what became of it, and who goes there."""

from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import NamedInCases, one_of
from hrdtracker.core.closed import Closed, closed
from hrdtracker.core.db import Base
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.core.when.columns import Dated
from hrdtracker.core.when.model import When
from hrdtracker.proceedings.model.proceeding import OfProceeding


class HearingStatus(StrEnum):
    """What became of a hearing."""

    SCHEDULED = "scheduled"
    HELD = "held"
    ADJOURNED = "adjourned"
    CANCELLED = "cancelled"


class Hearing(OfProceeding, NamedInCases, SealedRow):
    """One hearing of a proceeding: whoever reads the proceeding reads it, with the same key.

    Of one whose day is not set, `starts` is unknown.
    """

    __tablename__ = "hearing"
    record_label = N_("Hearing")
    __table_args__ = (
        CheckConstraint(one_of("status", HearingStatus), name="status_of_a_hearing_is_known"),
        CheckConstraint(
            "status = 'adjourned' OR (asked_by IS NULL AND defence_agreed IS NULL)",
            name="only_an_adjournment_was_asked_for",
        ),
        CheckConstraint("follows_id IS NULL OR follows_id <> id", name="no_hearing_follows_itself"),
        Index("ix_hearing_starts", "starts_earliest", "id"),
        Index("ix_hearing_proceeding", "proceeding_id", "starts_earliest"),
    )

    follows_id: Mapped[int | None] = field(
        N_("Goes on after"), ForeignKey("hearing.id"), index=True
    )
    kind: Mapped[str] = field(N_("Kind"), codelist="hearing_kind")
    status: Mapped[str] = field(
        N_("Status"), String(9), default=HearingStatus.SCHEDULED, codelist="hearing_status"
    )
    starts = Dated(N_("When"), required=True)
    court: Mapped[str | None] = closed(N_("Court"), Closed("hearing.court"), codelist="court")
    room = Sealed(Grade.IDENTITY, N_("Room"))
    judge = Sealed(Grade.IDENTITY, N_("Judge"))
    note = Sealed(Grade.NARRATIVE, N_("Note"))
    asked_by: Mapped[str | None] = field(
        N_("Who asked for the adjournment"), codelist="adjournment_request"
    )
    defence_agreed: Mapped[bool | None] = field(N_("Whether the defence agreed"))
    reason = Sealed(Grade.NARRATIVE, N_("Why it was adjourned or cancelled"))
    ask_task_id: Mapped[int | None] = technical(
        ForeignKey("task.id"), index=True, why="the task to ask the clerk for the day"
    )
    known_by: Mapped[str | None] = field(N_("How we know"), codelist="how_known")
    confirmed_at: Mapped[datetime | None] = field(N_("Last confirmed"))
    confirmed_by_id: Mapped[int | None] = field(N_("Confirmed by"), ForeignKey("user_account.id"))
    """Since it was recorded; nobody where nobody was asked since."""
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @property
    def day(self) -> When:
        """When it is, without the words in which that was told."""
        return cast("When", Hearing.starts.plain(self))


class HearingMonitor(Base):
    """Somebody of ours who goes to a hearing, until somebody else goes instead."""

    __tablename__ = "hearing_monitor"
    record_label = N_("Who goes to a hearing")
    __table_args__ = (Index("ix_hearing_monitor_user", "user_id", "hearing_id"),)

    hearing_id: Mapped[int] = technical(ForeignKey("hearing.id"), primary_key=True)
    user_id: Mapped[int] = field(N_("Who goes"), ForeignKey("user_account.id"), primary_key=True)
    assigned_by_id: Mapped[int] = field(N_("Sent by"), ForeignKey("user_account.id"))
    assigned_at: Mapped[datetime] = field(N_("Sent"))
    relieved_at: Mapped[datetime | None] = field(N_("Goes no more since"))
