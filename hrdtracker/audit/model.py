"""The entries of the trail, and the log of who opened what."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from hrdtracker.core.db import Base, Entity


class Outcome(StrEnum):
    """How an act ended."""

    DONE = "done"
    REFUSED = "refused"


class Entry(Base):
    """One act on the trail. `payload` holds the differences; `mac` ties it to all before it."""

    __tablename__ = "audit_entry"
    unaudited = "it is the trail"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject_uid", "seq"),
        Index("ix_audit_entry_actor", "actor_uid", "seq"),
        Index("ix_audit_entry_action", "action", "seq"),
    )

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor_uid: Mapped[UUID]
    organisation_id: Mapped[int]
    channel: Mapped[str]
    action: Mapped[str]
    outcome: Mapped[str]
    subject_type: Mapped[str]
    subject_uid: Mapped[UUID | None]
    scope_id: Mapped[int | None] = mapped_column(index=True)
    format: Mapped[int]
    payload: Mapped[bytes]
    mac: Mapped[bytes]


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

    at: Mapped[datetime]
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    scope_id: Mapped[int | None] = mapped_column(ForeignKey("scope.id"))
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_uid: Mapped[UUID | None]
    """The record that the page was about; a list has none."""
    shown_keys: Mapped[bytes | None]
    """What was read in a list, or beside the record: data keys, eight bytes each."""
