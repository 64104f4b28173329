"""What people answered when they were asked about something, and which of their answers counts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.calendar import today
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.people.model import (
    OWN_WORD,
    ConsentAnswer,
    ConsentGiver,
    ConsentPurpose,
    ConsentStatement,
)


@dataclass(frozen=True)
class GivenAnswer:
    """Who of which case answered what, and how we know."""

    scope_id: int
    person_id: int
    answer: ConsentAnswer
    given_by: ConsentGiver


@dataclass(frozen=True)
class Consent:
    """The answer of a person that counts; `statement` is the one that says so, where one reads it.

    Without an answer nobody asked them.
    """

    answer: ConsentAnswer | None = None
    statement: ConsentStatement | None = None

    @property
    def is_given(self) -> bool:
        """Whether they said yes: silence never is."""
        return self.answer == ConsentAnswer.YES

    @property
    def is_refused(self) -> bool:
        """Whether they said no."""
        return self.answer == ConsentAnswer.NO


NOT_ASKED = Consent()


def record_answers(actor: Actor, answers: Iterable[GivenAnswer], purpose: ConsentPurpose) -> None:
    """Keep what people answered today, as an act on each of their cases.

    What was said before stays. The same once more on the same day changes nothing.
    """
    ordered = sorted(answers, key=lambda one: (one.scope_id, one.person_id))
    for scope_id, some in groupby(ordered, key=lambda one: one.scope_id):
        case = session().scalars(select(Case).where(Case.scope_id == scope_id)).one()
        with authorised(actor, Action.CONSENT_RECORD, on=case):
            rows = [_row(actor, one, purpose) for one in some]
            last = _last({row.person_id for row in rows}, purpose)
            new = [row for row in rows if _said(row) != last.get((row.scope_id, row.person_id))]
            session().add_all(new)
            case.changed_at = clock.now()


def _row(actor: Actor, one: GivenAnswer, purpose: ConsentPurpose) -> ConsentStatement:
    return ConsentStatement(
        scope_id=one.scope_id,
        person_id=one.person_id,
        purpose=purpose,
        answer=one.answer,
        given_by=one.given_by,
        given_on=today(actor.organisation_id),
        asked_by_id=actor.id,
        recorded_at=clock.now(),
    )


def _said(row: ConsentStatement) -> tuple[object, ...]:
    return row.answer, row.given_by, row.given_on


def _last(
    people: Collection[int], purpose: ConsentPurpose
) -> Mapping[tuple[int, int], tuple[object, ...]]:
    """Return by case and person what was said last."""
    return {(row.scope_id, row.person_id): _said(row) for row in _statements(people, purpose)}


def _statements(people: Collection[int], purpose: ConsentPurpose) -> Sequence[ConsentStatement]:
    """Return what these people answered, wherever it was recorded, in its order."""
    query = select(ConsentStatement).where(
        ConsentStatement.person_id.in_(people), ConsentStatement.purpose == purpose
    )
    return session().scalars(query.order_by(ConsentStatement.id)).all()


def consents_of(
    actor: Actor, people: Collection[int], purpose: ConsentPurpose
) -> Mapping[int, Consent]:
    """Return the answer that counts of each of these people; two statements, whoever they are.

    It is that of what the reader may read; a refusal that counts is one also where it was recorded
    in a case that is hidden to them, and they learn no more than that.
    """
    rows = _statements(people, purpose)
    read = policy.allowed_ids(actor, Action.CASE_READ, ConsentStatement, [row.id for row in rows])
    found: dict[int, list[ConsentStatement]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return {person: _consent(some, read) for person, some in found.items()}


def _consent(rows: Sequence[ConsentStatement], read: Collection[int]) -> Consent:
    seen = [row for row in rows if row.id in read]
    row = decisive(seen) if seen else None
    known = Consent(ConsentAnswer(row.answer), row) if row else NOT_ASKED
    is_refused = decisive(rows).answer == ConsentAnswer.NO
    return Consent(ConsentAnswer.NO) if is_refused and not known.is_refused else known


def decisive(rows: Sequence[ConsentStatement]) -> ConsentStatement:
    """Return which of the answers about somebody counts; they stand in the order of recording.

    The last of the person themselves outweighs everybody else’s. Without one, a refusal by whoever
    speaks for them outweighs a yes.
    """
    own = [row for row in rows if row.given_by in OWN_WORD]
    refused = [row for row in rows if row.answer == ConsentAnswer.NO]
    return (own or refused or rows)[-1]
