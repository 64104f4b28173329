"""What each role gives, in a sentence."""

from collections.abc import Mapping
from types import MappingProxyType

from hrdtracker.access.model import Role
from hrdtracker.core.errors import N_

GIVES: Mapping[str, str] = MappingProxyType(
    {
        Role.MONITOR: N_("Logs incidents, reads their own cases, and those of an open office."),
        Role.DIRECTOR: N_("Reads every normal case there, reviews, and decides who else reads."),
        Role.FUND_OFFICER: N_("Reads requests for support there, and decides on money."),
        Role.FINANCE_OFFICER: N_("Sees whom the fund pays there, and releases money."),
        Role.AUDITOR: N_("Reads who did what, and the books; no case."),
        Role.ADMINISTRATOR: N_("Manages users, roles, offices and settings; reads no case."),
        Role.LEGAL_OFFICER: N_("Reads the cases they are let into, and adds to them; no other."),
        Role.SECOND: N_("Confirms what takes two; reads no case and no name."),
    }
)
"""What a role gives, for whoever is to confirm it."""
