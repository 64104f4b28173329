"""Each version of an organisation’s checklist, as its file was; never changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field, technical


class Checklist(Entity):
    """One version of the questions to an observer; the last one is in use, the others answered."""

    __tablename__ = "checklist"
    record_label = N_("Checklist")
    __table_args__ = (UniqueConstraint("organisation_id", "number"),)

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    number: Mapped[int] = field(N_("Version"))
    lines: Mapped[str] = field(N_("Questions"), Text, why="questions about any trial, in public")
    loaded_at: Mapped[datetime] = field(N_("Loaded"))
