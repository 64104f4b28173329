"""How old somebody may have been on a day, from everything that is said of their age."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hrdtracker.core.errors import N_
from hrdtracker.core.text import check, unfit
from hrdtracker.core.when.model import DAY, IN_FUTURE
from hrdtracker.people.drafts import AGE_MOST, LINE_MOST, Birth, latest_day, wrong_birth

GROWN_UP = 18
"""From this birthday on nobody is a minor (Convention on the Rights of the Child, art. 1)."""
NO_RANGE = N_("Write an age from 0 to 120, or two: “16”, “15-17”.")


class WhyMasked(StrEnum):
    """Why the name of somebody is hidden from whoever does not say what it is needed for."""

    SAID = "said"
    """Everything that counts says that they may have been under 18."""
    DISPUTED = "disputed"
    """Something says so, and something else does not."""
    UNKNOWN = "unknown"
    """Nothing is known of their age."""


@dataclass(frozen=True)
class Born:
    """The days on which somebody may have been born, by one thing that was said of it.

    `is_proven` is what a document of birth or identity shows.
    """

    first: date
    last: date
    is_proven: bool = False

    @classmethod
    def of_birth(cls, birth: Birth, *, is_proven: bool = False) -> "Born":
        """Return the days of a birth that is known by its day, month or year."""
        if birth.day is not None:
            return cls(birth.first, birth.first, is_proven)
        following = (
            date(birth.year + 1, 1, 1)
            if birth.month in {None, 12}
            else date(birth.year, (birth.month or 0) + 1, 1)
        )
        return cls(birth.first, following - DAY, is_proven)

    @classmethod
    def of_age(cls, least: int, most: int, day: date, *, is_proven: bool = False) -> "Born":
        """Return the days of the birth of somebody who was `least` to `most` years old on `day`."""
        first = years_before(day, most + 1) + DAY
        return cls(first, years_before(day, least), is_proven)


@dataclass(frozen=True)
class SaidAge:
    """What was said of somebody’s age: a birth, or years from `least` to `most` on the day `on`."""

    birth: Birth | None = None
    least: int = 0
    most: int = 0
    on: date = date.min

    @classmethod
    def read(cls, kept: str) -> "SaidAge":
        """Return what `str` of a SaidAge wrote."""
        kind, *parts = kept.split()
        if kind == BORN:
            return cls(Birth.read(parts[0]))
        least, most = map(int, parts[0].split("-"))
        return cls(None, least, most, date.fromisoformat(parts[1]))

    def __str__(self) -> str:
        if self.birth is not None:
            return f"{BORN} {self.birth}"
        return f"{AGED} {self.least}-{self.most} {self.on.isoformat()}"

    def born(self, *, is_proven: bool = False) -> Born:
        """Return the days on which somebody was born of whom this is true."""
        if self.birth is not None:
            return Born.of_birth(self.birth, is_proven=is_proven)
        return Born.of_age(self.least, self.most, self.on, is_proven=is_proven)


BORN, AGED = "born", "aged"
"""How what is kept of a statement begins."""


@dataclass(frozen=True)
class AgeDraft:
    """What somebody says of a person’s age; `known_by` is a code of `age_evidence`."""

    said: SaidAge
    known_by: str
    note: str | None = None

    def __post_init__(self) -> None:
        reasons = unfit({"note": self.note}, LINE_MOST)
        if not self.known_by:
            reasons["known_by"] = N_("Say how the age is known.")
        if self.said.birth is None:
            if not 0 <= self.said.least <= self.said.most <= AGE_MOST:
                reasons["age"] = NO_RANGE
            if self.said.on > latest_day():
                reasons["age_on"] = IN_FUTURE
        else:
            reasons |= wrong_birth(self.said.birth)
        check(reasons)


def years_before(day: date, years: int) -> date:
    """Return the same day of an earlier year; of 29 February the day before where there is none."""
    if day.year - years < 1:
        return date.min
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def grown_up_on(born: date) -> date:
    """Return the first day on which somebody is surely 18.

    Of 29 February that is 1 March: whether the birthday is the day before is not settled.
    """
    try:
        return born.replace(year=born.year + GROWN_UP)
    except ValueError:
        return date(born.year + GROWN_UP, 3, 1)


def counted(said: Iterable[Born]) -> list[Born]:
    """Return what counts of what is said: where documents show an age they do, and nothing else."""
    every = list(said)
    return [born for born in every if born.is_proven] or every


def between(said: Iterable[Born]) -> Born | None:
    """Return the first and the last day of birth by all that counts; None where nothing is said."""
    counts = counted(said)
    if not counts:
        return None
    return Born(min(born.first for born in counts), max(born.last for born in counts))


def why_masked(said: Sequence[Born], day: date | None) -> WhyMasked | None:
    """Return why somebody may have been a minor on a day; None where they were not.

    `day` is the first on which what happened may have been, None where nothing happened to them.
    The youngest of what counts decides: whoever may have been under 18 is a minor until somebody
    knows better.
    """
    if day is None:
        return None
    counts = counted(said)
    if not counts:
        return WhyMasked.UNKNOWN
    young = [born for born in counts if day < grown_up_on(born.last)]
    if not young:
        return None
    return WhyMasked.SAID if len(young) == len(counts) else WhyMasked.DISPUTED
