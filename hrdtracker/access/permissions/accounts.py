"""Who may do what to users, their roles, the organisation and its lists; who is a second person."""

from collections.abc import Sequence

from hrdtracker.access.action import Action
from hrdtracker.access.permissions.power import TAKES_TWO, Audience
from hrdtracker.access.rule import Leaf, Rule, either, every
from hrdtracker.access.rules import (
    ADMINISTERS,
    ADMINISTERS_OR_OPERATES,
    COLLEAGUE,
    CONCERNS_THEM,
    DID_NOT_SHUT_THEM_OUT,
    DIRECTS_EVERYWHERE,
    FOR_SOMEBODY_ELSE,
    IS_ADMINISTRATOR,
    IS_ONESELF,
    IS_OPERATOR,
    IS_OWN,
    IS_SECOND,
    IS_WORKER,
    LET_IN_BY_SOMEBODY_ELSE,
    NOT_HELD_BACK,
    OF_OWN_ORGANISATION,
    PROPOSED_BY_ANOTHER,
    PROPOSED_IT,
    WAITS_FOR_NOBODY,
    WAS_TOLD,
    WORKS_THERE,
)


def _is_about(actions: Sequence[Action]) -> Leaf:
    names = " or ".join(actions)
    return Leaf(f"it is about {names}", lambda _actor, model: model.action.in_(actions))


def _is_not_about(*actions: Action) -> Leaf:
    names = " or ".join(actions)
    return Leaf(f"it is not about {names}", lambda _actor, model: model.action.not_in(actions))


THEIRS = [action for action, power in TAKES_TWO.items() if power.theirs]
"""What nobody is a second person for but those whom the table names."""


def _second_for_it() -> Rule:
    """Return the rule that somebody is a second person for the act, as the table names them."""
    acts: dict[Rule, list[Action]] = {}
    for action, power in TAKES_TWO.items():
        if power.second is not None:
            acts.setdefault(power.second, []).append(action)
    besides = (every(_is_about(actions), second) for second, actions in acts.items())
    for_any = every(_is_not_about(*THEIRS), either(DIRECTS_EVERYWHERE, IS_SECOND))
    return either(for_any, *besides)


IS_SECOND_FOR_IT = _second_for_it()
IS_THERE_FOR_IT = every(
    OF_OWN_ORGANISATION, PROPOSED_BY_ANOTHER, FOR_SOMEBODY_ELSE, IS_SECOND_FOR_IT
)
"""Who could be asked for an act at all, even where whoever proposed it made their last code."""
CONFIRMS = every(
    IS_THERE_FOR_IT,
    LET_IN_BY_SOMEBODY_ELSE,
    either(_is_not_about(Action.CASE_APPEAL), DID_NOT_SHUT_THEM_OUT),
)
OF_AN_OFFICE = [action for action, power in TAKES_TWO.items() if Audience.OFFICE in power.tells]
STOPS = every(
    NOT_HELD_BACK,
    either(
        CONCERNS_THEM,
        every(_is_about(OF_AN_OFFICE), WORKS_THERE),
        every(WAITS_FOR_NOBODY, WAS_TOLD),
    ),
)

RULES: dict[Action, Rule] = {
    Action.USER_READ: every(OF_OWN_ORGANISATION, either(IS_ADMINISTRATOR, COLLEAGUE)),
    Action.USER_INVITE: ADMINISTERS_OR_OPERATES,
    Action.USER_CHANGE: ADMINISTERS_OR_OPERATES,
    Action.USER_RESET: ADMINISTERS_OR_OPERATES,
    Action.USER_LOCK: either(ADMINISTERS_OR_OPERATES, every(OF_OWN_ORGANISATION, COLLEAGUE)),
    Action.USER_UNLOCK: ADMINISTERS_OR_OPERATES,
    Action.USER_LEAVE: ADMINISTERS_OR_OPERATES,
    Action.USER_SUCCEED: ADMINISTERS_OR_OPERATES,
    Action.ROLE_GRANT: ADMINISTERS_OR_OPERATES,
    Action.ROLE_RESTORE: ADMINISTERS_OR_OPERATES,
    Action.ROLE_END: ADMINISTERS_OR_OPERATES,
    Action.PROPOSAL_READ: either(CONFIRMS, PROPOSED_IT, STOPS, WAS_TOLD),
    Action.PROPOSAL_CONFIRM: CONFIRMS,
    Action.PROPOSAL_REFUSE: CONFIRMS,
    Action.PROPOSAL_TAKE_BACK: PROPOSED_IT,
    Action.PROPOSAL_STOP: STOPS,
    Action.PROPOSAL_SETTLE: IS_WORKER,
    Action.PROPOSAL_COUNT: IS_WORKER,
    Action.OFFICE_CHANGE: ADMINISTERS,
    Action.OFFICE_OPEN_UP: ADMINISTERS,
    Action.OFFICE_CLOSE_OFF: ADMINISTERS,
    Action.TERM_CHANGE: ADMINISTERS_OR_OPERATES,
    Action.SETTINGS_CHANGE: ADMINISTERS,
    Action.LIMITS_CHANGE: ADMINISTERS,
    Action.FACTORS_RELAX: ADMINISTERS,
    Action.ORGANISATION_SET_UP: IS_OPERATOR,
    Action.ACCOUNT_CHANGE: IS_ONESELF,
    Action.FEED_OPEN: IS_ONESELF,
    Action.FACTOR_ADD: IS_ONESELF,
    Action.FACTOR_REMOVE: IS_ONESELF,
    Action.FACTOR_PROVE: IS_ONESELF,
    Action.FACTOR_CLEAR: ADMINISTERS_OR_OPERATES,
    Action.SESSION_BEGIN: IS_ONESELF,
    Action.SESSION_END: IS_OWN,
    Action.NOTICE_SEE: IS_OWN,
    Action.JOB_RUN: IS_WORKER,
    Action.JOB_RETRY: IS_ADMINISTRATOR,
}
