"""Who may do what to an incident and its sources."""

from hrdtracker.access.action import Action
from hrdtracker.access.rule import OnItsCase, Rule, either, every
from hrdtracker.access.rules import (
    DID_NOT_WRITE_IT,
    DIRECTS_CASE,
    DIRECTS_EVERYWHERE,
    DRAFT,
    IS_DIRECTOR,
    NAMED_FOR_IT,
    OF_OWN_ORGANISATION,
    ON_REACHABLE_CASE,
    ON_READABLE_CASE,
    READS_INCIDENT,
    RECORDED_IT,
    SENT,
    WORKS_ON_CASES,
    WROTE_IT,
)

RULES: dict[Action, Rule] = {
    Action.INCIDENT_LOG: every(OF_OWN_ORGANISATION, WORKS_ON_CASES),
    Action.INCIDENT_READ: READS_INCIDENT,
    Action.INCIDENT_EDIT: READS_INCIDENT,
    Action.INCIDENT_CONFIRM_HELD: READS_INCIDENT,
    Action.INCIDENT_SUBMIT: every(READS_INCIDENT, WROTE_IT),
    Action.INCIDENT_RETURN: every(OnItsCase(DIRECTS_CASE), SENT, DID_NOT_WRITE_IT),
    Action.INCIDENT_REVIEW: every(OnItsCase(DIRECTS_CASE), SENT, DID_NOT_WRITE_IT),
    Action.INCIDENT_ACCEPT_SAMPLED: every(OF_OWN_ORGANISATION, IS_DIRECTOR),
    Action.INCIDENT_STUCK: every(ON_REACHABLE_CASE, DIRECTS_EVERYWHERE, SENT),
    Action.INCIDENT_DISCARD: every(ON_READABLE_CASE, DRAFT, RECORDED_IT),
    Action.IMPORT_UNDO: every(
        OF_OWN_ORGANISATION, WORKS_ON_CASES, either(RECORDED_IT, DIRECTS_EVERYWHERE)
    ),
    Action.SOURCE_IDENTIFY: every(ON_READABLE_CASE, either(RECORDED_IT, NAMED_FOR_IT)),
}
