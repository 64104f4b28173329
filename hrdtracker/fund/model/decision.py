"""What was verified and decided, by whom, and about which edition of a request."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
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
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.access.model import Block, Membership, Scope, Scoped, Sensitivity, in_force, one_of
from hrdtracker.core.db import Entity, partial_index
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical
from hrdtracker.core.seal import Sealed, SealedRow

Moment = datetime | SQLCoreOperations[datetime]


class Capacity(StrEnum):
    """As what somebody decides."""

    OFFICER = "officer"
    DIRECTOR = "director"
    BOARD = "board"


class Verdict(StrEnum):
    """What a decision says."""

    RECOMMENDED = "recommended"
    APPROVED = "approved"
    EMERGENCY = "emergency"
    RETURNED = "returned"
    REFUSED = "refused"
    MOVED = "moved"
    COVERED = "covered"
    CANCELLED = "cancelled"
    RATIFIED = "ratified"
    NOT_RATIFIED = "not_ratified"


class Verification(Scoped, SealedRow):
    """What a director found out about one edition of a request: identity, situation, need."""

    __tablename__ = "fund_verification"
    record_label = N_("Verification")
    __table_args__ = (UniqueConstraint("request_id", "edition"),)

    request_id: Mapped[int] = technical(ForeignKey("support_request.id"))
    edition: Mapped[int] = field(N_("Edition"))
    verified_by_id: Mapped[int] = field(N_("Verified by"), ForeignKey("user_account.id"))
    at: Mapped[datetime] = field(N_("When"))
    identity = Sealed(Grade.NARRATIVE, N_("Who it is"))
    situation = Sealed(Grade.NARRATIVE, N_("Situation"))
    need = Sealed(Grade.NARRATIVE, N_("Need"))
    referees = Sealed(Grade.IDENTITY, N_("Who vouches"))
    documents = Sealed(Grade.NARRATIVE, N_("Documents"))


class Decision(Scoped, SealedRow):
    """One decision on a request. An approval counts only for the edition and content it saw."""

    __tablename__ = "fund_decision"
    record_label = N_("Decision on a request")
    __table_args__ = (
        CheckConstraint(one_of("verdict", Verdict), name="verdict_is_known"),
        CheckConstraint(
            f"capacity IS NULL OR {one_of('capacity', Capacity)}", name="capacity_is_known"
        ),
        CheckConstraint(
            "verdict NOT IN ('approved', 'emergency') OR capacity IS NOT NULL",
            name="an_approval_says_in_what_capacity",
        ),
        CheckConstraint(
            "stands_in_for_id IS NULL OR stands_in_for_id <> decided_by_id",
            name="nobody_stands_in_for_themself",
        ),
        Index("ix_fund_decision_request", "request_id", "at"),
        Index("ix_fund_decision_at", "at", "id"),
    )

    request_id: Mapped[int] = technical(ForeignKey("support_request.id"))
    verdict: Mapped[str] = field(N_("Decision"), String(12))
    capacity: Mapped[str | None] = field(N_("Decides as"), String(12))
    edition: Mapped[int] = field(N_("Edition"))
    digest: Mapped[str] = technical(String(64), why="keyed; must not let a guess be tried")
    """A keyed digest of what was decided on: an approval of something else does not count."""
    decided_by_id: Mapped[int] = field(N_("Decided by"), ForeignKey("user_account.id"))
    stands_in_for_id: Mapped[int | None] = field(N_("Stands in for"), ForeignKey("user_account.id"))
    at: Mapped[datetime] = field(N_("When"))
    reason = Sealed(Grade.NARRATIVE, N_("Reason"))
    voided_at: Mapped[datetime | None] = field(N_("No longer counts since"))

    @classmethod
    def stands(cls) -> ColumnElement[bool]:
        """Return the condition that it is an approval which nothing has voided."""
        given = cls.verdict.in_([str(Verdict.APPROVED), str(Verdict.EMERGENCY)])
        return and_(given, cls.voided_at.is_(None))


partial_index(
    "ix_fund_decision_standing",
    Decision.request_id,
    Decision.capacity,
    unique=True,
    where=Decision.stands(),
)


class EmergencyRelease(Scoped, Entity):
    """Money released by two people on duty before anybody verified, for somebody else to ratify."""

    __tablename__ = "emergency_release"
    record_label = N_("Emergency release")
    __table_args__ = (
        CheckConstraint("officer_id <> director_id", name="an_emergency_takes_two_people"),
        CheckConstraint(
            "third_id IS NULL OR (third_id <> officer_id AND third_id <> director_id)",
            name="a_third_signature_is_of_a_third_person",
        ),
        CheckConstraint(
            "ratified_by_id IS NULL"
            " OR (ratified_by_id <> officer_id AND ratified_by_id <> director_id"
            " AND (third_id IS NULL OR ratified_by_id <> third_id))",
            name="somebody_else_ratifies_an_emergency",
        ),
        CheckConstraint(
            "(ratified IS NULL) = (ratified_by_id IS NULL)"
            " AND (ratified IS NULL) = (ratified_at IS NULL)",
            name="a_ratification_says_by_whom_and_when",
        ),
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by_id IS NULL) AND (lifted_at IS NULL OR NOT ratified)",
            name="only_what_was_not_ratified_is_lifted",
        ),
        CheckConstraint(
            "lifted_by_id IS NULL"
            " OR (lifted_by_id <> officer_id AND lifted_by_id <> director_id"
            " AND (third_id IS NULL OR lifted_by_id <> third_id))",
            name="whoever_released_does_not_lift",
        ),
        Index("ix_emergency_release_pair", "officer_id", "director_id"),
        Index("ix_emergency_release_request", "request_id"),
    )

    request_id: Mapped[int] = technical(ForeignKey("support_request.id"))
    officer_id: Mapped[int] = field(N_("As fund officer"), ForeignKey("user_account.id"))
    director_id: Mapped[int] = field(N_("As director"), ForeignKey("user_account.id"))
    third_id: Mapped[int | None] = field(N_("As third person"), ForeignKey("user_account.id"))
    released_at: Mapped[datetime] = field(N_("Released"))
    ratify_by: Mapped[datetime] = field(N_("Ratify by"))
    ratified: Mapped[bool | None] = field(N_("Ratified"))
    ratified_by_id: Mapped[int | None] = field(N_("Ratified by"), ForeignKey("user_account.id"))
    ratified_at: Mapped[datetime | None] = field(N_("Ratified on"))
    lifted_by_id: Mapped[int | None] = field(N_("Lifted by"), ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None] = field(N_("Lifted"))
    voided_at: Mapped[datetime | None] = field(N_("No longer counts since"))
    """When the request was changed or taken back: nothing is released by it any more."""

    @classmethod
    def stands(cls) -> ColumnElement[bool]:
        """Return the condition that nothing has voided it."""
        return cls.voided_at.is_(None)


partial_index(
    "ix_emergency_release_standing",
    EmergencyRelease.request_id,
    unique=True,
    where=EmergencyRelease.stands(),
)
"""One release at most stands for a request."""


class Delegation(Entity):
    """Somebody who decides while another is away: from, until, as what, in which office.

    Whom the board names instead, stands in the settings.
    """

    __tablename__ = "fund_delegation"
    record_label = N_("Standing in")
    __table_args__ = (
        CheckConstraint(
            "capacity IN ('officer', 'director')", name="an_officer_or_a_director_delegates"
        ),
        CheckConstraint("from_id <> to_id", name="nobody_delegates_to_themself"),
        CheckConstraint("starts_at < ends_at", name="a_delegation_begins_before_it_ends"),
        Index("ix_fund_delegation_to", "to_id", "ends_at"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    from_id: Mapped[int] = field(N_("Who is away"), ForeignKey("user_account.id"))
    to_id: Mapped[int] = field(N_("Who stands in"), ForeignKey("user_account.id"))
    capacity: Mapped[str] = field(N_("Decides as"), String(12))
    office_id: Mapped[int | None] = field(N_("Office"), ForeignKey("office.id"))
    starts_at: Mapped[datetime] = field(N_("From"))
    ends_at: Mapped[datetime] = field(N_("Until"))
    confirmed_at: Mapped[datetime | None] = field(N_("Confirmed"))
    """Since when a second person has agreed; without that only whoever holds the same role."""

    @classmethod
    def counts(cls, user_id: int, moment: Moment) -> ColumnElement[bool]:
        """Return the condition that this user stands in, for somebody who could decide, now."""
        return and_(
            cls.to_id == user_id,
            cls.starts_at <= moment,
            cls.ends_at > moment,
            cls.holds_it(cls.from_id, moment),
            cls.fits(cls.to_id, moment),
            or_(cls.confirmed_at.is_not(None), cls.holds_it(cls.to_id, moment)),
        )

    @classmethod
    def holds_it(cls, user_id: SQLCoreOperations[int], moment: Moment) -> ColumnElement[bool]:
        """Return the condition that a user holds what it delegates: that role, and there."""
        return _holds_role(
            user_id,
            moment,
            or_(Membership.office_id.is_(None), Membership.office_id == cls.office_id),
            or_(
                and_(cls.capacity == Capacity.OFFICER, Membership.decides_on_money()),
                and_(cls.capacity == Capacity.DIRECTOR, Membership.reviews()),
            ),
        )

    @classmethod
    def fits(cls, user_id: SQLCoreOperations[int], moment: Moment) -> ColumnElement[bool]:
        """Return the condition that a user may stand in: at work, in no role that never does.

        Whose roles all wait since somebody made a new code for them stands in for nobody.
        """
        never = _holds_role(user_id, moment, Membership.never_stands_in())
        return and_(_holds_role(user_id, moment), ~never)

    @classmethod
    def serves(cls, request: Any, moment: Moment) -> ColumnElement[bool]:
        """Return the condition that a request may be decided by it: neither of the two took part.

        Nor does it serve where whoever is away is shut out of the case, or does not say who opens
        it: nobody hands on more than they have.
        """
        shut_out = select(Block.id).where(
            Block.scope_id == request.scope_id,
            Block.user_id == cls.from_id,
            in_force(Block, moment),
        )
        return and_(
            cls.reaches(request),
            cls._opens(request),
            request.took_no_part(cls.from_id),
            request.took_no_part(cls.to_id),
            ~shut_out.correlate(request, cls).exists(),
        )

    @classmethod
    def _opens(cls, request: type[Scoped]) -> ColumnElement[bool]:
        """Return the condition that whoever is away says who opens the case, if as a director."""
        theirs = select(Scope.id).where(
            Scope.id == request.scope_id,
            or_(
                Scope.sensitivity == Sensitivity.NORMAL,
                Scope.owner_id == cls.from_id,
                Scope.decider_id == cls.from_id,
            ),
        )
        as_officer = cls.capacity == Capacity.OFFICER
        return or_(as_officer, theirs.correlate(request, cls).exists())

    @classmethod
    def reaches(cls, owner: type[Scoped]) -> ColumnElement[bool]:
        """Return the condition that the delegation covers the office of a record’s case."""
        there = select(Scope.id).where(Scope.id == owner.scope_id, Scope.office_id == cls.office_id)
        return or_(cls.office_id.is_(None), there.correlate(owner, cls).exists())


def _holds_role(
    user_id: SQLCoreOperations[int], moment: Moment, *which: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Return the condition that a user holds such a role, and that it counts."""
    held = select(Membership.id).where(
        Membership.user_id == user_id, Membership.counts(moment), *which
    )
    return held.exists()
