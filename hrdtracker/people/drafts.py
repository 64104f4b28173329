"""What a channel hands over about a person or a group."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.people.lines import Sex
from hrdtracker.people.model import CountingUnit

NAME_MOST = 200
AGE_MOST = 120
COUNT_MOST = 1_000_000


@dataclass(frozen=True)
class NameDraft:
    """One name, as told, with its kind (a code of the list `name_kind`)."""

    name: str
    kind: str = "as_told"


@dataclass(frozen=True)
class PersonDraft:
    """A person or a group. No field is required: who is unknown is still somebody.

    `age` is in years, as of `age_on`; `categories` are codes of `defender_category`.
    """

    names: tuple[NameDraft, ...] = ()
    unit: CountingUnit = CountingUnit.PERSON
    sex: Sex | None = None
    age: int | None = None
    age_on: date | None = None
    birth_date: date | None = None
    head_count: int | None = None
    head_count_about: bool = False
    categories: frozenset[str] = frozenset()
    remarks: str | None = None

    def __post_init__(self) -> None:
        reasons: dict[str, Message | str] = {}
        if any(len(each.name) > NAME_MOST for each in self.names):
            reasons["names"] = N_("A name has at most 200 characters.")
        if self.age is not None and not 0 <= self.age <= AGE_MOST:
            reasons["age"] = N_("An age is a number from 0 to 120.")
        if self.head_count is not None and not 1 <= self.head_count <= COUNT_MOST:
            reasons["head_count"] = N_("How many people: a number from 1 to 1,000,000.")
        if self.head_count is not None and self.unit == CountingUnit.PERSON:
            reasons["head_count"] = N_("Only a group has a number of people.")
        if reasons:
            raise Refused(reasons)


@dataclass(frozen=True)
class Victim:
    """Somebody to whom it was done: known already (`known`), or described here."""

    known: UUID | None = None
    described: PersonDraft | None = None
