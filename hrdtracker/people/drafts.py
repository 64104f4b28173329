"""What a channel hands over about a person or a group, and about how to reach them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from hrdtracker.core import clock
from hrdtracker.core.errors import N_
from hrdtracker.core.text import TEXT_MOST, Reasons, check, unfit, unkeepable
from hrdtracker.core.when.model import IN_FUTURE
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import CountingUnit

NAME_MOST = 200
NAMES_MOST = 20
NO_AGE = N_("An age is a number from 0 to 120.")
NO_COUNT = N_("How many people: a number from 1 to 1,000,000.")
NO_FAMILIES = N_("How many families: a number from 1 to 1,000,000.")
AGE_MOST = 120
COUNT_MOST = 1_000_000
LINE_MOST = 300
FARTHEST_EAST = ZoneInfo("Etc/GMT-14")
"""Where a day begins first: fourteen hours before UTC’s."""


def latest_day() -> date:
    """Return the day that has begun somewhere on earth; no day after it lies in the past."""
    return clock.today(FARTHEST_EAST)


@dataclass(frozen=True)
class NameDraft:
    """One name, as told, with its kind (a code of the list `name_kind`)."""

    name: str
    kind: str = "as_told"


@dataclass(frozen=True)
class Birth:
    """When somebody was born, as finely as it is known: a day, a month or a year."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what is no day of the calendar, with ValueError."""
        if self.day is not None and self.month is None:
            raise ValueError("A day without its month.")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def read(cls, kept: str | None) -> "Birth | None":
        """Return what `str` of a Birth wrote; None where nothing is known."""
        return cls(*map(int, kept.split("-"))) if kept else None

    @property
    def first(self) -> date:
        """The first day that it can have been."""
        return date(self.year, self.month or 1, self.day or 1)

    def __str__(self) -> str:
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)]
        return "-".join(parts)


def wrong_birth(birth: Birth) -> Reasons:
    """Return why nobody alive can have been born then."""
    if birth.first > latest_day():
        return {"birth": N_("Nobody is born in the future.")}
    if birth.year < latest_day().year - AGE_MOST - 1:
        return {"birth": N_("This is more than 120 years ago.")}
    return {}


@dataclass(frozen=True)
class PersonDraft:
    """A person or a group. No field is required: who is unknown is still somebody.

    `age` is in years, as of `age_on`; `categories` are codes of `defender_category`;
    `interpreter_language` is a code of `language`, where an interpreter is needed.
    """

    names: tuple[NameDraft, ...] = ()
    unit: CountingUnit = CountingUnit.PERSON
    sex: Sex | None = None
    age: int | None = None
    age_on: date | None = None
    birth: Birth | None = None
    head_count: int | None = None
    head_count_about: bool = False
    family_count: int | None = None
    family_count_about: bool = False
    categories: frozenset[str] = frozenset()
    interpreter_language: str | None = None
    remarks: str | None = None

    def __post_init__(self) -> None:
        names = [draft.name for draft in self.names]
        reasons = unkeepable({"names": "\n".join(names)})
        reasons |= unfit({"remarks": self.remarks}, TEXT_MOST)
        if any(len(name) > NAME_MOST for name in names):
            reasons["names"] = N_("A name has at most 200 characters.")
        if len(names) > NAMES_MOST:
            reasons["names"] = N_("At most 20 names are kept of one person.")
        reasons |= self._wrong_age() | self._wrong_count()
        check(reasons)

    def _wrong_age(self) -> Reasons:
        reasons: Reasons = {}
        if self.age is not None and not 0 <= self.age <= AGE_MOST:
            reasons["age"] = NO_AGE
        if self.age_on is not None and self.age_on > latest_day():
            reasons["age_on"] = IN_FUTURE
        if self.birth is not None:
            reasons |= wrong_birth(self.birth)
        if self.unit != CountingUnit.PERSON and self.age is not None:
            reasons["age"] = N_("Only one person has an age.")
        if self.unit != CountingUnit.PERSON and self.birth is not None:
            reasons["birth"] = N_("Only one person has a date of birth.")
        return reasons

    def _wrong_count(self) -> Reasons:
        reasons: Reasons = {}
        if self.head_count is not None and not 1 <= self.head_count <= COUNT_MOST:
            reasons["head_count"] = NO_COUNT
        if self.head_count is not None and self.unit == CountingUnit.PERSON:
            reasons["head_count"] = N_("Only a group has a number of people.")
        if self.family_count is not None and not 1 <= self.family_count <= COUNT_MOST:
            reasons["family_count"] = NO_FAMILIES
        if self.family_count is not None and self.unit == CountingUnit.PERSON:
            reasons["family_count"] = N_("Only a group has a number of families.")
        return reasons


@dataclass(frozen=True)
class Victim:
    """Somebody to whom it was done: known already (`known`), or described here."""

    known: UUID | None = None
    described: PersonDraft | None = None


@dataclass(frozen=True)
class ContactDraft:
    """A way to reach a person, and what keeps them safe; `kind` is a code of `contact_kind`."""

    kind: str
    value: str | None = None
    hours: str | None = None
    name_to_use: str | None = None
    code_word: str | None = None
    who_may_answer: str | None = None
    never: str | None = None
    checked_on: date | None = None

    def __post_init__(self) -> None:
        words = self.words()
        reasons = unfit(words, LINE_MOST)
        if not self.kind:
            reasons["kind"] = N_("Choose how they can be reached.")
        if not any(words.values()):
            reasons["value"] = N_("Write the number or address, or how they can be reached safely.")
        if self.checked_on is not None and self.checked_on > latest_day():
            reasons["checked_on"] = IN_FUTURE
        check(reasons)

    def words(self) -> dict[str, str | None]:
        """Return every text of the draft, by the column of Contact that keeps it."""
        return {
            "value": self.value,
            "hours": self.hours,
            "name_to_use": self.name_to_use,
            "code_word": self.code_word,
            "who_may_answer": self.who_may_answer,
            "never": self.never,
        }
