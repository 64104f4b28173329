"""People and groups: defenders, relatives, sources, those alleged to have done it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    or_,
    select,
)
from sqlalchemy.orm import Mapped

from hrdtracker.access.model import NamedInCases, Scoped, one_of
from hrdtracker.core.closed import Closed, closed
from hrdtracker.core.db import Base, Entity, looked_up
from hrdtracker.core.errors import N_
from hrdtracker.core.field import Grade, field, technical, unsaid
from hrdtracker.core.seal import Sealed, SealedRow
from hrdtracker.people.lines import Sex


class CountingUnit(StrEnum):
    """Whether a record stands for one person or for several (HURIDOCS field 0902)."""

    PERSON = "person"
    FAMILY = "family"
    COMMUNITY = "community"
    ORGANISATION = "organisation"
    COMPANY = "company"
    STATE_BODY = "state_body"


class Person(NamedInCases, SealedRow):
    """One person, or a group with a head-count. Their names are rows of their own."""

    __tablename__ = "person"
    record_label = N_("Person or group")
    __table_args__ = (
        CheckConstraint(one_of("unit", CountingUnit), name="counting_unit_is_known"),
        CheckConstraint(f"sex IS NULL OR {one_of('sex', Sex)}", name="sex_is_as_stated"),
        CheckConstraint(
            "age_closed IS NULL OR age_on_closed IS NOT NULL", name="an_age_is_of_a_day"
        ),
        CheckConstraint(
            "head_count IS NULL OR (head_count > 0 AND unit <> 'person')",
            name="only_a_group_has_a_head_count",
        ),
        CheckConstraint(
            "family_count IS NULL OR (family_count > 0 AND unit <> 'person')",
            name="only_a_group_has_families",
        ),
        Index("ix_person_recorded", "recorded_at", "id"),
        Index("ix_person_changed", "organisation_id", "changed_at"),
    )

    organisation_id: Mapped[int] = technical(ForeignKey("organisation.id"))
    unit: Mapped[str] = field(N_("Person or group"), String(16), default=CountingUnit.PERSON)
    head_count: Mapped[int | None] = field(N_("How many people"))
    head_count_about: Mapped[bool] = field(N_("About how many"), default=False)
    family_count: Mapped[int | None] = field(N_("How many families"))
    family_count_about: Mapped[bool] = field(N_("About how many families"), default=False)
    sex: Mapped[str | None] = field(N_("Sex"), String(1), why="as stated, for figures")
    birth_date = Sealed(Grade.IDENTITY, N_("Birth date"))
    age: Mapped[int | None] = closed(N_("Age"), Closed("person.age", int))
    age_on: Mapped[date | None] = closed(
        N_("Day of the age"), Closed("person.age_on", date), why="the day an age is of"
    )
    interpreter_language: Mapped[str | None] = closed(
        N_("Interpreter needed"),
        Closed("person.interpreter_language"),
        codelist="language",
        why="whom to bring along; few speak some languages",
    )
    remarks = Sealed(Grade.NARRATIVE, N_("Remarks"))
    recorded_by_id: Mapped[int] = field(
        N_("Recorded by"), ForeignKey("user_account.id"), index=True
    )
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    changed_at: Mapped[datetime] = unsaid()
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @classmethod
    def place_of_naming(cls) -> type["PersonScope"]:
        """Return the table of the places where a case names a person."""
        return PersonScope

    @classmethod
    def number_there(cls) -> Any:
        """Return the column of that table which says who it is."""
        return PersonScope.person_id

    @classmethod
    def in_any_scope(cls) -> ColumnElement[bool]:
        """Return the condition that the person is named in some case, whoever may see it."""
        return looked_up(select(PersonScope.person_id).where(PersonScope.person_id == cls.id))


class PersonName(SealedRow):
    """One name of a person, as told; never split into family and given by guess."""

    __tablename__ = "person_name"
    record_label = N_("Name")
    __table_args__ = (Index("ix_person_name_person", "person_id", "position"),)

    person_id: Mapped[int] = technical(ForeignKey("person.id"))
    kind: Mapped[str] = field(N_("Kind"), codelist="name_kind")
    position: Mapped[int] = field(N_("Position"))
    name = Sealed(Grade.IDENTITY, N_("Name"))

    @property
    def is_khmer(self) -> bool:
        """Whether some of the name is written in Khmer letters."""
        return any("\u1780" <= sign <= "\u17ff" for sign in self.name or "")


class AgeStatement(SealedRow):
    """What somebody says of a person’s age besides what is recorded first, and how it is known."""

    __tablename__ = "age_statement"
    record_label = N_("What is said of an age")
    __table_args__ = (
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by_id IS NULL)",
            name="somebody_took_the_age_back",
        ),
        CheckConstraint(
            "taken_back_by_id IS NULL OR taken_back_by_id <> recorded_by_id",
            name="nobody_takes_back_an_age_they_recorded",
        ),
        Index("ix_age_statement_person", "person_id", "id"),
    )

    person_id: Mapped[int] = technical(ForeignKey("person.id"))
    said = Sealed(Grade.IDENTITY, N_("Age or birth"))
    known_by: Mapped[str] = closed(
        N_("How the age is known"), Closed("age_statement.known_by"), codelist="age_evidence"
    )
    note = Sealed(Grade.IDENTITY, N_("In words"))
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    taken_back_at: Mapped[datetime | None] = field(N_("Taken back"))
    taken_back_by_id: Mapped[int | None] = field(N_("Taken back by"), ForeignKey("user_account.id"))


class NameReason(Entity):
    """What somebody said they need the name for of a person who may have been under 18."""

    __tablename__ = "name_reason"
    record_label = N_("Why a hidden name was shown")
    __table_args__ = (Index("ix_name_reason_person", "person_id", "shown_at"),)

    person_id: Mapped[int] = technical(ForeignKey("person.id"))
    reason: Mapped[str] = field(N_("What the name is needed for"), codelist="name_reason")
    shown_to_id: Mapped[int] = field(N_("Shown to"), ForeignKey("user_account.id"))
    shown_at: Mapped[datetime] = field(N_("Shown"))


class PersonCategory(Base):
    """One kind of defender that a person is."""

    __tablename__ = "person_category"
    record_label = N_("What a person defends")

    person_id: Mapped[int] = technical(ForeignKey("person.id"), primary_key=True)
    category: Mapped[str] = field(
        N_("Category"),
        primary_key=True,
        codelist="defender_category",
        why="the kind of defender, for figures",
    )


class PersonScope(Scoped, Base):
    """A person named in a case, by the letter that stands for them there."""

    __tablename__ = "person_scope"
    record_label = N_("Person in a case")
    __table_args__ = (Index("ix_person_scope_scope", "scope_id", "person_id"),)

    person_id: Mapped[int] = technical(ForeignKey("person.id"), primary_key=True)
    scope_id: Mapped[int] = technical(ForeignKey("scope.id"), primary_key=True)
    letter: Mapped[str] = field(N_("Letter"), String(4), why="stands for the person in lists")
    is_told: Mapped[bool] = unsaid(default=True, why="whether something that was sent names them")
    """Whether something that was sent names the person, and not only drafts."""

    @classmethod
    def told_to(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that it is not only somebody else’s draft that names them."""
        own = select(PersonScopeDraft.author_id).where(
            PersonScopeDraft.person_id == cls.person_id,
            PersonScopeDraft.scope_id == cls.scope_id,
            PersonScopeDraft.author_id == user_id,
        )
        return or_(cls.is_told, own.exists())


class PersonScopeDraft(Base):
    """One author whose draft named a person in a case before anything that was sent did."""

    __tablename__ = "person_scope_draft"
    record_label = N_("Draft that names a person")
    __table_args__ = (
        ForeignKeyConstraint(
            ["person_id", "scope_id"], ["person_scope.person_id", "person_scope.scope_id"]
        ),
    )

    person_id: Mapped[int] = technical(primary_key=True)
    scope_id: Mapped[int] = technical(primary_key=True)
    author_id: Mapped[int] = technical(ForeignKey("user_account.id"), primary_key=True)


class Contact(Scoped, SealedRow):
    """A way to reach a person, and how to do it safely; seen only through its case."""

    __tablename__ = "contact"
    record_label = N_("Way to reach a person")

    person_id: Mapped[int] = technical(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = field(N_("Kind"), codelist="contact_kind")
    value = Sealed(Grade.IDENTITY, N_("Number or address"))
    hours = Sealed(Grade.NARRATIVE, N_("Hours"))
    name_to_use = Sealed(Grade.IDENTITY, N_("Name to use"))
    code_word = Sealed(Grade.IDENTITY, N_("Code word"))
    who_may_answer = Sealed(Grade.IDENTITY, N_("Who may answer"))
    never = Sealed(Grade.NARRATIVE, N_("Never"))
    checked_on: Mapped[date | None] = field(N_("Checked on"))
    recorded_by_id: Mapped[int] = field(N_("Recorded by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))
    version: Mapped[int] = technical()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it

    @classmethod
    def told_to(cls, user_id: int) -> ColumnElement[bool]:
        """Return the condition that it is not only somebody else’s draft that names them there."""
        named = select(PersonScope.person_id).where(
            PersonScope.person_id == cls.person_id,
            PersonScope.scope_id == cls.scope_id,
            PersonScope.told_to(user_id),
        )
        return named.exists()


class ConsentPurpose(StrEnum):
    """What somebody is asked about."""

    AUTHORITIES = "authorities"
    """Whether their name may be read to a prosecutor or a judge."""


class ConsentAnswer(StrEnum):
    """What was said. Who was not asked has no statement: silence is never a yes."""

    YES = "yes"
    NO = "no"


class ConsentGiver(StrEnum):
    """Who gave the answer: the person, through a lawyer or to us, or somebody in their place."""

    PERSON = "person"
    LAWYER = "lawyer"
    FAMILY = "family"


OWN_WORD = frozenset({ConsentGiver.PERSON, ConsentGiver.LAWYER})
"""Who brings us the word of the very person."""


class ConsentStatement(Scoped, Entity):
    """One answer of a person, or of somebody for them, to one question; a later one is a new row.

    Which of several counts says `cases/consent.py`.
    """

    __tablename__ = "consent_statement"
    record_label = N_("Answer of a person")
    __table_args__ = (
        CheckConstraint(one_of("purpose", ConsentPurpose), name="purpose_of_consent_is_known"),
        CheckConstraint(one_of("answer", ConsentAnswer), name="answer_is_yes_or_no"),
        CheckConstraint(one_of("given_by", ConsentGiver), name="who_gave_the_answer_is_known"),
        Index("ix_consent_statement_person", "person_id", "purpose", "id"),
    )

    person_id: Mapped[int] = field(N_("Person"), ForeignKey("person.id"))
    purpose: Mapped[str] = field(N_("Asked about"), String(16))
    answer: Mapped[str] = field(N_("Answer"), String(4), why="tells nothing of who they are")
    given_by: Mapped[str] = field(N_("Who answered"), String(8))
    given_on: Mapped[date] = field(N_("Answered on"))
    asked_by_id: Mapped[int] = field(N_("Asked by"), ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime] = field(N_("Recorded"))


class SearchCount(Base):
    """How often somebody looked for people in the last sixth of an hour with this number."""

    __tablename__ = "search_count"
    unaudited = "a count that is used again after an hour; each search is on the trail"

    user_id: Mapped[int] = technical(ForeignKey("user_account.id"), primary_key=True)
    part: Mapped[int] = technical(primary_key=True, autoincrement=False)
    began_at: Mapped[datetime] = unsaid()
    searches: Mapped[int] = unsaid()
