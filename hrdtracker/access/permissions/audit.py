"""Who may read the trail, and who ties to it what was read."""

from hrdtracker.access.action import Action
from hrdtracker.access.rule import Rule, every
from hrdtracker.access.rules import IS_AUDITOR, IS_OPERATOR, OF_OWN_ORGANISATION

RULES: dict[Action, Rule] = {
    Action.TRAIL_READ: every(OF_OWN_ORGANISATION, IS_AUDITOR),
    Action.READINGS_SEAL: IS_OPERATOR,
}
