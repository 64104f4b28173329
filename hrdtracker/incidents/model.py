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
from sqlalchemy.orm import Mapped, mapped_column

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.db import Base
from hrdtracker.core.seal import Grade, Sealed, SealedRow, sealed_column
from hrdtracker.core.when.columns import Dated
from hrdtracker.core.when.model import Precision


class IncidentStatus(StrEnum):
    """Where an incident stands between the one who wrote it and the one who reviews it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"


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


def _by(first: str) -> dict[str, None]:
    """Return the columns of the index in which a list that `first` narrows is found."""
    return dict.fromkeys((first, *IN_ORDER))


class Incident(Scoped, SealedRow):
    """What happened, when, where, in words. It always belongs to a case."""

    __tablename__ = "incident"
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
        Index("ix_incident_queue", "status", "urgency_rank", "submitted_at"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    type: Mapped[str]
    status: Mapped[str] = mapped_column(String(12), default=IncidentStatus.DRAFT)
    urgency: Mapped[str] = mapped_column(String(12), default=Urgency.NORMAL)
    urgency_rank: Mapped[int] = mapped_column(default=0)
    occurred = Dated()
    occurred_earliest: Mapped[datetime | None]
    occurred_latest: Mapped[datetime | None]
    occurred_precision: Mapped[str] = mapped_column(String(8))
    occurred_zone: Mapped[str] = mapped_column(String(64))
    occurred_as_told = Sealed(Grade.NARRATIVE)
    occurred_as_told_sealed: Mapped[bytes | None] = sealed_column()
    occurred_sort: Mapped[datetime]
    place_kind: Mapped[str] = mapped_column(String(12), default=PlaceKind.UNKNOWN)
    province: Mapped[str | None] = mapped_column(String(2))
    district: Mapped[str | None] = mapped_column(String(4))
    commune: Mapped[str | None] = mapped_column(String(6))
    country: Mapped[str | None] = mapped_column(String(2))
    platform: Mapped[str | None]
    place = Sealed(Grade.IDENTITY)
    place_sealed: Mapped[bytes | None] = sealed_column()
    village = Sealed(Grade.IDENTITY)
    village_sealed: Mapped[bytes | None] = sealed_column()
    account = Sealed(Grade.IDENTITY)
    account_sealed: Mapped[bytes | None] = sealed_column()
    link = Sealed(Grade.IDENTITY)
    link_sealed: Mapped[bytes | None] = sealed_column()
    narrative = Sealed(Grade.NARRATIVE)
    narrative_sealed: Mapped[bytes | None] = sealed_column()
    language: Mapped[str | None] = mapped_column(String(8))
    tie = Sealed(Grade.NARRATIVE)
    tie_sealed: Mapped[bytes | None] = sealed_column()
    lawyer_contacted: Mapped[str | None] = mapped_column(String(8))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    recorded_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    returned_reason = Sealed(Grade.NARRATIVE)
    returned_reason_sealed: Mapped[bytes | None] = sealed_column()
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    origin: Mapped[str | None]
    origin_id: Mapped[str | None] = mapped_column(String(80))
    origin_marks: Mapped[str | None] = mapped_column(String(400))
    """Keyed digests of what was imported last, part by part: so that a change made here is seen."""
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @classmethod
    def written_by(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that this user wrote some part of the incident."""
        wrote = select(IncidentWriter.user_id).where(
            IncidentWriter.incident_id == cls.id, IncidentWriter.user_id == user_id
        )
        return wrote.exists()


class IncidentWriter(Base):
    """Somebody who wrote part of an incident, and so may not review it."""

    __tablename__ = "incident_writer"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)


class Violation(Scoped, SealedRow):
    """One type of act against one victim: a person, a group, or somebody unknown."""

    __tablename__ = "violation"
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
        Index("ix_violation_incident", "incident_id", "id"),
        Index("ix_violation_victim", "victim_id", "incident_id"),
        Index("ix_violation_type", "type", "incident_id"),
    )

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    type: Mapped[str]
    victim_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    arrived = Dated()
    arrived_earliest: Mapped[datetime | None]
    arrived_latest: Mapped[datetime | None]
    arrived_precision: Mapped[str | None] = mapped_column(String(8))
    arrived_zone: Mapped[str | None] = mapped_column(String(64))
    arrived_as_told = Sealed(Grade.NARRATIVE)
    arrived_as_told_sealed: Mapped[bytes | None] = sealed_column()
    place_held = Sealed(Grade.IDENTITY)
    place_held_sealed: Mapped[bytes | None] = sealed_column()
    status_at_end: Mapped[str | None]
    established: Mapped[str | None] = mapped_column(String(12))
    independent_sources: Mapped[int | None]
    finding: Mapped[str | None] = mapped_column(String(12))
    right: Mapped[str | None]
    assessed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    assessed_at: Mapped[datetime | None]


class Involvement(Scoped, SealedRow):
    """Who is alleged to have done it: a person or body, or only a type; how, and how certain."""

    __tablename__ = "involvement"

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"), index=True)
    violation_id: Mapped[int | None] = mapped_column(ForeignKey("violation.id"))
    alleged_perpetrator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    perpetrator_type: Mapped[str]
    words = Sealed(Grade.NARRATIVE)
    words_sealed: Mapped[bytes | None] = sealed_column()
    degree: Mapped[str | None]
    certainty: Mapped[str | None]


class Source(Scoped, SealedRow):
    """How we know. Who it is, only its author and the people named for it read."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("incident_id", "letter"),)

    incident_id: Mapped[int] = mapped_column(ForeignKey("incident.id"))
    letter: Mapped[str] = mapped_column(String(4))
    connection: Mapped[str]
    reliability: Mapped[str | None]
    material: Mapped[str | None]
    identity = Sealed(Grade.IDENTITY)
    identity_sealed: Mapped[bytes | None] = sealed_column()
    remarks = Sealed(Grade.IDENTITY)
    remarks_sealed: Mapped[bytes | None] = sealed_column()
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

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

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)


class SourceSupport(Base):
    """A violation that a source supports."""

    __tablename__ = "source_support"

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    violation_id: Mapped[int] = mapped_column(
        ForeignKey("violation.id"), primary_key=True, index=True
    )
