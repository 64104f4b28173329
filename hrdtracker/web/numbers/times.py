"""The columns of a table over time: quarters while there are few of them, else years."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext

from hrdtracker.core import clock
from hrdtracker.core.when.model import midnight, months_after
from hrdtracker.insight.courts.charged import ChargeRow
from hrdtracker.insight.courts.counting import CourtFilter
from hrdtracker.web.shell.context import number, zone

QUARTERS = 6
YEARS = 8
QUARTER, YEAR = 3, 12


@dataclass(frozen=True)
class TimeColumn:
    """One quarter or year, as much of it as was chosen: first and last day, and as instants."""

    label: str
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """When its first day begins."""
        return midnight(self.first, zone())

    @property
    def end(self) -> datetime:
        """When its last day has ended."""
        return midnight(self.last + timedelta(days=1), zone())


def columns_of(rows: Sequence[ChargeRow], chosen: CourtFilter) -> list[TimeColumn]:
    """Return the columns over which some charges are spread; of many years the latest."""
    days = [*_days(row.earliest for row in rows), *_days(_before(row.latest) for row in rows)]
    if not days:
        return []
    first, last = min(days), max(days)
    length = QUARTER if len(_starts(first, last, QUARTER)) <= QUARTERS else YEAR
    return [_column(start, length, chosen) for start in _starts(first, last, length)[-YEARS:]]


def _days(instants: Iterable[datetime | None]) -> list[date]:
    return [clock.day_of(at, zone()) for at in instants if at is not None]


def _before(at: datetime | None) -> datetime | None:
    """Return the last instant before another."""
    return at - timedelta(microseconds=1) if at else None


def _starts(first: date, last: date, length: int) -> list[date]:
    start = date(first.year, (first.month - 1) // length * length + 1, 1)
    starts = [start]
    while months_after(starts[-1], length) <= last:
        starts.append(months_after(starts[-1], length))
    return starts


def _column(start: date, length: int, chosen: CourtFilter) -> TimeColumn:
    last = months_after(start, length) - timedelta(days=1)
    year = number(str(start.year))
    label = year
    if length == QUARTER:
        label = gettext("Q%(quarter)s %(year)s", quarter=number(start.month // 3 + 1), year=year)
    if chosen.start:
        start = max(start, clock.day_of(chosen.start, zone()))
    if chosen.end:
        last = min(last, clock.day_of(chosen.end - timedelta(microseconds=1), zone()))
    return TimeColumn(str(label), start, last)
