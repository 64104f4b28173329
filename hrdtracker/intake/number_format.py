"""What a cell of a workbook shows of its value: never more of a date than its number format."""

import re
from datetime import date, datetime, time
from functools import lru_cache

from hrdtracker.core.when.words import MONTHS, WEEKDAYS

BUILT_IN = {
    9: "0%",
    10: "0.00%",
    14: "m/d/yyyy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    45: "mm:ss",
}
"""The formats that a workbook names by a number only, and that change what is shown."""
GENERAL = "General"
UNSHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|AM/PM|A/P', re.IGNORECASE)
"""Words, fillers, colours and the like beside the signs that stand for the value."""
MINUTES = re.compile(r"(?<=h)([^a-z]*)m+|m+(?=[^a-z]*s)")
ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
FILLERS = re.compile(r"\[[^\]]*\]|_.|\*.")
"""Colours, conditions and space beside what is shown."""
DIGITS_AND_SIGNS = re.compile(r'(?:[0#?]|[-/ ()+:]|"[^"]*"|\\.)+')
"""A format of digits in places: no point parts them from decimals, no comma from thousands."""
PLACES = "0#?"
DECIMALS = re.compile(r"\.([0#?]+)")


def shown(value: object, number_format: str = GENERAL) -> str:
    """Return a cell as text: whole numbers without a point, days as 2024-11-16.

    A date is as fine as the cell shows it: a month as 2024-11, a day without its year in words.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return _moment(value, number_format)
    if isinstance(value, date):
        return _moment(datetime.combine(value, time()), number_format)
    if isinstance(value, time):
        return value.isoformat()
    return _number(value, number_format) if isinstance(value, float) else str(value)


def changes_what_is_shown(number_format: str) -> bool:
    """Tell whether a cell of this format shows less, or other, than a day, a time or a number."""
    parts = _date_parts(number_format)
    coarse = bool(parts) and not {"y", "m", "d"} <= parts
    hides_the_time = bool(parts) and "h" not in parts
    return coarse or hides_the_time or "%" in number_format or _pads(_positive(number_format))


def _positive(number_format: str) -> str:
    """Return the part of a format that is for positive numbers, and for dates."""
    return number_format.split(";")[0]


@lru_cache(maxsize=256)
def _date_parts(number_format: str) -> frozenset[str]:
    """Return which of y, m, d, weekday (w) and h a format shows; nothing where it shows no date."""
    section = _positive(number_format)
    if section.lower() == GENERAL.lower() or ELAPSED.search(section):
        return frozenset()
    signs = UNSHOWN.sub(" ", section).lower()
    if re.search(r"[0#?]", signs) and not re.search(r"[ymdhs]", signs):
        return frozenset()
    without_minutes = MINUTES.sub(r"\1", signs)
    parts = {"m"} if "m" in without_minutes else set()
    parts |= {"h"} if re.search("[hs]", without_minutes) else set()
    parts |= {"y"} if re.search("[yeb]", without_minutes) else set()
    days = {len(run) for run in re.findall("d+", without_minutes)}
    parts |= {"d"} if days & {1, 2} else set()
    parts |= {"w"} if days - {1, 2} else set()
    return frozenset(parts)


def _moment(moment: datetime, number_format: str) -> str:
    parts = _date_parts(number_format)
    clock = "" if parts and "h" not in parts else _clock(moment)
    if not parts or {"y", "m", "d"} <= parts or {"y", "d"} <= parts:
        return f"{moment.date()} {clock}".strip()
    if "d" not in parts and "y" in parts:
        return f"{moment:%Y-%m}" if "m" in parts else f"{moment:%Y}"
    words = (
        WEEKDAYS["en"][moment.weekday()] if "w" in parts else "",
        str(moment.day) if "d" in parts else "",
        MONTHS["en"][moment.month - 1] if "m" in parts else "",
        str(moment.time()) if "h" in parts else "",
    )
    return " ".join(word for word in words if word)


def _clock(moment: datetime) -> str:
    """Return the time of day; at midnight, as a day is kept, none."""
    return "" if moment.time() == time() else str(moment.time())


def _number(value: float, number_format: str) -> str:
    section = _positive(number_format)
    signs = UNSHOWN.sub("", section)
    if "%" in signs:
        decimals = DECIMALS.search(signs)
        return f"{value * 100:.{len(decimals[1]) if decimals else 0}f}%"
    if not value.is_integer() or abs(value) >= 1e15:
        return str(value)
    digits = str(int(value))
    return _in_places(digits, section) if value >= 0 and _pads(section) else digits


def _pads(section: str) -> bool:
    """Tell whether a format writes leading zeros, as 00000 or 000-000 do."""
    shape = FILLERS.sub("", section)
    return _least_digits(shape) > 1 and DIGITS_AND_SIGNS.fullmatch(shape) is not None


def _least_digits(shape: str) -> int:
    """Return how many digits are shown at least: from the first 0 among the places to the last."""
    places = "".join(sign for sign in _signs(shape) if sign in PLACES)
    return len(places[places.find("0") :]) if "0" in places else 0


def _signs(shape: str) -> list[str]:
    return re.findall(r'"[^"]*"|\\.|.', shape)


def _in_places(digits: str, section: str) -> str:
    """Return digits in the places of a format; those beyond its places stand in the first."""
    shape = FILLERS.sub("", section)
    left = digits.zfill(_least_digits(shape))
    empty_places = sum(sign in PLACES for sign in _signs(shape))
    shown_signs = []
    for sign in reversed(_signs(shape)):
        if sign not in PLACES:
            shown_signs.append(sign.strip('"').removeprefix("\\"))
            continue
        empty_places -= 1
        shown_signs.append(left[-1:] if empty_places else left)
        left = left[:-1]
    return "".join(reversed(shown_signs))
