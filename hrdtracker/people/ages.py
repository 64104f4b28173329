"""How old somebody may have been on a day, from everything that is said of their age."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hrdtracker.people.drafts import Birth

GROWN_UP = 18
"""From this birthday on nobody is a minor (Convention on the Rights of the Child, art. 1)."""
DAY = timedelta(days=1)


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
