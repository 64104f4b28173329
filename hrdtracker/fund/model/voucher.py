"""What stands behind an entry of the books: the line of the bank, or why it was reversed."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import one_of
from hrdtracker.core.db import partial_index
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical
from hrdtracker.core.seal import Sealed, SealedRow


class ReversalKind(StrEnum):
    """Why an entry is reversed; what becomes of a payment hangs on it."""

    MISTYPED = "mistyped"
    """It happened, and the entry says it wrongly: of a payment, what left is recorded anew."""
    NEVER_LEFT = "never_left"
    """No money moved: once the witness says so, too, the payment can be prepared anew."""
    CAME_BACK = "came_back"
    """The money left and is back: once somebody has looked again, it can be prepared anew."""


class Voucher(SealedRow):
    """What shows an entry of the books, and of a reversal why it is one and who saw that.

    That a payment never left is booked once the witness says so: until then it stands beside the
    entry of the payment, and from then on beside its opposite. Whoever is asked keeps a row of
    their own, whatever they say: who writes it anew, or asks somebody else, adds another.
    """

    __tablename__ = "ledger_voucher"
    record_label = N_("What stands behind an entry")
    __table_args__ = (
        CheckConstraint(one_of("kind", ReversalKind), name="kind_of_a_reversal_is_known"),
        CheckConstraint("(kind IS NULL) = (seen_by_id IS NULL)", name="a_reversal_says_who_saw_it"),
        CheckConstraint("seen_by_id <> written_by_id", name="somebody_else_saw_a_reversal"),
        CheckConstraint(
            "(kind IS NOT NULL AND kind = 'came_back') = (back_on IS NOT NULL)",
            name="what_came_back_says_when",
        ),
        CheckConstraint(
            "(witnessed IS NULL) = (witnessed_at IS NULL)"
            " AND (witnessed IS NULL OR seen_by_id IS NOT NULL)",
            name="only_whom_a_reversal_names_says_whether_they_saw_it",
        ),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    scope_id: Mapped[int | None] = technical(ForeignKey("scope.id"), index=True)
    transaction_id: Mapped[int] = technical(ForeignKey("ledger_transaction.id"), index=True)
    payment_id: Mapped[int | None] = technical(ForeignKey("payment.id"), index=True)
    kind: Mapped[str | None] = field(N_("Why it was reversed"), String(12))
    reason = Sealed(Grade.NARRATIVE, N_("Reason"))
    written_by_id: Mapped[int] = field(N_("Written by"), ForeignKey("user_account.id"))
    seen_by_id: Mapped[int | None] = field(N_("Seen by"), ForeignKey("user_account.id"))
    """The colleague who saw, too, that it has to be reversed: they are asked whether they did."""
    witnessed: Mapped[bool | None] = field(N_("Whether they saw it"))
    """What that colleague says; None until they do."""
    witnessed_at: Mapped[datetime | None] = field(N_("Said by them"))
    back_on: Mapped[date | None] = field(N_("Back on"))
    proof = Sealed(Grade.IDENTITY, N_("Line of the bank"))
    """What shows it: the line of the bank, the number of the transfer, a receipt."""
    written_at: Mapped[datetime] = field(N_("Written on"))
    replaced_at: Mapped[datetime | None] = field(N_("Replaced"))
    """Since when it was written anew, or another colleague was asked."""
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @classmethod
    def stands(cls) -> ColumnElement[bool]:
        """Return the condition that nobody wrote it anew, and no other colleague was asked."""
        return cls.replaced_at.is_(None)


partial_index(
    "uq_ledger_voucher_stands", Voucher.transaction_id, unique=True, where=Voucher.stands()
)
"""One stands behind an entry; what was written and asked before stays beside it."""
