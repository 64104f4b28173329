"""Whether a column has the day or the month first: decided for the whole of it, or not at all."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hrdtracker.core.errors import N_, Message
from hrdtracker.core.when.tokens import fold

FIGURES = re.compile(
    r"(?<![\d/.-])(\d{1,2})(\s*([/.-])\s*)(\d{1,2})(?!\d)"
    r"(?:(?=\s*\3\s*\d{4}(?!\d))|(?<=/\d)|(?<=/\d\d))",
    re.ASCII,
)
"""Two figures that may be a day and a month, either first."""
MONTHS = 12
MONTH_FIRST = N_(
    "Column “%(column)s” is read month first, for the second figure of %(count)s of its dates "
    "is no month."
)
MIXED = N_(
    "Column “%(column)s” has dates with the day first and others with the month first: "
    "the %(open)s that can be read both ways stay words. Say its formats in the mapping."
)
UNDECIDED = N_(
    "Nothing in column “%(column)s” says whether its dates have the day or the month first: "
    "%(open)s stay words. Say its formats in the mapping."
)


class DayOrder(StrEnum):
    """What comes first in the dates of a column."""

    DAY = "day"
    MONTH = "month"
    MIXED = "mixed"
    UNDECIDED = "undecided"


SENTENCES = {
    DayOrder.MONTH: MONTH_FIRST,
    DayOrder.MIXED: MIXED,
    DayOrder.UNDECIDED: UNDECIDED,
}


@dataclass(frozen=True)
class ColumnOrder:
    """The order in a column, and how many of its dates can be read both ways."""

    order: DayOrder = DayOrder.DAY
    month_first: int = 0
    open: int = 0

    def sentence(self, column: str) -> Message | None:
        """Return what somebody should know before such a column is taken in; None for nothing."""
        if self.order not in SENTENCES or (self.order == DayOrder.MIXED and not self.open):
            return None
        values = {"column": column, "count": self.month_first, "open": self.open}
        return Message(SENTENCES[self.order], values)

    def leaves_open(self, text: str) -> bool:
        """Tell whether a text of the column can be read both ways, and nothing decides it."""
        undecided = self.order in {DayOrder.MIXED, DayOrder.UNDECIDED}
        return undecided and any(_can_be_both(*pair) for pair in _pairs(fold(text)))

    def is_doubted(self, text: str) -> bool:
        """Tell whether a text is of a column that writes its dates in two orders."""
        return self.order == DayOrder.MIXED and any(_pairs(fold(text)))

    def day_first(self, text: str) -> str:
        """Return a text of the column with the day before the month."""
        if self.order not in {DayOrder.MONTH, DayOrder.MIXED}:
            return text
        return FIGURES.sub(self._swapped, fold(text))

    def _swapped(self, match: re.Match[str]) -> str:
        first, second = int(match[1]), int(match[4])
        if self.order == DayOrder.MIXED and second <= MONTHS:
            return match[0]
        return match[0] if first > MONTHS else f"{match[4]}{match[2]}{match[1]}"


def column_order(texts: Iterable[str], formats: Sequence[str] = ()) -> ColumnOrder:
    """Return the order that all texts of a column agree on, besides those in one of the formats."""
    days = months = both = 0
    for text in texts:
        pairs = _pairs(fold(text))
        if pairs and any(_is_of(text, form) for form in formats):
            continue
        for first, second in pairs:
            days += first > MONTHS >= second
            months += second > MONTHS >= first
            both += _can_be_both(first, second)
    if days and months:
        return ColumnOrder(DayOrder.MIXED, months, both)
    if months:
        return ColumnOrder(DayOrder.MONTH, months)
    return ColumnOrder(DayOrder.UNDECIDED, 0, both) if both and not days else ColumnOrder()


def _pairs(folded: str) -> list[tuple[int, int]]:
    return [(int(match[1]), int(match[4])) for match in FIGURES.finditer(folded)]


def _is_of(text: str, form: str) -> bool:
    try:
        datetime.strptime(text.strip(), form)  # noqa: DTZ007 - whether, not when
    except ValueError:
        return False
    return True


def _can_be_both(first: int, second: int) -> bool:
    return first != second and 1 <= first <= MONTHS and 1 <= second <= MONTHS
