"""How a court decided about one accused, and who appealed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.closed import Closed, closed
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.core.when.columns import Dated


class Presence(StrEnum):
    """Whether the accused was there when judgment was pronounced, as the court took it."""

    PRESENT = "present"
    DEEMED_PRESENT = "deemed_present"
    DEFAULT = "default"


class CourtLevel(StrEnum):
    """Which court a judgment is of, where it matters for what may follow it."""

    FIRST_INSTANCE = "first_instance"
    COURT_OF_APPEAL = "court_of_appeal"
    SUPREME_COURT = "supreme_court"


class Appellant(StrEnum):
    """Who appeals."""

    ACCUSED = "accused"
    PROSECUTOR = "prosecutor"
    CIVIL_PARTY = "civil_party"


class Judgment(Scoped, SealedRow):
    """A judgment about one accused: sentence, presence, when they were notified.

    The verdict is no column: it is what became of each charge.
    """

    __tablename__ = "judgment"
    record_label = N_("Judgment")
    __table_args__ = (
        CheckConstraint(
            f"presence IS NULL OR {one_of('presence', Presence)}",
            name="presence_at_judgment_is_known",
        ),
        CheckConstraint(
            "NOT for_life OR (prison_months_closed IS NULL AND prison_days_closed IS NULL)",
            name="life_has_no_length",
        ),
        CheckConstraint(
            "(fine_closed IS NULL) = (fine_currency_closed IS NULL)", name="a_fine_has_a_currency"
        ),
        CheckConstraint(
            "(damages_closed IS NULL) = (damages_currency_closed IS NULL)",
            name="damages_have_a_currency",
        ),
        Index("ix_judgment_party", "party_id", "id"),
    )

    party_id: Mapped[int] = technical(ForeignKey("party.id"))
    pronounced = Dated(N_("Pronounced"), required=True)
    pronounced_by: Mapped[str] = field(N_("By which court"), codelist="deciding_body")
    presence: Mapped[str | None] = field(
        N_("Present at the judgment"), String(16), codelist="presence_at_judgment"
    )
    for_life: Mapped[bool] = field(N_("Prison for life"), default=False)
    prison_months: Mapped[int | None] = closed(
        N_("Prison, months"), Closed("judgment.prison_months", int), why="the news says it"
    )
    prison_days: Mapped[int | None] = closed(
        N_("Prison, days"), Closed("judgment.prison_days", int), why="the news says it"
    )
    suspended_months: Mapped[int | None] = closed(
        N_("Of that suspended, months"),
        Closed("judgment.suspended_months", int),
        why="the news says it",
    )
    suspended_days: Mapped[int | None] = closed(
        N_("Of that suspended, days"),
        Closed("judgment.suspended_days", int),
        why="the news says it",
    )
    fine: Mapped[int | None] = closed(
        N_("Fine, in smallest units"), Closed("judgment.fine", int), why="the news says it"
    )
    fine_currency: Mapped[str | None] = closed(
        N_("Fine, currency"), Closed("judgment.fine_currency"), why="beside the fine"
    )
    damages: Mapped[int | None] = closed(
        N_("Damages, in smallest units"),
        Closed("judgment.damages", int),
        why="the news says it",
    )
    damages_currency: Mapped[str | None] = closed(
        N_("Damages, currency"), Closed("judgment.damages_currency"), why="beside the damages"
    )
    confiscated = Sealed(Grade.NARRATIVE, N_("Confiscated"))
    notified = Dated(N_("Notified on"))
    note = Sealed(Grade.NARRATIVE, N_("Note"))
    known_by: Mapped[str | None] = field(N_("How we know"), codelist="how_known")
    confirmed_at: Mapped[datetime | None] = field(N_("Last confirmed"))
    confirmed_by_id: Mapped[int | None] = field(N_("Confirmed by"), ForeignKey("user_account.id"))
    """Since it was recorded; nobody where nobody was asked since."""
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class JudgmentAppeal(Scoped, SealedRow):
    """Somebody appealed a judgment."""

    __tablename__ = "judgment_appeal"
    record_label = N_("Appeal of a judgment")
    __table_args__ = (
        CheckConstraint(one_of("appellant", Appellant), name="who_appeals_is_known"),
        Index("ix_judgment_appeal_decision", "judgment_id", "id"),
    )

    judgment_id: Mapped[int] = technical(ForeignKey("judgment.id"))
    appellant: Mapped[str] = field(N_("Who appeals"), String(16), codelist="appellant")
    filed = Dated(N_("Filed"), required=True)
    note = Sealed(Grade.NARRATIVE, N_("Note"))
    known_by: Mapped[str | None] = field(N_("How we know"), codelist="how_known")
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
