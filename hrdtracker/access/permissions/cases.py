"""Who may do what to a case."""

from hrdtracker.access.action import Action
from hrdtracker.access.rule import OnItsCase, Rule, either, every
from hrdtracker.access.rules import (
    BEGUN,
    DIRECTS_CASE,
    IS_LEGAL_OFFICER,
    LOGS_IN_IT,
    OF_OWN_ORGANISATION,
    ON_READABLE_CASE,
    OUTLINES_CASE,
    RECOVERS_CASE,
    SAYS_WHO_OPENS,
    SHUTS_THEM_OUT,
    WORKS_IN_IT,
    WORKS_ON_CASES,
)

RULES: dict[Action, Rule] = {
    Action.CASE_READ: ON_READABLE_CASE,
    Action.CASE_OUTLINE: OnItsCase(OUTLINES_CASE),
    Action.CASE_BEGIN: every(OF_OWN_ORGANISATION, either(WORKS_IN_IT, LOGS_IN_IT)),
    Action.CASE_EDIT: ON_READABLE_CASE,
    Action.CASE_EXTEND: ON_READABLE_CASE,
    Action.CASE_ASSIGN: OnItsCase(every(SAYS_WHO_OPENS, BEGUN)),
    Action.CASE_CLOSE: OnItsCase(DIRECTS_CASE),
    Action.CASE_REOPEN: OnItsCase(DIRECTS_CASE),
    Action.CASE_SENSITIVITY: OnItsCase(SAYS_WHO_OPENS),
    Action.CASE_EASE: OnItsCase(SAYS_WHO_OPENS),
    Action.CASE_MEMBERS: OnItsCase(SAYS_WHO_OPENS),
    Action.CASE_BLOCK: OnItsCase(SAYS_WHO_OPENS),
    Action.CASE_UNBLOCK: OnItsCase(SAYS_WHO_OPENS),
    Action.CASE_APPEAL: SHUTS_THEM_OUT,
    Action.CASE_RECOVER: OnItsCase(RECOVERS_CASE),
    Action.CASE_OPENINGS: OnItsCase(DIRECTS_CASE),
    Action.CLOCK_READ_OUT: every(OF_OWN_ORGANISATION, WORKS_ON_CASES),
    Action.CONSENT_RECORD: ON_READABLE_CASE,
    Action.CLOCK_DISPUTE: every(ON_READABLE_CASE, IS_LEGAL_OFFICER),
    Action.CLOCK_REPLACE: every(ON_READABLE_CASE, IS_LEGAL_OFFICER),
}
