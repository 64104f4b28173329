"""A case before the courts, and the files here that it concerns."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import NamedInCases, Scoped
from hrdtracker.core.closed import Closed, closed
from hrdtracker.core.db import Base
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.core.when.columns import Dated

FINAL = "final_judgment"
"""The end of a proceeding in which a judgment became final."""


class Proceeding(NamedInCases, SealedRow):
    """One case before the courts. What is said of somebody in it hangs on the case naming them."""

    __tablename__ = "proceeding"
    record_label = N_("Proceeding")
    __table_args__ = (
        CheckConstraint(
            "(ended_precision IS NULL) = (end_kind IS NULL)",
            name="a_proceeding_that_ended_says_how",
        ),
        CheckConstraint(
            "joined_into_id IS NULL OR joined_into_id <> id", name="nothing_is_joined_into_itself"
        ),
        CheckConstraint(
            "joined_into_id IS NULL OR end_kind = 'joined'", name="what_is_joined_has_ended_so"
        ),
        CheckConstraint(
            "(separated_from_id IS NULL) = (separated_precision IS NULL)",
            name="what_was_separated_says_when",
        ),
        Index("ix_proceeding_stage", "organisation_id", "stage"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    stage: Mapped[str] = field(
        N_("Stage"), codelist="proceeding_stage", why="a code; fund officers see it too"
    )
    court: Mapped[str | None] = closed(N_("Court"), Closed("proceeding.court"), codelist="court")
    court_number = Sealed(Grade.IDENTITY, N_("Number at the court"))
    prosecutor = Sealed(Grade.IDENTITY, N_("Prosecutor"))
    judges = Sealed(Grade.IDENTITY, N_("Judges"))
    note = Sealed(Grade.NARRATIVE, N_("Note"))
    ended = Dated(N_("Ended"))
    end_kind: Mapped[str | None] = field(N_("How it ended"), codelist="proceeding_end")
    joined_into_id: Mapped[int | None] = field(
        N_("Joined with"), ForeignKey("proceeding.id"), index=True
    )
    end_known_by: Mapped[str | None] = field(N_("How we know that it ended"), codelist="how_known")
    separated_from_id: Mapped[int | None] = field(
        N_("Separated from"), ForeignKey("proceeding.id"), index=True
    )
    separated = Dated(N_("Separated"))
    separation_known_by: Mapped[str | None] = field(
        N_("How we know that it was separated"), codelist="how_known"
    )
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    changed_at: Mapped[datetime] = unsaid()
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @classmethod
    def place_of_naming(cls) -> type["ProceedingScope"]:
        """Return the table of the cases that a proceeding concerns."""
        return ProceedingScope

    @classmethod
    def number_there(cls) -> Any:
        """Return the column of that table which says which proceeding it is."""
        return ProceedingScope.proceeding_id


class ProceedingScope(Scoped, Base):
    """A proceeding that concerns a case: whoever reads the case reads the proceeding."""

    __tablename__ = "proceeding_scope"
    record_label = N_("What a proceeding concerns")
    __table_args__ = (Index("ix_proceeding_scope_scope", "scope_id", "proceeding_id"),)

    proceeding_id: Mapped[int] = technical(ForeignKey("proceeding.id"), primary_key=True)
    scope_id: Mapped[int] = technical(ForeignKey("scope.id"), primary_key=True)


class OfProceeding:
    """Mixin of what is part of a proceeding: whoever reads that reads it, with the same key."""

    proceeding_id: Mapped[int] = technical(ForeignKey("proceeding.id"))

    @classmethod
    def place_of_naming(cls) -> type[ProceedingScope]:
        """Return the table of the cases that its proceeding concerns."""
        return ProceedingScope

    @classmethod
    def number_there(cls) -> Any:
        """Return the column of that table which says which proceeding it is."""
        return ProceedingScope.proceeding_id

    @classmethod
    def number_here(cls) -> Any:
        """Return the column that says of which proceeding it is."""
        return cls.proceeding_id
