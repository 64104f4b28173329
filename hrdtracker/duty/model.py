"""The duty roster: who is on duty in an office on a day, and to whom they want to hand it over."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field, technical


class DutyDay(Entity):
    """One day of one office; without a user it is with the directors of the office.

    Being on duty opens nothing: no rule of the policy asks for it.
    """

    __tablename__ = "duty_day"
    record_label = N_("Duty of a day")
    __table_args__ = (
        UniqueConstraint("office_id", "day"),
        CheckConstraint(
            "offered_to_id IS NULL OR (user_id IS NOT NULL AND offered_to_id <> user_id)",
            name="a_duty_is_offered_by_its_holder_to_somebody_else",
        ),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    office_id: Mapped[int] = field(N_("Office"), ForeignKey("office.id"))
    day: Mapped[date] = field(N_("Day"))
    user_id: Mapped[int | None] = field(N_("On duty"), ForeignKey("user_account.id"), index=True)
    offered_to_id: Mapped[int | None] = field(
        N_("Asked to take over"), ForeignKey("user_account.id"), index=True
    )
    set_by_id: Mapped[int] = field(N_("Set by"), ForeignKey("user_account.id"))
    set_at: Mapped[datetime] = field(N_("Set"))
