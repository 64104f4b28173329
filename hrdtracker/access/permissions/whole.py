"""Every verb with its rule.

Each feature brings its own part. The parts stand here and not in the features, since the policy
is asked by all of them: what it imports must lie below it, and a rule that counts only once some
module was imported is a rule that may be missing.
"""

from collections.abc import Mapping
from types import MappingProxyType

from hrdtracker.access.action import Action
from hrdtracker.access.permissions import (
    accounts,
    audit,
    backups,
    cases,
    duty,
    fund,
    incidents,
    law,
    people,
    proceedings,
)
from hrdtracker.access.rule import Rule

PARTS = (
    cases.RULES,
    incidents.RULES,
    people.RULES,
    proceedings.RULES,
    duty.RULES,
    fund.RULES,
    audit.RULES,
    accounts.RULES,
    backups.RULES,
    law.RULES,
)
RULES: Mapping[Action, Rule] = MappingProxyType(
    {action: rule for part in PARTS for action, rule in part.items()}
)
