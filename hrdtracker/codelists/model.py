"""The terms people choose from: rows loaded from files, retired and never deleted."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field, unsaid


class Term(Entity):
    """One term of one list, in both languages. `from_file` terms are kept up to date from it."""

    __tablename__ = "term"
    record_label = N_("Term of a list")
    __table_args__ = (UniqueConstraint("list", "code"),)

    list: Mapped[str] = field(N_("List"), String(40))
    code: Mapped[str] = field(N_("Code"), String(40))
    parent: Mapped[str | None] = field(N_("Belongs to"), String(40))
    label_en: Mapped[str] = field(N_("Term in English"), String(200))
    label_km: Mapped[str] = field(N_("Term in Khmer"), String(200))
    position: Mapped[int] = field(N_("Position"))
    esf_code: Mapped[str | None] = unsaid(String(12))
    extra: Mapped[str] = unsaid(String(400), default="{}")
    confidence: Mapped[str] = field(N_("Confidence"), String(40))
    source: Mapped[str] = field(N_("Source"), String(300), default="")
    from_file: Mapped[bool] = field(N_("Follows its file"), default=True)
    retired: Mapped[bool] = field(N_("Retired"), default=False)
