"""Money on its way to somebody: prepared by one, released by another, confirmed by who got it."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.closed import Closed, closed
from hrdtracker.core.db import partial_index
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, money_field, technical
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.fund.model.decision import Capacity
from hrdtracker.fund.model.duties import Duties, kept_apart
from hrdtracker.fund.model.grant import FundSettings
from hrdtracker.fund.model.method import PaymentMethod
from hrdtracker.fund.model.request import SupportRequest


class PaymentStatus(StrEnum):
    """Where a payment stands."""

    PREPARED = "prepared"
    PAID = "paid"
    RECEIVED = "received"
    CANCELLED = "cancelled"


LEFT = (PaymentStatus.PAID, PaymentStatus.RECEIVED)
"""The money has left."""


class Payment(Scoped, Duties, SealedRow):
    """One payment of one instalment. `code` is all that a transfer says of it.

    `charged` is what it takes from the line, in the currency of the line’s grant; `over` is what
    of this lies beyond the commitment and needs a decision.
    """

    __tablename__ = "payment"
    record_label = N_("Payment")
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        UniqueConstraint("key"),
        CheckConstraint(one_of("status", PaymentStatus), name="payment_status_is_known"),
        CheckConstraint(one_of("method", PaymentMethod), name="payment_method_is_known"),
        CheckConstraint("amount > 0", name="a_payment_is_more_than_nothing"),
        CheckConstraint(
            f"({one_of('status', LEFT)}) = (paid_on IS NOT NULL AND released_at IS NOT NULL"
            " AND released_by_id IS NOT NULL AND charged IS NOT NULL)",
            name="what_is_paid_says_by_whom_and_when",
        ),
        CheckConstraint(
            "(status = 'received') = (received_on IS NOT NULL AND confirmed_to_id IS NOT NULL"
            " AND confirmed_by IS NOT NULL)",
            name="what_is_received_says_who_was_told_and_how",
        ),
        CheckConstraint(
            "confirmed_to_id <> carrier_id", name="who_carries_cash_does_not_confirm_it"
        ),
        CheckConstraint(
            "confirmed_to_id <> released_by_id", name="who_released_money_does_not_confirm_it"
        ),
        CheckConstraint(
            "over >= 0 AND (charged IS NULL OR charged >= over)",
            name="what_is_over_is_part_of_the_payment",
        ),
        *kept_apart(releaser=True),
        Index("ix_payment_queue", "organisation_id", "status", "due_on", "id"),
        Index("ix_payment_prepared", "organisation_id", "prepared_at", "id"),
        Index("ix_payment_paid", "organisation_id", "paid_on", "request_id"),
        Index("ix_payment_request", "request_id"),
        Index("ix_payment_requester", "requested_by_id", "status"),
        Index("ix_payment_carrier", "carrier_id", "status"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    request_id: Mapped[int] = technical(ForeignKey("support_request.id"))
    instalment_id: Mapped[int] = technical(ForeignKey("instalment.id"))
    line_id: Mapped[int] = technical(ForeignKey("budget_line.id"))
    code: Mapped[str] = field(N_("Code"), String(20), why="all that a transfer says")
    key: Mapped[UUID] = technical(why="drawn by chance")
    """Made with the form: a double click prepares, and so pays, once."""
    status: Mapped[str] = field(N_("Status"), String(12), default=PaymentStatus.PREPARED)
    currency: Mapped[str] = field(N_("Currency"), String(3))
    amount: Mapped[int] = money_field(N_("Amount"))
    method: Mapped[str] = field(N_("Way of payment"), String(16), codelist="payment_method")
    payee_code: Mapped[str] = closed(N_("Code of the payee"), Closed("payment.payee_code"))
    carrier_id: Mapped[int | None] = field(
        N_("Who carries the money"), ForeignKey("user_account.id")
    )
    """The colleague who carries the cash: an advance in their hands until it is received."""
    due_on: Mapped[date] = field(N_("Due"))
    prepared_at: Mapped[datetime] = field(N_("Prepared"))
    prepared_by_id: Mapped[int] = field(N_("Prepared by"), ForeignKey("user_account.id"))
    released_at: Mapped[datetime | None] = field(N_("Released"))
    released_by_id: Mapped[int | None] = field(N_("Released by"), ForeignKey("user_account.id"))
    paid_on: Mapped[date | None] = field(N_("Paid on"))
    charged: Mapped[int | None] = money_field(N_("Charged to the line"))
    over: Mapped[int] = money_field(N_("Over the promise"), default=0)
    rate_id: Mapped[int | None] = technical(ForeignKey("exchange_rate.id"))
    proof = Sealed(Grade.IDENTITY, N_("Proof of payment"))
    """What shows that it left: the number of the transfer, or who signed."""
    day_reason = Sealed(Grade.NARRATIVE, N_("Why on that day"))
    """Why it left before it was approved, or so long ago: whoever released it was asked."""
    account_by: Mapped[date | None] = field(N_("Account by"))
    """Until when it is to be accounted for."""
    received_on: Mapped[date | None] = field(N_("Received on"))
    confirmed_to_id: Mapped[int | None] = field(
        N_("Who got it confirmed"), ForeignKey("user_account.id")
    )
    confirmed_by: Mapped[str | None] = field(N_("Confirmed through"), codelist="contact_kind")
    """By what channel who got it confirmed: a code of `contact_kind`."""
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @classmethod
    def is_over(cls) -> ColumnElement[bool]:
        """Return the condition that some of it lies beyond the commitment.

        The 0 stands in the statement itself: only then does SQLite use the index that says it too.
        """
        return cls.over > literal_column("0")

    @classmethod
    def for_board(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that its over is so much, and the board named this user.

        With it more left than a fund officer decides alone, or the board decided in their place.
        """
        so_much = or_(SupportRequest.needs_board, SupportRequest.level != Capacity.OFFICER)
        request = select(SupportRequest.id).where(SupportRequest.id == cls.request_id, so_much)
        named = FundSettings.board_named(user_id)
        return and_(cls.is_over(), named, request.correlate(cls).exists())

    @classmethod
    def is_live(cls) -> ColumnElement[bool]:
        """Return the condition that it was not dropped; the status stands in the statement, too."""
        return cls.status != literal_column(f"'{PaymentStatus.CANCELLED}'")


partial_index(
    "ix_payment_instalment",
    Payment.instalment_id,
    unique=True,
    where=Payment.is_live(),
)
"""An instalment is paid once, whoever clicks."""
partial_index("ix_payment_over", Payment.organisation_id, where=Payment.is_over())
"""Money that left beyond its commitment waits for a decision; there is little of it."""
