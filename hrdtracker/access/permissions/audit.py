"""Who may read the trail, and who learns what was read."""

from hrdtracker.access.action import Action
from hrdtracker.access.rule import Rule, SomewhereNamed, either, every
from hrdtracker.access.rules import (
    COLLEAGUE,
    IS_AUDITOR,
    IS_DIRECTOR,
    IS_OPERATOR,
    IS_SECOND,
    OF_OWN_ORGANISATION,
    READS_WHO_IS_NAMED,
)

RULES: dict[Action, Rule] = {
    Action.TRAIL_READ: every(OF_OWN_ORGANISATION, IS_AUDITOR),
    Action.STATE_RECORD: IS_OPERATOR,
    Action.READINGS_SEAL: IS_OPERATOR,
    Action.READINGS_COUNT: every(OF_OWN_ORGANISATION, either(IS_AUDITOR, COLLEAGUE)),
    Action.READINGS_HEAR: every(OF_OWN_ORGANISATION, IS_SECOND),
    Action.READINGS_READ: every(OF_OWN_ORGANISATION, COLLEAGUE),
    Action.READINGS_OF_PERSON: every(IS_DIRECTOR, SomewhereNamed(READS_WHO_IS_NAMED)),
}
