"""A rule of law and a public holiday of an organisation, for the tables of who may do what."""

from uuid import UUID

from hrdtracker.access.model import Organisation
from hrdtracker.proceedings.legal_rules.model import LegalRuleVersion, PublicHoliday
from tests.security.rows import filled, keep

DECREE = '{"decree": "No. 1", "days": {"2027-01-01": "New Year"}}'
"""What a proposal about public holidays says."""


def law_of(place: str, of: Organisation) -> dict[str, UUID]:
    """Add a rule and a holiday of a country where nobody counts; return their uids by name."""
    rule = filled(
        LegalRuleVersion,
        organisation_id=of.id,
        country="XX",
        key="sample",
        kind="latest",
        stage="police",
        amount="2 days",
        confidence="disputed",
        reviewed_by="",
    )
    holiday = filled(PublicHoliday, organisation_id=of.id)
    keep(rule, holiday)
    return {f"rule:{place}": rule.uid, f"holiday:{place}": holiday.uid}
