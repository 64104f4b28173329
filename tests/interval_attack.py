"""Somebody who knows the rules and every number told, and works out what each cell can be.

A chain holds the numbers of people of one cell month by month, as sums up to each month: what is
told of some months bounds the difference of two such sums, so shortest paths give the narrowest
bounds. Chains that add up to another (grants to all grants, cells to a total) narrow each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations
from random import Random

from hrdtracker.core import suppression
from hrdtracker.core.suppression import CountTable, Region

MONTHS = 6
CODES: Mapping[str, Sequence[str]] = {"sex": ("F", "M"), "kind": ("a", "b", "c")}
LEFT_OUT = ""
MOST = 400
SMALL = range(suppression.LEAST)
FIRSTS = [date(2026, month, 1) for month in range(1, MONTHS + 2)]

Bounds = list[list[float]]
Key = tuple[str, str, str | None]
"""A table, a code, a grant; or None for all grants."""


@dataclass(frozen=True)
class World:
    """How many people of each code each grant helped in each month: [grant][table][code][month]."""

    people: Mapping[str, Mapping[str, Mapping[str, Sequence[int]]]]

    def count(self, key: Key, first: int, last: int) -> int:
        """Return how many people of a cell there are from a month up to before another."""
        table, code, grant = key
        grants = self.people if grant is None else (grant,)
        return sum(sum(self.people[one][table][code][first:last]) for one in grants)


@dataclass(frozen=True)
class Told:
    """What was told of some grant and months."""

    grant: str | None
    first: int
    last: int
    tables: Sequence[CountTable]


def some_world(random: Random, grants: int) -> World:
    """Return people at random: each has a sex and a kind, or is left out of that table."""
    people: dict[str, dict[str, dict[str, list[int]]]] = {}
    for grant in "GHI"[:grants]:
        codes = {table: (*known, LEFT_OUT) for table, known in CODES.items()}
        people[grant] = {
            table: {code: [0] * MONTHS for code in known} for table, known in codes.items()
        }
        often = {
            table: [random.choice((0, 1, 1, 6)) + 0.1 for _ in codes[table]] for table in codes
        }
        for month in range(MONTHS):
            for _ in range(random.randint(0, 8)):
                for table, known in codes.items():
                    (code,) = random.choices(known, often[table])
                    people[grant][table][code][month] += 1
    return World(people)


def release_all(random: Random, world: World, tries: int) -> list[Told]:
    """Ask for reports at random, and return what the rules let go out."""
    released: dict[Region, Told] = {}
    for _ in range(tries):
        first = random.randint(0, MONTHS - 1)
        last = random.randint(first + 1, MONTHS)
        grant = random.choice([*world.people, None])
        region = Region(grant, FIRSTS[first], FIRSTS[last] - timedelta(days=1))
        if region in released or suppression.crossing(region, released):
            continue
        tables = [
            suppression.tabulate(
                table,
                {
                    code: world.count((table, code, grant), first, last)
                    for code in (*codes, LEFT_OUT)
                },
                (*codes, LEFT_OUT),
            )
            for table, codes in CODES.items()
        ]
        helped = sum(world.count(("sex", code, grant), first, last) for code in (*CODES["sex"], ""))
        months = suppression.months_of(region.since, region.until)
        if not suppression.too_few(helped) and not suppression.too_short(tables, months):
            released[region] = Told(grant, first, last, tables)
    return list(released.values())


def narrowed(world: World, told: Iterable[Told]) -> list[tuple[Key, int, int]]:
    """Return the cells below five, over any months, for which not each of 0 to 4 is possible."""
    attack = _Attack(sorted(world.people), list(told))
    attack.work_out()
    return [
        (key, first, last)
        for key, bounds in attack.cells()
        for first, last in combinations(range(MONTHS + 1), 2)
        if world.count(key, first, last) in SMALL
        and not (-bounds[last][first] <= 0 and bounds[first][last] >= SMALL[-1])
    ]


def possible(shown: int | None) -> tuple[int, int]:
    """Return between what a number lies that is told so."""
    return _ranges(suppression.published)[shown]


@lru_cache(maxsize=8)
def _ranges(rule: object) -> dict[int | None, tuple[int, int]]:
    ranges: dict[int | None, tuple[int, int]] = {}
    for count in range(MOST):
        shown = suppression.published(count)
        ranges[shown] = (ranges.get(shown, (count, 0))[0], count)
    return ranges


class _Attack:
    """Bounds on every chain, narrowed until nothing more follows."""

    def __init__(self, grants: Sequence[str], told: Sequence[Told]) -> None:
        self.grants = grants
        self.told = told
        self.chains: dict[Key, Bounds] = {}
        self.sums: list[tuple[Key, list[Key], bool]] = []
        """A chain, those that add up to it, and whether they leave nobody out."""
        self._open_chains()
        self._read()

    def cells(self) -> Iterable[tuple[Key, Bounds]]:
        """Return the chains of cells: what the tables show."""
        return [item for item in self.chains.items() if item[0][1] in CODES.get(item[0][0], ())]

    def work_out(self) -> None:
        """Narrow chains along themselves and by one another."""
        changed = set(self.chains)
        for _ in range(4):
            for key in changed:
                _shortest(self.chains[key])
            changed = set()
            for whole, parts, complete in self.sums:
                changed |= self._narrow(whole, parts, complete=complete)
            if not changed:
                return

    def _open_chains(self) -> None:
        scopes = (*self.grants, None)
        keys = [
            (table, code, scope)
            for table, codes in {**CODES, "": ("",)}.items()
            for code in (*codes, LEFT_OUT, "all")
            for scope in scopes
        ]
        self.chains = {key: _nothing_known() for key in keys}
        for table, code, _ in {(table, code, None) for table, code, _ in keys}:
            parts: list[Key] = [(table, code, grant) for grant in self.grants]
            self.sums.append(((table, code, None), parts, True))
        for scope in scopes:
            for table, codes in CODES.items():
                shown: list[Key] = [(table, code, scope) for code in codes]
                self.sums.append(((table, "all", scope), shown, True))
                rest: Key = (table, LEFT_OUT, scope)
                self.sums.append((("", "", scope), [*shown, rest], True))

    def _read(self) -> None:
        for release in self.told:
            where = release.grant, release.first, release.last
            for table in release.tables:
                for code, shown in table.cells.items():
                    self._bound((table.name, code), where, possible(shown))
                if table.about != sum(shown or 0 for shown in table.cells.values()):
                    self._bound((table.name, "all"), where, possible(table.about or None))

    def _bound(
        self, cell: tuple[str, str], where: tuple[str | None, int, int], between: tuple[int, int]
    ) -> None:
        grant, first, last = where
        bounds = self.chains[(*cell, grant)]
        bounds[first][last] = min(bounds[first][last], between[1])
        bounds[last][first] = min(bounds[last][first], -between[0])

    def _narrow(self, whole: Key, parts: Sequence[Key], *, complete: bool) -> set[Key]:
        changed: set[Key] = set()
        top, below = self.chains[whole], [self.chains[part] for part in parts]
        for first, last in combinations(range(MONTHS + 1), 2):
            for up, down in ((first, last), (last, first)):
                total = sum(bounds[up][down] for bounds in below)
                if complete and total < top[up][down]:
                    top[up][down] = total
                    changed.add(whole)
                others = sum(bounds[down][up] for bounds in below)
                for part, bounds in zip(parts, below, strict=True):
                    most = top[up][down] + others - bounds[down][up]
                    if most < bounds[up][down]:
                        bounds[up][down] = most
                        changed.add(part)
        return changed


def _nothing_known() -> Bounds:
    """Return the bounds of a chain of which nobody told anything: it never falls."""
    endless = float("inf")
    return [
        [0.0 if after <= before else endless for after in range(MONTHS + 1)]
        for before in range(MONTHS + 1)
    ]


def _shortest(bounds: Bounds) -> None:
    """Narrow a chain by all that is known of it."""
    for middle in range(MONTHS + 1):
        on = bounds[middle]
        for row in bounds:
            to = row[middle]
            if to != float("inf"):
                row[:] = [min(direct, to + step) for direct, step in zip(row, on, strict=True)]
