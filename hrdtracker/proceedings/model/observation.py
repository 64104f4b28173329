"""What somebody of ours observed at a hearing, and which rights are in question after it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import NamedInCases, Scoped
from hrdtracker.core.closed import Closed, closed
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.proceedings.model.proceeding import OfProceeding

SAID_BY_SOMEBODY = "(in_question IS NULL) = (confirmed_by_id IS NULL)"
"""A right is in question, or is not, because somebody said so."""


class TrialObservation(OfProceeding, NamedInCases, SealedRow):
    """What one observer saw of one hearing, by the checklist that was in use when they began."""

    __tablename__ = "trial_observation"
    untraced = "nothing of it is sealed; its hearing and its answers leave the line"
    record_label = N_("Observation of a hearing")
    __table_args__ = (
        UniqueConstraint("hearing_id", "observer_id"),
        Index("ix_trial_observation_proceeding", "proceeding_id", "id"),
    )

    hearing_id: Mapped[int] = technical(ForeignKey("hearing.id"))
    checklist_id: Mapped[int] = field(N_("Checklist"), ForeignKey("checklist.id"))
    observer_id: Mapped[int] = field(N_("Observed by"), ForeignKey("user_account.id"), index=True)
    began_at: Mapped[datetime] = field(N_("Begun"))
    finished_at: Mapped[datetime | None] = field(N_("Finished"))


class HearingAnswer(OfProceeding, NamedInCases, SealedRow):
    """An answer about a hearing or a trial. `in_question` says what a person made of it."""

    __tablename__ = "hearing_answer"
    record_label = N_("Answer about a hearing")
    __table_args__ = (
        CheckConstraint(SAID_BY_SOMEBODY, name="somebody_said_that_a_right_is_in_question"),
        Index("ix_hearing_answer_observation", "observation_id", "id"),
        Index("ix_hearing_answer_proceeding", "proceeding_id", "in_question"),
    )

    observation_id: Mapped[int] = technical(ForeignKey("trial_observation.id"))
    question: Mapped[str] = closed(N_("Question"), Closed("hearing_answer.question"))
    answer: Mapped[str | None] = closed(
        N_("Answer"), Closed("hearing_answer.answer"), codelist="observed_answer"
    )
    words = Sealed(Grade.NARRATIVE, N_("Answer in words"))
    note = Sealed(Grade.NARRATIVE, N_("What was seen"))
    answered_at: Mapped[datetime] = unsaid()
    in_question: Mapped[bool | None] = field(N_("The right is in question"))
    confirmed_by_id: Mapped[int | None] = field(
        N_("Said by"), ForeignKey("user_account.id"), index=True
    )
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class AccusedAnswer(Scoped, SealedRow):
    """An answer about one accused; one without a party is the note about all of a case.

    Which question it is lies closed: those about juveniles would tell who is one.
    """

    __tablename__ = "accused_answer"
    record_label = N_("Answer about an accused")
    __table_args__ = (
        CheckConstraint(SAID_BY_SOMEBODY, name="somebody_said_that_their_right_is_in_question"),
        Index("ix_accused_answer_observation", "observation_id", "id"),
        Index("ix_accused_answer_scope", "scope_id", "in_question"),
    )

    observation_id: Mapped[int] = technical(ForeignKey("trial_observation.id"))
    party_id: Mapped[int | None] = field(N_("About whom"), ForeignKey("party.id"), index=True)
    question: Mapped[str] = closed(
        N_("Question"), Closed("accused_answer.question"), why="some are asked of juveniles alone"
    )
    answer: Mapped[str | None] = closed(
        N_("Answer"), Closed("accused_answer.answer"), codelist="observed_answer"
    )
    words = Sealed(Grade.NARRATIVE, N_("Answer in words"))
    note = Sealed(Grade.NARRATIVE, N_("What was seen"))
    answered_at: Mapped[datetime] = unsaid()
    in_question: Mapped[bool | None] = field(N_("The right is in question"))
    confirmed_by_id: Mapped[int | None] = field(
        N_("Said by"), ForeignKey("user_account.id"), index=True
    )
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it
