"""What was told to outsiders: the register of all reports, with the very numbers."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import one_of
from hrdtracker.core.db import Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field, technical


class DisclosureKind(StrEnum):
    """What a report tells: money by line, or people in tables; never both."""

    MONEY = "money"
    PEOPLE = "people"
    COURTS = "courts"
    """People in tables, too: those who were charged, and not those who were helped."""


class Disclosure(Entity):
    """A report to the donor of a grant, or on all to everybody, once two have agreed.

    `numbers` are what it tells: they are never worked out again. What was told is never dropped.
    """

    __tablename__ = "disclosure"
    record_label = N_("Report to a donor")
    __table_args__ = (
        CheckConstraint(one_of("kind", DisclosureKind), name="kind_of_a_report_is_known"),
        CheckConstraint("since <= until", name="a_report_begins_before_it_ends"),
        CheckConstraint("kind <> 'money' OR grant_id IS NOT NULL", name="money_is_told_by_grant"),
        CheckConstraint("kind <> 'courts' OR grant_id IS NULL", name="courts_are_of_no_grant"),
        CheckConstraint("(grant_id IS NULL) = (donor_id IS NULL)", name="a_donor_has_its_grant"),
        CheckConstraint(
            "told_at IS NULL OR dropped_at IS NULL", name="what_was_told_is_not_dropped"
        ),
        Index("ix_disclosure_register", "organisation_id", "kind", "since"),
        Index("ix_disclosure_prepared", "organisation_id", "prepared_at", "id"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    kind: Mapped[str] = field(N_("What it tells"), String(8))
    grant_id: Mapped[int | None] = field(N_("Grant"), ForeignKey("donor_grant.id"), index=True)
    donor_id: Mapped[int | None] = field(N_("Donor"), ForeignKey("donor.id"), index=True)
    since: Mapped[date] = field(N_("First day"))
    until: Mapped[date] = field(N_("Last day"))
    numbers: Mapped[str] = field(
        N_("Numbers"), Text, why="as outsiders have them: sums, and people only in rounded numbers"
    )
    prepared_by_id: Mapped[int] = field(N_("Prepared by"), ForeignKey("user_account.id"))
    prepared_at: Mapped[datetime] = field(N_("Prepared"))
    told_at: Mapped[datetime | None] = field(N_("Went out"))
    """Since when a second person has confirmed it."""
    dropped_at: Mapped[datetime | None] = field(N_("Not released"))
    """Since when it is clear that it is not told: refused, taken back or lapsed."""
