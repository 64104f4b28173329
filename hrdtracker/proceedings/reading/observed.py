"""What was observed at hearings, in lines: by whom, how far, which rights are in question."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.people.model import PersonScope
from hrdtracker.proceedings.annex import accused_in
from hrdtracker.proceedings.checklists.book import questions_of
from hrdtracker.proceedings.checklists.model import Checklist
from hrdtracker.proceedings.checklists.questions import (
    REFUSED_ENTRY,
    ChecklistQuestion,
    QuestionPart,
)
from hrdtracker.proceedings.model import (
    AccusedAnswer,
    Hearing,
    HearingAnswer,
    HearingMonitor,
    HearingStatus,
    Party,
    ProceedingScope,
    TrialObservation,
)
from hrdtracker.proceedings.reading.hearings import HearingLine, hearing_lines

Asked = Mapping[str, ChecklistQuestion]
LOOKS_BACK = timedelta(days=60)
"""How long after a hearing whoever went there is asked what they observed."""
MOST = 50


@dataclass(frozen=True)
class ObservedRight:
    """A right that somebody confirmed, or that waits for it: which question, about which letters.

    `in_question` is None where nobody said it yet; what was denied stands nowhere.
    """

    question: ChecklistQuestion
    letters: tuple[str, ...]
    in_question: bool | None


@dataclass(frozen=True)
class ObservedHearing:
    """One observation in a line."""

    observation: TrialObservation
    observer: User
    is_refused: bool
    rights: tuple[ObservedRight, ...]

    @property
    def open_rights(self) -> int:
        """How many wait for somebody to say whether they are in question."""
        return sum(right.in_question is None for right in self.rights)


def observed_at(actor: Actor, hearings: Collection[int]) -> Mapping[int, list[ObservedHearing]]:
    """Return by hearing what was observed there, as far as somebody reads it; six statements."""
    may = policy.condition(actor, Action.PROCEEDING_READ, TrialObservation, of_few=True)
    query = (
        select(TrialObservation, User, Checklist)
        .join(User, User.id == TrialObservation.observer_id)
        .join(Checklist, Checklist.id == TrialObservation.checklist_id)
        .where(TrialObservation.hearing_id.in_(hearings), may)
        .order_by(TrialObservation.id)
    )
    rows = session().execute(query).all() if hearings else []
    found = defaultdict[int, list[ObservedHearing]](list)
    if not rows:
        return found
    ring().load({user.data_key_id for _, user, _ in rows})
    numbers = [observation.id for observation, *_ in rows]
    answers = _answers(actor, numbers)
    for observation, user, checklist in rows:
        asked = {each.key: each for each in questions_of(checklist)}
        mine = answers[observation.id]
        found[observation.hearing_id].append(
            ObservedHearing(observation, user, _is_refused(mine), _rights(mine, asked))
        )
    return found


def observed_in_case(actor: Actor, scope_id: int) -> list[tuple[Hearing, ObservedHearing]]:
    """Return what was observed at the hearings of a case, the latest first; seven statements."""
    earliest = Hearing.starts.part(Hearing, "earliest")
    concerning = select(ProceedingScope.proceeding_id).where(ProceedingScope.scope_id == scope_id)
    query = (
        policy.visible(actor, Action.PROCEEDING_READ, Hearing)
        .where(
            Hearing.proceeding_id.in_(concerning),
            Hearing.id.in_(select(TrialObservation.hearing_id)),
        )
        .order_by(earliest.desc(), Hearing.id.desc())
        .limit(MOST)
    )
    hearings = session().scalars(query).all()
    found = observed_at(actor, [hearing.id for hearing in hearings])
    return [(hearing, one) for hearing in hearings for one in found[hearing.id]]


Line = tuple[Any, str]
"""An answer with the letter of whom it is about."""


def _answers(actor: Actor, observations: Collection[int]) -> Mapping[int, list[Line]]:
    """Return by observation its answers that somebody reads; nothing sealed is opened."""
    found = defaultdict[int, list[Line]](list)
    may = policy.condition(actor, Action.PROCEEDING_READ, HearingAnswer, of_few=True)
    of_hearings = select(HearingAnswer).where(HearingAnswer.observation_id.in_(observations), may)
    for answer in session().scalars(of_hearings.order_by(HearingAnswer.id)):
        found[answer.observation_id].append((answer, ""))
    may = policy.condition(actor, Action.PROCEEDING_READ, AccusedAnswer, of_few=True)
    of_accused = (
        select(AccusedAnswer, PersonScope.letter)
        .join(Party, Party.id == AccusedAnswer.party_id)
        .join(
            PersonScope,
            (PersonScope.person_id == Party.person_id) & (PersonScope.scope_id == Party.scope_id),
        )
        .where(AccusedAnswer.observation_id.in_(observations), may)
    )
    for row, letter in session().execute(of_accused.order_by(AccusedAnswer.id)):
        found[row.observation_id].append((row, letter))
    return found


def _is_refused(lines: Sequence[Line]) -> bool:
    return any(row.answer == REFUSED_ENTRY for row, _ in lines)


def _rights(lines: Sequence[Line], asked: Asked) -> tuple[ObservedRight, ...]:
    """Return what is confirmed or waits, a line for each question, in their order."""
    letters = defaultdict[tuple[str, bool | None], list[str]](list)
    for row, letter in lines:
        if asked[row.question].is_concern(row.answer) and row.in_question is not False:
            letters[row.question, row.in_question].append(letter)
    order = list(asked)
    return tuple(
        ObservedRight(asked[key], tuple(filter(None, some)), said)
        for (key, said), some in sorted(
            letters.items(), key=lambda each: (each[0][1] is None, order.index(each[0][0]))
        )
    )


# What waits for an observer -----------------------------------------------------------------------


@dataclass(frozen=True)
class DueObservation:
    """A hearing of which somebody has not said all: none begun, one not finished, an annex open."""

    line: HearingLine
    observation: TrialObservation | None
    opens_annex: bool = False


def due_observations(actor: Actor) -> Sequence[DueObservation]:
    """Return what somebody has still to fill in; few statements.

    What is not finished comes first, then what an annex asks, each from the latest hearing on.
    Who was not let in has said all: nothing else is asked of them.
    """
    mine = TrialObservation.observer_id == actor.id
    goes = (
        select(HearingMonitor.hearing_id)
        .where(HearingMonitor.user_id == actor.id, HearingMonitor.relieved_at.is_(None))
        .scalar_subquery()
    )
    earliest = Hearing.starts.part(Hearing, "earliest")
    query = (
        policy.visible(actor, Action.PROCEEDING_READ, Hearing)
        .add_columns(TrialObservation)
        .outerjoin(TrialObservation, (TrialObservation.hearing_id == Hearing.id) & mine)
        .where(
            Hearing.status != HearingStatus.CANCELLED,
            earliest <= clock.now(),
            earliest > clock.now() - LOOKS_BACK,
            TrialObservation.id.is_not(None) | Hearing.id.in_(goes),
        )
        .order_by(TrialObservation.finished_at.is_not(None), earliest.desc(), Hearing.id.desc())
        .limit(MOST)
    )
    rows = session().execute(query).all()
    lines = hearing_lines(actor, [hearing for hearing, _ in rows])
    refused = _refused(actor, [row.id for _, row in rows if row is not None])
    asked = [
        (row, line)
        for (_, row), line in zip(rows, lines, strict=True)
        if row is None or row.id not in refused
    ]
    done = [row for row, _ in asked if row is not None and row.finished_at is not None]
    annexes = _open_annexes(actor, done) if done else set()
    return [
        DueObservation(line, row, row is not None and row.id in annexes)
        for row, line in asked
        if row is None or row.finished_at is None or row.id in annexes
    ]


def _refused(actor: Actor, observations: Collection[int]) -> set[int]:
    """Return the observations of who was not let in."""
    if not observations:
        return set()
    may = policy.condition(actor, Action.PROCEEDING_READ, HearingAnswer, of_few=True)
    query = select(HearingAnswer).where(HearingAnswer.observation_id.in_(observations), may)
    return {row.observation_id for row in session().scalars(query) if row.answer == REFUSED_ENTRY}


def _open_annexes(actor: Actor, observations: Sequence[TrialObservation]) -> set[int]:
    """Return which finished observations ask something about a juvenile that nobody answered."""
    lists = {
        row.id: row
        for row in session().scalars(
            select(Checklist).where(Checklist.id.in_({each.checklist_id for each in observations}))
        )
    }
    accused = accused_in(actor, {each.proceeding_id for each in observations})
    said = _juvenile_answers(actor, observations)
    return {
        each.id
        for each in observations
        for one in accused[each.proceeding_id]
        if one.is_juvenile and not _annex(lists[each.checklist_id]) <= said[each.id, one.party.id]
    }


def _annex(checklist: Checklist) -> set[str]:
    return {each.key for each in questions_of(checklist) if each.part == QuestionPart.JUVENILE}


def _juvenile_answers(
    actor: Actor, observations: Sequence[TrialObservation]
) -> Mapping[tuple[int, int | None], set[str]]:
    may = policy.condition(actor, Action.PROCEEDING_READ, AccusedAnswer, of_few=True)
    query = select(AccusedAnswer).where(
        AccusedAnswer.observation_id.in_([each.id for each in observations]), may
    )
    found = defaultdict[tuple[int, int | None], set[str]](set)
    for row in session().scalars(query):
        found[row.observation_id, row.party_id].add(row.question)
    return found
