"""The dates of a row: as its columns say them, and never finer than that."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hrdtracker.core.errors import N_
from hrdtracker.core.when.calendar import FIRST_YEAR, LAST_YEAR
from hrdtracker.core.when.model import Precision, When, about, local_ends
from hrdtracker.core.when.parse import read_when, was_understood
from hrdtracker.intake.cells import Cells
from hrdtracker.intake.mapping import Dates, folded

WORDS_MOST = 300
MONTH = "month"
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*(?: ?[+-]\d\d:?\d\d)?", re.ASCII)
NOT_SAID = N_("Not said in the sheet")
KEPT_AS_WORDS = N_("The date was not understood: its words are kept.")
TO_COME = N_("The date lies in the future.")


def read_date(cells: Cells, dates: Dates, today: date, zone: ZoneInfo) -> When | None:
    """Return what a row says of a date; None where it says nothing.

    What is not understood keeps its words, is unknown, and is noted as doubtful.
    """
    columns = [*dates.year, *dates.month, *dates.day] or [cells.first(dates.column)[0]]
    texts = [cells.text(column) for column in columns]
    if not any(texts):
        return None
    when = (
        _of_parts(cells, dates, today, zone) if dates.year else _read(texts[0], dates, today, zone)
    )
    when = _until(cells, dates, when, today, zone)
    if dates.about and folded(cells.first(dates.about.column)[1]) == folded(dates.about.says):
        when = _estimate(when, dates.about.within)
        cells.use(*dates.about.column)
    if len(when.as_told) <= WORDS_MOST:
        cells.use(*columns)
    else:
        when = When(*_ends(when), f"{when.as_told[:WORDS_MOST]} …")
    if not was_understood(when):
        cells.doubt(columns[0], KEPT_AS_WORDS)
    return when


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


def _read(text: str, dates: Dates, today: date, zone: ZoneInfo) -> When:
    """Return what one cell says: in one of the formats given, as a timestamp, or in words."""
    for form in dates.formats:
        moment = _formatted(text, form, zone)
        if moment:
            return moment
    if DAY.fullmatch(text) or TIMESTAMP.fullmatch(text):
        return _timestamp(text, zone)
    return read_when(text, today, zone)


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


def _of_parts(cells: Cells, dates: Dates, today: date, zone: ZoneInfo) -> When:
    """Return a date in columns of its own for year, month and day; a gap is not filled."""
    parts = [cells.first(columns)[1] for columns in (dates.year, dates.month, dates.day)]
    text = "-".join(part for part in parts if part)
    digits = ["" if part.strip("0") == "" else part for part in parts]
    if not all(part.isascii() and part.isdigit() for part in digits if part):
        words = " ".join(part for part in reversed(digits) if part)
        read = read_when(words, today, zone)
        return When(*_ends(read), words)
    year, month, day = (int(part) if part else 0 for part in digits)
    if not FIRST_YEAR <= year <= LAST_YEAR or (day and not month):
        return When.unknown(text, zone)
    try:
        if day:
            return When.day(date(year, month, day), zone, text)
        return When.month(year, month, zone, text) if month else When.year(year, zone, text)
    except ValueError:
        return When.unknown(text, zone)


def _until(cells: Cells, dates: Dates, first: When, today: date, zone: ZoneInfo) -> When:
    """Return all from the first day to the last, where another column says the last."""
    column, text = cells.first(dates.until)
    if not text:
        return first
    last = _read(text, dates, today, zone)
    begin, end = local_ends(first), local_ends(last)
    if begin is None or end is None:
        cells.doubt(column, KEPT_AS_WORDS)
        return first
    cells.use(column)
    if begin == end:
        return first
    words = f"{first.as_told} – {text}"
    if end[0] < begin[0]:
        return When.unknown(words, zone)
    same = first.precision if first.precision == last.precision else Precision.ABOUT
    return When(begin[0], end[1], same, first.zone, words)
