"""The entries of the trail, and the log of who opened what."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Base, Entity
from hrdtracker.core.field import technical, unsaid


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
    payload: Mapped[bytes] = unsaid(
        why="the differences: plain columns plain, sealed ones sealed under their record's key"
    )
    mac: Mapped[bytes] = technical(why="ties the entry to all before it")


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
    )

    at: Mapped[datetime] = unsaid()
    actor_id: Mapped[int] = technical(ForeignKey("user_account.id"), index=True)
    scope_id: Mapped[int | None] = technical(ForeignKey("scope.id"))
    action: Mapped[str] = unsaid()
    subject_type: Mapped[str] = unsaid()
    subject_uid: Mapped[UUID | None] = technical()
    """The record that the page was about; a list has none."""
    shown_keys: Mapped[bytes | None] = technical()
    """What was read in a list, or beside the record: data keys, eight bytes each."""
