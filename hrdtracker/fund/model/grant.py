"""Whose money it is and what it is for: donors, their grants, budget lines, rates, settings."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hrdtracker.access.model import one_of
from hrdtracker.core.db import Base, Entity
from hrdtracker.core.seal import Grade, Sealed, SealedRow, sealed_column


class GrantState(StrEnum):
    """Whether a grant's money may be committed."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


class Restriction(StrEnum):
    """What a grant can be limited to; a grant without any of a kind is not limited there."""

    AREA = "area"
    PROVINCE = "province"
    SUPPORT_TYPE = "support_type"


class FundSettings(Entity):
    """How the fund decides here. Amounts are in the smallest unit of `currency`."""

    __tablename__ = "fund_settings"
    __table_args__ = (
        UniqueConstraint("organisation_id"),
        CheckConstraint(
            "0 < officer_most AND officer_most < director_most",
            name="a_higher_amount_needs_more_people",
        ),
        CheckConstraint(
            "emergency_most >= 0 AND short_most >= 0", name="a_ceiling_is_not_negative"
        ),
        CheckConstraint(
            "critical_hours > 0 AND high_hours > 0 AND normal_hours > 0 AND ratify_hours > 0",
            name="a_time_to_decide_is_not_empty",
        ),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    officer_most: Mapped[int] = mapped_column(BigInteger, default=500_00)
    """Up to this the fund officer alone approves."""
    director_most: Mapped[int] = mapped_column(BigInteger, default=3_000_00)
    """Up to this the fund officer and a director; above it the board’s named person, too."""
    emergency_most: Mapped[int] = mapped_column(BigInteger, default=300_00)
    short_most: Mapped[int] = mapped_column(BigInteger, default=150_00)
    """Up to this a short request is enough; the rest is due later."""
    household_most: Mapped[int | None] = mapped_column(BigInteger)
    """What one household may have in twelve months; without a number, no ceiling."""
    critical_hours: Mapped[int] = mapped_column(default=24)
    high_hours: Mapped[int] = mapped_column(default=72)
    normal_hours: Mapped[int] = mapped_column(default=240)
    ratify_hours: Mapped[int] = mapped_column(default=72)
    account_days: Mapped[int] = mapped_column(default=30)
    """Within how many days an advance or a payment is accounted for."""
    board_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Whom the board named to decide for it."""
    requester_may_verify: Mapped[bool] = mapped_column(default=False)
    verifier_may_release: Mapped[bool] = mapped_column(default=False)
    preparer_may_release: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class ExchangeRate(Entity):
    """What one unit of `base` was worth in `quote` on a day, and who says so."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        CheckConstraint("numerator > 0 AND denominator > 0", name="a_rate_is_more_than_zero"),
        CheckConstraint("base <> quote", name="a_rate_is_between_two_currencies"),
        Index("ix_exchange_rate_pair", "organisation_id", "base", "quote", "day"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    base: Mapped[str] = mapped_column(String(3))
    quote: Mapped[str] = mapped_column(String(3))
    numerator: Mapped[int] = mapped_column(BigInteger)
    denominator: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[date]
    source: Mapped[str] = mapped_column(String(80))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class Donor(SealedRow):
    """Who gives money: known by a code; the name is for the director, the fund and finance."""

    __tablename__ = "donor"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(12))
    name = Sealed(Grade.IDENTITY)
    name_sealed: Mapped[bytes | None] = sealed_column()


class DonorGrant(SealedRow):
    """A grant: its period, its currency and total, and what the donor allows."""

    __tablename__ = "donor_grant"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint(one_of("state", GrantState), name="grant_state_is_known"),
        CheckConstraint("total > 0", name="a_grant_is_more_than_nothing"),
        CheckConstraint("starts_on <= ends_on", name="a_grant_begins_before_it_ends"),
        CheckConstraint(
            "request_most IS NULL OR request_most > 0", name="a_ceiling_of_a_grant_is_positive"
        ),
        Index("ix_donor_grant_donor", "donor_id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    donor_id: Mapped[int] = mapped_column(ForeignKey("donor.id"))
    code: Mapped[str] = mapped_column(String(12))
    reference = Sealed(Grade.NARRATIVE)
    """What the donor calls it; it may give the donor away."""
    reference_sealed: Mapped[bytes | None] = sealed_column()
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int] = mapped_column(BigInteger)
    request_most: Mapped[int | None] = mapped_column(BigInteger)
    """The most that one request may take from it."""
    retroactive: Mapped[bool] = mapped_column(default=False)
    """Whether it may pay what somebody has paid already."""
    alternative_most: Mapped[int | None] = mapped_column(BigInteger)
    """Up to this a declaration may stand for a document; without a number, whatever the amount."""
    fixed_rate: Mapped[bool] = mapped_column(default=False)
    """Whether money is changed at the rate of the commitment, not of the day it is paid."""
    state: Mapped[str] = mapped_column(String(12), default=GrantState.ACTIVE)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class GrantTerm(Base):
    """One area, province or type of support to which a grant is limited."""

    __tablename__ = "grant_term"
    __table_args__ = (
        CheckConstraint(one_of("restriction", Restriction), name="restriction_of_a_grant_is_known"),
    )

    grant_id: Mapped[int] = mapped_column(ForeignKey("donor_grant.id"), primary_key=True)
    restriction: Mapped[str] = mapped_column(String(12), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)


class BudgetLine(Entity):
    """A line of a grant’s budget. What is available is `amount - committed - over`.

    `committed` is all that was ever promised and not given back, `spent` what has left; `over` is
    what left beyond its commitment and waits for a decision. Controls refuse commitments, never
    facts: so `spent` and `over` have no ceiling.
    """

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("grant_id", "code"),
        CheckConstraint("amount > 0", name="a_line_is_more_than_nothing"),
        CheckConstraint(
            "0 <= committed AND committed <= amount", name="commitments_never_exceed_the_line"
        ),
        CheckConstraint("spent >= 0 AND over >= 0", name="what_left_a_line_is_not_negative"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    grant_id: Mapped[int] = mapped_column(ForeignKey("donor_grant.id"))
    code: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(80))
    amount: Mapped[int] = mapped_column(BigInteger)
    committed: Mapped[int] = mapped_column(BigInteger, default=0)
    spent: Mapped[int] = mapped_column(BigInteger, default=0)
    over: Mapped[int] = mapped_column(BigInteger, default=0)

    @property
    def available(self) -> int:
        """Return what may still be committed."""
        return self.amount - self.committed - self.over
