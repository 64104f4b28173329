"""Who may read the rules of law by which limits are counted, and who changes them."""

from hrdtracker.access.action import Action
from hrdtracker.access.model import Role
from hrdtracker.access.rule import Rule, every
from hrdtracker.access.rules import IS_OPERATOR, OF_OWN_ORGANISATION, holds

RULES: dict[Action, Rule] = {
    Action.LAW_READ: every(
        OF_OWN_ORGANISATION,
        holds(Role.MONITOR, Role.DIRECTOR, Role.LEGAL_OFFICER, Role.ADMINISTRATOR),
    ),
    Action.LAW_CHANGE: every(OF_OWN_ORGANISATION, holds(Role.LEGAL_OFFICER, Role.ADMINISTRATOR)),
    Action.LAW_LOAD: IS_OPERATOR,
}
