"""A date as people know it: to the minute, a day, a month, a year, about, or not at all."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from hrdtracker.core.errors import N_

IN_FUTURE = N_("This day lies in the future.")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LEAST = timedelta(microseconds=1)

# How far "about" reaches to each side of what was said.
ABOUT_A_MINUTE = timedelta(minutes=30)
ABOUT_A_DAY = timedelta(days=3)
ABOUT_A_MONTH = 1
ABOUT_A_YEAR = 1

Zone = ZoneInfo | str


class Precision(StrEnum):
    """How finely a date is known."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ABOUT = "about"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class When:
    """Something happened within [earliest, latest), known to `precision`, told in these words.

    The instants are UTC. Days, months and years are those of `zone` (an IANA name). An interval
    longer than its precision is a range whose ends are known that finely: 12 to 14 March is three
    days with precision DAY. ABOUT says that the interval itself is an estimate. The order of the
    fields is that of a composite's columns. Raises `ValueError` if it contradicts itself.
    """

    earliest: datetime | None
    latest: datetime | None
    precision: Precision
    zone: str
    as_told: str

    def __post_init__(self) -> None:
        """Bring both instants to UTC and refuse what contradicts itself."""
        object.__setattr__(self, "precision", Precision(self.precision))
        object.__setattr__(self, "earliest", _utc(self.earliest))
        object.__setattr__(self, "latest", _utc(self.latest))
        ZoneInfo(self.zone)
        ends = {self.earliest is None, self.latest is None}
        if ends != {self.precision is Precision.UNKNOWN}:
            raise ValueError("A date is unknown if and only if both of its ends are missing.")
        if self.earliest and self.latest and self.earliest >= self.latest:
            raise ValueError("A date ends before it begins.")

    @property
    def is_known(self) -> bool:
        """Whether anything at all is known of the date."""
        return self.precision is not Precision.UNKNOWN

    @classmethod
    def minute(cls, at: datetime, zone: Zone, as_told: str = "") -> Self:
        """Return the minute that holds the aware instant `at`."""
        local = _aware(at).astimezone(ZoneInfo(_name(zone)))
        start = local.replace(second=0, microsecond=0).astimezone(UTC)
        return cls(start, start + MINUTE, Precision.MINUTE, _name(zone), as_told)

    @classmethod
    def day(cls, day: date, zone: Zone, as_told: str = "") -> Self:
        """Return the calendar day `day` of `zone`."""
        return cls.days(day, day, zone, as_told)

    @classmethod
    def days(cls, first: date, last: date, zone: Zone, as_told: str = "") -> Self:
        """Return the range of days from `first` to `last`, both included."""
        ends = midnight(first, zone), midnight(last + DAY, zone)
        return cls(*ends, Precision.DAY, _name(zone), as_told)

    @classmethod
    def month(cls, year: int, month: int, zone: Zone, as_told: str = "") -> Self:
        """Return a calendar month of `zone`."""
        first = date(year, month, 1)
        ends = midnight(first, zone), midnight(months_after(first, 1), zone)
        return cls(*ends, Precision.MONTH, _name(zone), as_told)

    @classmethod
    def year(cls, year: int, zone: Zone, as_told: str = "") -> Self:
        """Return a calendar year (Common Era) of `zone`."""
        ends = midnight(date(year, 1, 1), zone), midnight(date(year + 1, 1, 1), zone)
        return cls(*ends, Precision.YEAR, _name(zone), as_told)

    @classmethod
    def unknown(cls, as_told: str, zone: Zone) -> Self:
        """Return a date of which only the words are known."""
        return cls(None, None, Precision.UNKNOWN, _name(zone), as_told)


def _aware(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("An instant without a time zone is not an instant.")
    return instant


def _utc(instant: datetime | None) -> datetime | None:
    return None if instant is None else _aware(instant).astimezone(UTC)


def _name(zone: Zone) -> str:
    return zone if isinstance(zone, str) else str(zone.key)


def midnight(day: date, zone: Zone) -> datetime:
    """Return the UTC instant at which `day` begins in `zone`."""
    return datetime.combine(day, time(), ZoneInfo(_name(zone))).astimezone(UTC)


def months_after(day: date, count: int) -> date:
    """Return the first day of the month that is `count` months after the month of `day`."""
    years, month = divmod(day.month - 1 + count, 12)
    return date(day.year + years, month + 1, 1)


def local_ends(when: When) -> tuple[datetime, datetime] | None:
    """Return both ends on the clock of the date's own zone, the last exclusive; None if unknown."""
    if when.earliest is None or when.latest is None:
        return None
    zone = ZoneInfo(when.zone)
    return when.earliest.astimezone(zone), when.latest.astimezone(zone)


def local_days(when: When) -> tuple[date, date] | None:
    """Return the first day in the date’s own zone, and the day after the last; None if unknown."""
    ends = local_ends(when)
    if ends is None:
        return None
    start, end = ends
    return start.date(), (end - LEAST).date() + DAY


def about(when: When) -> When:
    """Return `when` as an estimate, wider on each side by what its precision says.

    A minute by 30 minutes, a day by 3 days, a month by 1 month, a year by 1 year. What is unknown,
    or an estimate already, stays as it is.
    """
    ends = local_ends(when)
    if ends is None or when.precision is Precision.ABOUT:
        return when
    start, end = ends
    if when.precision is Precision.MINUTE:
        middle = start.astimezone(UTC)
        wide = middle - ABOUT_A_MINUTE, end.astimezone(UTC) - MINUTE + ABOUT_A_MINUTE
    else:
        first, last = _reach(start.date(), end.date(), when.precision)
        wide = midnight(first, when.zone), midnight(last, when.zone)
    return When(*wide, Precision.ABOUT, when.zone, when.as_told)


def _reach(start: date, end: date, precision: Precision) -> tuple[date, date]:
    """Return the first day and the day after the last of the widened interval."""
    if precision is Precision.DAY:
        return start - ABOUT_A_DAY, end + ABOUT_A_DAY
    months = ABOUT_A_MONTH if precision is Precision.MONTH else 12 * ABOUT_A_YEAR
    return months_after(start, -months), months_after(end, months)


def overlaps(a: When, b: When) -> bool:
    """Return whether both may have been at the same time; what is unknown overlaps nothing."""
    if a.earliest is None or a.latest is None or b.earliest is None or b.latest is None:
        return False
    return a.earliest < b.latest and b.earliest < a.latest


def is_before(a: When | None, b: When | None) -> bool:
    """Return whether all of `a` lies before `b` begins; what is unknown lies before nothing."""
    if a is None or b is None or a.latest is None or b.earliest is None:
        return False
    return a.latest <= b.earliest


def sort_at(when: When, recorded: datetime) -> datetime:
    """Return the instant to sort by: the earliest, or the instant of recording where unknown."""
    return when.earliest or _aware(recorded).astimezone(UTC)
