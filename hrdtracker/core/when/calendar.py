"""What somebody said of a day, and which days that can be."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hrdtracker.core.when.model import Precision
from hrdtracker.core.when.words import THIRDS_OF_MONTH, THIRDS_OF_YEAR

FIRST_YEAR, LAST_YEAR = 1900, 2100

# A year of the Buddhist era begins at Visak Bochea, a full moon between late April and late May;
# some count from the Khmer New Year in mid-April. So January to March of 2570 are in 2027, June to
# December in 2026, and of April and May one cannot know.
ERA_BEFORE, ERA_AFTER = 543, 544
ERA_TURNS_FROM, ERA_TURNS_UNTIL = 4, 5

# 29 February may be eight years back (1896 to 1904).
YEARS_BACK = 8


class NotADate(ValueError):
    """The words name no day that exists, or more than one reading of them stands."""


@dataclass(frozen=True)
class Span:
    """The days from `first` to `last`, both included."""

    first: date
    last: date
    precision: Precision


@dataclass(frozen=True)
class DateParts:
    """The parts of a date in words; None is what they leave out. `span` where today decides it."""

    year: int | None = None
    era: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    third: int | None = None
    span: Span | None = None

    @property
    def needs_year(self) -> bool:
        """Whether the year has to be found elsewhere."""
        return self.span is None and self.year is None and self.era is None


def one_day(day: date) -> Span:
    """Return the span of one day."""
    return Span(day, day, Precision.DAY)


def whole_month(year: int, month: int) -> Span:
    """Return the span of a month."""
    return Span(
        date(year, month, 1), date(year, month, monthrange(year, month)[1]), Precision.MONTH
    )


def recent_weekday(weekday: int, today: date, *, before: bool) -> Span:
    """Return the most recent such weekday: today counts, unless it must be `before` today."""
    start = today - timedelta(days=1) if before else today
    return one_day(start - timedelta(days=(start.weekday() - weekday) % 7))


def week_of(day: date) -> Span:
    """Return the week, Monday to Sunday, that holds `day`."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6), Precision.DAY)


def spans(dates: Sequence[DateParts], today: date) -> list[Span]:
    """Return the days of each thing said, completed from its neighbours ("12 to 14 March 2024").

    Without any year it is the most recent time not after today. Raises `NotADate`.
    """
    full = _with_months(dates)
    if any(parts.era for parts in full):
        return _in_the_era(full)
    days = _with_years(full, today)
    for parts, span in zip(full, days, strict=True):
        if parts.weekday is not None and parts.weekday != span.first.weekday():
            raise NotADate("The weekday is another one.")
    return days


def _with_months(dates: Sequence[DateParts]) -> list[DateParts]:
    """Give a bare day of the month the month before it in the sentence, else the one after."""
    full: list[DateParts] = []
    for place, parts in enumerate(dates):
        if parts.day is None or parts.month is not None:
            full.append(parts)
            continue
        near = [other.month for other in (*reversed(full), *dates[place + 1 :]) if other.month]
        if not near:
            raise NotADate("A day of which month?")
        full.append(replace(parts, month=near[0]))
    return full


def _with_years(dates: Sequence[DateParts], today: date) -> list[Span]:
    if not any(parts.needs_year for parts in dates):
        return [_span(parts) for parts in dates]
    years = [parts.year for parts in dates if parts.year]
    if years:
        return _rolled(dates, years[-1])
    for year in range(today.year + 1, today.year - YEARS_BACK - 1, -1):
        days = _rolled_or_none(dates, year)
        if days and days[0].first <= today:
            return days
    raise NotADate("No such day in living memory.")


def _rolled_or_none(dates: Sequence[DateParts], year: int) -> list[Span] | None:
    try:
        return _rolled(dates, year)
    except ValueError:
        return None


def _rolled(dates: Sequence[DateParts], year: int) -> list[Span]:
    """Give what lacks a year the nearest told year after it, else `year`.

    A later month told before an earlier one belongs to the year before: 30 December to 2 January.
    """
    found: list[Span] = []
    after: DateParts | None = None
    for parts in reversed(dates):
        span = _span(parts, year)
        if after and parts.needs_year and (parts.month or 0) > (after.month or 12):
            span = _span(parts, year - 1)
        year = parts.year or year
        found.insert(0, span)
        after = parts
    return found


def _span(parts: DateParts, year: int | None = None) -> Span:
    """Return the days of one thing said; raises `ValueError` where there is no such day."""
    if parts.span:
        return parts.span
    in_year = parts.year or year
    if in_year is None:
        raise NotADate("Of which year?")
    if parts.third is not None:
        return _third(in_year, parts.month, parts.third)
    if parts.month is None:
        return Span(date(in_year, 1, 1), date(in_year, 12, 31), Precision.YEAR)
    if parts.day is None:
        return whole_month(in_year, parts.month)
    return one_day(date(in_year, parts.month, parts.day))


def _third(year: int, month: int | None, third: int) -> Span:
    if month is None:
        start, end = THIRDS_OF_YEAR[third]
        return Span(date(year, start, 1), whole_month(year, end).last, Precision.ABOUT)
    start, end = THIRDS_OF_MONTH[third]
    last = whole_month(year, month).last
    return Span(
        date(year, month, start), min(last, last.replace(day=min(end, last.day))), Precision.ABOUT
    )


def _in_the_era(dates: Sequence[DateParts]) -> list[Span]:
    """Return spans told in the Buddhist era: one thing, or several days of one month."""
    eras = {parts.era for parts in dates if parts.era}
    months = {parts.month for parts in dates}
    if len(eras) > 1 or len(months) > 1 or any(parts.year or parts.span for parts in dates):
        raise NotADate("The Buddhist year does not settle these days.")
    era = max(eras)
    (month,) = months
    if month is None:
        return [_whole_era_year(parts, era) for parts in dates]
    years = _common_years(era, month)
    if len(dates) > 1 and len(years) > 1:
        raise NotADate("Between April and May the Buddhist year turns.")
    return [_in_one_of(parts, years) for parts in dates]


def _common_years(era: int, month: int) -> tuple[int, ...]:
    """Return the years of the Common Era in which that month can lie."""
    if month < ERA_TURNS_FROM:
        return (era - ERA_BEFORE,)
    if month > ERA_TURNS_UNTIL:
        return (era - ERA_AFTER,)
    return era - ERA_AFTER, era - ERA_BEFORE


def _whole_era_year(parts: DateParts, era: int) -> Span:
    """Return everything the Buddhist year can cover, the months in which it turns included."""
    if parts.third is not None:
        raise NotADate("Early in which of its two years?")
    first = date(era - ERA_AFTER, ERA_TURNS_FROM, 1)
    return Span(first, whole_month(era - ERA_BEFORE, ERA_TURNS_UNTIL).last, Precision.YEAR)


def _in_one_of(parts: DateParts, years: Sequence[int]) -> Span:
    """Return the span in the year that fits; where two do, all from the first to the second."""
    candidates = [_span(parts, year) for year in years]
    fitting = [span for span in candidates if parts.weekday in {None, span.first.weekday()}]
    if not fitting:
        raise NotADate("The weekday is another one.")
    if len(fitting) == 1:
        return fitting[0]
    return Span(fitting[0].first, fitting[-1].last, Precision.ABOUT)
