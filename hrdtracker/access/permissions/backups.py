"""Who may make backups and restore; who locks everything, and opens it again."""

from hrdtracker.access.action import Action
from hrdtracker.access.rule import Rule, either, every
from hrdtracker.access.rules import (
    IS_ADMINISTRATOR,
    IS_DIRECTOR,
    IS_OPERATOR,
    IS_WORKER,
    OF_OWN_ORGANISATION,
)

RULES: dict[Action, Rule] = {
    Action.BACKUP_READ: every(OF_OWN_ORGANISATION, either(IS_ADMINISTRATOR, IS_DIRECTOR)),
    Action.BACKUP_PLAN: IS_OPERATOR,
    Action.BACKUP_RUN: either(IS_OPERATOR, IS_WORKER),
    Action.BACKUP_REHEARSE: IS_OPERATOR,
    Action.KEY_BIND: IS_OPERATOR,
    Action.SERVER_RESTORE: IS_OPERATOR,
    Action.SERVER_LOCK: either(
        every(OF_OWN_ORGANISATION, either(IS_ADMINISTRATOR, IS_DIRECTOR)), IS_OPERATOR
    ),
    Action.SERVER_UNLOCK: IS_OPERATOR,
    Action.KEY_HOLDERS: IS_OPERATOR,
    Action.HEADS_EXPORT: IS_WORKER,
    Action.OLDER_EXPLAIN: either(
        IS_OPERATOR, every(OF_OWN_ORGANISATION, either(IS_ADMINISTRATOR, IS_DIRECTOR))
    ),
}
