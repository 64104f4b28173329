"""Reading a date the way people write it, in English or Khmer, without ever inventing a day.

The text is cut into words (`when_words.WORDS`) and figures. Each becomes a letter; rules then join
letters, from small to large, until only days (D), times (t), parts of a day (p) and what joins them
are left. A word that no rule joins makes the whole text not understood: its words are kept.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hrdtracker.core.when.calendar import (
    DateParts,
    NotADate,
    Span,
    one_day,
    recent_weekday,
    spans,
    week_of,
    whole_month,
)
from hrdtracker.core.when.model import Precision, When, about, months_after
from hrdtracker.core.when.tokens import Token, cut, fold
from hrdtracker.core.when.words import CORRESPONDS_TO, PARTS

LONGEST_DATE = 300  # characters; anything longer is a narrative

# ---- rules ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _AsOf:
    """When somebody wrote it: the day, and the moment on their clock where that is known."""

    today: date
    now: datetime | None


def _drop(_tokens: Sequence[Token], _as_of: "_AsOf") -> list[Token]:
    return []


def _become(letter: str, *numbers: int) -> "_Maker":
    return lambda tokens, _as_of: [Token(letter, numbers or tokens[0].numbers)]


def _month_by_number(tokens: Sequence[Token], _as_of: "_AsOf") -> list[Token]:
    return [Token("m", tokens[-1].numbers)]


def _clock(tokens: Sequence[Token], _as_of: "_AsOf") -> list[Token]:
    """Make a time of "at the hour 7", "7 half", "7 and 30 minutes", "at the hour 7:30"."""
    estimates = [token for token in tokens if token.letter == "a"]
    figures = [n for token in tokens if token.letter in "dets" for n in token.numbers]
    hour, minute = (*figures, 30 if tokens[-1].letter == "x" else 0)[:2]
    if hour > 23 or minute > 59:
        return [Token("?")]
    return [*estimates, Token("t", (hour, minute))]


def _days_said(tokens: Sequence[Token], _as_of: "_AsOf") -> list[Token]:
    """Gather what neighbouring tokens say of one day."""
    values = {
        field: number
        for token in tokens
        for field, number in zip(_FIELDS.get(token.letter, ()), token.numbers, strict=False)
    }
    return [Token("D", date_parts=DateParts(**values, span=None))]


_FIELDS: dict[str, tuple[str, ...]] = {
    "y": ("year",),
    "z": ("era",),
    "m": ("month",),
    "d": ("day",),
    "w": ("weekday",),
    "q": ("third",),
    "k": ("day", "month"),
}


def _spanned(make: Callable[[Sequence[Token], date], Span]) -> "_Maker":
    return lambda tokens, as_of: [_day(make(tokens, as_of.today))]


def _day(span: Span) -> Token:
    return Token("D", date_parts=DateParts(span=span))


def _number(tokens: Sequence[Token], letters: str) -> int:
    return next(token.numbers[0] for token in tokens if token.letter in letters)


def _relative_day(tokens: Sequence[Token], today: date) -> Span:
    day = one_day(today + timedelta(days=_number(tokens, "r")))
    if any(token.letter == "w" and token.numbers[0] != day.first.weekday() for token in tokens):
        raise NotADate("The weekday is another one.")
    return day


def _months_ago(count: int, today: date) -> Span:
    month = months_after(today, -count)
    return whole_month(month.year, month.month)


def _ago(tokens: Sequence[Token], as_of: _AsOf) -> list[Token]:
    """Make days of "2 days ago"; weeks, months and years ago are estimates."""
    count, unit, today = _number(tokens, "de"), tokens[1].letter, as_of.today
    if unit in "AB":
        span = one_day(today - timedelta(days=count * (7 if unit == "B" else 1)))
    elif unit == "M":
        span = _months_ago(count, today)
    else:
        year = today.year - count
        span = Span(date(year, 1, 1), date(year, 12, 31), Precision.YEAR)
    return [_day(span)] if unit == "A" else [Token("a"), _day(span)]


def _hours_ago(tokens: Sequence[Token], as_of: _AsOf) -> list[Token]:
    """Make an estimated time of "just now", "2 hours ago", "2h ago", "30 minutes ago"."""
    if as_of.now is None or len(tokens[0].numbers) > 1:
        return [Token("?")]
    letters = {token.letter for token in tokens}
    unit = timedelta(minutes=1) if "v" in letters else timedelta(hours=1)
    at = (as_of.now.astimezone(UTC) - tokens[0].numbers[0] * unit).astimezone(as_of.now.tzinfo)
    return [Token("a"), _day(one_day(at.date())), Token("t", (at.hour, at.minute))]


def _day_of_month(tokens: Sequence[Token], as_of: _AsOf) -> list[Token]:
    """Make a day of "the 5th of last month"."""
    back = 1 if {token.letter for token in tokens} & {"l", "g"} else 0
    month = months_after(as_of.today, -back)
    parts = {"d": _number(tokens, "d"), "m": month.month, "y": month.year}
    return [Token(letter, (number,)) for letter, number in parts.items()]


def _day_of_week(tokens: Sequence[Token], as_of: _AsOf) -> list[Token]:
    """Make a day of "Monday last week"."""
    back = 7 if {token.letter for token in tokens} & {"l", "g"} else 0
    monday = week_of(as_of.today - timedelta(days=back)).first
    return [_day(one_day(monday + timedelta(days=_number(tokens, "w"))))]


def _century(tokens: Sequence[Token], as_of: _AsOf) -> list[Token]:
    """Complete a year of two figures: up to next year 20…, from 50 on 19…, between them nobody."""
    (year,) = tokens[0].numbers
    if 2000 + year <= as_of.today.year + 1:
        return [Token("y", (2000 + year,))]
    return [Token("y", (1900 + year,)) if year >= 50 else Token("?")]


_Maker = Callable[[Sequence[Token], _AsOf], list[Token]]

# What joins what, in this order; the letters are those of `when_words.WORDS` and of figures.
_RULES: tuple[tuple[re.Pattern[str], _Maker], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        # A comma separates two days of a list, and is nothing anywhere else.
        (r"^,+|,(?=[,yzatsphfwr|-]|$)|(?<=[mwrtyzkp|]),", _drop),
        (r",", _become("|")),
        (r"Z", _century),
        # The same Khmer word is Sunday and week.
        (r"(?<=[de])o|o(?=[gc])", _become("B")),
        (r"o", _become("w")),
        # "7 in the morning", "this morning 8"; but in "November 7, morning" it is a day.
        (r"(?:(?<=dm)|(?<![mMA]))dx?(?=r?p)|(?<=[rw]p)a*dx?(?![mMyz|-])", _clock),
        (r"A?d(?:cM|lM)|Ad(?:Mc|Mg)", _day_of_month),
        # "day 16, month 11, year 2026".
        (r"A(?=[Adwkryz])|M(?=m)|Y(?=A?[yz])", _drop),
        (r"Md", _month_by_number),
        (r"ha*[de]\|?[de]v|ha*[de]x?|ha*[ts]", _clock),
        (r"h(?=a*p)", _drop),
        # Relative to today.
        (r"N|(?:[de][hHv]|t)gc?", _hours_ago),
        (r"[de][ABMY]gc?", _ago),
        (r"lY|Yg", lambda _, as_of: [Token("y", (as_of.today.year - 1,))]),
        (r"cY|Yc", lambda _, as_of: [Token("y", (as_of.today.year,))]),
        (r"lM|Mg", _spanned(lambda _, today: _months_ago(1, today))),
        (r"cM|Mc", _spanned(lambda _, today: _months_ago(0, today))),
        (r"w(?:[lc]B|B[gc])|(?:[lc]B|B[gc])w", _day_of_week),
        (r"lB|Bg", _spanned(lambda _, today: week_of(today - timedelta(days=7)))),
        (r"cB|Bc", _spanned(lambda _, today: week_of(today))),
        (r"w?rw?", _spanned(_relative_day)),
        (r"lw|wg", _spanned(lambda t, today: recent_weekday(_number(t, "w"), today, before=True))),
        # Days, months, years.
        (r"w?[yz]mdw?|w?d-m-?[yz]|w?(?:dm|md)[yz]?w?|w?kw?|q?m[yz]?|[yz]q?m", _days_said),
        (r"w", _spanned(lambda t, today: recent_weekday(_number(t, "w"), today, before=False))),
        (r"q?[yz]|d[yz]?", _days_said),
    )
)


def _joined(tokens: list[Token], as_of: _AsOf) -> list[Token]:
    for pattern, make in _RULES:
        letters = "".join(token.letter for token in tokens)
        rest, place = [], 0
        for match in pattern.finditer(letters):
            rest += tokens[place : match.start()]
            rest += make(tokens[match.start() : match.end()], as_of)
            place = match.end()
        tokens = rest + tokens[place:]
    return tokens


# ---- from what was said to an interval -----------------------------------------------------------


@dataclass(frozen=True)
class _Piece:
    """One end of what was told: a day, a time, a part of a day, or some of them."""

    date_parts: DateParts | None
    time: Token | None
    part: int | None


@dataclass(frozen=True)
class _Stretch:
    """From when until when on the local clock; `until` is exclusive."""

    start: datetime
    until: datetime
    precision: Precision


def _pieces(tokens: Sequence[Token]) -> list[_Piece]:
    """Split what was joined at "to" and "or"; raises `NotADate` if a word has no place."""
    letters = "".join(token.letter for token in tokens)
    if not re.fullmatch("[Dtsp]+([|-]+[Dtsp]+)*", letters):
        raise NotADate("There are words that say nothing of a date.")
    return [_piece(tokens[m.start() : m.end()]) for m in re.finditer("[^|-]+", letters)]


def _piece(tokens: Sequence[Token]) -> _Piece:
    by_kind = {"t" if token.letter == "s" else token.letter: token for token in tokens}
    if len(by_kind) < len(tokens):
        raise NotADate("Two days, or two times, and nothing that joins them.")
    day, clock, part = (by_kind.get(kind) for kind in "Dtp")
    return _Piece(day.date_parts if day else None, clock, part.numbers[0] if part else None)


def _days(pieces: Sequence[_Piece], today: date) -> list[Span]:
    """Return the days of each piece; a time alone takes the day told beside it, else today."""
    dated = iter(spans([piece.date_parts for piece in pieces if piece.date_parts], today))
    spans_of_pieces = [next(dated) if piece.date_parts else None for piece in pieces]
    if not any(spans_of_pieces):
        if any(piece.time and _may_be_a_day(piece.time) for piece in pieces):
            raise NotADate("7.10 may be ten past seven or 7 October.")
        return [one_day(today)] * len(pieces)
    first = next(span for span in spans_of_pieces if span)
    days: list[Span] = []
    for span in spans_of_pieces:
        days.append(span or (days[-1] if days else first))
    return days


def _may_be_a_day(clock: Token) -> bool:
    day, month = (*clock.numbers, 0)[:2]
    return clock.letter == "s" and 1 <= day <= 31 and 1 <= month <= 12


def _stretch(piece: _Piece, span: Span) -> _Stretch:
    midnight = datetime.combine(span.first, time())
    if piece.time is None and piece.part is None:
        return _Stretch(
            midnight, datetime.combine(span.last, time()) + timedelta(days=1), span.precision
        )
    if span.precision is not Precision.DAY or span.first != span.last:
        raise NotADate("A time of which day?")
    if piece.time is None:
        start, until = (timedelta(hours=hour) for hour in PARTS[piece.part or 0])
        return _Stretch(midnight + start, midnight + until, Precision.ABOUT)
    at = midnight + _since_midnight(piece.time, piece.part)
    return _Stretch(at, at + timedelta(minutes=1), Precision.MINUTE)


def _since_midnight(clock: Token, part: int | None) -> timedelta:
    """Return the time of day; "7 in the evening" is 19:00. Raises `NotADate` if they disagree."""
    hour, minute = (*clock.numbers, 0)[:2]
    if part is not None:
        start, until = PARTS[part]
        hours = [h for h in dict.fromkeys((hour, hour % 12 + 12)) if start <= h < min(until, 24)]
        if len(hours) != 1:
            raise NotADate("That hour is not in that part of the day.")
        hour = hours[0]
    return timedelta(hours=hour, minutes=minute)


def _joint(stretches: Sequence[_Stretch], *, listed: bool) -> _Stretch:
    """Return what reaches from the first to the last; they must be in order."""
    for before, after in pairwise(stretches):
        if after.start <= before.start or after.until <= before.until:
            raise NotADate("The end lies before the beginning.")
    kinds = {one.precision for one in stretches}
    if len(kinds) > 1 and listed:
        raise NotADate("A list of days and months does not hold together.")
    precision = kinds.pop() if len(kinds) == 1 else Precision.ABOUT
    return _Stretch(stretches[0].start, stretches[-1].until, precision)


def _read(text: str, as_of: _AsOf, zone: ZoneInfo) -> When:
    tokens = _joined(list(cut(_solar(fold(text)))), as_of)
    letters = {token.letter for token in tokens}
    pieces = _pieces([token for token in tokens if token.letter not in "auf"])
    if "f" in letters and len(pieces) == 1:
        raise NotADate("It began then, and nobody says when it ended.")
    days = _days(pieces, as_of.today)
    stretches = [_stretch(piece, span) for piece, span in zip(pieces, days, strict=True)]
    whole = _joint(stretches, listed="|" in letters or len(pieces) > 2)
    if "u" in letters and whole.precision in {Precision.DAY, Precision.MINUTE}:
        raise NotADate("A day that is not known cannot be told.")
    when = _when(whole, zone, text)
    if "a" not in letters:
        return when
    return about(when) if len(pieces) == 1 else replace(when, precision=Precision.ABOUT)


def _solar(folded: str) -> str:
    """Return the solar date of a Khmer letter that gives the lunar date first."""
    for words in CORRESPONDS_TO:
        folded = folded.rpartition(fold(words))[2]
    return folded


def _when(whole: _Stretch, zone: ZoneInfo, text: str) -> When:
    start, until = (
        datetime.combine(end.date(), end.time(), zone).astimezone(UTC)
        for end in (whole.start, whole.until)
    )
    return When(start, until, whole.precision, str(zone.key), text)


def read_when(text: str, today: date, zone: ZoneInfo, now: datetime | None = None) -> When:
    """Return what `text` says of a date, in the words of `zone` and as of `today`.

    Hours and minutes ago count from the aware instant `now`; without it they are not understood.

    It never raises and never invents: what is not understood, names no day that exists, or can be
    read in two ways keeps its words with precision UNKNOWN. The rules:

    - day before month (16/11/2026); a year has four digits, 1900 to 2100, or two beside the name of
      its month (16-Nov-26); a later one, up to 2644, can only be Buddhist;
    - without a year the most recent time not after today; a weekday likewise, today included, but
      "last Monday" lies before today; a time alone is today's;
    - a weekday that does not fit the date makes the whole not understood;
    - "about" is wider by what `when.about` says; a part of a day, a third of a month or of a year
      (early, mid, late), "just now", hours, weeks, months and years ago are estimates too;
    - ranges and lists ("12 to 14 March", "2 or 3 May") reach from the first to the last and keep
      the precision of their ends; "about" before a range makes it an estimate and not wider;
    - a Buddhist year is 544 more than the Common one from June to December, 543 more from January
      to March; in April and May it turns, so a day or month told there is an estimate that reaches
      from the one year's to the other's; the year alone covers April to May of the next.

    Dates in the future are understood: whether they can be is the caller's to say.
    """
    try:
        if len(text) > LONGEST_DATE:
            raise NotADate("That is a narrative.")
        return _read(text, _AsOf(today, now and now.astimezone(zone)), zone)
    except (ValueError, OverflowError):
        return When.unknown(text, zone)


def was_understood(when: When) -> bool:
    """Return whether the words were understood: a known date, "not known" said so, or no words."""
    if when.is_known:
        return True
    return {token.letter for token in cut(fold(when.as_told[:LONGEST_DATE]))} <= {"u"}
