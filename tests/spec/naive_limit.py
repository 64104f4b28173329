"""A second, slow reading of the limits themselves: what happened is told in its order.

It knows Cambodia only, and only what is known to the minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from tests.spec.naive_clock import DAY, day_months_later

CUSTODY_HOURS = {
    ("14-15", "felony"): 36,
    ("14-15", "misdemeanour"): 24,
    ("16-17", "felony"): 48,
    ("16-17", "misdemeanour"): 36,
    ("18+", "felony"): 48,
    ("18+", "misdemeanour"): 48,
}
DETENTION_MONTHS = {
    ("14-15", "felony"): 4,
    ("14-15", "misdemeanour"): 2,
    ("16-17", "felony"): 6,
    ("16-17", "misdemeanour"): 4,
    ("18+", "felony"): 6,
    ("18+", "misdemeanour"): 4,
    ("18+", "gravest"): 12,
}
LONGER = {"felony": (6, 2), "misdemeanour": (2, 1), "gravest": (12, 2)}
"""By how many months an adult’s detention is extended, and how often."""
LIMITATION_YEARS = {"felony": 15, "misdemeanour": 5, "petty": 1}


@dataclass(frozen=True)
class Told:
    """One thing on the wall: an order that extends, in writing or not, or a new class."""

    at: datetime
    new_class: str | None = None
    in_writing: bool = True


@dataclass(frozen=True)
class Held:
    """Somebody held: since when, of which age, for a charge of which class, and what came then."""

    since: datetime
    band: str
    offence_class: str
    then: Sequence[Told] = ()

    @property
    def severity(self) -> str:
        """Return the class that custody, and the detention of a minor, looks at."""
        return "felony" if self.offence_class == "gravest" else self.offence_class


def custody_due(held: Held) -> datetime:
    """Return when they must leave the police."""
    due, extended = _custody_base(held), False
    for event in sorted(held.then, key=lambda told: told.at):
        if event.at >= due:
            break
        if event.new_class:
            held = replace(held, offence_class=event.new_class)
            still = extended and held.severity == "felony"
            extended = still
            due = due if still else max(_custody_base(held), event.at)
        elif held.band == "18+" and held.severity == "felony" and event.in_writing and not extended:
            due, extended = held.since + timedelta(hours=72), True
    return due


def _custody_base(held: Held) -> datetime:
    return held.since + timedelta(hours=CUSTODY_HOURS[held.band, held.severity])


def detention_due(held: Held) -> datetime:
    """Return when a judge must let them go."""
    due, extensions = _months_on(held.since, _detention_base(held)), 0
    for event in sorted(held.then, key=lambda told: told.at):
        if event.at >= due:
            break
        if event.new_class and event.new_class != held.offence_class:
            held, extensions = replace(held, offence_class=event.new_class), 0
            due = max(_months_on(held.since, _detention_base(held)), event.at)
        elif not event.new_class and held.band == "18+":
            by, times = LONGER[held.offence_class]
            extensions = min(extensions + 1, times)
            due = _months_on(held.since, _detention_base(held) + by * extensions)
    return due


def _detention_base(held: Held) -> int:
    offence_class = held.offence_class if held.band == "18+" else held.severity
    return DETENTION_MONTHS[held.band, offence_class]


def _months_on(at: datetime, months: int) -> datetime:
    return datetime.combine(day_months_later(at.date(), months), at.timetz())


def last_day_to_prosecute(offence: date, offence_class: str, acts: Sequence[date]) -> date:
    """Return the last day on which an offence may be prosecuted, act after act."""
    months = 12 * LIMITATION_YEARS[offence_class]
    last = day_months_later(offence, months)
    for act in sorted(acts):
        if offence <= act <= last:
            last = day_months_later(act, months)
    return last


def day_of_release(since: datetime, months: int, credited: int, off: Sequence[date]) -> datetime:
    """Return when a sentence of so many months ends: on no day off, and not before it began."""
    end = since.date() + 30 * DAY if months == 1 else day_months_later(since.date(), months)
    end -= credited * DAY
    while end.weekday() in {5, 6} or end in off:
        end -= DAY
    return max(datetime.combine(end, since.timetz()), since)


def days_held(spells: Sequence[tuple[date, date]], until: date) -> int:
    """Tick each day on the wall on which somebody was held, and count the ticks."""
    ticked: set[date] = set()
    for first, after in spells:
        day = first
        while day < min(after, until):
            ticked.add(day)
            day += DAY
    return len(ticked)


def last_day_to_appeal(
    pronounced: date, notified: date | None, *, present: bool | None, told: bool
) -> date | None:
    """Return the last day of the month in which somebody may appeal; None while it has not begun.

    Who is not known to have been absent was present: that ends earlier. `told` if somebody said
    whether they were notified.
    """
    if present is None or present:
        return day_months_later(pronounced, 1)
    if notified is None:
        return None if told else day_months_later(pronounced, 1)
    return day_months_later(notified, 1)
