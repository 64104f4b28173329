"""Which key a database belongs to, how backups are made, and what became of each."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import one_of
from hrdtracker.core.db import Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field, technical, unsaid


class BackupFault(StrEnum):
    """Why there is no good backup at a place."""

    DISK_FULL = "disk_full"
    NOT_REACHED = "not_reached"
    NOT_EQUAL = "not_equal"
    BROKEN_TRAIL = "broken_trail"
    NO_PROGRAM = "no_program"
    DAMAGED = "damaged"
    MISSING = "missing"


class ServerEpoch(Entity):
    """The life of a server from its first start, or from a restore, until the next restore.

    The latest says which root key the database belongs to.
    """

    __tablename__ = "server_epoch"
    record_label = N_("Life of the server")
    __table_args__ = (
        CheckConstraint(
            "(number = 1) = (backup_made_at IS NULL)",
            name="every_life_but_the_first_comes_from_a_backup",
        ),
    )

    number: Mapped[int] = field(N_("Number"), unique=True)
    key_fingerprint: Mapped[str] = technical(
        String(64), why="a keyed digest: it tells the root key and gives none away"
    )
    began_at: Mapped[datetime] = field(N_("From"))
    backup_made_at: Mapped[datetime | None] = field(N_("Restored from a backup of"))
    backup_seq: Mapped[int | None] = field(N_("Last entry of the trail in it"))


class OlderReason(StrEnum):
    """Why a database is older than what is known of it."""

    RESTORED = "restored"
    MACHINE = "machine"
    MISTAKE = "mistake"


class OlderWord(Entity):
    """Somebody said why this database is older than the heads that are kept elsewhere.

    `said_by_id` is empty where it was the operator, at the machine itself.
    """

    __tablename__ = "older_word"
    record_label = N_("Why the database is older")
    __table_args__ = (
        CheckConstraint(one_of("reason", OlderReason), name="reason_of_an_older_one_is_known"),
        Index("ix_older_word_mac", "mac"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    mac: Mapped[bytes] = technical(LargeBinary(32), why="of the last entry that was known")
    said_by_id: Mapped[int | None] = field(N_("Said by"), ForeignKey("user_account.id"))
    reason: Mapped[str] = field(N_("Reason"), String(12))
    at: Mapped[datetime] = field(N_("Said"))


class BackupPlan(Entity):
    """To whom backups are sealed, where they go, and how many of them are kept."""

    __tablename__ = "backup_plan"
    record_label = N_("Plan of backups")

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"), unique=True)
    recipients: Mapped[str] = field(
        N_("Who can open backups"), String(4000), default="", why="public keys, one a line"
    )
    places: Mapped[str] = field(
        N_("Where backups go"),
        String(2000),
        default="",
        why="folders and buckets, one a line; no password is among them",
    )
    keep_daily: Mapped[int] = field(N_("Daily ones kept"), default=7)
    keep_weekly: Mapped[int] = field(N_("Weekly ones kept"), default=5)
    keep_monthly: Mapped[int] = field(N_("Monthly ones kept"), default=12)


class BackupRun(Entity):
    """One backup as it was put into one place, or why it was not."""

    __tablename__ = "backup_run"
    record_label = N_("Backup")
    __table_args__ = (
        CheckConstraint(one_of("fault", BackupFault), name="fault_of_a_backup_is_known"),
        CheckConstraint(
            "(fault IS NULL) = (sha256 IS NOT NULL)", name="a_backup_is_there_or_says_why_not"
        ),
        Index("ix_backup_run_latest", "organisation_id", "at"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    at: Mapped[datetime] = field(N_("Made"))
    place: Mapped[str] = field(N_("Place"), String(300))
    name: Mapped[str] = field(N_("File"), String(60))
    size_bytes: Mapped[int | None] = field(N_("Size"), BigInteger)
    sha256: Mapped[str | None] = technical(String(64), why="of the encrypted file")
    seq: Mapped[int | None] = field(N_("Last entry of the trail in it"))
    fault: Mapped[str | None] = field(N_("Why it failed"), String(16))
    removed_at: Mapped[datetime | None] = field(N_("Removed"), why="it outlived the plan")


class Rehearsal(Entity):
    """The certificate that a backup was opened beside the running system, and found to be equal."""

    __tablename__ = "rehearsal"
    record_label = N_("Rehearsal of a restore")
    __table_args__ = (Index("ix_rehearsal_latest", "organisation_id", "at"),)

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    at: Mapped[datetime] = field(N_("Rehearsed"))
    backup_name: Mapped[str] = field(N_("File"), String(60))
    backup_made_at: Mapped[datetime] = field(N_("Made"))
    program: Mapped[str] = field(N_("Version of the program"), String(20))
    revision: Mapped[str] = unsaid(String(80))
    table_count: Mapped[int] = field(N_("Tables counted"))
    row_count: Mapped[int] = field(N_("Rows counted"), BigInteger)
    seq: Mapped[int] = field(N_("Last entry of the trail in it"))
    mac: Mapped[bytes] = technical(LargeBinary(32), why="of that entry")
    transaction_count: Mapped[int] = field(N_("Entries of the books"))
    sealed_count: Mapped[int] = field(N_("Sealed values opened"))
    signature: Mapped[bytes] = technical(
        LargeBinary(32), why="a MAC over the others, which only the root key makes"
    )
