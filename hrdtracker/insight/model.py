"""Whoever read more in an hour or a day than the organisation takes for usual."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field


class Measure(StrEnum):
    """What is counted of somebody's reading; the organisation has a limit of the same name."""

    SEARCHES_HOUR = "searches_hour"
    PAGES_HOUR = "pages_hour"
    PEOPLE_HOUR = "people_hour"
    CASES_HOUR = "cases_hour"
    PAGES_DAY = "pages_day"
    PEOPLE_DAY = "people_day"
    CASES_DAY = "cases_day"


class UnusualReading(Entity):
    """Somebody who reached a limit on a day: the first one that was noticed, once a day."""

    __tablename__ = "unusual_reading"
    record_label = N_("Unusual reading")
    __table_args__ = (
        UniqueConstraint("user_id", "day"),
        CheckConstraint("counted >= most", name="what_is_unusual_reached_its_limit"),
    )

    user_id: Mapped[int] = field(N_("User"), ForeignKey("user_account.id"))
    day: Mapped[date] = field(N_("Day"))
    measure: Mapped[str] = field(N_("What was counted"))
    counted: Mapped[int] = field(N_("How many"))
    most: Mapped[int] = field(N_("Limit"))
    at: Mapped[datetime] = field(N_("Noticed"))
