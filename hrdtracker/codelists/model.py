"""The terms people choose from: rows loaded from files, retired and never deleted."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hrdtracker.core.db import Entity


class Term(Entity):
    """One term of one list, in both languages. `from_file` terms are kept up to date from it."""

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("list", "code"),)

    list: Mapped[str] = mapped_column(String(40))
    code: Mapped[str] = mapped_column(String(40))
    parent: Mapped[str | None] = mapped_column(String(40))
    label_en: Mapped[str] = mapped_column(String(200))
    label_km: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]
    esf_code: Mapped[str | None] = mapped_column(String(12))
    extra: Mapped[str] = mapped_column(String(400), default="{}")
    confidence: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(300), default="")
    from_file: Mapped[bool] = mapped_column(default=True)
    retired: Mapped[bool] = mapped_column(default=False)
