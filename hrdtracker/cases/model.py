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
    and_,
    bindparam,
    or_,
    select,
)
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core import clock
from hrdtracker.core.db import Base, Instant, partial_index, present
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.core.when.model import DAY

A_DAY_AGO = bindparam("a_day_ago", callable_=lambda: clock.now() - DAY, type_=Instant())
"""Found out anew at each use of a query that is kept."""


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLOSED = "closed"
    REOPENED = "reopened"


class Case(Scoped, SealedRow):
    """The file on one or more defenders. Its scope says who may see it."""

    __tablename__ = "case_file"
    record_label = N_("Case")
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        UniqueConstraint("scope_id"),
        UniqueConstraint("organisation_id", "origin", "origin_id"),
        CheckConstraint(one_of("status", CaseStatus), name="case_status_is_known"),
        CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL AND outcome IS NOT NULL)",
            name="a_case_is_closed_with_a_day_and_an_outcome",
        ),
        Index("ix_case_file_lead", "lead_at", "id", "scope_id", "lead_latest"),
        Index("ix_case_file_status", "status", "lead_at", "id", "scope_id"),
        Index("ix_case_file_province", "lead_province", "lead_at", "id", "scope_id"),
        Index("ix_case_file_type", "lead_type", "lead_at", "id", "scope_id"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    scope_id: Mapped[int] = technical(ForeignKey("scope.id"))
    code: Mapped[str] = field(
        N_("Code"), String(20), why="office, year and four random letters: names nobody"
    )
    title = Sealed(Grade.NARRATIVE, N_("Title"))
    status: Mapped[str] = field(N_("Status"), String(12), default=CaseStatus.OPEN)
    opened_at: Mapped[datetime] = field(N_("Opened"))
    closed_at: Mapped[datetime | None] = field(N_("Closed"))
    outcome: Mapped[str | None] = field(N_("Outcome"), codelist="case_outcome")
    closing_reason = Sealed(Grade.NARRATIVE, N_("Reason for closing"))
    next_look_on: Mapped[date | None] = field(N_("Next look"), index=True)
    lead_type: Mapped[str | None] = field(
        N_("Type"), codelist="incident_type", why="for lists: a type of incident"
    )
    lead_province: Mapped[str | None] = field(
        N_("Province"), codelist="province", why="for lists and figures"
    )
    lead_at: Mapped[datetime] = field(N_("First date"))
    lead_latest: Mapped[datetime | None] = unsaid()
    lead_precision: Mapped[str] = field(N_("First date, how exactly"), String(8))
    origin: Mapped[str | None] = unsaid()
    origin_id: Mapped[str | None] = technical(
        String(80), why="the number of the record where it came from; never a name"
    )
    changed_at: Mapped[datetime] = unsaid()
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


IS_UNDATED = Case.lead_latest.is_(None)
partial_index("ix_case_file_undated", Case.lead_at, Case.id, Case.scope_id, where=IS_UNDATED)


class CaseArea(Base):
    """One thematic area of a case."""

    __tablename__ = "case_area"
    record_label = N_("Area of a case")
    __table_args__ = (Index("ix_case_area_area", "area", "case_id"),)

    case_id: Mapped[int] = technical(ForeignKey("case_file.id"), primary_key=True)
    area: Mapped[str] = field(N_("Area"), primary_key=True, codelist="thematic_area")

    @classmethod
    def given_to(cls, case_id: SQLCoreOperations[int], area: str) -> ColumnElement[bool]:
        """Return the condition that a case has this area: asked row by row, as a list goes down."""
        return select(cls.case_id).where(cls.case_id == case_id, cls.area == area).exists()


class Task(Scoped, SealedRow):
    """Something to do in a case, by a day, by somebody."""

    __tablename__ = "task"
    record_label = N_("Task")
    __table_args__ = (
        CheckConstraint(
            "(done_at IS NULL) = (done_by_id IS NULL)", name="a_task_is_done_by_somebody"
        ),
        Index("ix_task_assignee", "assigned_to_id", "done_at", "due_on"),
    )

    what = Sealed(Grade.NARRATIVE, N_("What to do"))
    due_on: Mapped[date | None] = field(N_("Due"))
    assigned_to_id: Mapped[int] = field(N_("Whose task it is"), ForeignKey("user_account.id"))
    set_by_id: Mapped[int] = field(N_("Set by"), ForeignKey("user_account.id"))
    set_at: Mapped[datetime] = field(N_("Set"))
    done_at: Mapped[datetime | None] = field(N_("Done"))
    done_by_id: Mapped[int | None] = field(N_("Done by"), ForeignKey("user_account.id"))


class FollowUp(Scoped, SealedRow):
    """A dated call, visit, hearing or meeting. It never reopens a review."""

    __tablename__ = "follow_up"
    record_label = N_("Follow-up")

    kind: Mapped[str] = field(N_("Kind"), codelist="follow_up_kind")
    at: Mapped[datetime] = field(N_("When"), index=True)
    timed: Mapped[bool] = field(N_("At a time of day"))
    """Whether the hour is known; else `at` is where the day begins."""
    note = Sealed(Grade.NARRATIVE, N_("Note"))
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))

    def is_to_come(self, moment: datetime) -> bool:
        """Tell whether it is planned at a moment: what has no hour is so all its day."""
        return self.at > (moment if self.timed else moment - DAY)

    @classmethod
    def planned(cls) -> ColumnElement[bool]:
        """Return the condition `is_to_come`, now."""
        return and_(cls.at > A_DAY_AGO, or_(~cls.timed, cls.at > present()))
