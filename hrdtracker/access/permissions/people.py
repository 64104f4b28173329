"""Who may do what to a person, and to how they are reached."""

from hrdtracker.access.action import Action
from hrdtracker.access.rule import Rule, every
from hrdtracker.access.rules import (
    OF_OWN_ORGANISATION,
    READS_PERSON,
    READS_WHO_IS_NAMED,
    WORKS_ON_CASES,
)

RULES: dict[Action, Rule] = {
    Action.PERSON_READ: READS_PERSON,
    Action.PERSON_RECORD: every(OF_OWN_ORGANISATION, WORKS_ON_CASES),
    Action.PERSON_EDIT: READS_PERSON,
    Action.PERSON_SEARCH: every(OF_OWN_ORGANISATION, WORKS_ON_CASES),
    Action.PERSON_REVEAL: READS_PERSON,
    Action.PERSON_REVEAL_LISTED: every(OF_OWN_ORGANISATION, WORKS_ON_CASES),
    Action.CONTACT_READ: READS_WHO_IS_NAMED,
    Action.CONTACT_REVEAL: READS_WHO_IS_NAMED,
}
