"""A part of a term of imprisonment: half of a minimum, two thirds of a sentence."""

from datetime import timedelta
from fractions import Fraction

from hrdtracker.proceedings.counting.kinds import MONTH_IN_DAYS
from hrdtracker.proceedings.counting.model import NO_TIME, SECOND, Length

SECONDS_OF_DAY = 86_400


def share_of(term: Length, part: Fraction) -> tuple[Length, ...]:
    """Return a part of a term: one length, or the two it may mean where months do not divide.

    In whole months where the months divide; else all of it in days (a month has 30, and a
    day 24 hours: Criminal Code of Cambodia, art. 49, by analogy), or in whole months first and the
    rest in days. Of one month alone there is only the first, for that month is 30 days.
    """
    months = term.months * part
    days = term.days * part + Fraction(term.exact // SECOND, SECONDS_OF_DAY) * part
    if months.denominator == 1 and months != 0:
        return (Length(int(months)) + _days(days),)
    whole = Length(int(months))
    in_days = _days(months * MONTH_IN_DAYS + days)
    in_months = whole + _days((months - int(months)) * MONTH_IN_DAYS + days)
    return (in_days,) if whole == NO_TIME else (in_days, in_months)


def _days(days: Fraction) -> Length:
    """Return days and a fraction of one; the fraction is exact time, of 24 hours a day."""
    seconds = round((days - int(days)) * SECONDS_OF_DAY)
    return Length(0, int(days), timedelta(seconds=seconds))
