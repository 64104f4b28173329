"""Passwords, sessions, invitations and the throttle."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Base, Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import technical, unsaid

SECRET = "a secret, even hashed, does not belong on the trail; the act does"  # noqa: S105 - a reason


class Password(Base):
    """The hash of a user's password (Argon2id)."""

    __tablename__ = "password"
    unaudited = SECRET

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"), primary_key=True)
    hash: Mapped[str] = technical(String(200), why="Argon2id")
    changed_at: Mapped[datetime] = unsaid()


class LoginSession(Entity):
    """One signed-in browser. Only the digest of its token is kept."""

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
