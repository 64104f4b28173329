"""Who may do what to a proceeding, and to what is said of somebody in it."""

from hrdtracker.access.action import Action
from hrdtracker.access.rule import Rule, SomewhereNamed
from hrdtracker.access.rules import ON_READABLE_CASE

RULES: dict[Action, Rule] = {
    Action.PROCEEDING_READ: SomewhereNamed(ON_READABLE_CASE),
    Action.PROCEEDING_RECORD: SomewhereNamed(ON_READABLE_CASE),
}
