"""An observation as its reader may see it: what is asked, of whom, what was said, what follows."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.seal import ring
from hrdtracker.proceedings.annex import ObservedAccused, accused_in
from hrdtracker.proceedings.checklists.book import checklist_in_use, questions_of
from hrdtracker.proceedings.checklists.model import Checklist
from hrdtracker.proceedings.checklists.questions import (
    REFUSED_ENTRY,
    AnswerKind,
    ChecklistQuestion,
    QuestionPart,
)
from hrdtracker.proceedings.guarding import joined
from hrdtracker.proceedings.model import (
    Hearing,
    HearingAnswer,
    TrialObservation,
)
from hrdtracker.proceedings.observing import (
    NOWHERE,
    AnswerRow,
    Place,
    answers_of,
    parts_of,
    place_of,
    version_of,
)
from hrdtracker.proceedings.reading.hearings import HearingLine, hearing_line


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it is asked of a hearing: of which accused, and what was answered so far.

    `earlier` is what the same observer said of the trial at another hearing of it.
    """

    question: ChecklistQuestion
    accused: tuple[ObservedAccused, ...]
    rows: Mapping[Place, AnswerRow]
    earlier: HearingAnswer | None = None

    @property
    def version(self) -> int:
        """The version of its answers."""
        return version_of(self.rows.values())

    @property
    def places(self) -> tuple[Place, ...]:
        """Of whom it is answered."""
        return tuple(one.place for one in self.accused) if self.question.is_of_each else (NOWHERE,)

    def said(self, place: Place = NOWHERE) -> str | None:
        """Return what was answered: a code, or words."""
        row = self.rows.get(place)
        return None if row is None else row.answer or row.words

    def note(self, scope_id: int | None = None) -> str | None:
        """Return what was seen besides."""
        row = self.rows.get((scope_id, None))
        return row.note if row else None

    @property
    def is_answered(self) -> bool:
        """Whether nothing of it is open."""
        return self.earlier is not None or all(self.said(place) for place in self.places)

    @property
    def is_touched(self) -> bool:
        """Whether anything was said to it here."""
        return any(row.answer or row.words or row.note for row in self.rows.values())

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases that name those of whom it is asked."""
        return tuple({one.case.id: one.case for one in self.accused}.values())


@dataclass(frozen=True)
class RightInQuestion:
    """An answer that is a concern: which question, about whom, and what a person made of it."""

    question: ChecklistQuestion
    row: AnswerRow
    accused: ObservedAccused | None
    said_by: User | None

    @property
    def in_question(self) -> bool | None:
        """Whether the right is in question; None where nobody said it yet."""
        return self.row.in_question


@dataclass(frozen=True)
class ObservationDetails:
    """One observation with all that its reader may see of it."""

    observation: TrialObservation
    line: HearingLine
    observer: User
    version: int
    every: tuple[AskedQuestion, ...]
    accused: tuple[ObservedAccused, ...]
    rights: tuple[RightInQuestion, ...]
    may_answer: bool
    may_confirm: bool

    @property
    def entry(self) -> AskedQuestion:
        """The question whether the observer was let in."""
        return next(each for each in self.every if each.question.answer == AnswerKind.ENTRY)

    @property
    def asked(self) -> tuple[AskedQuestion, ...]:
        """What else is asked of somebody."""
        return tuple(each for each in self.every if each.question.number and each.places)

    @property
    def is_refused(self) -> bool:
        """Whether the observer was not let in: then nothing else is asked."""
        return self.entry.said() == REFUSED_ENTRY

    @property
    def answered(self) -> int:
        """How many questions are answered."""
        return sum(each.is_answered for each in self.asked)

    def find(self, key: str) -> AskedQuestion | None:
        """Return the question with this key, if it is asked of such a hearing."""
        return next((each for each in self.every if each.question.key == key), None)


def questions_in_use(actor: Actor, hearing: Hearing) -> tuple[int, tuple[ChecklistQuestion, ...]]:
    """Return the version of the checklist in use, and what it asks of a hearing; 0 for none."""
    checklist = checklist_in_use(actor.organisation_id)
    if checklist is None:
        return 0, ()
    parts = parts_of(hearing)
    return checklist.number, tuple(each for each in questions_of(checklist) if each.part in parts)


def observation_details(actor: Actor, uid: UUID) -> ObservationDetails:
    """Return one observation, in as few statements for 1 accused as for 20; raises NotFound."""
    observation = policy.fetch(actor, Action.PROCEEDING_READ, TrialObservation, uid)
    hearing = session().get_one(Hearing, observation.hearing_id)
    line = hearing_line(actor, hearing.uid)
    checklist = session().get_one(Checklist, observation.checklist_id)
    accused = tuple(accused_in(actor, [hearing.proceeding_id])[hearing.proceeding_id])
    ring().load({one.case.data_key_id for one in accused})
    rows = answers_of(actor, observation)
    by_question = defaultdict[str, dict[Place, AnswerRow]](dict)
    for row in rows:
        by_question[row.question][place_of(row)] = row
    parts, earlier = parts_of(hearing), _of_the_trial(actor, observation)
    asked = [
        _asked(question, accused, by_question[question.key], earlier)
        for question in questions_of(checklist)
        if question.part in parts
    ]
    users = _users({observation.observer_id, *(row.confirmed_by_id or 0 for row in rows)})
    may = policy.allowed(
        actor, [Action.OBSERVATION_ANSWER, Action.OBSERVATION_CONFIRM], observation
    )
    return ObservationDetails(
        observation,
        line,
        users[observation.observer_id],
        checklist.number,
        tuple(asked),
        accused,
        tuple(_rights(asked, accused, users)),
        may_answer=Action.OBSERVATION_ANSWER in may,
        may_confirm=Action.OBSERVATION_CONFIRM in may,
    )


def _asked(
    question: ChecklistQuestion,
    accused: Sequence[ObservedAccused],
    rows: Mapping[Place, AnswerRow],
    earlier: Mapping[str, HearingAnswer],
) -> AskedQuestion:
    of_whom: tuple[ObservedAccused, ...] = ()
    if question.is_of_each:
        is_annex = question.part == QuestionPart.JUVENILE
        of_whom = tuple(one for one in accused if one.is_juvenile or not is_annex)
    said_before = earlier.get(question.key) if question.part == QuestionPart.TRIAL else None
    is_said_here = any(row.answer or row.words for row in rows.values())
    return AskedQuestion(question, of_whom, rows, None if is_said_here else said_before)


def _rights(
    asked: Sequence[AskedQuestion],
    accused: Sequence[ObservedAccused],
    users: Mapping[int, User],
) -> Iterator[RightInQuestion]:
    """Yield each answer that is a concern, in the order of the questions and of the accused."""
    by_place = {one.place: one for one in accused}
    for each in asked:
        for place in each.places:
            row = each.rows.get(place)
            if row is not None and each.question.is_concern(row.answer):
                said_by = users.get(row.confirmed_by_id or 0)
                yield RightInQuestion(each.question, row, by_place.get(place), said_by)


def _of_the_trial(actor: Actor, observation: TrialObservation) -> Mapping[str, HearingAnswer]:
    """Return what the same observer answered at other hearings of the proceeding, by question."""
    may = policy.condition(actor, Action.PROCEEDING_READ, HearingAnswer, of_few=True)
    parts = joined([observation.proceeding_id])
    query = (
        select(HearingAnswer)
        .join(TrialObservation, TrialObservation.id == HearingAnswer.observation_id)
        .where(
            TrialObservation.proceeding_id.in_(select(parts.c.part)),
            TrialObservation.observer_id == observation.observer_id,
            TrialObservation.id != observation.id,
            may,
        )
        .order_by(HearingAnswer.answered_at)
    )
    rows = session().scalars(query).all()
    return {row.question: row for row in rows if row.answer or row.words}


def _users(numbers: Collection[int]) -> Mapping[int, User]:
    users = session().scalars(select(User).where(User.id.in_(set(numbers) - {0}))).all()
    ring().load({user.data_key_id for user in users})
    return {user.id: user for user in users}
