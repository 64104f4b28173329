"""Every limit of the instance as it stood at an instant: for the console, and for a check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.people.model import PersonScope
from hrdtracker.proceedings.clocks.known_facts import facts_of
from hrdtracker.proceedings.clocks.law import law
from hrdtracker.proceedings.clocks.recount import EVERYBODY, KEPT
from hrdtracker.proceedings.clocks.subjects import ClockSubject, subjects_of
from hrdtracker.proceedings.limits.engine import limits
from hrdtracker.proceedings.limits.model import Limit


@dataclass(frozen=True)
class ListedLimit:
    """A limit, and whose it is: a case’s code and a letter, never a name."""

    code: str
    letter: str
    people: int
    limit: Limit


def limits_at(moment: datetime) -> Sequence[ListedLimit]:
    """Return what runs at an instant for everybody of whom a stay is recorded, soonest first.

    It is for whoever holds the machine: nothing of it is narrowed to a reader.
    """
    found = [
        ListedLimit(code, letter, subject.people, one)
        for code, letter, subject in everybody()
        for one in limits(facts_of(subject), law(subject.organisation_id), moment)
        if one.state in KEPT
    ]
    return sorted(found, key=_place)


def everybody() -> Iterator[tuple[str, str, ClockSubject]]:
    """Yield everybody for whom a limit may run, after the case’s code and the letter in it."""
    whose = {(scope, person) for scope, person in session().execute(EVERYBODY)}
    codes = dict(session().execute(select(Case.scope_id, Case.code)).all())
    query = select(PersonScope.scope_id, PersonScope.person_id, PersonScope.letter)
    letters: dict[tuple[int, int | None], str] = {
        (scope, person): letter for scope, person, letter in session().execute(query)
    }
    for subject in subjects_of(whose):
        yield codes[subject.scope_id], letters.get(_key(subject), ""), subject


def _key(subject: ClockSubject) -> tuple[int, int | None]:
    return subject.scope_id, subject.person.id if subject.person else None


def _place(listed: ListedLimit) -> tuple[bool, float]:
    window = listed.limit.window
    earliest = window.earliest if window else None
    return earliest is None, earliest.timestamp() if earliest else 0.0
