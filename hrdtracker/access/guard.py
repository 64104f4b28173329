"""What must hold now for an act, besides the role: its check, its button and its list are one."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import and_, true

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.question import Question
from hrdtracker.access.rule import Condition, Model
from hrdtracker.core.db import PREPARED, Entity
from hrdtracker.core.errors import WrongStatus
from hrdtracker.core.workflow import Status, Step, Workflow


@dataclass(frozen=True)
class Guard:
    """A condition over columns and joins; `refusal` is what a person reads where it fails.

    Conditions are kept, so a setting is read by the statement and never written into it. What
    the person can answer on the spot is `asked_first`: the act is offered, and the question comes.
    """

    refusal: str
    condition: Callable[[Actor, Model], Condition]
    asked_first: bool = False

    def where(self, actor: Actor, model: Model) -> Condition:
        """Return the condition on rows of `model` under which the guard holds."""
        return self.condition(actor, model)


Guards = Mapping[Action, tuple[Guard, ...]]


@dataclass(frozen=True)
class Offer:
    """What somebody may do to a record now; and of what their role allows, why not the rest."""

    may: frozenset[Action]
    hindered: Mapping[Action, str]


class GuardedWorkflow(Workflow[Action, Status]):
    """The arrows of one kind of record, and the guards of each verb, with an arrow or without."""

    def __init__(
        self,
        model: type[Entity],
        first: Status,
        steps: Iterable[Step[Action, Status]],
        guards: Guards,
    ) -> None:
        super().__init__(first, steps)
        self.model = model
        self.guards = guards

    def check(self, actor: Actor, action: Action, record: Any) -> None:
        """Raise WrongStatus where no arrow begins, or with the sentence of the first guard."""
        if not self._leads_on(action, record.status):
            raise WrongStatus
        must_hold(actor, self.guards.get(action, ()), record)

    def offers(self, actor: Actor, actions: Sequence[Action], record: Entity) -> Offer:
        """Return which of `actions` the actor may do to a record now, in one statement."""
        return self.offers_each(actor, actions, [record])[record.id]

    def offers_each(
        self, actor: Actor, actions: Sequence[Action], records: Sequence[Any]
    ) -> dict[int, Offer]:
        """Return for each record which of `actions` the actor may do now, in one statement."""
        if not records:
            return {}
        guards = {action: _hidden_by(self.guards.get(action, ())) for action in actions}
        every = tuple(dict.fromkeys(guard for some in guards.values() for guard in some))
        rows = _answers(self.model, tuple(actions), every, actor, records)
        offers = {}
        for record in records:
            answers = rows[record.id]
            permitted = [action for action, may in zip(actions, answers, strict=False) if may]
            holds = dict(zip(every, answers[len(actions) :], strict=True))
            refusals = {
                action: self._refusal(action, guards[action], holds, record.status)
                for action in permitted
            }
            hindered = {action: why for action, why in refusals.items() if why is not None}
            offers[record.id] = Offer(frozenset(refusals) - hindered.keys(), hindered)
        return offers

    def open(self, actor: Actor, action: Action) -> Condition:
        """Return the condition on rows that the actor may do this to now, for a list of few."""
        guards = _hidden_by(self.guards.get(action, ()))
        return and_(
            self._stands(action),
            policy.condition(actor, action, self.model, of_few=True),
            *(guard.where(actor, self.model) for guard in guards),
        )

    def next_on(self, actor: Actor, action: Action, of_person: Collection[Guard]) -> Condition:
        """Return the condition on rows that this is to be done now, whoever may.

        `of_person` are the guards that ask about whoever acts, and are not asked here.
        """
        guards = (guard for guard in self.guards.get(action, ()) if guard not in of_person)
        return and_(self._stands(action), *(guard.where(actor, self.model) for guard in guards))

    def _stands(self, action: Action) -> Condition:
        """Return the condition that an arrow of this verb begins where a row stands."""
        sources, model = self._sources(action), cast("Any", self.model)
        return model.status.in_(sources) if sources else true()

    def _sources(self, action: Action) -> list[Status]:
        """Return where an arrow of this verb begins; nothing where it has none."""
        sources = (step.source for step in self.steps if step.action == action)
        return list(dict.fromkeys(sources))

    def _leads_on(self, action: Action, status: str) -> bool:
        """Tell whether an arrow of this verb begins here, or whether it needs none."""
        sources = self._sources(action)
        return not sources or status in sources

    def _refusal(
        self, action: Action, guards: tuple[Guard, ...], holds: Mapping[Guard, bool], status: str
    ) -> str | None:
        if not self._leads_on(action, status):
            return WrongStatus.default
        return next((guard.refusal for guard in guards if not holds[guard]), None)


def must_hold(actor: Actor, guards: tuple[Guard, ...], record: Entity) -> None:
    """Raise WrongStatus with the sentence of the first guard that does not hold."""
    answers = _answers(type(record), (), guards, actor, [record])[record.id] if guards else ()
    for guard, holds in zip(guards, answers, strict=True):
        if not holds:
            raise WrongStatus(guard.refusal)


def passing(actor: Actor, guards: Guards, records: Sequence[Entity]) -> dict[int, set[Action]]:
    """Return for each record the verbs whose guards hold, whoever may do them."""
    if not records:
        return {}
    every = tuple(dict.fromkeys(guard for some in guards.values() for guard in some))
    rows = _answers(type(records[0]), (), every, actor, records)
    return {
        number: {
            action
            for action, some in guards.items()
            if all(answers[every.index(guard)] for guard in some)
        }
        for number, answers in rows.items()
    }


def _hidden_by(guards: tuple[Guard, ...]) -> tuple[Guard, ...]:
    """Return those guards without which an act is not even offered."""
    return tuple(guard for guard in guards if not guard.asked_first)


def _answers(
    model: type[Entity],
    actions: tuple[Action, ...],
    guards: tuple[Guard, ...],
    actor: Actor,
    records: Sequence[Entity],
) -> dict[int, list[bool]]:
    """Return for each record whether each rule and then each guard holds, in one statement."""
    return _question(model, actions, guards, actor).put([record.id for record in records])


@lru_cache(maxsize=PREPARED)
def _question(
    model: type[Entity], actions: tuple[Action, ...], guards: tuple[Guard, ...], actor: Actor
) -> Question:
    """Return what asks whether each rule and then each guard holds; kept."""
    question = Question(model)
    for action in actions:
        policy.ask(question, actor, action)
    for guard in guards:
        question.ask(guard.where(actor, model))
    return question
