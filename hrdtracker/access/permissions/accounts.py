"""Who may do what to users, their roles, the organisation and its lists."""

from hrdtracker.access.action import Action
from hrdtracker.access.rule import Rule, either, every
from hrdtracker.access.rules import (
    ADMINISTERS,
    ADMINISTERS_OR_OPERATES,
    COLLEAGUE,
    FOR_SOMEBODY_ELSE,
    IS_ADMINISTRATOR,
    IS_DIRECTOR,
    IS_ONESELF,
    IS_OPERATOR,
    IS_OWN,
    OF_OWN_ORGANISATION,
    PROPOSED_BY_ANOTHER,
    SAME_ORGANISATION_USER,
)

RULES: dict[Action, Rule] = {
    Action.USER_READ: every(OF_OWN_ORGANISATION, either(IS_ADMINISTRATOR, COLLEAGUE)),
    Action.USER_INVITE: ADMINISTERS_OR_OPERATES,
    Action.USER_CHANGE: ADMINISTERS_OR_OPERATES,
    Action.ROLE_PROPOSE: ADMINISTERS_OR_OPERATES,
    Action.ROLE_CONFIRM: every(
        SAME_ORGANISATION_USER,
        PROPOSED_BY_ANOTHER,
        FOR_SOMEBODY_ELSE,
        either(IS_ADMINISTRATOR, IS_DIRECTOR),
    ),
    Action.OFFICE_CHANGE: ADMINISTERS,
    Action.TERM_CHANGE: ADMINISTERS_OR_OPERATES,
    Action.SETTINGS_CHANGE: ADMINISTERS,
    Action.ORGANISATION_SET_UP: IS_OPERATOR,
    Action.ACCOUNT_CHANGE: IS_ONESELF,
    Action.FACTOR_ADD: IS_ONESELF,
    Action.FACTOR_REMOVE: IS_ONESELF,
    Action.FACTOR_PROVE: IS_ONESELF,
    Action.FACTOR_CLEAR: IS_OPERATOR,
    Action.SESSION_BEGIN: IS_ONESELF,
    Action.SESSION_END: IS_OWN,
}
