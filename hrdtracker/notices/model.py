"""The notices: who is told of what, since when, and when they had understood."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Entity, partial_index
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field, technical


class Notice(Entity):
    """Something that one person is told of: of what kind, and about which record; without words."""

    __tablename__ = "notice"
    record_label = N_("Notice")
    __table_args__ = (
        CheckConstraint(
            "(about_table IS NULL) = (about_uid IS NULL)",
            name="what_a_notice_is_about_has_its_table",
        ),
    )

    user_id: Mapped[int] = field(N_("User"), ForeignKey("user_account.id"))
    kind: Mapped[str] = field(N_("Kind"))
    about_table: Mapped[str | None] = technical()
    about_uid: Mapped[UUID | None] = technical(index=True)
    scope_id: Mapped[int | None] = technical(ForeignKey("scope.id"), index=True)
    made_at: Mapped[datetime] = field(N_("Made"))
    seen_at: Mapped[datetime | None] = field(N_("Understood"))


UNSEEN = partial_index(
    "ix_notice_unseen", Notice.user_id, Notice.id, where=Notice.seen_at.is_(None)
)
