"""What one cell of a file of rules says: amounts, ages, conditions, events and days."""

import re
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from hrdtracker.core.errors import N_, Message
from hrdtracker.proceedings.counting.model import Length
from hrdtracker.proceedings.rules.model import (
    Amount,
    Comparison,
    Condition,
    FlagCondition,
    LengthUnit,
    MeasureCondition,
    MeasureName,
    StartsFrom,
)

Word = TypeVar("Word", bound=StrEnum)

PER_UNIT = {
    LengthUnit.MINUTES: Length(exact=timedelta(minutes=1)),
    LengthUnit.HOURS: Length(exact=timedelta(hours=1)),
    LengthUnit.DAYS: Length(days=1),
    LengthUnit.WORKING_DAYS: Length(days=1),
    LengthUnit.WEEKS: Length(days=7),
    LengthUnit.MONTHS: Length(1),
    LengthUnit.YEARS: Length(12),
}
"""What one of a unit is; a share of a term is in none of them."""
AGES = re.compile(r"(\d+)(?:-(\d+)|(\+))?")
COMPARED = re.compile(r"([a-z. ]+?) (>=|<=|>|<) (\S.*)")
PLAIN_NUMBER = re.compile(r"\d+")
EVENT = re.compile(r"[a-z_]+\.[a-z_]+")
FLAG = re.compile(r"(not )?([a-z_]+)")
SINGULAR = {"minute", "hour", "day", "week", "month", "year"}


class BadCell(ValueError):
    """A cell does not hold; `reason` says why, and `column` which one it is."""

    def __init__(self, sentence: str, /, **values: str) -> None:
        self.reason = Message(sentence, values)
        self.column = ""
        super().__init__(str(self.reason))


def one_of(words: type[Word], text: str) -> Word:
    """Return the member of a closed list that a cell names."""
    try:
        return words(text)
    except ValueError as error:
        known = ", ".join(words)
        raise BadCell(N_("“%(text)s” is none of: %(known)s"), text=text, known=known) from error


def parts(text: str, separator: str) -> tuple[str, ...]:
    """Return the parts of a cell, none for an empty one."""
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def amount(text: str) -> Amount:
    """Return “48 hours”, “1 month”, “1/2 of the minimum”."""
    number, _, unit = text.partition(" ")
    try:
        value = Fraction(number)
    except (ValueError, ZeroDivisionError) as error:
        raise BadCell(N_("“%(text)s” does not begin with a number"), text=text) from error
    if value < 0:
        raise BadCell(N_("“%(text)s” is less than nothing"), text=text)
    return Amount(value, one_of(LengthUnit, f"{unit}s" if unit in SINGULAR else unit))


def length(said: Amount) -> Length:
    """Return an amount as a length of time; a share of a term has none by itself."""
    count, one = said.number, PER_UNIT.get(said.unit)
    if one is None:
        raise BadCell(N_("“%(text)s” has no length by itself"), text=said.unit)
    if count.denominator != 1:
        raise BadCell(N_("“%(text)s” is not a whole number"), text=f"{count} {said.unit}")
    whole = count.numerator
    return Length(one.months * whole, one.days * whole, one.exact * whole)


def ages(text: str) -> tuple[int, int | None]:
    """Return “14-15”, “18+” or “13” as the first and the last age, both included."""
    found = AGES.fullmatch(text)
    if not found:
        raise BadCell(N_("“%(text)s” is no range of ages such as 14-15 or 18+"), text=text)
    first, last, open_ended = found.groups()
    if open_ended:
        return int(first), None
    if last and int(last) < int(first):
        raise BadCell(N_("“%(text)s” ends before it begins"), text=text)
    return int(first), int(last or first)


def condition(text: str) -> Condition:
    """Return “in_writing”, “not present”, “penalty.minimum or penalty.maximum >= 1 year”."""
    found = COMPARED.fullmatch(text)
    if not found:
        return flag(text)
    names, comparison, value = found.groups()
    measures = tuple(one_of(MeasureName, name) for name in parts(names, " or "))
    compared = int(value) if PLAIN_NUMBER.fullmatch(value) else length(amount(value))
    return MeasureCondition(measures, Comparison(comparison), compared)


def flag(text: str) -> FlagCondition:
    """Return “present” or “not present”."""
    found = FLAG.fullmatch(text)
    if not found:
        raise BadCell(N_("“%(text)s” is no condition"), text=text)
    return FlagCondition(found[2], wanted=not found[1])


def origin(text: str) -> StartsFrom:
    """Return “judgment.pronounced if present”, or “a.b + c.d” for events that both count."""
    events, _, wanted = text.partition(" if ")
    return StartsFrom(
        tuple(event(part) for part in parts(events, "+")), flag(wanted) if wanted else None
    )


def event(text: str) -> str:
    """Return the name of an event."""
    if not EVENT.fullmatch(text):
        raise BadCell(N_("“%(text)s” is no name of an event"), text=text)
    return text


def pause(text: str) -> tuple[str, str]:
    """Return “a.begins to a.ends”."""
    begins, _, ends = text.partition(" to ")
    return event(begins), event(ends)


def is_yes(text: str) -> bool:
    """Tell whether a cell says yes; an empty one says no."""
    if text not in {"", "yes"}:
        raise BadCell(N_("“%(text)s” is neither a yes nor empty"), text=text)
    return bool(text)


def times(text: str) -> int:
    """Return how often; once for an empty cell."""
    if not PLAIN_NUMBER.fullmatch(text or "1") or text == "0":
        raise BadCell(N_("“%(text)s” is no number of times"), text=text)
    return int(text or 1)


def day(text: str) -> date | None:
    """Return a day as 2026-11-30; None for an empty cell."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadCell(N_("“%(text)s” is no day such as 2026-11-30"), text=text) from error
