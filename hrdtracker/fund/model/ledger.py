"""The books: transactions whose postings sum to nothing in each currency, and are never changed."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import one_of
from hrdtracker.core.db import Base, Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field, money_field, technical


class LedgerAccount(StrEnum):
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
    REFUND = "refund"


BY_HAND = (Booking.INCOME, Booking.REFUND, Booking.FEE, Booking.TRANSFER)
"""What finance books outside a request: nothing else hangs on it."""


class Transaction(Entity):
    """One entry in the books. It is never changed: a mistake is reversed by another."""

    __tablename__ = "ledger_transaction"
    record_label = N_("Entry in the books")
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

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    booking: Mapped[str] = field(N_("What is booked"), String(12))
    booked_on: Mapped[date] = field(N_("Day of the booking"))
    booked_at: Mapped[datetime] = field(N_("Booked"))
    booked_by_id: Mapped[int] = field(N_("Booked by"), ForeignKey("user_account.id"))
    scope_id: Mapped[int | None] = technical(ForeignKey("scope.id"))
    request_id: Mapped[int | None] = technical(ForeignKey("support_request.id"))
    payment_id: Mapped[int | None] = technical(ForeignKey("payment.id"))
    reverses_id: Mapped[int | None] = technical(ForeignKey("ledger_transaction.id"))
    rate_numerator: Mapped[int | None] = field(N_("Rate, above the line"), BigInteger)
    rate_denominator: Mapped[int | None] = field(N_("Rate, below the line"), BigInteger)
    rate_day: Mapped[date | None] = field(N_("Day of the rate"))
    rate_source: Mapped[str | None] = field(N_("Source of the rate"), String(80))


class Posting(Base):
    """One amount on one account. The postings of a transaction sum to nothing in each currency."""

    __tablename__ = "ledger_posting"
    record_label = N_("Posting in the books")
    __table_args__ = (
        CheckConstraint(one_of("account", LedgerAccount), name="account_is_known"),
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

    transaction_id: Mapped[int] = technical(ForeignKey("ledger_transaction.id"), primary_key=True)
    number: Mapped[int] = field(N_("Number of the instalment"), primary_key=True)
    account: Mapped[str] = field(N_("Account"), String(12))
    currency: Mapped[str] = field(N_("Currency"), String(3))
    amount: Mapped[int] = money_field(N_("Amount"))
    grant_id: Mapped[int | None] = technical(ForeignKey("donor_grant.id"), index=True)
    line_id: Mapped[int | None] = technical(ForeignKey("budget_line.id"))
    holder_id: Mapped[int | None] = field(N_("Who holds the money"), ForeignKey("user_account.id"))


class ClosedMonth(Entity):
    """The books are closed up to and with this day: nothing is booked on it or before."""

    __tablename__ = "closed_month"
    record_label = N_("Closed month")
    __table_args__ = (UniqueConstraint("organisation_id", "until"),)

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    until: Mapped[date] = field(N_("Until, the day"))
    closed_at: Mapped[datetime] = field(N_("Closed"))
    closed_by_id: Mapped[int] = field(N_("Closed by"), ForeignKey("user_account.id"))
