"""Who may do what to a proceeding and to what is said of somebody in it; who reads its figures."""

from hrdtracker.access.action import Action
from hrdtracker.access.rule import Rule, SomewhereNamed, every
from hrdtracker.access.rules import (
    DIRECTS_EVERYWHERE,
    IS_DIRECTOR,
    IS_OPERATOR,
    OBSERVED_IT,
    OF_OWN_ORGANISATION,
    ON_READABLE_CASE,
)

RULES: dict[Action, Rule] = {
    Action.PROCEEDING_READ: SomewhereNamed(ON_READABLE_CASE),
    Action.PROCEEDING_RECORD: SomewhereNamed(ON_READABLE_CASE),
    Action.OBSERVATION_ANSWER: every(SomewhereNamed(ON_READABLE_CASE), OBSERVED_IT),
    Action.OBSERVATION_CONFIRM: SomewhereNamed(ON_READABLE_CASE),
    Action.CHECKLIST_LOAD: IS_OPERATOR,
    Action.FIGURES_READ: every(OF_OWN_ORGANISATION, IS_DIRECTOR),
    Action.FIGURES_RELEASE: every(OF_OWN_ORGANISATION, DIRECTS_EVERYWHERE),
    Action.PROCEEDING_TIE: SomewhereNamed(ON_READABLE_CASE),
}
