"""Which law counts: the rules that an organisation holds, in the country in which it works."""

from zoneinfo import ZoneInfo

from hrdtracker.access.model import Organisation
from hrdtracker.core.db import session
from hrdtracker.proceedings.legal_rules.book import book_of
from hrdtracker.proceedings.rules.book import RuleBook

COUNTRY = "KH"
ZONE = ZoneInfo("Asia/Phnom_Penh")
"""The clock of the courts and of the police units; there is one for the whole country."""


def law(organisation_id: int) -> RuleBook:
    """Return the rules that count now for an organisation."""
    return book_of(session().get_one(Organisation, organisation_id))
