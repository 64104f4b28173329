"""How old somebody may have been: from a birthday or a year of birth, or from what was said."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from hrdtracker.core.when.model import DAY, When, local_days
from hrdtracker.proceedings.counting.local import day_of
from hrdtracker.proceedings.counting.model import Window
from hrdtracker.proceedings.facts import AgeFacts, ProceedingFacts, StatedAge

FROM_FOURTEEN = (14, 16, 18)
"""One age of each band that can be charged; tried where nothing at all is known of an age."""


def ages_on(born: date, day: date) -> frozenset[int]:
    """Return how old somebody is on a day.

    Two ages only on 28 February of a common year for somebody born on 29 February: whether the
    birthday is that day or the next is not settled.
    """
    years = day.year - born.year
    reached = (day.month, day.day) >= (born.month, born.day)
    is_leap_birthday = (born.month, born.day) == (2, 29) and not isleap(day.year)
    if is_leap_birthday and (day.month, day.day) == (2, 28):
        return frozenset({years - 1, years})
    return frozenset({years if reached else years - 1})


def possible_ages(
    known: AgeFacts, offence: When | None, held: Window | None, zone: ZoneInfo
) -> Iterator[tuple[int, int]]:
    """Yield each age at the offence with each age when held that goes with it."""
    at_offence = _ages(known.at_offence, known.born, _days(offence))
    when_held = _ages(known.when_held, known.born, _days_of(held, zone))
    if not at_offence and not when_held:
        yield from ((age, age) for age in FROM_FOURTEEN)
    elif not at_offence or not when_held:
        yield from ((age, age) for age in sorted(at_offence or when_held))
    else:
        pairs = ((first, then) for first in sorted(at_offence) for then in sorted(when_held))
        yield from (pair for pair in pairs if pair[1] >= pair[0])


def youngest(facts: ProceedingFacts) -> int | None:
    """Return the least age somebody may have had at anything that happened; None if not known.

    Whoever may have been under 18 is a minor until somebody knows better.
    """
    known = facts.age
    found = [said.least for said in (known.at_offence, known.when_held) if said]
    for event in facts.events:
        found += _ages(None, known.born, _days(event.when))
    return min(found, default=None)


def is_guessed(known: AgeFacts) -> bool:
    """Tell whether nothing, or only an estimate, says how old somebody is."""
    said = [age for age in (known.at_offence, known.when_held) if age]
    if any(age.is_estimate for age in said):
        return True
    return not said and (known.born is None or not known.born.is_known)


def _ages(
    said: StatedAge | None, born: When | None, days: tuple[date, date] | None
) -> frozenset[int]:
    if said:
        return frozenset(range(said.least, said.most + 1))
    births = local_days(born) if born else None
    if births is None or days is None:
        return frozenset()
    first, after = births
    youngest = min(ages_on(after - DAY, days[0]))
    oldest = max(ages_on(first, days[1]))
    return frozenset(range(max(youngest, 0), max(oldest, 0) + 1))


def _days(when: When | None) -> tuple[date, date] | None:
    found = local_days(when) if when else None
    return (found[0], found[1] - DAY) if found else None


def _days_of(window: Window | None, zone: ZoneInfo) -> tuple[date, date] | None:
    if window is None or window.earliest is None:
        return None
    first = day_of(window.earliest, zone)
    return first, day_of(window.latest, zone) if window.latest else first
