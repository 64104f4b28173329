"""Each version of each rule of law, and each public holiday: superseded, never changed."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from hrdtracker.core.db import Entity
from hrdtracker.core.errors import N_
from hrdtracker.core.field import field, technical, unsaid
from hrdtracker.proceedings.rules.rows import RULE_HEADER, Row

PUBLIC = "what a published law says, in our words"
RENAMED = {"from": "runs_from", "age_at": "which_age"}
COLUMN_OF: Mapping[str, str] = MappingProxyType(
    {name: RENAMED.get(name, name) for name in RULE_HEADER}
)
"""Which column of the table holds which cell of a row in a file."""
DAYS = frozenset({"valid_from", "valid_until", "reviewed_on"})


class LegalRuleVersion(Entity):
    """One version of a rule of law, as its row says it; what replaced it stands beside it.

    `number` counts what was ever said of the rule here. A version that nobody superseded counts,
    from and until the days on which it is the law; several of these are the law one after another.
    """

    __tablename__ = "legal_rule_version"
    record_label = N_("Rule of law")
    __table_args__ = (
        UniqueConstraint("organisation_id", "country", "key", "number"),
        CheckConstraint(
            "(reviewed_by = '') = (reviewed_on IS NULL)", name="a_review_says_who_and_when"
        ),
        CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until",
            name="a_rule_ends_after_it_begins",
        ),
        CheckConstraint(
            "confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id",
            name="a_rule_is_confirmed_by_somebody_else",
        ),
        Index("ix_legal_rule_version_counts", "organisation_id", "country", "superseded_at"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    country: Mapped[str] = field(N_("Country"), String(2))
    number: Mapped[int] = field(N_("Version"))
    position: Mapped[int] = unsaid(why="its place in the file: of a clock’s rules the first counts")
    key: Mapped[str] = field(N_("Rule"), Text)
    stage: Mapped[str] = field(N_("Stage of the case"), String(16))
    clock: Mapped[str] = field(N_("Clock"), Text)
    kind: Mapped[str] = field(N_("What it does to a clock"), String(16))
    classes: Mapped[str] = field(N_("Classes of offence"), Text)
    ages: Mapped[str] = field(N_("Ages"), String(12))
    which_age: Mapped[str] = field(N_("Which age"), String(12))
    applies: Mapped[str] = field(N_("It concerns only"), Text)
    requires: Mapped[str] = field(N_("It needs"), Text)
    amount: Mapped[str] = field(N_("How long"), Text)
    at_least: Mapped[str] = field(N_("At least"), Text)
    counting: Mapped[str] = field(N_("How it is counted"), Text)
    holidays: Mapped[str] = field(N_("Days off"), String(24))
    extends: Mapped[str] = field(N_("It extends"), Text)
    times: Mapped[str] = field(N_("How often"), String(4))
    runs_from: Mapped[str] = field(N_("It runs from"), Text)
    from_last: Mapped[str] = field(N_("From the last of several"), String(4))
    not_before: Mapped[str] = field(N_("Not before"), Text)
    disputed_from: Mapped[str] = field(N_("Or from, as some say"), Text)
    pauses: Mapped[str] = field(N_("It is paused from, to"), Text)
    stops: Mapped[str] = field(N_("It ends with"), Text)
    valid_from: Mapped[date | None] = field(N_("The law from"))
    valid_until: Mapped[date | None] = field(N_("The law until"))
    law: Mapped[str] = field(N_("Law"), Text)
    article: Mapped[str] = field(N_("Article"), Text)
    says: Mapped[str] = field(N_("What it says, in English"), Text, why=PUBLIC)
    says_km: Mapped[str] = field(N_("What it says, in Khmer"), Text, why=PUBLIC)
    sources: Mapped[str] = field(N_("Who says so"), Text)
    confidence: Mapped[str] = field(N_("How sure it is"), String(24))
    disputed: Mapped[str] = field(N_("What is disputed"), Text, why=PUBLIC)
    note: Mapped[str] = field(N_("Note on the rule"), Text, why=PUBLIC)
    reviewed_by: Mapped[str] = field(
        N_("Reviewed by"), Text, why="the lawyer who stands for it, as they want to be named"
    )
    reviewed_on: Mapped[date | None] = field(N_("Reviewed on"))
    from_file: Mapped[bool] = field(N_("Follows its file"), default=True)
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    superseded_at: Mapped[datetime | None] = field(N_("Replaced"))
    proposed_by_id: Mapped[int | None] = field(N_("Proposed by"), ForeignKey("user_account.id"))
    confirmed_by_id: Mapped[int | None] = field(N_("Confirmed by"), ForeignKey("user_account.id"))

    @property
    def is_reviewed(self) -> bool:
        """Whether a lawyer has read it and stands for it."""
        return self.reviewed_on is not None

    def cells(self) -> Row:
        """Return it as a row of the file of rules."""
        return {name: _cell(getattr(self, column)) for name, column in COLUMN_OF.items()}


def _cell(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else value or ""


def columns_of(row: Row) -> dict[str, str | date | None]:
    """Return what a row of the file says, by the columns of the table. Its days hold."""
    return {
        column: (date.fromisoformat(row[name]) if row[name] else None)
        if name in DAYS
        else row[name]
        for name, column in COLUMN_OF.items()
    }


class PublicHoliday(Entity):
    """One public holiday, with the decree that set it; one without a name only says that its year
    is known. A day that a decree took away again stays, and counts no more."""

    __tablename__ = "public_holiday"
    record_label = N_("Public holiday")
    __table_args__ = (
        CheckConstraint(
            "(taken_away_at IS NULL) = (taken_away_by_decree = '')",
            name="a_decree_took_a_holiday_away",
        ),
        Index("ix_public_holiday_day", "organisation_id", "country", "day"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    country: Mapped[str] = field(N_("Country"), String(2))
    day: Mapped[date] = field(N_("Day"))
    name: Mapped[str] = field(N_("Name of the holiday"), String(200), why=PUBLIC)
    decree: Mapped[str] = field(N_("Decree"), String(300), why=PUBLIC)
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    taken_away_at: Mapped[datetime | None] = field(N_("Taken away"))
    taken_away_by_decree: Mapped[str] = field(
        N_("Decree that took it away"), String(300), default="", why=PUBLIC
    )
