"""A stay, the period in which somebody is in one situation, and what happened to many at once."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import Scoped, one_of
from hrdtracker.core.closed import Closed, closed
from hrdtracker.core.db import Base, partial_index
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.core.when.columns import Dated


class CustodyEvent(StrEnum):
    """What can happen to several people at once."""

    ARRIVED = "arrived"
    MOVED = "moved"
    ENDED = "ended"
    BROUGHT = "brought"
    CHARGED = "charged"
    DETAINED = "detained"
    SENTENCED = "sentenced"
    ACQUITTAL = "acquittal"
    DROPPED = "dropped"


CHANGES_STAYS = frozenset({CustodyEvent.ARRIVED, CustodyEvent.MOVED, CustodyEvent.ENDED})
"""What is said of where people are; the rest is what a prosecutor or a court did about them."""


class StayStanding(StrEnum):
    """Whether what a stay says counts: it is still a draft, was told, or was taken back."""

    DRAFTED = "drafted"
    TOLD = "told"
    TAKEN_BACK = "taken_back"


class CustodyStep(StrEnum):
    """What the law wants to be done for somebody who is held, and a visitor asks about."""

    FAMILY_INFORMED = "family_informed"
    TOLD_REASONS = "told_reasons"
    LAWYER_SEEN = "lawyer_seen"
    MEDICAL_VISIT = "medical_visit"


class CustodyAct(Scoped, SealedRow):
    """One thing that happened to several people of a case at once: one line of its timeline."""

    __tablename__ = "custody_act"
    record_label = N_("What happened to people who are held")
    __table_args__ = (
        CheckConstraint(one_of("kind", CustodyEvent), name="what_happened_is_known"),
        CheckConstraint(
            "(kind = 'ended') = (end_kind IS NOT NULL)", name="only_an_end_says_how_it_ended"
        ),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by_id IS NULL)", name="somebody_took_it_back"
        ),
        Index("ix_custody_act_scope_recorded", "scope_id", "recorded_at"),
    )

    kind: Mapped[str] = field(N_("What happened"), String(12))
    happened = Dated(N_("When"), required=True)
    place_held = Sealed(Grade.IDENTITY, N_("Place held"))
    prison: Mapped[str | None] = closed(
        N_("Prison"), Closed("custody_act.prison"), codelist="prison"
    )
    end_kind: Mapped[str | None] = field(N_("How it ended"), codelist="stay_end")
    decided_by: Mapped[str | None] = field(N_("By whom"), codelist="deciding_body")
    known_by: Mapped[str | None] = closed(
        N_("How we know"), Closed("custody_act.known_by"), codelist="how_known"
    )
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    undone_at: Mapped[datetime | None] = field(N_("Taken back"))
    undone_by_id: Mapped[int | None] = field(N_("Taken back by"), ForeignKey("user_account.id"))
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class CustodyActRow(Scoped, Base):
    """A row of the courts that an act of many wrote for one person, as the act left it."""

    __tablename__ = "custody_act_row"
    unaudited = "it ties an act to the rows that it wrote; those are on the trail"

    act_id: Mapped[int] = technical(ForeignKey("custody_act.id"), primary_key=True)
    table_name: Mapped[str] = technical(String(32), primary_key=True)
    row_id: Mapped[int] = technical(primary_key=True)
    person_id: Mapped[int] = technical(ForeignKey("person.id"))
    is_new: Mapped[bool] = technical()
    """Whether the act made the row, or only changed it."""
    row_version: Mapped[int | None] = technical()


class Stay(Scoped, SealedRow):
    """A period in which a person, a group or part of it, or somebody unnamed is in one situation.

    Of custody it begins with the arrival at the unit; until that is known, `began` is not said.
    Whoever is moved ends one stay and begins the next.
    """

    __tablename__ = "stay"
    record_label = N_("Where somebody is")
    __table_args__ = (
        CheckConstraint(one_of("standing", StayStanding), name="whether_a_stay_counts_is_known"),
        CheckConstraint(
            "(end_kind IS NULL) = (ended_precision IS NULL)", name="what_ended_says_when_and_how"
        ),
        CheckConstraint(
            "ended_latest IS NULL OR began_earliest IS NULL OR ended_latest > began_earliest",
            name="nothing_ends_before_it_begins",
        ),
        CheckConstraint(
            "other_arrival_precision IS NULL OR began_precision IS NOT NULL",
            name="another_arrival_is_beside_one",
        ),
        CheckConstraint("people IS NULL OR people > 0", name="a_stay_is_of_somebody"),
        CheckConstraint("follows_id IS NULL OR follows_id <> id", name="no_stay_follows_itself"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="somebody_confirmed_the_stay"
        ),
        Index("ix_stay_violation", "violation_id"),
        Index("ix_stay_person", "person_id", "scope_id"),
    )

    person_id: Mapped[int | None] = field(N_("Person"), ForeignKey("person.id"))
    violation_id: Mapped[int | None] = technical(ForeignKey("violation.id"))
    """What it was recorded with."""
    people: Mapped[int | None] = field(N_("How many people"))
    """Of a group, how many of it; else it is the one person, or the whole group."""
    situation: Mapped[str] = field(N_("What became of them"), codelist="victim_status")
    standing: Mapped[str] = unsaid(String(12), default=StayStanding.TOLD)
    place_held = Sealed(Grade.IDENTITY, N_("Place held"))
    prison: Mapped[str | None] = closed(N_("Prison"), Closed("stay.prison"), codelist="prison")
    began = Dated(N_("Arrived at the police unit"), why="the clocks of custody are figures")
    other_arrival = Dated(
        N_("Arrived, as another source says it"), why="the clocks of custody are figures"
    )
    other_known_by: Mapped[str | None] = closed(
        N_("Source of the other arrival"), Closed("stay.other_known_by"), codelist="how_known"
    )
    """Two sources, two hours: limits are counted from each, and the earlier end stands first."""
    follows_id: Mapped[int | None] = technical(ForeignKey("stay.id"), index=True)
    """The stay that goes on in this one."""
    parted_from_id: Mapped[int | None] = technical(ForeignKey("stay.id"), index=True)
    """Of some of a group, the stay of the rest."""
    gave_way_to_id: Mapped[int | None] = technical(ForeignKey("stay.id"), index=True)
    """Of one that was taken back, the stay that says more of the same."""
    since: Mapped[datetime] = unsaid(why="what stays of one person are ordered by")
    """When it began as far as is known: the arrival, else the day of what it was recorded with."""
    ended = Dated(N_("Until when"), why="the clocks of custody are figures")
    end_kind: Mapped[str | None] = field(N_("How it ended"), codelist="stay_end")
    order_unclear: Mapped[bool] = field(N_("Sources differ on the order"), default=False)
    known_by: Mapped[str | None] = closed(
        N_("How we know"), Closed("stay.known_by"), codelist="how_known"
    )
    confirmed_at: Mapped[datetime | None] = field(N_("Last confirmed as held"))
    confirmed_by_id: Mapped[int | None] = field(
        N_("Confirmed as held by"), ForeignKey("user_account.id")
    )
    """Who last said that they are held; nobody where they are not, or an import alone says so."""
    began_with_id: Mapped[int | None] = technical(ForeignKey("custody_act.id"), index=True)
    ended_with_id: Mapped[int | None] = technical(ForeignKey("custody_act.id"), index=True)
    other_with_id: Mapped[int | None] = technical(ForeignKey("custody_act.id"), index=True)
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    changed_at: Mapped[datetime] = unsaid()
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class StayStep(Scoped, SealedRow):
    """What was done for somebody while they are held: the first time, and how we know."""

    __tablename__ = "stay_step"
    record_label = N_("What was done for somebody who is held")
    __table_args__ = (
        CheckConstraint(one_of("kind", CustodyStep), name="what_was_done_is_known"),
        UniqueConstraint("stay_id", "kind"),
    )

    stay_id: Mapped[int] = technical(ForeignKey("stay.id"))
    kind: Mapped[str] = field(N_("What was done"), String(16), codelist="stay_step")
    happened = Dated(N_("When"), required=True)
    known_by: Mapped[str | None] = closed(
        N_("How we know"), Closed("stay_step.known_by"), codelist="how_known"
    )
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


class Bail(Scoped, SealedRow):
    """On what terms somebody was released on bail: how much, who paid, under which conditions."""

    __tablename__ = "bail"
    record_label = N_("Bail")
    __table_args__ = (
        CheckConstraint(
            "(amount_closed IS NULL) = (currency_closed IS NULL)",
            name="a_sum_of_bail_has_a_currency",
        ),
        UniqueConstraint("stay_id"),
    )

    stay_id: Mapped[int] = technical(ForeignKey("stay.id"))
    amount: Mapped[int | None] = closed(
        N_("Sum of the bail, in smallest units"), Closed("bail.amount", int), why="the news says it"
    )
    currency: Mapped[str | None] = closed(
        N_("Currency of the bail"), Closed("bail.currency"), why="beside the sum"
    )
    paid_by: Mapped[str | None] = closed(
        N_("Who paid it"), Closed("bail.paid_by"), codelist="bail_payer"
    )
    conditions = Sealed(Grade.NARRATIVE, N_("Conditions"))
    known_by: Mapped[str | None] = closed(
        N_("How we know"), Closed("bail.known_by"), codelist="how_known"
    )
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it


IS_KEPT = Stay.standing != "taken_back"
IS_OPEN = (Stay.end_kind.is_(None)) & (Stay.standing == "told")
IS_CONFIRMED = IS_OPEN & Stay.confirmed_at.is_not(None)
partial_index("ix_stay_open", Stay.scope_id, Stay.person_id, where=IS_OPEN)
partial_index("ix_stay_confirmed", Stay.violation_id, Stay.confirmed_at, where=IS_CONFIRMED)
