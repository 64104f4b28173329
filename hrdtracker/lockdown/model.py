"""When everything was locked and opened again, and whose passphrases open it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Entity, partial_index
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field, technical

LOCK_NAME = 32
"""How long the name of a lock of the key file is: the 16 bytes of its salt, written in hex."""


class KeyHolder(Entity):
    """Somebody with a passphrase of their own that opens the key file.

    `proved_at` is when they last typed it at the machine and it opened; until then, never.
    """

    __tablename__ = "key_holder"
    record_label = N_("Whoever can unlock")

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    user_id: Mapped[int] = field(N_("User"), ForeignKey("user_account.id"))
    lock_name: Mapped[str] = technical(
        String(LOCK_NAME), why="the salt of one lock of the key file: it opens nothing"
    )
    named_at: Mapped[datetime] = field(N_("From"))
    proved_at: Mapped[datetime | None] = field(N_("Proved that they can unlock"))
    ended_at: Mapped[datetime | None] = field(N_("Until"))


class ServerLock(Entity):
    """Everything was locked: since when, by whom, and when it was opened with whose passphrase.

    Without a user, whoever holds the machine locked it there.
    """

    __tablename__ = "server_lock"
    record_label = N_("Lock of everything")
    __table_args__ = (
        CheckConstraint(
            "unlocked_at IS NOT NULL OR unlocked_by_id IS NULL",
            name="what_is_locked_was_opened_by_nobody",
        ),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    locked_at: Mapped[datetime] = field(N_("Locked"))
    locked_by_id: Mapped[int | None] = field(N_("Locked by"), ForeignKey("user_account.id"))
    unlocked_at: Mapped[datetime | None] = field(N_("Unlocked"))
    unlocked_by_id: Mapped[int | None] = field(
        N_("Unlocked with the passphrase of"), ForeignKey("user_account.id")
    )


partial_index(
    "ix_key_holder_user",
    KeyHolder.user_id,
    where=KeyHolder.ended_at.is_(None),
    unique=True,
)
partial_index(
    "ix_key_holder_lock",
    KeyHolder.lock_name,
    where=KeyHolder.ended_at.is_(None),
    unique=True,
)
partial_index(
    "ix_server_lock_open",
    ServerLock.organisation_id,
    where=ServerLock.unlocked_at.is_(None),
    unique=True,
)
