"""A case and what is kept with it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.db import Base
from hrdtracker.core.seal import Grade, Sealed, SealedRow, sealed_column


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLOSED = "closed"
    REOPENED = "reopened"


class Case(Scoped, SealedRow):
    """The file on one or more defenders. Who may see it hangs on its scope."""

    __tablename__ = "case_file"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        UniqueConstraint("scope_id"),
        UniqueConstraint("organisation_id", "origin", "origin_id"),
        CheckConstraint(one_of("status", CaseStatus), name="case_status_is_known"),
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL AND outcome IS NOT NULL)",
            name="a_case_is_closed_with_a_day_and_an_outcome",
        ),
        Index("ix_case_file_lead", "lead_at", "id", "scope_id"),
        Index("ix_case_file_status", "status", "lead_at", "id", "scope_id"),
        Index("ix_case_file_province", "lead_province", "lead_at", "id", "scope_id"),
        Index("ix_case_file_type", "lead_type", "lead_at", "id", "scope_id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    scope_id: Mapped[int] = mapped_column(ForeignKey("scope.id"))
    code: Mapped[str] = mapped_column(String(20))
    title = Sealed(Grade.NARRATIVE)
    title_sealed: Mapped[bytes | None] = sealed_column()
    status: Mapped[str] = mapped_column(String(12), default=CaseStatus.OPEN)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    closing_reason = Sealed(Grade.NARRATIVE)
    closing_reason_sealed: Mapped[bytes | None] = sealed_column()
    next_look_on: Mapped[date | None] = mapped_column(index=True)
    lead_type: Mapped[str | None]
    lead_province: Mapped[str | None]
    lead_at: Mapped[datetime]
    lead_latest: Mapped[datetime | None]
    lead_precision: Mapped[str] = mapped_column(String(8))
    origin: Mapped[str | None]
    origin_id: Mapped[str | None] = mapped_column(String(80))
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class CaseArea(Base):
    """One thematic area of a case."""

    __tablename__ = "case_area"
    __table_args__ = (Index("ix_case_area_area", "area", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)

    @classmethod
    def given_to(cls, case_id: SQLCoreOperations[int], area: str) -> ColumnElement[bool]:
        """Return the condition that a case has this area: asked row by row, as a list goes down."""
        return select(cls.case_id).where(cls.case_id == case_id, cls.area == area).exists()


class Task(Scoped, SealedRow):
    """Something to do in a case, by a day, by somebody."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name="a_task_is_done_by_somebody"
        ),
        Index("ix_task_assignee", "assigned_to_id", "done_at", "due_on"),
    )

    what = Sealed(Grade.NARRATIVE)
    what_sealed: Mapped[bytes | None] = sealed_column()
    due_on: Mapped[date | None]
    assigned_to_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    set_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class FollowUp(Scoped, SealedRow):
    """A dated call, visit, hearing or meeting. It never reopens a review."""

    __tablename__ = "follow_up"

    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    timed: Mapped[bool]
    """Whether the hour is known; else `at` is where the day begins."""
    note = Sealed(Grade.NARRATIVE)
    note_sealed: Mapped[bytes | None] = sealed_column()
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
