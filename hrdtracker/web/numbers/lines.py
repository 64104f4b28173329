"""Charges as bars and as a table over time: under which article, in which area of work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hrdtracker.insight.courts.charged import IN_WORDS, ChargeFigures, ChargeRow, in_time
from hrdtracker.insight.courts.counting import WITHOUT_AREA, how_many
from hrdtracker.web.numbers.choosing import (
    ARTICLE,
    Figure,
    chosen_of,
    opens,
)
from hrdtracker.web.numbers.times import TimeColumn, columns_of
from hrdtracker.web.shell.filters import FilterBar
from hrdtracker.web.words.numbers import say_area, say_article, say_charged

PERCENT = 100


@dataclass(frozen=True)
class Cell:
    """A number of a table, and the address of those whom it counts; empty where it is nobody."""

    people: int
    url: str


@dataclass(frozen=True)
class NumberLine:
    """One line: what, how many people, the whole sentence, how long its bar is, each time."""

    what: str
    people: int
    said: str
    url: str
    percent: float
    is_unknown: bool
    cells: Sequence[Cell]


@dataclass(frozen=True)
class ChargeTable:
    """Charges by something: a line each, and the times over which they are spread."""

    lines: Sequence[NumberLine]
    columns: Sequence[str]


def by_article(figures: ChargeFigures, bar: FilterBar) -> ChargeTable:
    """Return under which articles people were charged, and when."""
    return _table(figures, bar, figures.by_article(), ARTICLE, say_article)


def by_area(figures: ChargeFigures, bar: FilterBar) -> ChargeTable:
    """Return in which areas of work people were charged, and when."""
    return _table(figures, bar, figures.by_area(), "area", say_area)


@dataclass(frozen=True)
class _Grid:
    """What all lines of a table have in common: filters, what a line is by, its longest, times."""

    bar: FilterBar
    by: str
    most: int
    columns: Sequence[TimeColumn]

    def line(self, code: str, what: str, rows: Sequence[ChargeRow]) -> NumberLine:
        """Return the line of a code."""
        people = how_many(rows)
        return NumberLine(
            what,
            people,
            say_charged(what, people),
            opens(self.bar, Figure.CHARGED, **{self.by: code}),
            round(PERCENT * people / self.most, 1),
            code in {IN_WORDS, WITHOUT_AREA},
            [self._cell(code, rows, column) for column in self.columns],
        )

    def _cell(self, code: str, rows: Sequence[ChargeRow], column: TimeColumn) -> Cell:
        people = how_many(in_time(rows, column.start, column.end))
        days = {"from": column.first.isoformat(), "to": column.last.isoformat()}
        url = opens(self.bar, Figure.CHARGED, **{self.by: code}, **days) if people else ""
        return Cell(people, url)


def _table(
    figures: ChargeFigures,
    bar: FilterBar,
    parts: Mapping[str, Sequence[ChargeRow]],
    by: str,
    say: Callable[[str], str],
) -> ChargeTable:
    most = max((how_many(rows) for rows in parts.values()), default=1)
    grid = _Grid(bar, by, most, columns_of(figures.rows, chosen_of(bar)))
    lines = [grid.line(code, say(code), rows) for code, rows in parts.items()]
    return ChargeTable(lines, [column.label for column in grid.columns])
