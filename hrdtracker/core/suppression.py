"""How numbers of people are told to outsiders, so that nobody is told by any of them.

**The property.** Let somebody know these rules and every number ever told. Take any cell of any
table, over any months and grants for which a number was told or follows from what was told. If its
true count is 0, 1, 2, 3 or 4, then each of 0, 1, 2, 3 and 4 is still possible for them.

**Why it holds.**

1. `published` is a function of the exact count alone, and the same for 0 to 4.
2. A table has no total of its own. What stands under it, `about`, is the sum of the numbers above,
   so it tells nothing that they do not. A total rounded by itself would: beside a total of 5
   (5 to 7 people) and a cell of 5, the other cell is at most 2; two cells below five with a total
   of 10 (8 to 12) are both 4.
3. Every table leaves people out: of whom it is not known, and whatever is "other" (`REST`). How
   many is told nowhere. So no two tables of the same people can be set against each other.
4. All codes of a list stand in a table, whether anybody has them or not.
5. What is told of some grants and months is told once: any two regions are the same or have nothing
   in common (`crossing`), and the same region has the numbers that were told first. So no number is
   a part of another, and no difference of two is a number of people.
6. Whether something is refused hangs on what was told before, or is seen by nobody outside.

`tests/spec/test_suppression.py` attacks it. Numbers for colleagues who may see the records behind
them are not of this module: they are told as they are, and marked confidential.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LEAST = 5
"""Below this nothing is told, and to a multiple of this everything is rounded."""
QUARTER = 3
"""How many whole months tables of people are about at least, unless all cells are large."""
REST = frozenset({"", "other", "unknown"})
"""What no table shows: not known, and what falls under nothing else."""


@dataclass(frozen=True)
class CountTable:
    """One table of people or requests as outsiders see it: for each code a number, or too few."""

    name: str
    cells: Mapping[str, int | None]

    @property
    def about(self) -> int:
        """Return what the numbers of the table come to: what is left out is not in it."""
        return sum(count or 0 for count in self.cells.values())

    @property
    def all_large(self) -> bool:
        """Tell whether no cell is too small to be told."""
        return None not in self.cells.values()


@dataclass(frozen=True)
class Region:
    """What a report is about: one scope (a grant), or all of them, from a day to a day."""

    scope: Hashable | None
    since: date
    until: date

    def crosses(self, other: "Region") -> bool:
        """Tell whether both are in part about the same, and not about the very same."""
        about_both = self.scope == other.scope or self.scope is None or other.scope is None
        days = self.since <= other.until and other.since <= self.until
        return about_both and days and self != other


def published(count: int) -> int | None:
    """Return a number of people as it may be told; None where they are too few."""
    return None if count < LEAST else (count + LEAST // 2) // LEAST * LEAST


def tabulate(name: str, counts: Mapping[str, int], codes: Iterable[str]) -> CountTable:
    """Return the table of a list: each of its codes, none because somebody has it."""
    told = {code: published(counts.get(code, 0)) for code in codes if code not in REST}
    return CountTable(name, told)


def too_few(people: int) -> bool:
    """Tell whether so few were helped that only money is told."""
    return people < LEAST


def too_short(tables: Sequence[CountTable], months: int) -> bool:
    """Tell whether tables are about too short a time to be told."""
    return months < QUARTER and not all(table.all_large for table in tables)


def months_of(since: date, until: date) -> int:
    """Return how many whole months lie between two days; 0 where they are no whole months."""
    after = until + timedelta(days=1)
    if since.day != 1 or after.day != 1:
        return 0
    return max(0, (after.year - since.year) * 12 + after.month - since.month)


def crossing(region: Region, earlier: Iterable[Region]) -> Region | None:
    """Return an earlier region that a new one may not be told beside; None where there is none."""
    return next((told for told in earlier if region.crosses(told)), None)
