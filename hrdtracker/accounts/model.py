"""Passwords, sessions, invitations and the throttle."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from hrdtracker.core.db import Base, Entity

SECRET = "a secret, even hashed, does not belong on the trail; the act does"  # noqa: S105 - a reason


class Password(Base):
    """The hash of a user's password (Argon2id)."""

    __tablename__ = "password"
    unaudited = SECRET

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime]


class LoginSession(Entity):
    """One signed-in browser. Only the digest of its token is kept."""

    __tablename__ = "login_session"
    unaudited = SECRET

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    device: Mapped[str] = mapped_column(String(60))
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Invitation(Entity):
    """A code, used once, with which an invited user sets the first password."""

    __tablename__ = "invitation"
    unaudited = SECRET

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(Base):
    """How often an account or a network failed to sign in; `key` is a keyed digest of which."""

    __tablename__ = "throttle"
    unaudited = "a counter; the refused attempts are on the trail"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    wait_until: Mapped[datetime]
