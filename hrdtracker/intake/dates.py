"""The dates of a row: as its columns say them, and never finer than that."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from hrdtracker.core import clock
from hrdtracker.core.errors import N_
from hrdtracker.core.when.calendar import FIRST_YEAR, LAST_YEAR
from hrdtracker.core.when.model import Precision, When, about, local_days, local_ends
from hrdtracker.core.when.parse import read_when, was_understood
from hrdtracker.intake.cells import Cells
from hrdtracker.intake.mapping import Dates, folded

WORDS_MOST = 300
MONTH = "month"
ONE_DAY = timedelta(days=1)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*(?: ?[+-]\d\d:?\d\d)?", re.ASCII)
ONE_MORE_DAY = "yesterday"
NOT_SAID = N_("Not said in the sheet")
KEPT_AS_WORDS = N_("The date was not understood: its words are kept.")
NEEDS_AS_OF = N_(
    "Which day this is depends on when it was written: its words are kept. "
    "Say that day as “as_of” in the mapping, or with --as-of."
)
NO_DAY_SAID = N_("A time without a day: its words are kept.")
ORDER_UNKNOWN = N_("Day and month cannot be told apart: the words are kept.")
ORDER_MIXED = N_("Dates of this column stand in two orders: compare this one.")
TO_COME = N_("The date lies in the future.")


@dataclass(frozen=True)
class WordedDate:
    """What was made of some words, and why somebody should look at them."""

    when: When
    doubt: str = ""


class DateReader:
    """Reads the dates of a sheet as of the day of its list, where that is known."""

    def __init__(self, zone: ZoneInfo, as_of: date | None) -> None:
        self._zone = zone
        self._days = (as_of,) if as_of else _days_unlike(clock.now().year)

    def read(self, cells: Cells, dates: Dates) -> When | None:
        """Return what a row says of a date; None where it says nothing.

        What is not understood keeps its words, is unknown, and is noted as doubtful.
        """
        columns = [*dates.year, *dates.month, *dates.day] or [cells.first(dates.column)[0]]
        texts = [cells.text(column) for column in columns]
        if not any(texts):
            return None
        reading = (
            self._of_parts(cells, dates) if dates.year else self._read(cells, columns[0], dates)
        )
        when = self._until(cells, dates, reading.when)
        if dates.about and folded(cells.first(dates.about.column)[1]) == folded(dates.about.says):
            when = _estimate(when, dates.about.within)
            cells.use(*dates.about.column)
        if len(when.as_told) <= WORDS_MOST:
            cells.use(*columns)
        else:
            when = When(*_ends(when), f"{when.as_told[:WORDS_MOST]} …")
        if reading.doubt or not was_understood(when):
            cells.doubt(columns[0], reading.doubt or KEPT_AS_WORDS)
        return when

    def _read(self, cells: Cells, column: str, dates: Dates) -> WordedDate:
        """Return what one cell says: in one of the formats given, as a timestamp, or in words."""
        text = cells.text(column)
        for form in dates.formats:
            moment = _formatted(text, form, self._zone)
            if moment:
                return WordedDate(moment)
        if DAY.fullmatch(text) or TIMESTAMP.fullmatch(text):
            timestamp = _timestamp(text, self._zone)
            if timestamp.is_known:
                return WordedDate(timestamp)
        order = cells.headings.order_of(column)
        if order.leaves_open(text):
            return WordedDate(When.unknown(text, self._zone), ORDER_UNKNOWN)
        reading = self._in_words(order.day_first(text), text)
        if not reading.doubt and order.is_doubted(text):
            return WordedDate(reading.when, ORDER_MIXED)
        return reading

    def _in_words(self, text: str, as_told: str) -> WordedDate:
        """Return what words say of a day; today’s never stands in for the one they leave out."""
        when, *others = (_read_words(text, day, self._zone) for day in self._days)
        is_settled = all(other == when for other in others)
        if is_settled and not when.is_known:
            return WordedDate(When.unknown(as_told, self._zone))
        if _is_time_alone(text, self._days[0], self._zone):
            return WordedDate(When.unknown(as_told, self._zone), NO_DAY_SAID)
        if not is_settled:
            return WordedDate(When.unknown(as_told, self._zone), NEEDS_AS_OF)
        return WordedDate(When(*_ends(when), as_told))

    def _of_parts(self, cells: Cells, dates: Dates) -> WordedDate:
        """Return a date in columns of its own for year, month and day; a gap is not filled."""
        parts = [cells.first(columns)[1] for columns in (dates.year, dates.month, dates.day)]
        text = "-".join(part for part in parts if part)
        digits = ["" if part.strip("0") == "" else part for part in parts]
        if not all(part.isascii() and part.isdigit() for part in digits if part):
            words = " ".join(part for part in reversed(digits) if part)
            return self._in_words(words, words)
        year, month, day = (int(part) if part else 0 for part in digits)
        if not FIRST_YEAR <= year <= LAST_YEAR or (day and not month):
            return WordedDate(When.unknown(text, self._zone))
        try:
            if day:
                return WordedDate(When.day(date(year, month, day), self._zone, text))
            if month:
                return WordedDate(When.month(year, month, self._zone, text))
            return WordedDate(When.year(year, self._zone, text))
        except ValueError:
            return WordedDate(When.unknown(text, self._zone))

    def _until(self, cells: Cells, dates: Dates, first: When) -> When:
        """Return all from the first day to the last, where another column says the last."""
        column, text = cells.first(dates.until)
        if not text:
            return first
        reading = self._read(cells, column, dates)
        begin, end = local_ends(first), local_ends(reading.when)
        if begin is None or end is None:
            cells.doubt(column, reading.doubt or KEPT_AS_WORDS)
            return first
        cells.use(column)
        if begin == end:
            return first
        words = f"{first.as_told} – {text}"
        if end[0] < begin[0]:
            return When.unknown(words, self._zone)
        alike = first.precision == reading.when.precision
        return When(
            begin[0], end[1], first.precision if alike else Precision.ABOUT, first.zone, words
        )


def is_single_day(when: When) -> bool:
    """Tell whether a date is one day, or an hour of it."""
    days = local_days(when)
    is_fine = when.precision in {Precision.DAY, Precision.MINUTE}
    return is_fine and days is not None and days[1] - days[0] == ONE_DAY


def _estimate(when: When, within: str) -> When:
    """Return a date as an estimate: somewhat around it, or anywhere in its month or year."""
    ends = local_ends(when)
    if ends is None or not within:
        return about(when)
    first, zone = ends[0], when.zone
    wide = (
        When.month(first.year, first.month, zone)
        if within == MONTH
        else When.year(first.year, zone)
    )
    return When(wide.earliest, wide.latest, Precision.ABOUT, zone, when.as_told)


def _ends(when: When) -> tuple[datetime | None, datetime | None, Precision, str]:
    return when.earliest, when.latest, when.precision, when.zone


def _days_unlike(year: int) -> tuple[date, date]:
    """Return two days that share nothing: what is read as of either alike depends on neither.

    Neither is past: “28-Nov-24” is the same day as of both, as it was written by now.
    """
    return date(year, 6, 15), date(year + 12, 2, 5)


@lru_cache(maxsize=4096)
def _read_words(text: str, as_of: date, zone: ZoneInfo) -> When:
    return read_when(text, as_of, zone)


def _is_time_alone(text: str, as_of: date, zone: ZoneInfo) -> bool:
    """Tell whether words say a time and no day: then they can still be given one."""
    return _read_words(f"{text} {ONE_MORE_DAY}", as_of, zone).is_known


def _formatted(text: str, form: str, zone: ZoneInfo) -> When | None:
    try:
        moment = datetime.strptime(text, form).replace(tzinfo=zone)
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if any(sign in form for sign in ("%H", "%I")):
        return When.minute(moment, zone, text)
    if any(sign in form for sign in ("%d", "%j")):
        return When.day(moment.date(), zone, text)
    if any(sign in form for sign in ("%m", "%b", "%B")):
        return When.month(moment.year, moment.month, zone, text)
    return When.year(moment.year, zone, text)


@lru_cache(maxsize=4096)
def _timestamp(text: str, zone: ZoneInfo) -> When:
    """Return what a machine wrote; midnight without a zone is how it writes a day."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return When.unknown(text, zone)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return When.unknown(text, zone)
    if moment.tzinfo is None and not (moment.hour or moment.minute or moment.second):
        return When.day(moment.date(), zone, text)
    return When.minute(moment if moment.tzinfo else moment.replace(tzinfo=zone), zone, text)
