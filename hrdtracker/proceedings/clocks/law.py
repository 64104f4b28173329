"""Which law counts: the rules of the country in which the organisation works."""

from zoneinfo import ZoneInfo

from hrdtracker.proceedings.rules.book import RuleBook
from hrdtracker.proceedings.rules.files import rule_book

COUNTRY = "KH"
ZONE = ZoneInfo("Asia/Phnom_Penh")
"""The clock of the courts and of the police units; there is one for the whole country."""


def law() -> RuleBook:
    """Return the rules that count now."""
    return rule_book(COUNTRY)
