"""Nobody is told by numbers: one table, many tables, and all reports there ever were, attacked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

import pytest

from hrdtracker.core import suppression
from hrdtracker.core.suppression import CountTable, Region
from tests.interval_attack import CODES, narrowed, release_all, some_world

LARGE = 5
REPORTS, MANY = 300, 10_000
TRIES = 14


def test_fewer_than_five_are_never_told_apart_from_nobody() -> None:
    assert [suppression.published(count) for count in range(LARGE)] == [None] * LARGE


@pytest.mark.parametrize(
    ("count", "shown"), [(5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1_000, 1_000)]
)
def test_what_is_told_is_the_nearest_multiple_of_five(count: int, shown: int) -> None:
    assert suppression.published(count) == shown


def test_every_code_stands_in_a_table_and_what_is_not_known_in_none() -> None:
    table = suppression.tabulate("kind", {"a": 7, "other": 9, "": 30}, ["a", "b", "other"])
    assert table.cells == {"a": 5, "b": None}
    assert table.about == 5


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2026, 1, 1), date(2026, 3, 31), 3),
        (date(2026, 2, 1), date(2026, 2, 28), 1),
        (date(2025, 11, 1), date(2026, 1, 31), 3),
        (date(2026, 1, 2), date(2026, 3, 31), 0),
        (date(2026, 1, 1), date(2026, 3, 30), 0),
    ],
)
def test_only_whole_months_are_months(since: date, until: date, months: int) -> None:
    assert suppression.months_of(since, until) == months


def test_less_than_a_quarter_is_told_where_all_cells_are_large() -> None:
    large, small = CountTable("sex", {"F": 10, "M": 5}), CountTable("sex", {"F": 10, "M": None})
    assert [suppression.too_short([large], 1), suppression.too_short([small], 1)] == [False, True]
    assert not suppression.too_short([small], 3)


FIRST = Region("G", date(2026, 1, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("other", "hinders"),
    [
        (FIRST, None),
        (Region("H", date(2026, 1, 1), date(2026, 3, 31)), None),
        (Region("G", date(2026, 4, 1), date(2026, 6, 30)), None),
        (Region("G", date(2026, 3, 1), date(2026, 5, 31)), FIRST),
        (Region("G", date(2026, 1, 1), date(2026, 6, 30)), FIRST),
        (Region(None, date(2026, 1, 1), date(2026, 3, 31)), FIRST),
        (Region(None, date(2026, 4, 1), date(2026, 6, 30)), None),
    ],
)
def test_two_reports_are_about_the_same_or_have_nothing_in_common(
    other: Region, hinders: Region | None
) -> None:
    assert suppression.crossing(other, [FIRST]) == hinders
    assert suppression.crossing(FIRST, [other]) == (other if hinders else None)


# The attack --------------------------------------------------------------------------------------


def _first_success(worlds: int, seed: int = 1) -> object:
    """Return what the attack finds first over random worlds and reports; None where nothing."""
    for number in range(worlds):
        random = Random(f"{seed}:{number}")
        world = some_world(random, random.randint(1, 3))
        cells = narrowed(world, release_all(random, world, TRIES))
        if cells:
            return number, cells[0]
    return None


def test_no_report_and_no_successor_narrows_a_cell_below_five() -> None:
    assert _first_success(REPORTS) is None


@pytest.mark.deep
def test_no_report_of_very_many_narrows_a_cell_below_five() -> None:
    assert _first_success(MANY, seed=2) is None


def test_there_is_something_to_attack() -> None:
    random = Random(3)
    worlds = [some_world(random, 2) for _ in range(20)]
    told = [release for world in worlds for release in release_all(random, world, TRIES)]
    shown = {cell for release in told for table in release.tables for cell in table.cells.values()}
    assert len(told) > len(worlds)
    assert {None, 5, 10} <= shown


@dataclass(frozen=True)
class _WithTotal(CountTable):
    total: int = 0

    @property
    def about(self) -> int:
        return suppression.published(self.total) or 0


def _rounded_totals(name: str, counts: Mapping[str, int], codes: Iterable[str]) -> CountTable:
    cells = {code: suppression.published(counts.get(code, 0)) for code in codes if code}
    return _WithTotal(name, cells, sum(counts[code] for code in cells))


def _nobody_left_out(name: str, counts: Mapping[str, int], codes: Iterable[str]) -> CountTable:
    return CountTable(name, {code: suppression.published(counts.get(code, 0)) for code in codes})


def _nearest(count: int) -> int | None:
    return (count + 2) // 5 * 5


def _nobody_apart(count: int) -> int | None:
    return count and (None if count < LARGE else (count + 2) // 5 * 5)


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("published", _nearest),
        ("published", _nobody_apart),
        ("tabulate", _rounded_totals),
        ("tabulate", _nobody_left_out),
        ("crossing", lambda _region, _earlier: None),
    ],
    ids=["no floor", "nobody told apart", "own totals", "nobody left out", "no register"],
)
def test_the_attack_succeeds_once_a_rule_is_taken_away(
    name: str, broken: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suppression, name, broken)
    assert _first_success(REPORTS) is not None


# Every world there is, where it is small ----------------------------------------------------------


def test_in_a_small_world_each_of_nobody_to_four_is_possible_whatever_was_told() -> None:
    """Two tables of the same people: of whatever is told, every world that fits is looked at."""
    fits: dict[object, set[int]] = {}
    looked_at: set[object] = set()
    for people in range(25):
        tables: dict[object, set[int]] = {}
        for one in range(people + 1):
            for two in range(people - one + 1):
                counts = {"a": one, "b": two, "": people - one - two}
                table = suppression.tabulate("", counts, ["a", "b"])
                tables.setdefault((*table.cells.values(), table.about), set()).add(one)
        for told, ones in tables.items():
            for other in tables:
                fits.setdefault((told, other), set()).update(ones)
                if people <= 12 and min(ones) < LARGE:
                    looked_at.add((told, other))
    assert len(looked_at) > len(CODES)
    assert [told for told in looked_at if not set(range(LARGE)) <= fits[told]] == []
