"""Whom a figure counts: by the codes and letters of their cases, never by name."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.insight.courts.counting import Whose, heads_of
from hrdtracker.people.model import PersonScope


@dataclass(frozen=True)
class CaseOfPerson:
    """A case that has somebody, and their letter in it."""

    uid: UUID
    code: str
    letter: str


@dataclass(frozen=True)
class PersonCounted:
    """One person, or one group, that a figure counts: how many they are, and in which cases."""

    people: int
    cases: Sequence[CaseOfPerson]


def people_behind(actor: Actor, groups: Sequence[Sequence[Whose]]) -> list[PersonCounted]:
    """Return whom some groups of rows count, a group being one person; two statements."""
    cases = _cases(actor, {row.scope_id for some in groups for row in some})
    letters = _letters({row.person_id for some in groups for row in some}, cases)
    return [PersonCounted(heads_of(some), _of(some, cases, letters)) for some in groups]


def _of(
    rows: Sequence[Whose],
    cases: Mapping[int, tuple[UUID, str]],
    letters: Mapping[tuple[int, int | None], str],
) -> list[CaseOfPerson]:
    """Return the cases of one person, each once."""
    wanted = dict.fromkeys((row.scope_id, row.person_id) for row in rows)
    return [
        CaseOfPerson(*cases[scope_id], letters.get((scope_id, person_id), ""))
        for scope_id, person_id in wanted
        if scope_id in cases
    ]


def _cases(actor: Actor, scopes: Collection[int]) -> Mapping[int, tuple[UUID, str]]:
    may = policy.condition(actor, Action.CASE_READ, Case, of_few=True)
    query = select(Case.scope_id, Case.uid, Case.code).where(Case.scope_id.in_(scopes), may)
    return {scope_id: (uid, code) for scope_id, uid, code in session().execute(query)}


def _letters(
    people: set[int | None], scopes: Collection[int]
) -> Mapping[tuple[int, int | None], str]:
    query = select(PersonScope.scope_id, PersonScope.person_id, PersonScope.letter).where(
        PersonScope.person_id.in_(people - {None}), PersonScope.scope_id.in_(scopes)
    )
    return {(scope, person): letter for scope, person, letter in session().execute(query)}
