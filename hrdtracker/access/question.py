"""Several rules asked of records in one statement, each part that they share only once."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.sql.elements import False_, True_

from hrdtracker.access.actor import Actor
from hrdtracker.access.rule import All, Condition, Either, Rule, for_few, rendered
from hrdtracker.core.db import Entity, session

Answer = Callable[[Sequence[Any]], bool]
"""Tells from the row of a record whether what was asked holds on it."""


class Question:
    """The columns of one statement on few records of `model`, and how each answer is read."""

    def __init__(self, model: type[Entity]) -> None:
        self.model = model
        self.columns: list[Condition] = []
        self.answers: list[Answer] = []
        self._places: dict[int, int] = {}
        """Where each condition stands, by its identity: `columns` keeps it, so no other has it."""

    def ask(self, condition: Condition) -> None:
        """Ask a condition; the same one is a column once."""
        self.answers.append(self._column(condition))

    def ask_rule(self, rule: Rule, actor: Actor) -> None:
        """Ask a rule: its parts are columns, put together as the rule says.

        No part is turned round, so that what is unknown to the database is no in both ways.
        """
        self.answers.append(self._rule(for_few(rule), actor))

    def put(self, ids: Collection[int]) -> dict[int, list[bool]]:
        """Return the answers by the record’s number, in the order of asking; none for no record."""
        rows = session().execute(self._query, {"ids": list(ids)})
        return {row[0]: [answer(row) for answer in self.answers] for row in rows}

    def _rule(self, rule: Rule, actor: Actor) -> Answer:
        whole = rendered(rule, actor, self.model)
        if not isinstance(rule, All | Either) or isinstance(whole, True_ | False_):
            return self._column(whole)
        parts = [self._rule(part, actor) for part in rule.parts]
        together = all if isinstance(rule, All) else any
        return lambda row: together(part(row) for part in parts)

    def _column(self, condition: Condition) -> Answer:
        if isinstance(condition, True_ | False_):  # the roles alone decide: no row is asked
            known = isinstance(condition, True_)
            return lambda _row: known
        place = self._places.setdefault(id(condition), len(self.columns))
        if place == len(self.columns):
            self.columns.append(condition)
        return lambda row: bool(row[place + 1])

    @cached_property
    def _query(self) -> Select[Any]:
        """The statement; from then on nothing more is asked."""
        asked: Iterable[Any] = self.columns
        named = [each.label(f"holds_{place}") for place, each in enumerate(asked)]
        wanted = self.model.id.in_(bindparam("ids", expanding=True))
        return select(self.model.id, *named).where(wanted)
