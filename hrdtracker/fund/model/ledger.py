"""The books: transactions whose postings sum to nothing in each currency, and are never changed."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hrdtracker.access.model import one_of
from hrdtracker.core.db import Base, Entity


class Account(StrEnum):
    """Where money, or the promise of it, lies. A debit is positive, a credit negative."""

    GRANT = "grant"
    LINE = "line"
    COMMITMENTS = "commitments"
    INCOME = "income"
    BANK = "bank"
    CASH = "cash"
    ADVANCES = "advances"
    SPENT = "spent"
    RETURNED = "returned"
    EXCHANGE = "exchange"
    FEES = "fees"


class Booking(StrEnum):
    """What a transaction stands for."""

    BUDGET = "budget"
    INCOME = "income"
    COMMITMENT = "commitment"
    RELEASE = "release"
    MOVE = "move"
    PAYMENT = "payment"
    RECEIPT = "receipt"
    RETURN = "return"
    FEE = "fee"
    TRANSFER = "transfer"
    REVERSAL = "reversal"


class Transaction(Entity):
    """One entry in the books. It is never changed: a mistake is reversed by another."""

    __tablename__ = "ledger_transaction"
    __table_args__ = (
        CheckConstraint(one_of("booking", Booking), name="booking_is_known"),
        CheckConstraint(
            "(booking = 'reversal') = (reverses_id IS NOT NULL)", name="a_reversal_says_of_what"
        ),
        CheckConstraint(
            "(rate_numerator IS NULL) = (rate_denominator IS NULL)"
            " AND (rate_numerator IS NULL) = (rate_source IS NULL)"
            " AND (rate_numerator IS NULL) = (rate_day IS NULL)",
            name="a_rate_has_its_day_and_source",
        ),
        CheckConstraint(
            "rate_numerator IS NULL OR (rate_numerator > 0 AND rate_denominator > 0)",
            name="a_rate_of_a_transaction_is_positive",
        ),
        UniqueConstraint("reverses_id"),
        Index("ix_ledger_transaction_day", "organisation_id", "booked_on", "id"),
        Index("ix_ledger_transaction_written", "organisation_id", "booked_at", "id"),
        Index("ix_ledger_transaction_request", "request_id", "id"),
        Index("ix_ledger_transaction_payment", "payment_id"),
        Index("ix_ledger_transaction_scope", "scope_id"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    booking: Mapped[str] = mapped_column(String(12))
    booked_on: Mapped[date]
    booked_at: Mapped[datetime]
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    scope_id: Mapped[int | None] = mapped_column(ForeignKey("scope.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("support_request.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transaction.id"))
    rate_numerator: Mapped[int | None] = mapped_column(BigInteger)
    rate_denominator: Mapped[int | None] = mapped_column(BigInteger)
    rate_day: Mapped[date | None]
    rate_source: Mapped[str | None] = mapped_column(String(80))


class Posting(Base):
    """One amount on one account. The postings of a transaction sum to nothing in each currency."""

    __tablename__ = "ledger_posting"
    __table_args__ = (
        CheckConstraint(one_of("account", Account), name="account_is_known"),
        CheckConstraint("amount <> 0", name="a_posting_is_not_nothing"),
        CheckConstraint(
            "account NOT IN ('line', 'commitments', 'spent', 'returned') OR line_id IS NOT NULL",
            name="what_is_booked_on_a_line_says_which",
        ),
        CheckConstraint(
            "account <> 'advances' OR holder_id IS NOT NULL", name="an_advance_has_a_holder"
        ),
        Index("ix_ledger_posting_line", "line_id", "account", "currency", "amount"),
        Index("ix_ledger_posting_holder", "holder_id"),
        Index("ix_ledger_posting_account", "account", "currency", "amount"),
    )

    transaction_id: Mapped[int] = mapped_column(
        ForeignKey("ledger_transaction.id"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(12))
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger)
    grant_id: Mapped[int | None] = mapped_column(ForeignKey("donor_grant.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("budget_line.id"))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class ClosedMonth(Entity):
    """The books are closed up to and with this day: nothing is booked on it or before."""

    __tablename__ = "closed_month"
    __table_args__ = (UniqueConstraint("organisation_id", "until"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    until: Mapped[date]
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
