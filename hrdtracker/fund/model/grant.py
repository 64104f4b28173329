"""Whose money it is and what it is for: donors, their grants, budget lines, rates, settings."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import one_of
from hrdtracker.core.db import Base, Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, money_field, technical
from hrdtracker.core.seal import Sealed, SealedRow


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


class RateKind(StrEnum):
    """What a rate is for."""

    TIER = "tier"
    """It sets who must decide on a request in another currency: two people want it."""
    BOOKING = "booking"
    """What the bank really gave, proved by a line of its statement: money is charged at it."""
    REPORTING = "reporting"
    """What a list says of a month, which a donor wants in its reports."""


class ReportingMethod(StrEnum):
    """At which rate a donor wants money of another currency told."""

    AVERAGE = "average"
    """What the bank gave for all its payments, by their weight: worked out, never typed."""
    MONTHLY = "monthly"
    """The donor’s own list of each month."""
    INFOREURO = "inforeuro"
    """The list of the European Commission of each month."""


class FundSettings(Entity):
    """How the fund decides here. Amounts are in the smallest unit of `currency`."""

    __tablename__ = "fund_settings"
    record_label = N_("Settings of the fund")
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
        CheckConstraint("rate_days > 0 AND booking_days > 0", name="a_rate_counts_for_some_days"),
        CheckConstraint("adding_days > 0", name="support_adds_up_over_some_days"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    currency: Mapped[str] = field(N_("Currency"), String(3), default="USD")
    officer_most: Mapped[int] = money_field(N_("Most that a fund officer approves"), default=500_00)
    """Up to this the fund officer alone approves."""
    director_most: Mapped[int] = money_field(N_("Most that a director approves"), default=3_000_00)
    """Up to this the fund officer and a director; above it the board’s named person, too."""
    emergency_most: Mapped[int] = money_field(N_("Most in an emergency"), default=300_00)
    short_most: Mapped[int] = money_field(N_("Most by a short request"), default=150_00)
    """Up to this a short request is enough; the rest is due later."""
    household_most: Mapped[int | None] = money_field(N_("Most for a household in a year"))
    """What one household may have in twelve months; without a number, no ceiling."""
    adding_days: Mapped[int] = field(N_("Days in which support adds up"), default=90)
    """Within how many days what the same people or payee were granted counts together."""
    critical_hours: Mapped[int] = field(N_("Hours to decide, critical"), default=24)
    high_hours: Mapped[int] = field(N_("Hours to decide, high"), default=72)
    normal_hours: Mapped[int] = field(N_("Hours to decide, normal"), default=240)
    ratify_hours: Mapped[int] = field(N_("Hours to ratify"), default=72)
    account_days: Mapped[int] = field(N_("Days to account"), default=30)
    """Within how many days an advance or a payment is accounted for."""
    rate_days: Mapped[int] = field(N_("Days a rate for the levels counts"), default=62)
    booking_days: Mapped[int] = field(N_("Days a rate of the bank counts"), default=186)
    board_id: Mapped[int | None] = field(N_("Named by the board"), ForeignKey("user_account.id"))
    """Whom the board named to decide for it."""
    requester_may_verify: Mapped[bool] = field(N_("Who asks may verify"), default=False)
    verifier_may_release: Mapped[bool] = field(N_("Who verifies may release"), default=False)
    preparer_may_release: Mapped[bool] = field(N_("Who prepares may release"), default=False)
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @classmethod
    def board_named(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that the board named this user to decide for it."""
        return select(cls.id).where(cls.board_id == user_id).exists()


class ExchangeRate(Entity):
    """What one unit of `base` was worth in `quote` on a day, what for, and who says so."""

    __tablename__ = "exchange_rate"
    record_label = N_("Exchange rate")
    __table_args__ = (
        CheckConstraint(one_of("kind", RateKind), name="kind_of_a_rate_is_known"),
        CheckConstraint(
            "(kind = 'booking') = (bank_line IS NOT NULL)", name="the_bank_proves_its_own_rate"
        ),
        CheckConstraint(
            "(kind = 'reporting') = (method IS NOT NULL)"
            " AND (method IS NULL OR method IN ('monthly', 'inforeuro'))",
            name="a_rate_for_reports_is_of_a_list",
        ),
        CheckConstraint("numerator > 0 AND denominator > 0", name="a_rate_is_more_than_zero"),
        CheckConstraint("base <> quote", name="a_rate_is_between_two_currencies"),
        Index("ix_exchange_rate_pair", "organisation_id", "kind", "base", "quote", "day"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    kind: Mapped[str] = field(N_("What a rate is for"), String(12))
    base: Mapped[str] = field(N_("From the currency"), String(3))
    quote: Mapped[str] = field(N_("To the currency"), String(3))
    numerator: Mapped[int] = field(N_("Rate, above the line"), BigInteger)
    denominator: Mapped[int] = field(N_("Rate, below the line"), BigInteger)
    day: Mapped[date] = field(N_("Day"))
    source: Mapped[str] = field(N_("Source"), String(80), why="where a rate is from")
    bank_line: Mapped[str | None] = field(
        N_("Line of the bank statement"), String(80), why="where the bank says it; names nobody"
    )
    method: Mapped[str | None] = field(N_("List"), String(12))
    """Of which list a rate for reports is; its day is the first of the month."""
    reason: Mapped[str | None] = field(
        N_("Why it differs"), String(80), why="why a rate is far from the last; names nobody"
    )
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    counts_since: Mapped[datetime | None] = field(N_("Counts since"))
    """One that sets who must decide counts once a second person has confirmed it."""

    @classmethod
    def between(cls, one: str, other: str) -> ColumnElement[bool]:
        """Return the condition that a rate is of these two currencies, whichever comes first."""
        return or_(
            and_(cls.base == one, cls.quote == other), and_(cls.base == other, cls.quote == one)
        )


class Donor(SealedRow):
    """Who gives money: known by a code; the name is for the director, the fund and finance."""

    __tablename__ = "donor"
    record_label = N_("Donor")
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    code: Mapped[str] = field(N_("Code"), String(12))
    name = Sealed(Grade.IDENTITY, N_("Name"))


class DonorGrant(SealedRow):
    """A grant: its period, its currency and total, and what the donor allows."""

    __tablename__ = "donor_grant"
    record_label = N_("Grant")
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint(one_of("state", GrantState), name="grant_state_is_known"),
        CheckConstraint(one_of("rate_method", ReportingMethod), name="method_of_a_grant_is_known"),
        CheckConstraint("total > 0", name="a_grant_is_more_than_nothing"),
        CheckConstraint("starts_on <= ends_on", name="a_grant_begins_before_it_ends"),
        CheckConstraint(
            "request_most IS NULL OR request_most > 0", name="a_ceiling_of_a_grant_is_positive"
        ),
        CheckConstraint(
            "ended_on IS NULL OR state = 'terminated'", name="a_grant_that_ended_is_terminated"
        ),
        Index("ix_donor_grant_donor", "donor_id"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    donor_id: Mapped[int] = technical(ForeignKey("donor.id"))
    code: Mapped[str] = field(N_("Code"), String(12))
    reference = Sealed(Grade.NARRATIVE, N_("Reference"))
    """What the donor calls it; it may give the donor away."""
    starts_on: Mapped[date] = field(N_("First day"))
    ends_on: Mapped[date] = field(N_("Last day"))
    currency: Mapped[str] = field(N_("Currency"), String(3))
    total: Mapped[int] = money_field(N_("Total"))
    request_most: Mapped[int | None] = money_field(N_("Most for one request"))
    """The most that one request may take from it."""
    retroactive: Mapped[bool] = field(N_("Pays what was spent before"), default=False)
    """Whether it may pay what somebody has paid already."""
    alternative_most: Mapped[int | None] = money_field(N_("Most by declaration"))
    """Up to this a declaration may stand for a document; without a number, whatever the amount."""
    fixed_rate: Mapped[bool] = field(N_("Fixed rate"), default=False)
    """Whether money is changed at the rate of the commitment, not of the day it is paid."""
    pooling_agreed_on: Mapped[date | None] = field(N_("Lines told together, agreed on"))
    """When the donor agreed in writing that lines which would name somebody are told together."""
    pooling_agreement = Sealed(Grade.NARRATIVE, N_("Where that is written"))
    rate_method: Mapped[str] = field(
        N_("Rate for its reports"), String(12), default=ReportingMethod.AVERAGE
    )
    state: Mapped[str] = field(N_("State"), String(12), default=GrantState.ACTIVE)
    ended_on: Mapped[date | None] = field(N_("Ended on"))
    """On which day its donor ended it, before or on its last day."""
    end_reason = Sealed(Grade.NARRATIVE, N_("Why it was ended"))
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @property
    def has_ended(self) -> bool:
        """Tell whether its donor ended it: facts stay recordable, nothing is added to it."""
        return self.state == GrantState.TERMINATED

    @classmethod
    def runs_on(cls, day: date) -> ColumnElement[bool]:
        """Return the condition that money of it can be promised on a day."""
        return and_(cls.state == GrantState.ACTIVE, cls.starts_on <= day, cls.ends_on >= day)


class GrantTerm(Base):
    """One area, province or type of support to which a grant is limited."""

    __tablename__ = "grant_term"
    record_label = N_("What a grant is for")
    __table_args__ = (
        CheckConstraint(one_of("restriction", Restriction), name="restriction_of_a_grant_is_known"),
    )

    grant_id: Mapped[int] = technical(ForeignKey("donor_grant.id"), primary_key=True)
    restriction: Mapped[str] = field(N_("What it is limited to"), String(12), primary_key=True)
    code: Mapped[str] = field(N_("Code"), primary_key=True)


class BudgetLine(Entity):
    """A line of a grant’s budget. What is available is `amount - committed - over`.

    `committed` is all that was ever promised and not given back, `spent` what has left; `over` is
    what left beyond its commitment and waits for a decision. Controls refuse commitments, never
    facts: so `spent` and `over` have no ceiling.
    """

    __tablename__ = "budget_line"
    record_label = N_("Budget line")
    __table_args__ = (
        UniqueConstraint("grant_id", "code"),
        CheckConstraint("amount > 0", name="a_line_is_more_than_nothing"),
        CheckConstraint(
            "0 <= committed AND committed <= amount", name="commitments_never_exceed_the_line"
        ),
        CheckConstraint("spent >= 0 AND over >= 0", name="what_left_a_line_is_not_negative"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    grant_id: Mapped[int] = technical(ForeignKey("donor_grant.id"))
    code: Mapped[str] = field(N_("Code"), String(12))
    title: Mapped[str] = field(N_("Title"), String(80), why="what a line is for; names nobody")
    amount: Mapped[int] = money_field(N_("Amount"))
    committed: Mapped[int] = money_field(N_("Promised"), default=0)
    spent: Mapped[int] = money_field(N_("Spent"), default=0)
    over: Mapped[int] = money_field(N_("Over the promise"), default=0)

    @property
    def available(self) -> int:
        """Return what may still be committed."""
        return self.amount - self.committed - self.over
