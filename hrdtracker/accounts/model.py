"""Passwords, second factors, sessions, invitations and the throttle."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Base, Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow

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
