"""Passwords, second factors, sessions, codes, the throttle, and what waits for a second person."""

import json
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import one_of
from hrdtracker.core.db import Base, Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.notices.model import Notice

SECRET = "a secret, even hashed, does not belong on the trail; the act does"  # noqa: S105 - a reason


class Password(Base):
    """The hash of a user's password (Argon2id)."""

    __tablename__ = "password"
    unaudited = SECRET

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"), primary_key=True)
    hash: Mapped[str] = technical(String(200), why="Argon2id")
    changed_at: Mapped[datetime] = unsaid()


class LoginSession(Entity):
    """One signed-in browser. Only the digest of its token is kept.

    `proven_at` is when its owner last showed all that they sign in with; as long as the second
    factor is to be shown, there is none, and the session opens nothing.
    """

    __tablename__ = "login_session"
    record_label = N_("Session")
    unaudited = SECRET

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"), index=True)
    token_digest: Mapped[bytes] = technical(
        LargeBinary(32), unique=True, why="a digest of 256 random bits"
    )
    device: Mapped[str] = unsaid(String(60), why="browser and system in two words")
    began_at: Mapped[datetime] = unsaid()
    seen_at: Mapped[datetime] = unsaid()
    ended_at: Mapped[datetime | None] = unsaid()
    proven_at: Mapped[datetime | None] = unsaid()


class AuthenticatorApp(SealedRow):
    """An app that shows six digits, anew every 30 seconds, from a secret that we share with it.

    It counts once a first code has confirmed it; `last_step` is the time step whose code was used.
    """

    __tablename__ = "authenticator_app"
    unaudited = SECRET
    untraced = "the secret of an app is shown to its owner alone, while it is set up"
    record_label = N_("Authenticator app")

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"), index=True)
    secret = Sealed(Grade.IDENTITY, why="who holds it can show the codes")
    began_at: Mapped[datetime] = unsaid()
    confirmed_at: Mapped[datetime | None] = unsaid()
    last_step: Mapped[int] = technical(BigInteger, default=0)


class Passkey(Entity):
    """A key pair in a device of somebody, who shows the device who they are; its public half."""

    __tablename__ = "passkey"
    record_label = N_("Passkey")
    unaudited = SECRET

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"), index=True)
    credential_id: Mapped[bytes] = technical(
        LargeBinary(1023), unique=True, why="by which the device knows the key; random"
    )
    public_key: Mapped[bytes] = technical()
    sign_count: Mapped[int] = technical(BigInteger)
    device: Mapped[str] = unsaid(String(60), why="browser and system in two words")
    added_at: Mapped[datetime] = unsaid()
    used_at: Mapped[datetime | None] = unsaid()


class FactorChallenge(Base):
    """What a passkey is to sign, in one session, for one purpose, once."""

    __tablename__ = "factor_challenge"
    unaudited = "random bytes, gone after five minutes"

    session_id: Mapped[int] = technical(ForeignKey("login_session.id"), primary_key=True)
    purpose: Mapped[str] = unsaid(String(12), primary_key=True)
    challenge: Mapped[bytes] = technical(why="random")
    expires_at: Mapped[datetime] = unsaid()


class RecoveryCode(Entity):
    """A code on paper that stands in, once, for a device that is not at hand."""

    __tablename__ = "recovery_code"
    record_label = N_("Recovery code")
    unaudited = SECRET

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"), index=True)
    code_digest: Mapped[bytes] = technical(
        LargeBinary(32), unique=True, why="a keyed digest of 60 random bits"
    )
    ended_at: Mapped[datetime | None] = unsaid()


class HeldForm(SealedRow):
    """What somebody sent that waits until they have shown who they are; one in a session."""

    __tablename__ = "held_form"
    unaudited = "it waits for ten minutes; the act that it asks for is on the trail"
    untraced = "what somebody just typed goes back to nobody else"
    record_label = N_("Form that waits")

    session_id: Mapped[int] = technical(ForeignKey("login_session.id"), unique=True)
    sent = Sealed(Grade.NARRATIVE, why="all that was typed into the form, and its address")
    expires_at: Mapped[datetime] = unsaid()


class Invitation(Entity):
    """A code, used once, with which an invited user sets the first password."""

    __tablename__ = "invitation"
    unaudited = SECRET

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"), index=True)
    code_digest: Mapped[bytes] = technical(
        LargeBinary(32), unique=True, why="a digest of 128 random bits"
    )
    expires_at: Mapped[datetime] = unsaid()
    used_at: Mapped[datetime | None] = unsaid()


class CalendarFeed(Entity):
    """An address at which somebody’s calendar asks for their hours. Only its digest is kept.

    `seats_digest` is of the roles that counted when it was made: with others it answers no more.
    """

    __tablename__ = "calendar_feed"
    record_label = N_("Address of a calendar")
    unaudited = SECRET

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"), index=True)
    address_digest: Mapped[bytes] = technical(
        LargeBinary(32), unique=True, why="a digest of 256 random bits"
    )
    seats_digest: Mapped[bytes] = technical(
        LargeBinary(32), why="of which roles its owner held: numbers that nothing else shows"
    )
    began_at: Mapped[datetime] = unsaid()
    ended_at: Mapped[datetime | None] = unsaid()


class DueMail(Base):
    """Somebody who wants a mail when something is due, and when one was last asked for."""

    __tablename__ = "due_mail"
    unaudited = "when somebody was mailed; that they want it is an act on their account"

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"), primary_key=True)
    asked_at: Mapped[datetime | None] = unsaid()


class Throttle(Base):
    """How often an account or a network failed to sign in; `key` is a keyed digest of which."""

    __tablename__ = "throttle"
    unaudited = "a counter; the refused attempts are on the trail"

    key: Mapped[str] = technical(
        String(64), primary_key=True, why="a keyed digest: names neither account nor network"
    )
    failures: Mapped[int] = unsaid()
    last_at: Mapped[datetime] = unsaid()
    wait_until: Mapped[datetime] = unsaid()


STOPPED_WITHIN = timedelta(days=30)
"""How long whoever it concerns may stop an act that takes two, once it is confirmed."""
Plain = str | int | bool | None | dict[str, Any]
"""What an act that takes two may change a column to."""


class ProposalStatus(StrEnum):
    """How an act stands that takes a second person."""

    WAITS = "waits"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    STOPPED = "stopped"
    LAPSED = "lapsed"


class Proposal(Entity):
    """An act that takes two people; whom, which office and case it concerns, what it would change.

    `effective_at` says since when it holds: one that narrows does so before anybody confirms it.
    """

    __tablename__ = "proposal"
    record_label = N_("What takes two people")
    __table_args__ = (
        CheckConstraint(one_of("status", ProposalStatus), name="proposal_status_is_known"),
        CheckConstraint(
            "decided_by_id IS NULL OR proposed_by_id IS NULL OR decided_by_id <> proposed_by_id"
            " OR status = 'taken_back'",
            name="whoever_proposed_does_not_confirm",
        ),
        CheckConstraint(
            "status <> 'confirmed' OR decided_by_id IS NOT NULL OR counts_from IS NOT NULL",
            name="somebody_confirmed_what_is_confirmed",
        ),
        CheckConstraint(
            "status NOT IN ('confirmed', 'refused') OR user_id IS NULL OR decided_by_id <> user_id",
            name="nobody_confirms_what_is_for_themselves",
        ),
        Index("ix_proposal_waits", "organisation_id", "status", "lapses_at"),
        Index("ix_proposal_subject", "subject_uid", "status"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    action: Mapped[str] = field(N_("What"), String(40))
    subject_type: Mapped[str] = unsaid()
    subject_uid: Mapped[UUID] = technical()
    user_id: Mapped[int | None] = field(N_("For"), ForeignKey("user_account.id"), index=True)
    office_id: Mapped[int | None] = field(N_("Office"), ForeignKey("office.id"))
    scope_id: Mapped[int | None] = technical(ForeignKey("scope.id"), index=True)
    change: Mapped[str] = unsaid(
        Text, why="which role, setting or amount: the same words as in the column it would change"
    )
    status: Mapped[str] = field(N_("Status"), String(12), default=ProposalStatus.WAITS)
    proposed_by_id: Mapped[int | None] = field(N_("Proposed by"), ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = field(N_("Proposed"))
    lapses_at: Mapped[datetime | None] = field(N_("Lapses"))
    """None for what was given at the machine while nobody could confirm it: that goes on."""
    decided_by_id: Mapped[int | None] = field(N_("Decided by"), ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = field(N_("Decided"))
    stopped_by_id: Mapped[int | None] = field(N_("Stopped by"), ForeignKey("user_account.id"))
    effective_at: Mapped[datetime | None] = field(N_("Holds since"))
    counts_from: Mapped[datetime | None] = field(N_("Counts by waiting from"))
    """Where nobody could confirm it, and two others have seen it; or it has counted so."""

    @classmethod
    def was_told(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that somebody was told of an act."""
        theirs = select(Notice.id).where(Notice.about_uid == cls.uid, Notice.user_id == user_id)
        return theirs.exists()

    @classmethod
    def stands_for(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that somebody was told of an act and has not understood it yet."""
        theirs = Notice.user_id == user_id, Notice.seen_at.is_(None)
        return select(Notice.id).where(Notice.about_uid == cls.uid, *theirs).exists()

    @classmethod
    def waits(cls, moment: datetime) -> ColumnElement[bool]:
        """Return the condition that an act waits for a second person, and has not lapsed."""
        in_time = or_(cls.lapses_at.is_(None), cls.lapses_at > moment)
        return and_(cls.status == ProposalStatus.WAITS, in_time)

    def may_be_stopped(self, moment: datetime) -> bool:
        """Tell whether whoever it concerns may still stop it: it does not hold for long yet."""
        return self.effective_at is None or self.effective_at > moment - STOPPED_WITHIN

    @property
    def values(self) -> dict[str, Plain]:
        """What the act would change, as JSON keeps it."""
        values: dict[str, Plain] = json.loads(self.change)
        return values
