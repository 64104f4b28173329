"""What somebody is accused of, and what became of each charge."""

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


class ChargeStep(StrEnum):
    """What happened to a charge; where a charge stands is the last that did."""

    ADDED = "added"
    REQUALIFIED = "requalified"
    DROPPED = "dropped"
    DISMISSED = "dismissed"
    CONVICTED = "convicted"
    ACQUITTED = "acquitted"


QUALIFIES = frozenset({ChargeStep.ADDED, ChargeStep.REQUALIFIED})
"""The steps that say as what somebody is charged; after the last of them a charge is open."""


class Charge(Scoped, SealedRow):
    """One charge against one accused. It stays the same when it is qualified anew."""

    __tablename__ = "charge"
    record_label = N_("Charge")
    __table_args__ = (
        CheckConstraint(one_of("last_step", ChargeStep), name="last_step_of_a_charge_is_known"),
        Index("ix_charge_party", "party_id", "id"),
    )

    party_id: Mapped[int] = technical(ForeignKey("party.id"))
    last_step: Mapped[str] = field(
        N_("What became of it"), String(12), default=ChargeStep.ADDED, codelist="charge_outcome"
    )
    """The last step by date: follows from the steps, and is written with each."""
    alleged = Dated(N_("When it is alleged to have been"))
    confirmed_at: Mapped[datetime | None] = field(N_("Last confirmed"))
    confirmed_by_id: Mapped[int | None] = field(N_("Confirmed by"), ForeignKey("user_account.id"))
    """Since it was recorded; nobody where nobody was asked since."""
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))


class ChargeOutcome(Scoped, SealedRow):
    """What happened to a charge: added, requalified, dropped …; when, by whom, how we know.

    What adds or requalifies it says as what: law and article, class and penalty as they stood then.
    """

    __tablename__ = "charge_outcome"
    record_label = N_("Step of a charge")
    __table_args__ = (
        CheckConstraint(one_of("kind", ChargeStep), name="step_of_a_charge_is_known"),
        CheckConstraint(
            "(kind IN ('added', 'requalified'))"
            " = (provision_closed IS NOT NULL OR provision_words_sealed IS NOT NULL)",
            name="what_adds_or_requalifies_a_charge_says_as_what",
        ),
        Index("ix_charge_outcome_charge", "charge_id", "id"),
    )

    charge_id: Mapped[int] = technical(ForeignKey("charge.id"))
    kind: Mapped[str] = field(N_("What happened to it"), String(12), codelist="charge_outcome")
    decided = Dated(N_("When"), required=True)
    decided_by: Mapped[str | None] = field(N_("By whom"), codelist="deciding_body")
    provision: Mapped[str | None] = closed(
        N_("Law and article"),
        Closed("charge_outcome.provision"),
        codelist="provision",
        why="beside a day and a province the news says of whom",
    )
    provision_words = Sealed(Grade.NARRATIVE, N_("Law and article in words"))
    offence_class: Mapped[str | None] = closed(
        N_("Class"),
        Closed("charge_outcome.offence_class"),
        codelist="offence_class",
        why="says much of the article",
    )
    least: Mapped[str | None] = closed(
        N_("Least imprisonment"),
        Closed("charge_outcome.least"),
        why="says the article: “6 months”, as it stood",
    )
    most: Mapped[str | None] = closed(
        N_("Most imprisonment"),
        Closed("charge_outcome.most"),
        why="says the article: “2 years”, or “life”, as it stood",
    )
    note = Sealed(Grade.NARRATIVE, N_("Note"))
    known_by: Mapped[str | None] = field(N_("How we know"), codelist="how_known")
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
