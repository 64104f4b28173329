"""A request for support: who, for what, how much, by when, how to pay, and why it is needed."""

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
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.db import Base, Entity
from hrdtracker.core.seal import Grade, Sealed, SealedRow, sealed_column
from hrdtracker.fund.model.decision import Capacity, Delegation
from hrdtracker.fund.model.duties import Duties, kept_apart
from hrdtracker.fund.model.grant import FundSettings
from hrdtracker.fund.model.payment import PaymentMethod


class RequestStatus(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    VERIFYING = "verifying"
    RECOMMENDED = "recommended"
    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"
    COMMITTED = "committed"
    PART_PAID = "part_paid"
    PAID = "paid"
    ACQUITTED = "acquitted"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class RiskLevel(StrEnum):
    """How high the risk is, as whoever asks states it."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Part(StrEnum):
    """What somebody is in a request."""

    BENEFICIARY = "beneficiary"
    PAYEE = "payee"
    CARRIER = "carrier"
    HOUSEHOLD = "household"


UNSENT = "'draft', 'withdrawn'"
COMMITTED = "'committed', 'part_paid', 'paid', 'acquitted', 'closed'"
APPROVED = f"'approved', {COMMITTED}"
ENDED = "'refused', 'withdrawn', 'cancelled', 'closed'"


class SupportRequest(Scoped, Duties, SealedRow):
    """A request for support. `edition` counts what was sent; decisions are bound to it."""

    __tablename__ = "support_request"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint(one_of("status", RequestStatus), name="request_status_is_known"),
        CheckConstraint(
            f"risk_level IS NULL OR {one_of('risk_level', RiskLevel)}",
            name="risk_level_is_known",
        ),
        CheckConstraint(
            f"method IS NULL OR {one_of('method', PaymentMethod)}",
            name="payment_method_of_a_request_is_known",
        ),
        CheckConstraint("amount >= 0", name="a_request_is_not_negative"),
        CheckConstraint(
            f"status IN ({UNSENT})"
            " OR (submitted_at IS NOT NULL AND decide_by IS NOT NULL AND amount > 0)",
            name="a_sent_request_has_an_amount_and_a_deadline",
        ),
        CheckConstraint(
            f"status NOT IN ('recommended', {APPROVED}) OR emergency"
            " OR (verified_by_id IS NOT NULL AND recommended_at IS NOT NULL)",
            name="what_is_recommended_was_verified",
        ),
        CheckConstraint(
            f"status NOT IN ({APPROVED}) OR (approved_at IS NOT NULL"
            " AND (NOT needs_officer OR approved_by_id IS NOT NULL)"
            " AND (NOT needs_director OR director_approved_by_id IS NOT NULL)"
            " AND (NOT needs_board OR board_approved_by_id IS NOT NULL))",
            name="what_is_approved_was_approved_by_all_it_needs",
        ),
        CheckConstraint(
            f"status IN ({UNSENT}) OR needs_officer OR needs_director OR needs_board",
            name="a_sent_request_needs_somebody_to_decide",
        ),
        CheckConstraint(
            f"(status IN ({COMMITTED})) = (line_id IS NOT NULL AND committed IS NOT NULL)",
            name="what_is_committed_stands_on_a_line",
        ),
        CheckConstraint(
            f"(status IN ({ENDED})) = (ended_at IS NOT NULL)", name="what_has_ended_says_when"
        ),
        CheckConstraint("committed IS NULL OR committed >= 0", name="a_commitment_is_not_negative"),
        *kept_apart(),
        Index("ix_support_request_queue", "organisation_id", "status", "decide_by", "id"),
        Index("ix_support_request_asked", "organisation_id", "asked_at", "id"),
        Index("ix_support_request_case", "case_id"),
        Index("ix_support_request_line", "line_id"),
        Index("ix_support_request_payee", "organisation_id", "payee_code"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    code: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(12), default=RequestStatus.DRAFT)
    short: Mapped[bool] = mapped_column(default=False)
    """Asked in a few words because it is small; the rest is due later."""
    edition: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decide_by: Mapped[datetime | None]
    recommended_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    committed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # What is asked for
    currency: Mapped[str] = mapped_column(String(3), default="USD")
    amount: Mapped[int] = mapped_column(BigInteger, default=0)
    needed_by: Mapped[date | None]
    method: Mapped[str | None] = mapped_column(String(16))
    payee_code: Mapped[str | None] = mapped_column(String(12))
    payee_details = Sealed(Grade.IDENTITY)
    payee_details_sealed: Mapped[bytes | None] = sealed_column()
    carrier_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """The colleague who hands cash over."""
    reimburses: Mapped[bool] = mapped_column(default=False)
    """It pays back a colleague who has paid already: whoever asks."""
    # Why
    urgency: Mapped[str] = mapped_column(String(12), default="normal")
    risk_level: Mapped[str | None] = mapped_column(String(12))
    risk_reasons = Sealed(Grade.NARRATIVE)
    risk_reasons_sealed: Mapped[bytes | None] = sealed_column()
    threats = Sealed(Grade.NARRATIVE)
    threats_sealed: Mapped[bytes | None] = sealed_column()
    vulnerabilities = Sealed(Grade.NARRATIVE)
    vulnerabilities_sealed: Mapped[bytes | None] = sealed_column()
    capacities = Sealed(Grade.NARRATIVE)
    capacities_sealed: Mapped[bytes | None] = sealed_column()
    tie = Sealed(Grade.NARRATIVE)
    """Why the person is at risk because of their human-rights work."""
    tie_sealed: Mapped[bytes | None] = sealed_column()
    need = Sealed(Grade.NARRATIVE)
    need_sealed: Mapped[bytes | None] = sealed_column()
    tried = Sealed(Grade.NARRATIVE)
    tried_sealed: Mapped[bytes | None] = sealed_column()
    asked_elsewhere = Sealed(Grade.NARRATIVE)
    asked_elsewhere_sealed: Mapped[bytes | None] = sealed_column()
    expected = Sealed(Grade.NARRATIVE)
    expected_sealed: Mapped[bytes | None] = sealed_column()
    exit_plan = Sealed(Grade.NARRATIVE)
    exit_plan_sealed: Mapped[bytes | None] = sealed_column()
    consented_on: Mapped[date | None]
    """When the person agreed that the fund keeps and uses this."""
    # Who must decide, and what was promised
    reference_amount: Mapped[int | None] = mapped_column(BigInteger)
    """What it is worth in the currency of the settings, when it was last said who must decide."""
    reference_currency: Mapped[str | None] = mapped_column(String(3))
    emergency: Mapped[bool] = mapped_column(default=False)
    needs_officer: Mapped[bool] = mapped_column(default=False)
    needs_director: Mapped[bool] = mapped_column(default=False)
    needs_board: Mapped[bool] = mapped_column(default=False)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("budget_line.id"))
    committed: Mapped[int | None] = mapped_column(BigInteger)
    """What is promised, in the currency of the line’s grant, less what was given back."""
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @classmethod
    def for_board(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that the board must decide, and named this user to."""
        named = select(FundSettings.id).where(FundSettings.board_id == user_id)
        return and_(cls.needs_board, cls.status != RequestStatus.DRAFT, named.exists())

    @classmethod
    def stood_in_by(
        cls, user_id: int, moment: datetime | SQLCoreOperations[datetime]
    ) -> ColumnElement[bool]:
        """Return the condition that this user stands in for somebody who must decide."""
        asked = (
            and_(Delegation.capacity == Capacity.OFFICER, cls.needs_officer),
            and_(Delegation.capacity == Capacity.DIRECTOR, cls.needs_director),
        )
        given = select(Delegation.id).where(
            Delegation.organisation_id == cls.organisation_id,
            Delegation.counts(user_id, moment),
            Delegation.reaches(cls),
            or_(*asked),
        )
        return and_(cls.status != RequestStatus.DRAFT, given.correlate(cls).exists())


class RequestPerson(Base):
    """Somebody in a request: whom it is for, who is paid, who carries cash, who lives there."""

    __tablename__ = "request_person"
    __table_args__ = (
        CheckConstraint(one_of("part", Part), name="part_in_a_request_is_known"),
        Index("ix_request_person_person", "person_id", "request_id"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("support_request.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(12), primary_key=True)


class RequestItem(Scoped, SealedRow):
    """One line of what is asked for: so many, at so much each."""

    __tablename__ = "request_item"
    __table_args__ = (
        CheckConstraint(
            "quantity > 0 AND each > 0 AND amount = quantity * each",
            name="an_item_is_its_number_times_its_price",
        ),
        Index("ix_request_item_request", "request_id", "position"),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("support_request.id"))
    position: Mapped[int]
    support_type: Mapped[str]
    what = Sealed(Grade.NARRATIVE)
    what_sealed: Mapped[bytes | None] = sealed_column()
    quantity: Mapped[int] = mapped_column(default=1)
    each: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)
    lump: Mapped[bool] = mapped_column(default=False)
    """A lump sum: it needs no receipt."""


class Instalment(Scoped, Entity):
    """A part of the money, due on a day, paid only after somebody looked again."""

    __tablename__ = "instalment"
    __table_args__ = (
        UniqueConstraint("request_id", "number"),
        CheckConstraint("amount > 0", name="an_instalment_is_more_than_nothing"),
        CheckConstraint(
            "(checked_at IS NULL) = (checked_by_id IS NULL)"
            " AND (checked_at IS NULL) = (still_there IS NULL)"
            " AND (checked_at IS NULL) = (still_needed IS NULL)",
            name="a_check_says_by_whom_and_what",
        ),
    )

    request_id: Mapped[int] = mapped_column(ForeignKey("support_request.id"))
    number: Mapped[int]
    due_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger)
    recoverable: Mapped[bool] = mapped_column(default=False)
    """A deposit or bail that should come back."""
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    still_there: Mapped[bool | None]
    still_needed: Mapped[bool | None]


class Declaration(Scoped, Entity):
    """What somebody answered before any work: do you know these people?

    A yes also makes the Block that shuts them out; the reason is sealed there.
    """

    __tablename__ = "conflict_declaration"
    __table_args__ = (UniqueConstraint("request_id", "user_id"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("support_request.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    knows: Mapped[bool]
    at: Mapped[datetime]
