"""What came of the money: what accounts for it, whether it helped, what somebody complains of."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped

from hrdtracker.access.model import Block, Membership, Scope, Scoped, User, UserState, in_force
from hrdtracker.core.db import partial_index, present
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, money_field, technical
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.fund.model.decision import Decision, Verification
from hrdtracker.fund.model.duties import APPROVERS, CARRIER, RELEASER, TOOK_PART, VERIFIER
from hrdtracker.fund.model.grant import FundSettings
from hrdtracker.fund.model.payment import Payment
from hrdtracker.fund.model.request import SupportRequest


class Acquittal(Scoped, SealedRow):
    """What accounts for a payment: a document, a safe alternative, or a lump sum that needs none.

    A document is one of those its type of support lists, by reference and date. Where one would
    endanger somebody, a second colleague declares instead. People are counted, never listed.
    """

    __tablename__ = "acquittal"
    record_label = N_("What accounts for a payment")
    __table_args__ = (
        Index("ix_acquittal_recorder", "recorded_by_id", "payment_id"),
        Index("ix_acquittal_declarer", "declared_by_id", "payment_id"),
        CheckConstraint(
            "spent >= 0 AND returned >= 0 AND spent + returned > 0",
            name="what_is_accounted_for_is_not_negative",
        ),
        CheckConstraint(
            "document IS NULL OR declared_by_id IS NULL",
            name="a_declaration_stands_in_place_of_a_document",
        ),
        CheckConstraint(
            "(declared_by_id IS NULL) = (declared_at IS NULL)",
            name="a_declaration_says_when",
        ),
        CheckConstraint("declared_by_id <> recorded_by_id", name="a_second_colleague_declares"),
        CheckConstraint(
            "reviewed_by_id <> recorded_by_id AND reviewed_by_id <> declared_by_id",
            name="somebody_else_reviews_an_acquittal",
        ),
        CheckConstraint(
            "(reviewed_by_id IS NULL) = (reviewed_at IS NULL)", name="a_review_says_when"
        ),
        CheckConstraint(
            "(sent_back_by_id IS NULL) = (sent_back_at IS NULL)"
            " AND (sent_back_at IS NULL OR reviewed_at IS NULL)",
            name="an_account_that_was_returned_is_not_reviewed",
        ),
        CheckConstraint(
            "sent_back_by_id <> recorded_by_id", name="somebody_else_returns_an_account"
        ),
        CheckConstraint(
            "(back_on IS NULL) = (back_by_id IS NULL)"
            " AND (back_on IS NULL OR (returned > 0 AND reviewed_at IS NOT NULL))",
            name="what_is_back_was_reviewed_and_says_by_whom",
        ),
        CheckConstraint(
            "head_count IS NULL OR head_count > 0", name="people_helped_are_counted_from_one"
        ),
    )

    request_id: Mapped[int] = technical(ForeignKey("support_request.id"), index=True)
    payment_id: Mapped[int] = technical(ForeignKey("payment.id"), index=True)
    spent: Mapped[int] = money_field(N_("Spent"))
    returned: Mapped[int] = money_field(N_("Came back"), default=0)
    document: Mapped[str | None] = field(N_("Document"), codelist="support_document")
    reference = Sealed(Grade.NARRATIVE, N_("Reference"))
    dated: Mapped[date | None] = field(N_("Day of the document"))
    alternative: Mapped[bool] = field(N_("Declared in place of a document"), default=False)
    danger = Sealed(Grade.NARRATIVE, N_("Why a document would endanger"))
    """Why a document would endanger somebody."""
    declared_by_id: Mapped[int | None] = field(N_("Declared by"), ForeignKey("user_account.id"))
    declared_at: Mapped[datetime | None] = field(N_("Declared"))
    head_count: Mapped[int | None] = field(N_("How many people"))
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    reviewed_by_id: Mapped[int | None] = field(N_("Reviewed by"), ForeignKey("user_account.id"))
    reviewed_at: Mapped[datetime | None] = field(N_("Reviewed"))
    sent_back_by_id: Mapped[int | None] = field(N_("Returned by"), ForeignKey("user_account.id"))
    sent_back_at: Mapped[datetime | None] = field(N_("Returned"))
    sent_back_why = Sealed(Grade.NARRATIVE, N_("Why it was returned"))
    back_by_id: Mapped[int | None] = field(
        N_("Who saw that it is back"), ForeignKey("user_account.id")
    )
    back_on: Mapped[date | None] = field(N_("Back on"))
    """Since when finance has again what came back: only then it is booked."""
    back_proof = Sealed(Grade.IDENTITY, N_("Line of the bank"))
    withdrawn_at: Mapped[datetime | None] = field(N_("Taken back"))
    """Since when it counts no more: whoever recorded it reversed its payment."""
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @classmethod
    def stands(cls) -> ColumnElement[bool]:
        """Return the condition that it was not taken back with its payment."""
        return cls.withdrawn_at.is_(None)

    @classmethod
    def is_settled(cls) -> ColumnElement[bool]:
        """Return the condition that it was reviewed, and what came back is back."""
        return and_(cls.reviewed_at.is_not(None), or_(cls.returned == 0, cls.back_on.is_not(None)))

    @classmethod
    def is_coming_back(cls) -> ColumnElement[bool]:
        """Return the condition that finance has still to see the money that came back.

        The 0 stands in the statement itself: only then does SQLite use the index that says it too.
        """
        some = cls.returned > literal_column("0")
        return and_(cls.reviewed_at.is_not(None), some, cls.back_on.is_(None))

    @classmethod
    def is_to_review(cls) -> ColumnElement[bool]:
        """Return the condition that it waits for its review: it was not returned."""
        return and_(cls.unreviewed(), cls.sent_back_at.is_(None))

    @classmethod
    def unreviewed(cls) -> ColumnElement[bool]:
        """Return the condition that nobody has reviewed it yet."""
        return cls.reviewed_at.is_(None)

    @classmethod
    def undeclared(cls) -> ColumnElement[bool]:
        """Return the condition that a second colleague is still to declare it."""
        return and_(cls.alternative, cls.declared_at.is_(None), cls.sent_back_at.is_(None))


partial_index(
    "uq_acquittal_stands", Acquittal.payment_id, unique=True, where=Acquittal.stands().is_(True)
)
"""A payment has one that counts. `IS TRUE` keeps SQLite from reading all of it for a few."""
partial_index("ix_acquittal_unreviewed", Acquittal.payment_id, where=Acquittal.unreviewed())
partial_index("ix_acquittal_undeclared", Acquittal.payment_id, where=Acquittal.undeclared())
partial_index("ix_acquittal_coming_back", Acquittal.payment_id, where=Acquittal.is_coming_back())


class SupportOutcome(Scoped, SealedRow):
    """Whether it helped, asked by somebody who neither requested nor carried it."""

    __tablename__ = "support_outcome"
    record_label = N_("Whether support helped")
    __table_args__ = (
        UniqueConstraint("request_id"),
        CheckConstraint(
            "collected_by_id <> requested_by_id", name="who_asked_does_not_say_whether_it_helped"
        ),
    )

    request_id: Mapped[int] = technical(ForeignKey("support_request.id"))
    requested_by_id: Mapped[int] = field(N_("Requested by"), ForeignKey("user_account.id"))
    outcome: Mapped[str] = field(N_("Outcome"), codelist="support_outcome")
    words = Sealed(Grade.NARRATIVE, N_("Words"))
    collected_by_id: Mapped[int] = field(N_("Asked by"), ForeignKey("user_account.id"))
    collected_at: Mapped[datetime] = field(N_("Asked"))


class Complaint(Scoped, SealedRow):
    """A cut taken, abuse, exposure: a record past whoever had a part in the support."""

    __tablename__ = "fund_complaint"
    record_label = N_("Complaint")
    __table_args__ = (Index("ix_fund_complaint_request", "request_id"),)

    request_id: Mapped[int] = technical(ForeignKey("support_request.id"))
    kind: Mapped[str] = field(N_("Kind"), codelist="complaint_kind")
    words = Sealed(Grade.NARRATIVE, N_("Words"))
    taken_by_id: Mapped[int] = field(N_("Taken down by"), ForeignKey("user_account.id"))
    taken_at: Mapped[datetime] = field(N_("Taken down"))
    answer = Sealed(Grade.NARRATIVE, N_("Answer"))
    answered_by_id: Mapped[int | None] = field(N_("Answered by"), ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = field(N_("Answered"))

    @classmethod
    def for_board(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that the board named this user, and no national director hears it.

        Each had a part in the support or its money, is shut out of the case, or is not there.
        """
        return and_(~cls.heard_by_director(), FundSettings.board_named(user_id))

    @classmethod
    def heard_by_director(cls) -> ColumnElement[bool]:
        """Return the condition that a national director is there who may hear it."""
        counts = Membership.directs_everywhere(), Membership.counts(present())
        hears = select(Membership.id).where(*counts, cls._may_hear(Membership.user_id))
        return hears.correlate(cls).exists()

    @classmethod
    def heard_by_board(cls) -> ColumnElement[bool]:
        """Return the condition that whom the board named is there and may hear it."""
        hears = select(FundSettings.id).where(cls._may_hear(FundSettings.board_id))
        return hears.correlate(cls).exists()

    @classmethod
    def _may_hear(cls, user_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Return the condition that a user is there, not concerned and not shut out of the case."""
        there = select(User.id).join(Scope, Scope.organisation_id == User.organisation_id)
        there = there.where(
            Scope.id == cls.scope_id, User.id == user_id, User.state == UserState.ACTIVE
        )
        shut_out = select(Block.id).where(
            Block.scope_id == cls.scope_id,
            Block.user_id == user_id,
            in_force(Block, present()),
        )
        return and_(
            there.correlate_except(User, Scope).exists(),
            ~shut_out.correlate_except(Block).exists(),
            ~cls.concerns(user_id),
        )

    @classmethod
    def concerns(cls, user_id: int | InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Return the condition that the user had a part in the support, or in its money.

        They asked for it, verified it, decided anything of it, prepared, released or carried its
        money, said that this arrived, or accounted for it, even where that was taken back: what
        somebody complains of may be what they did, said or let pass.
        """
        parts = {
            SupportRequest: (*TOOK_PART, *APPROVERS),
            Verification: (VERIFIER,),
            Decision: ("decided_by_id",),
            Payment: ("prepared_by_id", RELEASER, CARRIER, "confirmed_to_id"),
            Acquittal: (
                "recorded_by_id", "declared_by_id", "reviewed_by_id", "sent_back_by_id",
                "back_by_id",
            ),
        }  # fmt: skip
        return or_(*(cls._took(row, user_id, names) for row, names in parts.items()))

    @classmethod
    def _took(
        cls, row: Any, user_id: int | InstrumentedAttribute[Any], names: tuple[str, ...]
    ) -> ColumnElement[bool]:
        """Return the condition that the user stands in one of these columns of such a row."""
        of_request = (row.id if row is SupportRequest else row.request_id) == cls.request_id
        named = or_(*(getattr(row, name) == user_id for name in names))
        return select(row.id).where(of_request, named).correlate_except(row).exists()
