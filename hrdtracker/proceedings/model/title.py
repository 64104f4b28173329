"""By what right somebody is held or supervised, and what a court ordered."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.db import partial_index
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.core.when.columns import Dated


class TitleKind(StrEnum):
    """By what right somebody is deprived of liberty, or how far it is limited."""

    POLICE_CUSTODY = "police_custody"
    PRETRIAL_DETENTION = "pretrial_detention"
    SENTENCE = "sentence"
    HOUSE_ARREST = "house_arrest"
    JUDICIAL_SUPERVISION = "judicial_supervision"


class OrderKind(StrEnum):
    """What a court, a judge or a prosecutor ordered."""

    SUMMONS = "summons"
    ORDER_TO_BRING = "order_to_bring"
    ARREST_WARRANT = "arrest_warrant"
    DETENTION = "detention"
    EXTENSION = "extension"
    SUPERVISION = "supervision"
    RELEASE = "release"
    SENT_TO_TRIAL = "sent_to_trial"
    CASE_DISMISSED = "case_dismissed"
    SEARCH = "search"
    TRAVEL_BAN = "travel_ban"
    SEIZURE = "seizure"


class LegalTitle(Scoped, SealedRow):
    """Why somebody is held or supervised, from and until. Titles may overlap."""

    __tablename__ = "legal_title"
    record_label = N_("Ground of custody")
    __table_args__ = (
        CheckConstraint(one_of("kind", TitleKind), name="ground_of_custody_is_known"),
        CheckConstraint(
            "next_report_on IS NULL OR kind = 'judicial_supervision'",
            name="only_the_supervised_report",
        ),
        Index("ix_legal_title_person", "person_id", "scope_id"),
        Index("ix_legal_title_proceeding", "proceeding_id", "person_id"),
    )

    person_id: Mapped[int] = field(N_("Who"), ForeignKey("person.id"))
    proceeding_id: Mapped[int | None] = technical(ForeignKey("proceeding.id"))
    kind: Mapped[str] = field(N_("Ground of custody"), String(24), codelist="legal_title")
    began = Dated(N_("From"), required=True)
    ended = Dated(N_("Until"))
    next_report_on: Mapped[date | None] = field(N_("Reports next on"))
    note = Sealed(Grade.NARRATIVE, N_("Note"))
    known_by: Mapped[str | None] = field(N_("How we know"), codelist="how_known")
    confirmed_at: Mapped[datetime] = field(N_("Last confirmed"))
    confirmed_by_id: Mapped[int] = field(N_("Confirmed by"), ForeignKey("user_account.id"))
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


IN_FORCE = LegalTitle.ended.part(LegalTitle, "precision").is_(None)
partial_index("ix_legal_title_in_force", LegalTitle.scope_id, LegalTitle.kind, where=IN_FORCE)


class CourtOrder(Scoped, SealedRow):
    """What was ordered about somebody, when and by whom; an extension says what it extends."""

    __tablename__ = "court_order"
    record_label = N_("Order")
    __table_args__ = (
        CheckConstraint(one_of("kind", OrderKind), name="order_is_known"),
        CheckConstraint(
            "kind <> 'extension' OR legal_title_id IS NOT NULL",
            name="an_extension_extends_something",
        ),
        CheckConstraint(
            "keeps_detained IS NULL OR kind = 'sent_to_trial'",
            name="only_a_closing_order_keeps_them_detained",
        ),
        Index("ix_court_order_person", "person_id", "scope_id"),
        Index("ix_court_order_proceeding", "proceeding_id", "person_id"),
    )

    person_id: Mapped[int] = field(N_("Who"), ForeignKey("person.id"))
    proceeding_id: Mapped[int | None] = technical(ForeignKey("proceeding.id"))
    legal_title_id: Mapped[int | None] = technical(ForeignKey("legal_title.id"), index=True)
    """What it orders, extends or ends."""
    kind: Mapped[str] = field(N_("Order"), String(16), codelist="court_order")
    ordered = Dated(N_("Ordered"), required=True)
    ordered_by: Mapped[str | None] = field(N_("By whom"), codelist="deciding_body")
    in_writing: Mapped[bool | None] = field(N_("In writing"))
    keeps_detained: Mapped[bool | None] = field(N_("Keeps them detained"))
    """Of a closing order that sends to trial."""
    due = Dated(N_("Appear on, or until"))
    executed = Dated(N_("Carried out"))
    withdrawn = Dated(N_("Withdrawn"))
    note = Sealed(Grade.NARRATIVE, N_("Note"))
    known_by: Mapped[str | None] = field(N_("How we know"), codelist="how_known")
    confirmed_at: Mapped[datetime | None] = field(N_("Last confirmed"))
    confirmed_by_id: Mapped[int | None] = field(N_("Confirmed by"), ForeignKey("user_account.id"))
    """Since it was recorded; nobody where nobody was asked since."""
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it
