"""An incident, its violations, who is alleged to have done it, and its sources."""

from datetime import datetime
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
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.closed import Closed, closed
from hrdtracker.core.db import Base, Entity, partial_index
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.core.when.columns import Dated
from hrdtracker.core.when.model import Precision


class IncidentStatus(StrEnum):
    """Where an incident stands between the one who wrote it and the one who reviews it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"


UNFINISHED = (IncidentStatus.RETURNED, IncidentStatus.DRAFT)
"""How what its author still has to send stands."""


class Urgency(StrEnum):
    """How soon somebody must look."""

    NORMAL = "normal"
    URGENT = "urgent"
    CRITICAL = "critical"


class PlaceKind(StrEnum):
    """What sort of place an incident happened in."""

    CAMBODIA = "cambodia"
    ABROAD = "abroad"
    ONLINE = "online"
    UNKNOWN = "unknown"


class Established(StrEnum):
    """How far a violation is established, by the number of independent sources and their worth."""

    ALLEGED = "alleged"
    CORROBORATED = "corroborated"
    VERIFIED = "verified"


class ReviewKind(StrEnum):
    """How an incident was reviewed: by itself, or with others of an import by a sample of them."""

    EACH = "each"
    SAMPLE = "sample"


class Finding(StrEnum):
    """Whether what happened is a violation of a human right."""

    YES = "yes"
    NO = "no"
    UNDETERMINED = "undetermined"


def _nullable(column: str, values: type[StrEnum]) -> str:
    return f"{column} IS NULL OR {one_of(column, values)}"


IN_ORDER = (
    "occurred_sort", "id", "scope_id", "status", "recorded_by_id", "occurred_latest", "case_id",
)  # fmt: skip
"""The order of lists, what the policy asks of an incident, what lists are narrowed by: a list is
counted from its index, without a look at the rows, which are long (5 ms against 80 of 100,000)."""


OF_QUEUE = (
    "status", "urgency_rank", "submitted_at", "origin", "occurred_sort", "occurred_latest", "id",
    "scope_id", "recorded_by_id", "type", "province",
)  # fmt: skip
"""What a reviewer’s queue is ordered and narrowed by: after an import it is thousands long."""


def _by(first: str) -> dict[str, None]:
    """Return the columns of the index in which a list that `first` narrows is found."""
    return dict.fromkeys((first, *IN_ORDER))


class ImportBatch(Entity):
    """One import, so that what it brought can be withdrawn together."""

    __tablename__ = "import_batch"
    record_label = N_("Import")
    __table_args__ = (
        CheckConstraint(
            "undone_at IS NULL OR undoing_at IS NOT NULL", name="what_is_undone_was_begun_to_be"
        ),
        Index("ix_import_batch_organisation", "organisation_id", "recorded_at"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    source: Mapped[str] = field(N_("Source"), String(40), why="the short name of the mapping")
    recorded_by_id: Mapped[int] = field(N_("Imported by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Begun"))
    finished_at: Mapped[datetime | None] = field(N_("Finished"))
    undoing_at: Mapped[datetime | None] = field(N_("Being undone since"))
    undone_at: Mapped[datetime | None] = field(N_("Undone"))

    @property
    def code(self) -> str:
        """Return what it is called on a command line."""
        return self.uid.hex[:8]


class Incident(Scoped, SealedRow):
    """What happened, when, where, in words. It always belongs to a case."""

    __tablename__ = "incident"
    record_label = N_("Incident")
    __table_args__ = (
        CheckConstraint(one_of("status", IncidentStatus), name="incident_status_is_known"),
        CheckConstraint(one_of("urgency", Urgency), name="urgency_is_known"),
        CheckConstraint(one_of("place_kind", PlaceKind), name="place_kind_is_known"),
        CheckConstraint(one_of("occurred_precision", Precision), name="precision_is_known"),
        CheckConstraint(
            "status NOT IN ('submitted', 'reviewed') OR submitted_at IS NOT NULL",
            name="what_was_sent_says_when",
        ),
        CheckConstraint(
            "(status = 'reviewed') = (reviewed_at IS NOT NULL AND reviewed_by_id IS NOT NULL)",
            name="what_was_reviewed_says_when_and_by_whom",
        ),
        CheckConstraint(
            "(status = 'reviewed') = (review_kind IS NOT NULL)",
            name="what_was_reviewed_says_how",
        ),
        CheckConstraint(_nullable("review_kind", ReviewKind), name="review_kind_is_known"),
        CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> recorded_by_id",
            name="nobody_reviews_what_they_recorded",
        ),
        UniqueConstraint("case_id", "origin", "origin_id"),
        Index("ix_incident_sort", *IN_ORDER),
        Index("ix_incident_status", *_by("status")),
        Index("ix_incident_type", *_by("type")),
        Index("ix_incident_province", *_by("province")),
        Index("ix_incident_case", *_by("case_id")),
        Index("ix_incident_scope", *_by("scope_id")),
        Index("ix_incident_queue", *OF_QUEUE),
    )

    case_id: Mapped[int] = technical(ForeignKey("case_file.id"))
    type: Mapped[str] = field(N_("What happened"), codelist="incident_type")
    status: Mapped[str] = field(N_("Status"), String(12), default=IncidentStatus.DRAFT)
    urgency: Mapped[str] = field(
        N_("How urgent"), String(12), default=Urgency.NORMAL, codelist="urgency"
    )
    urgency_rank: Mapped[int] = unsaid(default=0)
    occurred = Dated(N_("When"), required=True)
    occurred_sort: Mapped[datetime] = unsaid()
    place_kind: Mapped[str] = field(N_("Where"), String(12), default=PlaceKind.UNKNOWN)
    province: Mapped[str | None] = field(N_("Province"), String(2), codelist="province")
    district: Mapped[str | None] = closed(
        N_("District"), Closed("incident.district"), codelist="district"
    )
    commune: Mapped[str | None] = closed(
        N_("Commune"),
        Closed("incident.commune"),
        codelist="commune",
        why="lists are narrowed by the province",
    )
    country: Mapped[str | None] = closed(
        N_("Country"), Closed("incident.country"), codelist="country"
    )
    platform: Mapped[str | None] = closed(
        N_("Platform"),
        Closed("incident.platform"),
        codelist="platform",
        why="the kind of service; the account is sealed",
    )
    place = Sealed(Grade.IDENTITY, N_("Place in words"))
    village = Sealed(Grade.IDENTITY, N_("Village"))
    account = Sealed(Grade.IDENTITY, N_("Account"))
    link = Sealed(Grade.IDENTITY, N_("Link"))
    narrative = Sealed(Grade.NARRATIVE, N_("In words"))
    language: Mapped[str | None] = field(N_("Language"), String(8), codelist="language")
    tie = Sealed(Grade.NARRATIVE, N_("Tied to rights work"))
    lawyer_contacted: Mapped[str | None] = closed(
        N_("Lawyer contacted"), Closed("incident.lawyer_contacted"), codelist="lawyer_contacted"
    )
    recorded_by_id: Mapped[int] = field(
        N_("Recorded by"), ForeignKey("user_account.id"), index=True
    )
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    submitted_at: Mapped[datetime | None] = field(N_("Sent"))
    returned_reason = Sealed(Grade.NARRATIVE, N_("Reason for returning"))
    reviewed_at: Mapped[datetime | None] = field(N_("Reviewed"))
    reviewed_by_id: Mapped[int | None] = field(N_("Reviewed by"), ForeignKey("user_account.id"))
    review_kind: Mapped[str | None] = field(N_("How it was reviewed"), String(8))
    batch_id: Mapped[int | None] = technical(ForeignKey("import_batch.id"), index=True)
    """The import that brought it."""
    origin: Mapped[str | None] = unsaid()
    origin_id: Mapped[str | None] = technical(
        String(80), why="the number of the record where it came from; never a name"
    )
    origin_marks: Mapped[str | None] = technical(
        String(400),
        why="marks of what was imported, to tell what changed; must not let a guess be tried",
    )
    """Keyed digests of what was imported last, part by part: so that a change made here is seen."""
    changed_at: Mapped[datetime] = unsaid()
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @classmethod
    def written_by(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that this user wrote some part of the incident."""
        wrote = select(IncidentWriter.user_id).where(
            IncidentWriter.incident_id == cls.id, IncidentWriter.user_id == user_id
        )
        return wrote.exists()


IS_UNDATED = Incident.occurred.part(Incident, "latest").is_(None)
partial_index(
    "ix_incident_undated", *(getattr(Incident, name) for name in IN_ORDER), where=IS_UNDATED
)


class IncidentWriter(Base):
    """Somebody who wrote part of an incident, and so may not review it."""

    __tablename__ = "incident_writer"
    record_label = N_("Author of an incident")

    incident_id: Mapped[int] = technical(ForeignKey("incident.id"), primary_key=True)
    user_id: Mapped[int] = field(N_("User"), ForeignKey("user_account.id"), primary_key=True)


class Violation(Scoped, SealedRow):
    """One type of act against one victim: a person, a group, or somebody unknown."""

    __tablename__ = "violation"
    record_label = N_("Violation")
    __table_args__ = (
        CheckConstraint(_nullable("established", Established), name="established_is_known"),
        CheckConstraint(_nullable("finding", Finding), name="finding_is_known"),
        CheckConstraint(
            "independent_sources IS NULL OR independent_sources BETWEEN 0 AND 99",
            name="sources_are_counted",
        ),
        CheckConstraint(
            "established IS NULL OR established = 'alleged' OR independent_sources >= 1",
            name="what_is_corroborated_has_a_source",
        ),
        CheckConstraint(
            "established IS NULL OR assessed_by_id IS NOT NULL", name="somebody_assessed_it"
        ),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)",
            name="somebody_confirmed_that_they_are_held",
        ),
        Index("ix_violation_incident", "incident_id", "id"),
        Index("ix_violation_victim", "victim_id", "incident_id"),
        Index("ix_violation_type", "type", "incident_id"),
    )

    incident_id: Mapped[int] = technical(ForeignKey("incident.id"))
    type: Mapped[str] = field(N_("What happened"), codelist="incident_type")
    victim_id: Mapped[int | None] = field(N_("Victim"), ForeignKey("person.id"))
    # Arrival, place and who confirmed it are what older versions wrote: `older_custody` moves them
    # to stays, and nothing else reads them. They fall once no database holds any.
    arrived = Dated(N_("Arrived at the police unit"), why="the clocks of custody are figures")
    place_held = Sealed(Grade.IDENTITY, N_("Place held"))
    status_at_end: Mapped[str | None] = field(
        N_("What happened to them"), codelist="victim_status", why="a code"
    )
    confirmed_at: Mapped[datetime | None] = field(N_("Last confirmed as held"))
    confirmed_by_id: Mapped[int | None] = field(
        N_("Confirmed as held by"), ForeignKey("user_account.id")
    )
    """Who last said that they are held; nobody where they are not, or an import alone says so."""
    established: Mapped[str | None] = field(
        N_("How far it is established"), String(12), codelist="establishment"
    )
    independent_sources: Mapped[int | None] = field(N_("Independent sources"))
    finding: Mapped[str | None] = field(
        N_("Whether it is a violation"), String(12), codelist="finding"
    )
    right: Mapped[str | None] = field(N_("Right"), codelist="right", why="a code")
    assessed_by_id: Mapped[int | None] = field(N_("Assessed by"), ForeignKey("user_account.id"))
    assessed_at: Mapped[datetime | None] = field(N_("Assessed"))


partial_index(
    "ix_violation_confirmed",
    Violation.incident_id,
    Violation.confirmed_at,
    where=Violation.confirmed_at.is_not(None),
)


class Involvement(Scoped, SealedRow):
    """Who is alleged to have done it: a person or body, or only a type; how, and how certain."""

    __tablename__ = "involvement"
    record_label = N_("Alleged perpetrator’s part")

    incident_id: Mapped[int] = technical(ForeignKey("incident.id"), index=True)
    violation_id: Mapped[int | None] = technical(ForeignKey("violation.id"))
    alleged_perpetrator_id: Mapped[int | None] = field(
        N_("Alleged perpetrator on record"), ForeignKey("person.id"), index=True
    )
    perpetrator_type: Mapped[str] = field(
        N_("Type of alleged perpetrator"), codelist="perpetrator_type"
    )
    words = Sealed(Grade.NARRATIVE, N_("Unit, body or company"))
    degree: Mapped[str | None] = field(
        N_("How they were involved"), codelist="degree_of_involvement"
    )
    certainty: Mapped[str | None] = field(N_("How certain"), codelist="certainty")


class Source(Scoped, SealedRow):
    """How we know. Who it is, only its author and the people named for it read."""

    __tablename__ = "source"
    record_label = N_("Source")
    __table_args__ = (UniqueConstraint("incident_id", "letter"),)

    incident_id: Mapped[int] = technical(ForeignKey("incident.id"))
    letter: Mapped[str] = field(N_("Letter"), String(4), why="Source A, Source B")
    connection: Mapped[str] = closed(
        N_("Connection"),
        Closed("source.connection"),
        codelist="source_connection",
        why="how the source knows: beside an incident it says who it was",
    )
    reliability: Mapped[str | None] = closed(
        N_("How reliable the source is"),
        Closed("source.reliability"),
        codelist="source_reliability",
    )
    material: Mapped[str | None] = closed(
        N_("Kind of material"), Closed("source.material"), codelist="source_material"
    )
    identity = Sealed(Grade.IDENTITY, N_("Who it is"))
    remarks = Sealed(Grade.IDENTITY, N_("Remarks"))
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))

    @classmethod
    def named_for(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that this user was named for the source."""
        named = select(SourceReader.user_id).where(
            SourceReader.source_id == cls.id, SourceReader.user_id == user_id
        )
        return named.exists()


class SourceReader(Base):
    """Somebody whom the author of a source named to know who it is."""

    __tablename__ = "source_reader"
    record_label = N_("Reader of a source")

    source_id: Mapped[int] = technical(ForeignKey("source.id"), primary_key=True)
    user_id: Mapped[int] = field(N_("User"), ForeignKey("user_account.id"), primary_key=True)


class SourceSupport(Base):
    """A violation that a source supports."""

    __tablename__ = "source_support"
    record_label = N_("What a source supports")

    source_id: Mapped[int] = technical(ForeignKey("source.id"), primary_key=True)
    violation_id: Mapped[int] = technical(ForeignKey("violation.id"), primary_key=True, index=True)
