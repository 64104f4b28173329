"""The organisation, its offices and users, their roles, and whose each record is."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    or_,
)
from sqlalchemy.orm import Mapped
from sqlalchemy.sql.elements import SQLCoreOperations

from hrdtracker.core import clock
from hrdtracker.core.closed import Closed, closed
from hrdtracker.core.db import Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow


class Role(StrEnum):
    """What a person is in an office, or in the whole organisation where no office is named."""

    MONITOR = "monitor"
    DIRECTOR = "director"
    FUND_OFFICER = "fund_officer"
    FINANCE_OFFICER = "finance_officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    LEGAL_OFFICER = "legal_officer"
    """A lawyer of the house: reads and extends the cases of which they are a member, no other."""
    SECOND = "second"
    """Somebody outside (board, partner, lawyer) who confirms what takes two, and sees no case."""


DECIDERS = frozenset(Role) - {Role.MONITOR}
"""Whoever decides, pays, audits, administers or confirms what others decided."""
NEVER_STAND_IN = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.FINANCE_OFFICER, Role.SECOND})
"""Whoever gives roles, reads the trail, pays or confirms decides on no request, whatever else."""
LOGS_MEANWHILE = frozenset({Role.MONITOR})
"""Whoever is to hold one of these roles logs incidents while it waits for a second person."""


class FactorsFor(StrEnum):
    """Who must show a second factor: whoever decides, pays, audits or administers, or everybody."""

    DECIDERS = "deciders"
    EVERYBODY = "everybody"


FACTORS_WITHIN = timedelta(days=14)
"""How long an organisation has at first until its people must have a second factor."""


def first_factors_by() -> datetime:
    """Return from when a new organisation asks for second factors."""
    return clock.now() + FACTORS_WITHIN


class UserState(StrEnum):
    """How a user stands: only the active sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    LOCKED = "locked"
    LEFT = "left"


class Sensitivity(StrEnum):
    """Who a case is for: the office, its members and the deciding director, or named people."""

    NORMAL = "normal"
    RESTRICTED = "restricted"
    SECRET = "secret"  # noqa: S105 - the word for a grade of sensitivity


def one_of(column: str, values: Iterable[StrEnum]) -> str:
    """Return the SQL that says `column` holds one of `values`."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Organisation(SealedRow):
    """Who runs this instance; everything belongs to one organisation."""

    __tablename__ = "organisation"
    untraced = "nothing of it is sealed; its key locks what colleagues and donors are called"
    record_label = N_("Organisation")
    __table_args__ = (
        CheckConstraint(
            one_of("factors_for", FactorsFor), name="who_needs_a_second_factor_is_known"
        ),
    )

    name: Mapped[str] = field(
        N_("Name"), String(200), why="who runs the instance; known to whoever holds the machine"
    )
    product: Mapped[str] = field(N_("Word at the top of the pages"), String(40), default="Daybook")
    zone: Mapped[str] = field(N_("Time zone"), String(64), default="Asia/Phnom_Penh")
    language: Mapped[str] = field(N_("Language"), String(2), default="km")
    terms_version: Mapped[int] = field(N_("Version of the lists"), default=1)
    rules_version: Mapped[int] = field(N_("Version of the rules of law"), default=1)
    searches_hour: Mapped[int] = field(N_("Searches for people in an hour, at most"), default=150)
    pages_hour: Mapped[int] = field(N_("Pages read in an hour, before it is told"), default=200)
    people_hour: Mapped[int] = field(N_("People read in an hour, before it is told"), default=150)
    cases_hour: Mapped[int] = field(N_("Cases read in an hour, before it is told"), default=150)
    pages_day: Mapped[int] = field(N_("Pages read in a day, before it is told"), default=800)
    people_day: Mapped[int] = field(N_("People read in a day, before it is told"), default=500)
    cases_day: Mapped[int] = field(N_("Cases read in a day, before it is told"), default=500)
    due_mail_hours: Mapped[int] = field(
        N_("Hours between two mails that something is due"), default=12
    )
    factors_for: Mapped[str] = field(
        N_("Second factor asked of"), String(12), default=FactorsFor.DECIDERS
    )
    factors_by: Mapped[datetime] = field(N_("Second factor needed from"), default=first_factors_by)
    compartment_id: Mapped[int] = technical(ForeignKey("compartment.id"))


class Office(Entity):
    """A place of work; `open_to_monitors` lets its monitors read its normal cases.

    `keeps_typing` lets the browsers of its people keep what is typed and not sent yet, sealed.
    """

    __tablename__ = "office"
    record_label = N_("Office")
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    compartment_id: Mapped[int] = technical(ForeignKey("compartment.id"))
    code: Mapped[str] = field(N_("Code"), String(4))
    name_en: Mapped[str] = field(N_("Name in English"), String(120))
    name_km: Mapped[str] = field(N_("Name in Khmer"), String(120))
    open_to_monitors: Mapped[bool] = field(
        N_("Monitors read each other’s normal cases"), default=False
    )
    keeps_typing: Mapped[bool] = field(N_("What is typed is kept in the tab"), default=True)


class User(SealedRow):
    """Somebody who signs in. `label` is what colleagues read; it need not be a name."""

    __tablename__ = "user_account"
    untraced = "what colleagues are called stands on nearly every page and is nothing of a case"
    record_label = N_("User")
    __table_args__ = (
        UniqueConstraint("login"),  # before the sign-in nobody’s organisation is known
        CheckConstraint(one_of("state", UserState), name="user_state_is_known"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    login: Mapped[str] = closed(
        N_("User name"),
        Closed("user_account.login", fixed=True),
        why="found again by whoever signs in; each is there once",
    )
    label = Sealed(Grade.IDENTITY, N_("What colleagues call them"))
    mail = Sealed(Grade.IDENTITY, N_("Address for mail"))
    state: Mapped[str] = field(N_("State"), String(12), default=UserState.INVITED)
    language: Mapped[str | None] = field(N_("Language"), String(2))
    theme: Mapped[str | None] = field(N_("Look"), String(5))
    keeps_typing: Mapped[bool | None] = field(N_("What is typed is kept in the tab"))
    created_at: Mapped[datetime] = field(N_("Made"))
    let_in_by_id: Mapped[int | None] = field(N_("Let in by"), ForeignKey("user_account.id"))
    """Who made the code with which they set the password, until somebody else confirmed a role of
    theirs: whoever makes a code could use it, so such a user confirms nothing of that person’s."""

    @classmethod
    def has_mail(cls) -> ColumnElement[bool]:
        """Return the condition that a user gave an address."""
        address: ColumnElement[bytes | None] = getattr(cls, cls.mail.column)
        return address.is_not(None)

    @property
    def display_name(self) -> str:
        """What colleagues call them; its key must be at hand."""
        return self.label or self.login


class Membership(Entity):
    """One role of one person, in an office or (no office) in the organisation, from and until."""

    __tablename__ = "membership"
    record_label = N_("Role")
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role_is_known"),
        CheckConstraint(
            "confirmed_by_id IS NULL OR proposed_by_id IS NULL"
            " OR confirmed_by_id <> proposed_by_id",
            name="a_role_is_confirmed_by_a_second_person",
        ),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> user_id",
            name="nobody_confirms_their_own_role",
        ),
        CheckConstraint(
            "(confirmed_at IS NOT NULL) = (confirmed_by_id IS NOT NULL OR alone)",
            name="a_role_that_counts_says_by_whom",
        ),
        CheckConstraint(
            "confirmed_at IS NULL OR counts_since IS NOT NULL", name="what_is_confirmed_counts"
        ),
        CheckConstraint(
            "NOT (alone AND confirmed_by_id IS NOT NULL)",
            name="alone_means_that_nobody_confirmed",
        ),
    )

    user_id: Mapped[int] = field(N_("User"), ForeignKey("user_account.id"), index=True)
    office_id: Mapped[int | None] = field(N_("Office"), ForeignKey("office.id"), index=True)
    role: Mapped[str] = field(N_("Role"), String(16))
    starts_at: Mapped[datetime] = field(N_("From"))
    ends_at: Mapped[datetime | None] = field(N_("Until"))
    proposed_by_id: Mapped[int | None] = field(N_("Proposed by"), ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None] = field(N_("Confirmed"))
    confirmed_by_id: Mapped[int | None] = field(N_("Confirmed by"), ForeignKey("user_account.id"))
    alone: Mapped[bool] = field(N_("Counts unconfirmed"), default=False)
    """Given at the machine itself while nobody could confirm it."""
    counts_since: Mapped[datetime | None] = field(N_("Counts since"))
    """None while it waits for a second person. Monitors of before that rule count unconfirmed."""

    @classmethod
    def runs(cls, moment: datetime | SQLCoreOperations[datetime]) -> ColumnElement[bool]:
        """Return the condition that a role has begun at a moment and has not ended."""
        return and_(cls.starts_at <= moment, or_(cls.ends_at.is_(None), cls.ends_at > moment))

    @classmethod
    def counts(cls, moment: datetime | SQLCoreOperations[datetime]) -> ColumnElement[bool]:
        """Return the condition that a role counts at a moment: it runs, and waits for nobody."""
        return and_(cls.runs(moment), cls.counts_since.is_not(None))

    @classmethod
    def directs_everywhere(cls) -> ColumnElement[bool]:
        """Return the condition that whoever holds this role directs the whole organisation."""
        return and_(cls.role == Role.DIRECTOR, cls.office_id.is_(None))

    @classmethod
    def reviews(cls) -> ColumnElement[bool]:
        """Return the condition that whoever holds this role reviews what others wrote."""
        return cls.role == Role.DIRECTOR

    @classmethod
    def decides_on_money(cls) -> ColumnElement[bool]:
        """Return the condition that whoever holds this role decides on requests for support."""
        return cls.role == Role.FUND_OFFICER

    @classmethod
    def never_stands_in(cls) -> ColumnElement[bool]:
        """Return the condition that whoever holds this role decides in nobody’s place."""
        return cls.role.in_(sorted(NEVER_STAND_IN))


class Scope(Entity):
    """Whose a record is: one for each case; everything in the case belongs to it."""

    __tablename__ = "scope"
    record_label = N_("Whose a case is")
    __table_args__ = (
        CheckConstraint(one_of("sensitivity", Sensitivity), name="sensitivity_is_known"),
        CheckConstraint(
            "sensitivity = 'normal' OR decider_id IS NOT NULL",
            name="somebody_decided_that_a_case_is_not_normal",
        ),
        Index("ix_scope_reach", "organisation_id", "office_id", "sensitivity"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    office_id: Mapped[int] = field(N_("Office"), ForeignKey("office.id"))
    owner_id: Mapped[int] = field(N_("Owner"), ForeignKey("user_account.id"), index=True)
    sensitivity: Mapped[str] = field(N_("How sensitive"), String(12), default=Sensitivity.NORMAL)
    decider_id: Mapped[int | None] = field(
        N_("Who decided"), ForeignKey("user_account.id"), index=True
    )
    compartment_id: Mapped[int] = technical(ForeignKey("compartment.id"))
    begun_at: Mapped[datetime | None] = field(
        N_("First sent"), why="when something of the case was first sent"
    )
    """When something of the case was first sent: until then it is its owner’s alone."""
    withdrawn_at: Mapped[datetime | None] = field(
        N_("Withdrawn"), why="when the import that brought the case was undone"
    )
    """Since when nobody reads the case any more; it is kept, and so is its trail."""


class Scoped:
    """Mixin of every record that belongs to a case."""

    scope_id: Mapped[int] = technical(ForeignKey("scope.id"), index=True)


class NamedInCases:
    """Mixin of every record that several cases may name: seen through any of them.

    Its key is wrapped for the compartment of each; it moves with them.
    """

    @classmethod
    def place_of_naming(cls) -> Any:
        """Return the table of the places where a case names such a record."""
        raise NotImplementedError

    @classmethod
    def number_there(cls) -> Any:
        """Return the column of that table which says which record it is."""
        raise NotImplementedError

    @classmethod
    def number_here(cls) -> Any:
        """Return the column of this table that the other one names: of a part, its whole’s."""
        return cls.id  # type: ignore[attr-defined] # each is an Entity


class Grant(Scoped, SealedRow):
    """A person who may open a case that is not theirs, with a reason and an end."""

    __tablename__ = "scope_grant"
    record_label = N_("Member of a case")
    __table_args__ = (Index("ix_scope_grant_user", "user_id", "scope_id"),)

    user_id: Mapped[int] = field(N_("User"), ForeignKey("user_account.id"))
    granted_by_id: Mapped[int] = field(N_("Let in by"), ForeignKey("user_account.id"))
    starts_at: Mapped[datetime] = field(N_("From"))
    ends_at: Mapped[datetime | None] = field(N_("Until"))
    reason = Sealed(Grade.NARRATIVE, N_("Reason"))


class Block(Scoped, SealedRow):
    """A person shut out of a case, for a conflict of interest; it beats every role and grant."""

    __tablename__ = "scope_block"
    record_label = N_("Person shut out of a case")
    __table_args__ = (Index("ix_scope_block_user", "user_id", "scope_id"),)

    user_id: Mapped[int] = field(N_("User"), ForeignKey("user_account.id"))
    blocked_by_id: Mapped[int] = field(N_("Shut out by"), ForeignKey("user_account.id"))
    starts_at: Mapped[datetime] = field(N_("From"))
    ends_at: Mapped[datetime | None] = field(N_("Until"))
    reason = Sealed(Grade.NARRATIVE, N_("Reason"))
    told_from: Mapped[datetime | None] = field(N_("Told from"))
    """Until when whoever is shut out is told nothing of it; None once they are."""
    appeal = Sealed(Grade.NARRATIVE, N_("What they ask"))


def in_force(
    kind: type[Grant] | type[Block], moment: datetime | SQLCoreOperations[datetime]
) -> ColumnElement[bool]:
    """Return the condition that a grant or block has not ended at a moment."""
    return or_(kind.ends_at.is_(None), kind.ends_at > moment)


class Submission(Entity):
    """The receipt of a form: its idempotency key, a keyed digest of its content, what it made."""

    __tablename__ = "submission"
    unaudited = "the receipt of a form; the act it led to is on the trail"
    __table_args__ = (
        UniqueConstraint("user_id", "submission_id"),
        CheckConstraint(
            "(made_table IS NULL) = (made_uid IS NULL)", name="what_a_form_made_has_its_table"
        ),
    )

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"))
    submission_id: Mapped[UUID] = technical()
    fingerprint: Mapped[str | None] = technical(String(64))
    """None on a receipt that is older than the digests."""
    button: Mapped[str] = unsaid()
    made_at: Mapped[datetime] = unsaid()
    made_table: Mapped[str | None] = unsaid()
    made_uid: Mapped[UUID | None] = technical()
    made_version: Mapped[int | None] = technical()
