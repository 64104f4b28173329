"""Who sees, sets and takes over the duty of an office; being on duty itself opens nothing."""

from hrdtracker.access.action import Action
from hrdtracker.access.rule import Leaf, OnItsCase, Rule, either, every
from hrdtracker.access.rules import (
    BEGUN,
    DIRECTS_ITS_OFFICE,
    IS_OWN,
    MONITORS_ITS_OFFICE,
    NOT_SECRET,
    NOT_SHUT_OUT,
    OF_OWN_ORGANISATION,
    WORKS_IN_IT,
    WORKS_THERE,
)

OFFERED_TO_THEM = Leaf("was offered it", lambda actor, model: model.offered_to_id == actor.id)
RULES: dict[Action, Rule] = {
    Action.DUTY_READ: every(OF_OWN_ORGANISATION, WORKS_IN_IT),
    Action.DUTY_SET: every(OF_OWN_ORGANISATION, DIRECTS_ITS_OFFICE),
    Action.DUTY_HAND_OVER: every(IS_OWN, WORKS_THERE),
    Action.DUTY_TAKE: every(OFFERED_TO_THEM, WORKS_THERE),
    Action.DUTY_COUNT: OnItsCase(
        every(
            OF_OWN_ORGANISATION,
            NOT_SHUT_OUT,
            BEGUN,
            NOT_SECRET,
            either(MONITORS_ITS_OFFICE, DIRECTS_ITS_OFFICE),
        )
    ),
}
"""Of a secret case nobody learns even a number whom it is not for."""
