"""How many people, families and groups some records of people stand for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from hrdtracker.people.model import CountingUnit, Person

SIZED = (
    Person.unit,
    Person.head_count,
    Person.head_count_about,
    Person.family_count,
    Person.family_count_about,
)
"""The columns that say how many a record stands for: a row of them is `Counted`."""


class Counted(Protocol):
    """A record of a person or a group, or the columns of one that say how many it stands for."""

    @property
    def unit(self) -> str: ...
    @property
    def head_count(self) -> int | None: ...
    @property
    def head_count_about(self) -> bool: ...
    @property
    def family_count(self) -> int | None: ...
    @property
    def family_count_about(self) -> bool: ...


@dataclass(frozen=True)
class Count:
    """A number, and whether it is an estimate."""

    number: int = 0
    is_about: bool = False

    def __add__(self, other: "Count") -> "Count":
        return Count(self.number + other.number, self.is_about or other.is_about)


NONE = Count()


@dataclass(frozen=True)
class Size:
    """How many some records stand for.

    `people` counts those who were not counted as families; `in_families` are the people of all
    `families`, NONE where those of some are not known; `groups` are groups of unknown size.
    """

    people: Count = NONE
    families: Count = NONE
    in_families: Count = NONE
    groups: int = 0

    def __add__(self, other: "Size") -> "Size":
        in_families = self.in_families + other.in_families
        for size in (self, other):
            if size.families.number and not size.in_families.number:
                in_families = NONE
        return Size(
            self.people + other.people,
            self.families + other.families,
            in_families,
            self.groups + other.groups,
        )


def size_of(records: Iterable[Counted]) -> Size:
    """Return how many these records stand for together."""
    return sum(map(_size, records), Size())


def _size(record: Counted) -> Size:
    if record.unit == CountingUnit.PERSON:
        return Size(people=Count(1))
    heads = Count(record.head_count or 0, record.head_count_about)
    if record.family_count:
        families = Count(record.family_count, record.family_count_about)
        return Size(families=families, in_families=heads)
    return Size(people=heads) if heads.number else Size(groups=1)
