"""A month as a value of a sentence: whoever says the sentence says it, in their language."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from hrdtracker.core.when.model import When
from hrdtracker.core.when.say import say_month

ANY_ZONE = ZoneInfo("UTC")
"""A month has one name in every zone."""


@dataclass(frozen=True)
class Month:
    """The month in which a day lies."""

    day: date

    def said(self, locale: str) -> str:
        """Return the month and its year in words."""
        return say_month(When.month(self.day.year, self.day.month, ANY_ZONE), locale)

    def __str__(self) -> str:
        return self.said("en")


def say_kept_month(kept: object, locale: str) -> str:
    """Return a month in words from one of its days in ISO; what is none, as it was kept."""
    try:
        return Month(date.fromisoformat(str(kept))).said(locale)
    except ValueError:
        return str(kept)
