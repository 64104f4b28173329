"""From the window in which something happened to the one in which a period ends, step by step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hrdtracker.core.when.model import DAY, midnight
from hrdtracker.proceedings.counting.holidays import (
    NO_TABLE,
    HolidayTable,
    MovedDay,
    last_working,
    next_working,
    working_days_on,
)
from hrdtracker.proceedings.counting.kinds import KINDS
from hrdtracker.proceedings.counting.local import (
    clock_time,
    day_end,
    day_of,
    instant_at,
    is_clamped,
    turn_between,
)
from hrdtracker.proceedings.counting.model import (
    OF_INSTANTS,
    OF_WORKING_DAYS,
    SECOND,
    Counting,
    CountStep,
    HolidayRule,
    Length,
    StepKind,
    Window,
)


@dataclass(frozen=True)
class Period:
    """How long, counted how, where; `backwards` ends it before the event instead of after it."""

    length: Length
    counting: Counting
    zone: ZoneInfo
    holiday_rule: HolidayRule = HolidayRule.NONE
    table: HolidayTable = NO_TABLE
    backwards: bool = False

    def extended(self, by: Length) -> "Period":
        """Return it longer: what is added is counted from the same beginning."""
        return replace(self, length=self.length + by)


@dataclass(frozen=True)
class CountedEnd:
    """When a period ends.

    `window` is what to act by; `plain` the end before days off are looked at, and `moved` after.
    An act has `window` = `moved` only where its rule says that it rolls forward.
    """

    window: Window
    plain: Window
    moved: Window
    steps: tuple[CountStep, ...]


def count(period: Period, start: Window) -> CountedEnd:
    """Return when a period ends that began within `start`.

    A start known on one side only gives an end known on that side only.
    """
    if period.counting in OF_WORKING_DAYS:
        return _count_working_days(period, start)
    ends = [_end(period, instant) for instant in _candidates(start, period.zone)]
    plain = _spanned(start, ends)
    moved, unknown = _moved(period, plain)
    window = plain if period.holiday_rule is HolidayRule.UNKNOWN else moved
    steps = (*_start_steps(start), *_count_steps(period, start, plain, moved), *_unknown(unknown))
    return CountedEnd(window, plain, moved, steps)


def _count_working_days(period: Period, start: Window) -> CountedEnd:
    """Count working days; clear ones leave so many whole ones between, so one more is counted.

    Where the table does not know a year, its holidays could move the end without limit: that side
    stays open.
    """
    clear = period.counting is Counting.CLEAR_WORKING_DAYS
    days = (period.length.days + clear) * (-1 if period.backwards else 1)
    begins = [instant for instant in (start.earliest, start.latest) if instant]
    found = [working_days_on(day_of(at, period.zone), days, period.table) for at in begins]
    window = _spanned(start, [day_end(moved.day, period.zone) for moved in found])
    unknown = frozenset(year for moved in found for year in moved.unknown_years)
    if unknown and period.backwards:
        window = Window(None, window.latest)
    elif unknown:
        window = Window(window.earliest, None)
    counted = CountStep(StepKind.COUNTED, window, str(period.length))
    steps = (*_start_steps(start), counted, *_unknown(unknown))
    return CountedEnd(window, window, window, steps)


def _candidates(start: Window, zone: ZoneInfo) -> list[datetime]:
    """Return the instants of a window of which one gives the earliest end, and one the latest.

    Within one day a later start never ends earlier, unless clocks change in it; from one day to the
    next it can: 30 January 10:00 and 31 January 09:00 both end on 28 February.
    """
    if start.earliest is None or start.latest is None:
        return [instant for instant in (start.earliest, start.latest) if instant]
    found = [start.earliest, start.latest]
    first, last = day_of(start.earliest, zone), day_of(start.latest, zone)
    if first != last:
        found += [day_end(first, zone), midnight(first + DAY, zone)]
        found += [day_end(last - DAY, zone), midnight(last, zone)]
    inside = sorted(instant for instant in found if start.earliest <= instant <= start.latest)
    return [*inside, *_turns(inside, zone)]


def _turns(instants: list[datetime], zone: ZoneInfo) -> Iterator[datetime]:
    """Yield both sides of each change of the clock between neighbours on one day."""
    for before, after in pairwise(instants):
        turn = turn_between(before, after, zone) if after - before <= 2 * DAY else None
        if turn:
            yield from (turn - SECOND, turn)


def _end(period: Period, start: datetime) -> datetime:
    if period.backwards:
        return start - timedelta(days=period.length.days) - period.length.exact
    return KINDS[period.counting](start, period.length, period.zone)


Move = Callable[[date, HolidayTable], MovedDay]
MOVES: dict[HolidayRule, Move] = {
    HolidayRule.ROLL_FORWARD: next_working,
    HolidayRule.UNKNOWN: next_working,
    HolidayRule.RELEASE_BEFORE: last_working,
}


def _moved(period: Period, plain: Window) -> tuple[Window, frozenset[int]]:
    """Return the end moved off days off, and the years of which the table says nothing."""
    move = MOVES.get(period.holiday_rule)
    if move is None:
        return plain, frozenset()
    unknown: set[int] = set()
    ends = []
    for end in _ends_within(period, plain):
        day = day_of(end, period.zone)
        found = move(day, period.table)
        unknown |= found.unknown_years
        there = instant_at(found.day, clock_time(end, period.zone), period.zone)
        ends.append(end if found.day == day else there)
    return _spanned(plain, ends), frozenset(unknown)


def _ends_within(period: Period, plain: Window) -> Iterator[datetime]:
    """Yield the ends that may be the first or last once moved: of days, only their own clock time.

    What ends with a day ends at no other hour of the days between.
    """
    for end in _candidates(plain, period.zone):
        only = plain.earliest or plain.latest
        if period.counting in OF_INSTANTS or only is None:
            yield end
        else:
            day = day_of(end, period.zone)
            yield instant_at(day, clock_time(only, period.zone), period.zone)


def _spanned(start: Window, ends: list[datetime]) -> Window:
    return Window(
        min(ends) if start.earliest else None,
        max(ends) if start.latest else None,
    )


def _start_steps(start: Window) -> Iterator[CountStep]:
    yield CountStep(StepKind.STARTED, start)
    if not start.is_exact:
        yield CountStep(StepKind.HOUR_UNKNOWN, start)


def _count_steps(
    period: Period, start: Window, plain: Window, moved: Window
) -> Iterator[CountStep]:
    yield CountStep(StepKind.COUNTED, plain, str(period.length))
    if _may_clamp(period) and _clamps(period, start):
        yield CountStep(StepKind.CLAMPED, plain)
    if moved != plain:
        yield CountStep(MOVED_STEP[period.holiday_rule], moved)


MOVED_STEP = {
    HolidayRule.ROLL_FORWARD: StepKind.ROLLED_FORWARD,
    HolidayRule.UNKNOWN: StepKind.MIGHT_ROLL_FORWARD,
    HolidayRule.RELEASE_BEFORE: StepKind.RELEASED_BEFORE,
}


def _may_clamp(period: Period) -> bool:
    return period.length.months > (1 if period.counting is Counting.ART49_UNITS else 0)


def _clamps(period: Period, start: Window) -> bool:
    ends = [instant for instant in (start.earliest, start.latest) if instant]
    return any(is_clamped(day_of(instant, period.zone), period.length.months) for instant in ends)


def _unknown(years: frozenset[int]) -> Iterator[CountStep]:
    return (CountStep(StepKind.HOLIDAYS_UNKNOWN, None, str(year)) for year in sorted(years))


def lengthening(pause: Window, counting: Counting, zone: ZoneInfo) -> Length:
    """Return by how much a pause from `earliest` to `latest` lengthens what is counted so.

    A period of days gains the days that passed; one of instants the time. Raises `ValueError` for
    a pause that has not ended.
    """
    if pause.earliest is None or pause.latest is None:
        raise ValueError("A pause that goes on has no length yet.")
    if counting in OF_INSTANTS:
        return Length(exact=pause.latest - pause.earliest)
    days = day_of(pause.latest, zone) - day_of(pause.earliest, zone)
    return Length(days=days.days)
