"""Observations: who was at a hearing answers its questions; a person says what is in question."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused, Stale, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.proceedings.annex import accused_in
from hrdtracker.proceedings.checklists.book import checklist_in_use, questions_of
from hrdtracker.proceedings.checklists.model import Checklist
from hrdtracker.proceedings.checklists.questions import ChecklistQuestion, QuestionPart
from hrdtracker.proceedings.drafts.observations import AnswerDraft, RightDraft
from hrdtracker.proceedings.guarding import case_of_scope, must_concern
from hrdtracker.proceedings.model import (
    AccusedAnswer,
    Hearing,
    HearingAnswer,
    HearingStatus,
    Proceeding,
    TrialObservation,
)

AnswerRow = HearingAnswer | AccusedAnswer
Place = tuple[int | None, int | None]
"""The numbers of a case’s scope and of a party: none of both where it is about the hearing."""
Said = Mapping[Place, Mapping[str, str | None]]
"""What was said, by the place that it is about and the column that keeps it."""
TO_COME = N_("This hearing is still to come.")
WAS_CANCELLED = N_("This hearing was cancelled: nobody observed it.")
NO_CHECKLIST = N_("No checklist is loaded yet. Ask whoever looks after the machine.")
NOT_ASKED = N_("This is not asked here any more. Open the observation again.")
NOTHING_PROPOSED = N_("An answer was changed meanwhile. Look again at what is in question.")
JUDGED_AT = frozenset({"trial", "judgment", "appeal"})
"""Kinds of hearing at which a judgment can be read."""
ON_APPEAL = "appeal"


def parts_of(hearing: Hearing) -> frozenset[QuestionPart]:
    """Return of what is asked after a hearing: the judgment where one can be read, the appeal."""
    left_out = set()
    if hearing.kind not in JUDGED_AT:
        left_out.add(QuestionPart.TRIAL)
    if hearing.kind != ON_APPEAL:
        left_out.add(QuestionPart.APPEAL)
    return frozenset(QuestionPart) - left_out


def why_not(hearing: Hearing) -> str:
    """Return why nobody can have observed a hearing yet; nothing where somebody can.

    From the morning of its day on, for whoever waits at the gate is there before it begins.
    """
    if hearing.status == HearingStatus.CANCELLED:
        return WAS_CANCELLED
    if hearing.status != HearingStatus.SCHEDULED:
        return ""
    starts, zone = hearing.day.earliest, ZoneInfo(hearing.day.zone)
    if starts is None or clock.day_of(starts, zone) > clock.today(zone):
        return TO_COME
    return ""


def begin(actor: Actor, hearing: Hearing) -> TrialObservation:
    """Return the actor’s own observation of a hearing; it begins where there is none yet.

    It keeps the checklist that is in use now. Raises WrongStatus before the day of the hearing.
    """
    with authorised(actor, Action.PROCEEDING_RECORD, on=hearing) as signature:
        if reason := why_not(hearing):
            raise WrongStatus(reason)
        mine = _own(actor, hearing)
        if mine is None:
            checklist = checklist_in_use(actor.organisation_id)
            if checklist is None:
                raise WrongStatus(NO_CHECKLIST)
            mine = TrialObservation(
                hearing_id=hearing.id,
                proceeding_id=hearing.proceeding_id,
                data_key_id=hearing.data_key_id,
                checklist_id=checklist.id,
                observer_id=actor.id,
                began_at=clock.now(),
            )
            session().add(mine)
            session().flush()
        signature.made = mine
    return mine


def _own(actor: Actor, hearing: Hearing) -> TrialObservation | None:
    query = select(TrialObservation).where(
        TrialObservation.hearing_id == hearing.id, TrialObservation.observer_id == actor.id
    )
    return session().scalar(query)


def answer(actor: Actor, observation: TrialObservation, draft: AnswerDraft) -> int:
    """Keep the answers to one question; return the version that they have then.

    What is sent again changes nothing. A changed answer takes back what was said of its right.
    Raises Refused; Stale where the answers are no longer those that the person saw.
    """
    with authorised(actor, Action.OBSERVATION_ANSWER, on=observation):
        question = _asked(observation, draft.question)
        rows = _rows(actor, observation, question)
        said = _changes(rows, _said(actor, observation, question, draft))
        if said and draft.version != version_of(rows.values()):
            raise Stale
        for scope_id in dict.fromkeys(place[0] for place in said):
            with _in_its_case(actor, scope_id):
                for place, values in said.items():
                    if place[0] == scope_id:
                        row = rows.get(place) or _new(observation, question, place)
                        rows[place] = _keep(row, values)
                session().flush()
        return version_of(rows.values())


def finish(actor: Actor, observation: TrialObservation) -> None:
    """Say that nothing more is to be answered for now; a question that opens later is asked."""
    with authorised(actor, Action.OBSERVATION_ANSWER, on=observation):
        observation.finished_at = clock.now()


def confirm(actor: Actor, observation: TrialObservation, drafts: Sequence[RightDraft]) -> None:
    """Say of answers that are a concern whether their rights are in question; all or nothing.

    Raises Refused where an answer is no concern any more, is hidden, or is not as the person saw
    it: somebody answered or confirmed anew.
    """
    with authorised(actor, Action.OBSERVATION_CONFIRM, on=observation):
        rows = {row.uid: row for row in concerns_of(actor, observation)}
        if not {draft.answer for draft in drafts} <= rows.keys():
            raise Refused({"rights": NOTHING_PROPOSED})
        for draft in drafts:
            row = rows[draft.answer]
            if row.in_question is not draft.in_question:
                if row.version != draft.version:
                    raise Refused({"rights": NOTHING_PROPOSED})
                with _in_its_case(actor, _scope_of(row)):
                    row.in_question, row.confirmed_by_id = draft.in_question, actor.id


# What is recorded ---------------------------------------------------------------------------------


def answers_of(actor: Actor, observation: TrialObservation) -> list[AnswerRow]:
    """Return the answers of an observation that somebody reads, with their keys; 3 statements."""
    found: list[AnswerRow] = []
    for model in (HearingAnswer, AccusedAnswer):
        may = policy.condition(actor, Action.PROCEEDING_READ, model, of_few=True)
        query = select(model).where(model.observation_id == observation.id, may)
        found += session().scalars(query.order_by(model.id))
    ring().load({row.data_key_id for row in found})
    return found


def concerns_of(actor: Actor, observation: TrialObservation) -> list[AnswerRow]:
    """Return the answers of an observation that put a right in question, as far as one reads."""
    questions = {each.key: each for each in _questions(observation)}
    rows = answers_of(actor, observation)
    return [row for row in rows if questions[row.question].is_concern(row.answer)]


def version_of(rows: Iterable[AnswerRow]) -> int:
    """Return the version of the answers to one question: it grows with each that is changed."""
    return sum(row.version for row in rows)


def place_of(row: AnswerRow) -> Place:
    """Return what an answer is about."""
    return (row.scope_id, row.party_id) if isinstance(row, AccusedAnswer) else (None, None)


def _scope_of(row: AnswerRow) -> int | None:
    return place_of(row)[0]


def _questions(observation: TrialObservation) -> tuple[ChecklistQuestion, ...]:
    return questions_of(session().get_one(Checklist, observation.checklist_id))


def _asked(observation: TrialObservation, key: str) -> ChecklistQuestion:
    """Return the question with this key; raises Refused where it is not asked of this hearing."""
    parts = parts_of(session().get_one(Hearing, observation.hearing_id))
    for question in _questions(observation):
        if question.key == key and question.part in parts:
            return question
    raise Refused({"answer": NOT_ASKED})


def _rows(
    actor: Actor, observation: TrialObservation, question: ChecklistQuestion
) -> dict[Place, AnswerRow]:
    rows = answers_of(actor, observation)
    return {place_of(row): row for row in rows if row.question == question.key}


# What is said anew --------------------------------------------------------------------------------


def _said(
    actor: Actor, observation: TrialObservation, question: ChecklistQuestion, draft: AnswerDraft
) -> Said:
    """Return what a draft says, by what it is about; raises Refused for what is not asked."""
    proceeding = session().get_one(Proceeding, observation.proceeding_id)
    parties = _parties(actor, proceeding, question, draft)
    column = "answer" if question.choices else "words"
    said = defaultdict[Place, dict[str, str | None]](dict)
    for each in draft.answers:
        if (each.party is not None) is not question.is_of_each:
            raise Refused({"answer": NOT_ASKED})
        kept = question.read(each.answer) if each.answer else None
        said[parties[each.party] if each.party else NOWHERE][column] = kept
    for noted in draft.notes:
        if (noted.case is not None) is not question.is_of_each:
            raise Refused({"note": NOT_ASKED})
        place = NOWHERE
        if noted.case is not None:
            case = policy.fetch(actor, Action.PROCEEDING_RECORD, Case, noted.case)
            must_concern(proceeding, case)
            place = case.scope_id, None
        said[place]["note"] = noted.note
    return said


NOWHERE: Place = (None, None)


def _parties(
    actor: Actor,
    proceeding: Proceeding,
    question: ChecklistQuestion,
    draft: AnswerDraft,
) -> Mapping[UUID, Place]:
    """Return the places of those accused who are answered about, by their uids."""
    uids = {each.party for each in draft.answers if each.party}
    if not uids:
        return {}
    is_annex = question.part == QuestionPart.JUVENILE
    accused = accused_in(actor, [proceeding.id], Action.PROCEEDING_RECORD)[proceeding.id]
    asked = {one.party.uid: one.place for one in accused if one.is_juvenile or not is_annex}
    if not uids <= asked.keys():
        raise Refused({"answer": NOT_ASKED})
    return {uid: asked[uid] for uid in uids}


def _changes(rows: Mapping[Place, AnswerRow], said: Said) -> Said:
    """Return what of it is not what is kept already."""
    return {
        place: values
        for place, values in said.items()
        if any(
            (getattr(rows[place], name) if place in rows else None) != value
            for name, value in values.items()
        )
    }


def _new(observation: TrialObservation, question: ChecklistQuestion, place: Place) -> AnswerRow:
    scope_id, party_id = place
    row: AnswerRow
    if scope_id is None:
        row = HearingAnswer(
            data_key_id=observation.data_key_id, proceeding_id=observation.proceeding_id
        )
    else:
        case = case_of_scope(scope_id)
        ring().load([case.data_key_id])
        row = AccusedAnswer(data_key_id=case.data_key_id, scope_id=scope_id, party_id=party_id)
    row.observation_id, row.question = observation.id, question.key
    session().add(row)
    return row


def _keep(row: AnswerRow, values: Mapping[str, str | None]) -> AnswerRow:
    """Keep what was said; a changed answer is one that nobody has confirmed yet."""
    if any(getattr(row, name) != value for name, value in values.items() if name != "note"):
        row.in_question = row.confirmed_by_id = None
    for name, value in values.items():
        setattr(row, name, value)
    row.answered_at = clock.now()
    return row


@contextmanager
def _in_its_case(actor: Actor, scope_id: int | None) -> Iterator[None]:
    """Let what is written about the accused of a case be an act within that case."""
    if scope_id is None:
        yield
        return
    with authorised(actor, Action.PROCEEDING_RECORD, within=case_of_scope(scope_id)):
        yield
