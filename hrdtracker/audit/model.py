"""The entries of the trail, and the log of who opened what."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Base, Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field, technical, unsaid


class Outcome(StrEnum):
    """How an act ended."""

    DONE = "done"
    REFUSED = "refused"


class AuditEntry(Base):
    """One act on the trail. `payload` holds the differences; `mac` ties it to all before it."""

    __tablename__ = "audit_entry"
    unaudited = "it is the trail"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_uid", "seq"),
        Index("ix_audit_entry_actor", "actor_uid", "seq"),
        Index("ix_audit_entry_action", "action", "seq"),
    )

    seq: Mapped[int] = technical(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = unsaid()
    actor_uid: Mapped[UUID] = technical()
    organisation_id: Mapped[int] = technical()
    channel: Mapped[str] = unsaid()
    action: Mapped[str] = unsaid()
    outcome: Mapped[str] = unsaid()
    subject_type: Mapped[str] = unsaid()
    subject_uid: Mapped[UUID | None] = technical()
    scope_id: Mapped[int | None] = technical(index=True)
    format: Mapped[int] = technical()
    sensitivity: Mapped[str | None] = unsaid(
        String(12), why="how sensitive its case was then; what a case is now stands in plain too"
    )
    """The least that its case was before and after the act; None where it is about no case."""
    payload: Mapped[bytes] = unsaid(
        why="the differences: plain columns plain, sealed ones sealed under their record's key"
    )
    mac: Mapped[bytes] = technical(why="ties the entry to all before it")


class RefusalWindow(Base):
    """What was refused to somebody for about a minute: a verb, and how often after the first time.

    It goes as soon as the trail says so.
    """

    __tablename__ = "refusal_window"
    record_label = N_("Refused again")
    unaudited = "a counter of one minute; what it counted stands on the trail"

    actor_uid: Mapped[UUID] = technical(primary_key=True)
    action: Mapped[str] = technical(primary_key=True)
    organisation_id: Mapped[int] = technical()
    channel: Mapped[str] = unsaid()
    subject_type: Mapped[str] = unsaid()
    began_at: Mapped[datetime] = field(N_("From"))
    more_count: Mapped[int] = field(N_("How many times more"))


class Opening(Entity):
    """Somebody read a record, or a list: no change, and yet what matters when a phone is seized."""

    __tablename__ = "access_log"
    unaudited = "append-only by itself; opening a record changes nothing"
    __table_args__ = (
        CheckConstraint(
            "subject_uid IS NOT NULL OR shown_keys IS NOT NULL",
            name="an_opening_names_what_was_read",
        ),
        Index("ix_access_log_scope", "scope_id", "at"),
        Index("ix_access_log_actor", "actor_id", "at"),
    )

    at: Mapped[datetime] = unsaid()
    actor_id: Mapped[int] = technical(ForeignKey("user_account.id"))
    scope_id: Mapped[int | None] = technical(ForeignKey("scope.id"))
    action: Mapped[str] = unsaid()
    subject_type: Mapped[str] = unsaid()
    subject_uid: Mapped[UUID | None] = technical()
    """The record that the page was about; a list has none."""
    shown_keys: Mapped[bytes | None] = technical()
    """What was read in a list, or beside the record: data keys, eight bytes each."""


class ReadingBatch(Base):
    """The rows of the access log after those of the batch before; `mac` ties it to that batch."""

    __tablename__ = "access_batch"
    unaudited = "append-only by itself; it ties together what was read"
    __table_args__ = (CheckConstraint("row_count > 0", name="a_batch_holds_rows"),)

    number: Mapped[int] = technical(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = unsaid()
    row_count: Mapped[int] = technical()
    last_id: Mapped[int] = technical()
    """The number of its last row: what comes after belongs to a later batch."""
    digest: Mapped[bytes] = technical(why="of the bytes of its rows")
    mac: Mapped[bytes] = technical(why="ties the batch to all before it")
