"""Saying a date in the reader's language: what is known of it, and no more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hrdtracker.core.numerals import say_number
from hrdtracker.core.when.calendar import ERA_AFTER, ERA_TURNS_FROM, ERA_TURNS_UNTIL
from hrdtracker.core.when.model import (
    ABOUT_A_DAY,
    ABOUT_A_MINUTE,
    ABOUT_A_MONTH,
    ABOUT_A_YEAR,
    DAY,
    MINUTE,
    Precision,
    When,
    local_ends,
    months_after,
)
from hrdtracker.core.when.words import (
    MONTHS,
    PART_NAMES,
    PARTS,
    THIRD_NAMES,
    THIRDS_OF_MONTH,
    THIRDS_OF_YEAR,
    WEEKDAYS,
)

_FORMS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "day": "{weekday} {day} {month} {year}",
        "date": "{day} {month} {year}",
        "date without year": "{day} {month}",
        "date without month": "{day}",
        "brief day": "{weekday:.3} {day} {month:.3}",
        "brief date": "{day} {month:.3}",
        "brief date of a year": "{day} {month:.3} {year}",
        "month": "{month} {year}",
        "month without year": "{month}",
        "year": "{year}",
        "era": "{era} BE",
        "third": "{third} {rest}",
        "about": "about {rest}",
        "tight range": "{first}–{last}",
        "brief days": "{first}–{last}",
        "range": "{first} – {last}",
        "clock": "{day}, {clock}",
        "clock about": "{day}, about {clock}",
        "clocks": "{day}, {first}–{last}",
        "part": "{day}, {part}",
        "unknown": "not known",
        "left": "{count} left",
        "overdue": "{count} overdue",
        "in": "in {count}",
        "ago": "{count} ago",
        "length": "{count}",
        "now": "now",
        "less": "less than {count}",
    },
    "km": {
        "day": "ថ្ងៃ{weekday} ទី{day} ខែ{month} ឆ្នាំ{year}",
        "date": "ថ្ងៃទី{day} ខែ{month} ឆ្នាំ{year}",
        "date without year": "ថ្ងៃទី{day} ខែ{month}",
        "date without month": "ថ្ងៃទី{day}",
        "brief day": "{weekday} {day} {month}",
        "brief date": "{day} {month}",
        "brief date of a year": "{day} {month} {year}",
        "month": "ខែ{month} ឆ្នាំ{year}",
        "month without year": "ខែ{month}",
        "year": "ឆ្នាំ{year}",
        "era": "ព.ស. {era}",
        "third": "{third}{rest}",
        "about": "ប្រហែល {rest}",
        "tight range": "ពី{first} ដល់{last}",
        "brief days": "ពី{first} ដល់ថ្ងៃទី{last}",
        "range": "ពី{first} ដល់{last}",
        "clock": "{day} ម៉ោង {clock}",
        "clock about": "{day} ប្រហែលម៉ោង {clock}",
        "clocks": "{day} ម៉ោង {first} ដល់ {last}",
        "part": "{day} ពេល{part}",
        "unknown": "មិនទាន់ដឹង",
        "left": "នៅសល់ {count}",
        "overdue": "ហួសកំណត់ {count}",
        "in": "{count}ទៀត",
        "ago": "{count}មុន",
        "length": "{count}",
        "now": "ឥឡូវនេះ",
        "less": "តិចជាង {count}",
    },
}
_BRIEFLY = {"day": "brief day", "date": "brief date", "date without year": "brief date"}
_NEAR_DAYS: Mapping[str, Mapping[int, str]] = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "km": {-1: "ម្សិលមិញ", 0: "ថ្ងៃនេះ", 1: "ថ្ងៃស្អែក"},
}
# One and many.
HOUR = timedelta(hours=1)
_UNITS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "en": {"day": ("day", "days"), "hour": ("h", "h"), "minute": ("min", "min")},
    "km": {"day": ("ថ្ងៃ", "ថ្ងៃ"), "hour": ("ម៉ោង", "ម៉ោង"), "minute": ("នាទី", "នាទី")},
}


@dataclass(frozen=True)
class _Voice:
    """One language, and which day is today for the listener; `brief` leaves this year out."""

    language: str
    today: date | None = None
    brief: bool = False

    def form(self, name: str, **values: object) -> str:
        return say_number(_FORMS[self.language][name].format(**values), self.language)

    def write(self, name: str, day: date) -> str:
        if self.brief and self.today and name in _BRIEFLY:
            here = self.today.year == day.year
            name = _BRIEFLY[name] if here else "brief date of a year"
        return self.form(
            name,
            weekday=WEEKDAYS[self.language][day.weekday()],
            day=day.day,
            month=MONTHS[self.language][day.month - 1],
            year=day.year,
        )

    def day(self, day: date) -> str:
        near = _NEAR_DAYS[self.language].get((day - self.today).days) if self.today else None
        return near or self.write("day", day)

    def clock(self, at: datetime, form: str = "clock") -> str:
        return self.form(form, day=self.day(at.date()), clock=f"{at:%H:%M}")


def _voice(locale: str, today: date | None = None, *, brief: bool = False) -> _Voice:
    language = locale.replace("_", "-").split("-")[0]
    return _Voice(language if language in _FORMS else "en", today, brief)


@dataclass(frozen=True)
class _Interval:
    """A known date on its own clock, from `start` until before `end`."""

    start: datetime
    end: datetime
    length: timedelta
    precision: Precision

    @property
    def first(self) -> date:
        return self.start.date()

    @property
    def last(self) -> date:
        return self.last_minute.date()

    @property
    def last_minute(self) -> datetime:
        return self.end - MINUTE

    @property
    def whole_days(self) -> bool:
        return self.start.time() == self.end.time() == self.start.time().min

    @property
    def months(self) -> int:
        """How many whole months it is, or 0."""
        if not self.whole_days or self.first.day != 1 or (self.last + DAY).day != 1:
            return 0
        until = self.last + DAY
        return (until.year - self.first.year) * 12 + until.month - self.first.month

    @property
    def years(self) -> int:
        """How many whole years it is, or 0."""
        years, months = divmod(self.months, 12)
        return years if self.first.month == 1 and not months else 0

    @property
    def coarsest(self) -> str:
        """The coarsest unit that fits both ends exactly."""
        return "year" if self.years else "month" if self.months else "date"

    @property
    def unit(self) -> str:
        """The unit it is known in, or the coarsest that fits."""
        if self.precision is Precision.DAY:
            return "date"
        return "month" if self.precision is Precision.MONTH and self.months else self.coarsest


def _interval_of(when: When) -> _Interval | None:
    ends = local_ends(when)
    if ends is None or when.earliest is None or when.latest is None:
        return None
    return _Interval(*ends, when.latest - when.earliest, when.precision)


# ---- what is exact -------------------------------------------------------------------------------


def _say_range(voice: _Voice, interval: _Interval, unit: str | None = None) -> str:
    """Say from when until when: in this unit, or as finely as it is known."""
    if not interval.whole_days:
        return _say_clocks(voice, interval)
    return _say_days(voice, (interval.first, interval.last), unit or interval.unit)


def _say_days(voice: _Voice, ends: tuple[date, date], unit: str) -> str:
    """Say both ends in days, months or years; what they share is said once."""
    first, last = ends
    whole = voice.write(unit, last)
    if voice.write(unit, first) == whole:
        return voice.day(first) if unit == "date" else whole
    form, short = "range", unit
    if unit == "date" and (first.year, first.month) == (last.year, last.month):
        form, short = ("brief days" if voice.brief else "tight range"), "date without month"
    elif unit == "year":
        form = "tight range"
    elif first.year == last.year:
        form, short = ("tight range" if unit == "month" else "range"), f"{unit} without year"
    return voice.form(form, first=voice.write(short, first), last=whole)


def _say_clocks(voice: _Voice, interval: _Interval) -> str:
    start, last = interval.start, interval.last_minute
    if start == last:
        return voice.clock(start)
    if start.date() == last.date():
        day, first, until = voice.day(start.date()), f"{start:%H:%M}", f"{last:%H:%M}"
        return voice.form("clocks", day=day, first=first, last=until)
    return voice.form("range", first=voice.clock(start), last=voice.clock(last))


def _say_year(voice: _Voice, interval: _Interval) -> str:
    """Say a year of either era: a Buddhist one reaches from April to May of the next year."""
    turns = (interval.first.month, interval.last.month) == (ERA_TURNS_FROM, ERA_TURNS_UNTIL)
    if turns and interval.months == 12 + ERA_TURNS_UNTIL - ERA_TURNS_FROM + 1:
        return voice.form("era", era=interval.first.year + ERA_AFTER)
    return _say_range(voice, interval)


# ---- what is an estimate: each tries whether the interval is its own -----------------------------


def _about_a_clock(voice: _Voice, interval: _Interval) -> str | None:
    if interval.length != 2 * ABOUT_A_MINUTE:
        return None
    return voice.clock(interval.start + ABOUT_A_MINUTE, "clock about")


def _part_of_a_day(voice: _Voice, interval: _Interval) -> str | None:
    midnight = interval.start.replace(hour=0, minute=0)
    reach = interval.start - midnight, interval.end - midnight
    for (start, until), name in zip(PARTS, PART_NAMES[voice.language], strict=True):
        if reach == (timedelta(hours=start), timedelta(hours=until)):
            return voice.form("part", day=voice.day(interval.first), part=name)
    return None


def _about_a_day(voice: _Voice, interval: _Interval) -> str | None:
    if not interval.whole_days or interval.last - interval.first != 2 * ABOUT_A_DAY:
        return None
    return voice.form("about", rest=voice.write("date", interval.first + ABOUT_A_DAY))


def _about_a_month(voice: _Voice, interval: _Interval) -> str | None:
    if interval.months != 2 * ABOUT_A_MONTH + 1:
        return None
    middle = months_after(interval.first, ABOUT_A_MONTH)
    return voice.form("about", rest=voice.write("month", middle))


def _about_a_year(voice: _Voice, interval: _Interval) -> str | None:
    if interval.years != 2 * ABOUT_A_YEAR + 1:
        return None
    middle = months_after(interval.first, 12 * ABOUT_A_YEAR)
    return voice.form("about", rest=voice.write("year", middle))


def _third(voice: _Voice, interval: _Interval) -> str | None:
    """Say early, mid or late of the month or year."""
    first, last = interval.first, interval.last
    if not interval.whole_days or first.year != last.year:
        return None
    if interval.months and (first.month, last.month) in THIRDS_OF_YEAR:
        return _say_third(voice, THIRDS_OF_YEAR.index((first.month, last.month)), "year", first)
    end = last.day if (last + DAY).month == last.month else THIRDS_OF_MONTH[-1][1]
    if first.month == last.month and (first.day, end) in THIRDS_OF_MONTH:
        return _say_third(voice, THIRDS_OF_MONTH.index((first.day, end)), "month", first)
    return None


def _say_third(voice: _Voice, third: int, unit: str, day: date) -> str:
    name = THIRD_NAMES[voice.language][third]
    return voice.form("third", third=name, rest=voice.write(unit, day))


_ESTIMATES: tuple[Callable[[_Voice, _Interval], str | None], ...] = (
    _about_a_clock,
    _part_of_a_day,
    _about_a_day,
    _about_a_month,
    _about_a_year,
    _third,
)


def _say_about(voice: _Voice, interval: _Interval) -> str:
    estimates = (say(voice, interval) for say in _ESTIMATES)
    fitting = next((words for words in estimates if words), None)
    return fitting or voice.form("about", rest=_say_range(voice, interval, interval.coarsest))


_SAYERS: Mapping[Precision, Callable[[_Voice, _Interval], str]] = {
    Precision.YEAR: _say_year,
    Precision.ABOUT: _say_about,
}


def say_when(when: When, locale: str, today: date | None = None, *, brief: bool = False) -> str:
    """Return `when` in words, on the clock of its own zone, only as finely as it is known.

    With `today` the days around it are "today", "yesterday", "tomorrow"; `brief` makes other days
    short, for lists. Of an unknown date it says so; what was told stands in `when.as_told`.
    `read_when` understands every answer that is not brief.
    """
    voice, interval = _voice(locale, today, brief=brief), _interval_of(when)
    if interval is None:
        return voice.form("unknown")
    return _SAYERS.get(when.precision, _say_range)(voice, interval)


def say_month(when: When, locale: str) -> str:
    """Return the month or months, for a title; years if known no finer, nothing if unknown."""
    voice, interval = _voice(locale), _interval_of(when)
    if interval is None:
        return ""
    if interval.months or when.precision is Precision.YEAR:
        return say_when(when, locale)
    return _say_days(voice, (interval.first.replace(day=1), interval.last.replace(day=1)), "month")


def say_day(day: date, locale: str, today: date | None = None, *, brief: bool = False) -> str:
    """Return a calendar day with its weekday."""
    return _voice(locale, today, brief=brief).day(day)


def say_instant(instant: datetime, zone: ZoneInfo, locale: str, today: date | None = None) -> str:
    """Return day and minute of an aware instant on the clock of `zone`; briefly with `today`."""
    return _voice(locale, today, brief=True).clock(instant.astimezone(zone))


def say_left(left: timedelta, locale: str) -> str:
    """Return how long is left ("19 h left", "5 h 12 min left"; never more), or overdue if past."""
    voice, form = _voice(locale), "overdue" if left < timedelta() else "left"
    return voice.form(form, count=_count(voice, abs(left), fine=form == "left" and left < DAY / 2))


def say_distance(distance: timedelta, locale: str) -> str:
    """Return how far off a moment is: "in 2 days", or "2 days ago" if negative."""
    voice = _voice(locale)
    if abs(distance) < MINUTE:
        return voice.form("now")
    form = "ago" if distance < timedelta() else "in"
    return voice.form(form, count=_count(voice, abs(distance)))


def say_length(length: timedelta, locale: str, *, whole_days: bool = False) -> str:
    """Return how long something lasts, in days and hours; with `whole_days` no finer than that."""
    voice, days, rest = _voice(locale), length // DAY, length % DAY
    if whole_days and not days:
        return voice.form("less", count=_units(voice, 1, "day"))
    parts = [_units(voice, days, "day")] if days else []
    if not whole_days and (rest >= HOUR or not days):
        parts.append(_count(voice, rest))
    return voice.form("length", count=" ".join(parts))


def _count(voice: _Voice, length: timedelta, *, fine: bool = False) -> str:
    """Return whole days, or hours below two days, or minutes below an hour; `fine` adds them."""
    minutes = length // MINUTE
    if length >= 2 * DAY or (length and not length % DAY):
        return _units(voice, length // DAY, "day")
    if minutes >= 60:
        hours, rest = _units(voice, minutes // 60, "hour"), minutes % 60
        return f"{hours} {_units(voice, rest, 'minute')}" if fine and rest else hours
    if minutes:
        return _units(voice, minutes, "minute")
    return voice.form("less", count=_units(voice, 1, "minute"))


def _units(voice: _Voice, count: int, unit: str) -> str:
    one, many = _UNITS[voice.language][unit]
    return f"{count} {one if count == 1 else many}"
