"""The one place that answers whether somebody may see or do something."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, literal, select
from sqlalchemy.sql.elements import False_

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Organisation, Scope
from hrdtracker.access.permissions.whole import RULES
from hrdtracker.access.question import Question
from hrdtracker.access.rule import (
    RENDERED,
    All,
    Condition,
    Either,
    OnItsCase,
    Rule,
    SomewhereNamed,
    for_few,
    rendered,
)
from hrdtracker.core.db import PREPARED, Base, Entity, number_of, session
from hrdtracker.core.errors import NotFound
from hrdtracker.core.seal import SealedRow

Record = TypeVar("Record", bound=Entity)
ASKED_AT_ONCE = 40
"""For how many people one statement asks."""


@dataclass(frozen=True)
class Fetched:
    """A record that was fetched by its address, as the access log names it."""

    action: Action
    table: str
    uid: UUID
    scope_id: int | None


def condition(
    actor: Actor, action: Action, model: type[Base], *, of_few: bool = False
) -> Condition:
    """Return the SQL condition on rows of `model` under which `actor` may do `action`.

    Say `of_few` where something else narrows the query to few rows: the answer is the same.
    """
    rule = RULES[action]
    return rendered(for_few(rule) if of_few else rule, actor, model)


def visible(actor: Actor, action: Action, model: type[Record]) -> Select[Record]:
    """Return the query of every record of `model` on which `actor` may do `action`."""
    return select(model).where(condition(actor, action, model))


@lru_cache(maxsize=PREPARED)
def _one(rule: Rule, actor: Actor, model: type[Entity]) -> Select[Any]:
    """Return the query of the one record with the uid `wanted`, if the rule holds on it."""
    wanted = bindparam("wanted", type_=model.uid.type)
    return select(model).where(rendered(for_few(rule), actor, model), model.uid == wanted)


def fetch(actor: Actor, action: Action, model: type[Record], uid: UUID | str) -> Record:
    """Return the record with this uid; raises NotFound alike where it is missing or hidden."""
    try:
        wanted = uid if isinstance(uid, UUID) else UUID(uid)
    except ValueError:
        raise NotFound from None
    found: Record | None = session().scalar(_one(RULES[action], actor, model), {"wanted": wanted})
    if found is None:
        session().info.setdefault("unseen", []).append((actor, action, model.__tablename__, wanted))
        raise NotFound
    if isinstance(found, SealedRow) and not found.untraced:
        _note_fetched(action, found)
    return found


def _note_fetched(action: Action, record: SealedRow) -> None:
    """Note of each data key the record that was fetched first: what a page is about comes first."""
    fetched: dict[int, Fetched] = session().info.setdefault("fetched", {})
    if record.data_key_id not in fetched:
        scope_id = getattr(record, "scope_id", None)
        fetched[record.data_key_id] = Fetched(action, record.__tablename__, record.uid, scope_id)


def allows(actor: Actor, action: Action, record: Entity) -> bool:
    """Tell whether `actor` may do `action` to this record."""
    return action in allowed(actor, [action], record)


def who_may(actors: Sequence[Actor], action: Action, record: Entity) -> set[int]:
    """Return the numbers of those of `actors` who may do `action` to this record."""
    return who_may_each(actors, action, type(record), [record.id])[record.id]


def who_may_each(
    actors: Sequence[Actor], action: Action, model: type[Entity], ids: Iterable[int]
) -> dict[int, set[int]]:
    """Return, by the number of each record, the numbers of those who may do `action` to it."""
    return _whom_it_fits(actors, RULES[action], model, ids)


def whom_it_fits(actors: Sequence[Actor], rule: Rule, record: Entity) -> set[int]:
    """Return the numbers of those of `actors` for whom a rule holds on this record."""
    return _whom_it_fits(actors, rule, type(record), [record.id])[record.id]


def _whom_it_fits(
    actors: Sequence[Actor], rule: Rule, model: type[Entity], ids: Iterable[int]
) -> dict[int, set[int]]:
    """Return by record for whom a rule holds; a statement for each forty of `actors`."""
    may: dict[int, set[int]] = {number: set() for number in ids}
    for start in range(0, len(actors), ASKED_AT_ONCE):
        some = actors[start : start + ASKED_AT_ONCE]
        question = Question(model)
        for actor in some:
            question.ask(rendered(for_few(rule), actor, model))
        for number, answers in question.put(may).items():
            may[number] |= {actor.id for actor, yes in zip(some, answers, strict=True) if yes}
    return may


def could(actor: Actor, action: Action) -> bool:
    """Tell whether the actor's roles leave open that they may do `action` to some record."""
    return _could(RULES[action], actor)


@lru_cache(maxsize=RENDERED)
def _could(rule: Rule, actor: Actor) -> bool:
    if isinstance(rule, All):
        return all(_could(part, actor) for part in rule.parts)
    if isinstance(rule, Either):
        return any(_could(part, actor) for part in rule.parts)
    if isinstance(rule, OnItsCase | SomewhereNamed):
        return _could(rule.rule, actor)
    try:
        return not isinstance(rule.where(actor, Scope), False_)
    except AttributeError:  # it asks about another kind of record, and only that can tell
        return True


def allows_anywhere(actor: Actor, action: Action) -> bool:
    """Tell whether `actor` may do an act that has no record yet, such as setting up."""
    rule = RULES[action].where(actor, Organisation)
    return session().scalar(select(literal(1)).where(rule)) is not None


def allowed(actor: Actor, actions: Iterable[Action], record: Entity) -> set[Action]:
    """Return those of `actions` that `actor` may do to this record, in one statement."""
    number = number_of(record)
    return allowed_each(actor, actions, type(record), [number]).get(number, set())


def allowed_each(
    actor: Actor, actions: Iterable[Action], model: type[Entity], ids: Collection[int]
) -> dict[int, set[Action]]:
    """Return, for each of `ids`, those of `actions` that `actor` may do, in one statement."""
    asked = tuple(actions)
    rows = _question(tuple(RULES[action] for action in asked), actor, model).put(ids)
    return {
        number: {action for action, may in zip(asked, answers, strict=True) if may}
        for number, answers in rows.items()
    }


@lru_cache(maxsize=PREPARED)
def _question(rules: tuple[Rule, ...], actor: Actor, model: type[Entity]) -> Question:
    """Return what asks whether each rule holds; kept."""
    question = Question(model)
    for rule in rules:
        question.ask_rule(rule, actor)
    return question


def ask(question: Question, actor: Actor, action: Action) -> None:
    """Ask, among other things, whether `actor` may do `action`."""
    question.ask_rule(RULES[action], actor)


def allowed_ids(actor: Actor, action: Action, model: type[Record], ids: Iterable[int]) -> set[int]:
    """Return those of `ids` on which `actor` may do `action`, in one statement."""
    may = condition(actor, action, model, of_few=True)
    query = select(model.id).where(model.id.in_(list(ids)), may)
    return set(session().scalars(query))
