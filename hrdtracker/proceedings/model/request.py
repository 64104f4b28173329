"""What the defence asked for, what the prosecutor thought of it, and what became of it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.core.when.columns import Dated


class RequestKind(StrEnum):
    """What the defence can ask for, as far as the program tells it apart."""

    RELEASE = "release"
    BAIL = "bail"
    APPEAL_DETENTION = "appeal_detention"
    OPPOSITION = "opposition"
    RECUSAL = "recusal"
    EXPERT = "expert"
    FILE_COPY = "file_copy"
    OTHER = "other"


FREES = frozenset({RequestKind.RELEASE, RequestKind.BAIL, RequestKind.APPEAL_DETENTION})
"""What lets somebody go where it is granted."""
ASKS_RELEASE = frozenset({RequestKind.RELEASE, RequestKind.BAIL})
"""What the rules call a request for release."""


class RequestStanding(StrEnum):
    """Where a request stands: undecided, or what became of it."""

    UNDECIDED = "undecided"
    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


DECIDED = frozenset({RequestStanding.GRANTED, RequestStanding.PARTLY, RequestStanding.REFUSED})
"""Where a request stands of which somebody decided."""


class DefenceRequest(Scoped, SealedRow):
    """Something that was asked for in favour of one accused."""

    __tablename__ = "defence_request"
    record_label = N_("Request of the defence")
    __table_args__ = (
        CheckConstraint(one_of("kind", RequestKind), name="what_was_asked_for_is_known"),
        CheckConstraint(one_of("status", RequestStanding), name="where_a_request_stands_is_known"),
        CheckConstraint(
            "(status IN ('granted', 'partly', 'refused')) = (decided_precision IS NOT NULL)",
            name="what_was_decided_says_when",
        ),
        CheckConstraint(
            "decided_precision IS NOT NULL"
            " OR (notified_precision IS NULL AND appealed_precision IS NULL)",
            name="only_a_decision_is_notified_or_appealed",
        ),
        Index("ix_defence_request_party", "party_id", "id"),
    )

    party_id: Mapped[int] = technical(ForeignKey("party.id"))
    kind: Mapped[str] = field(N_("What was asked for"), String(16), codelist="request_kind")
    status: Mapped[str] = field(
        N_("What became of it"),
        String(12),
        default=RequestStanding.UNDECIDED,
        codelist="request_standing",
    )
    filed = Dated(N_("Filed"), required=True)
    filed_by: Mapped[str | None] = field(N_("Filed by"), codelist="request_filer")
    opinion: Mapped[str | None] = field(
        N_("Opinion of the prosecutor"), codelist="prosecutor_opinion"
    )
    opinion_received = Dated(N_("Opinion received"))
    decided = Dated(N_("Decided"))
    decided_by: Mapped[str | None] = field(N_("Decided by"), codelist="deciding_body")
    notified = Dated(N_("Told of the decision"))
    appealed = Dated(N_("Appealed"))
    note = Sealed(Grade.NARRATIVE, N_("Note"))
    known_by: Mapped[str | None] = field(N_("How we know"), codelist="how_known")
    confirmed_at: Mapped[datetime | None] = field(N_("Last confirmed"))
    confirmed_by_id: Mapped[int | None] = field(N_("Confirmed by"), ForeignKey("user_account.id"))
    """Since it was recorded; nobody where nobody was asked since."""
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it
