"""An observation in the reader’s words: each question with its columns, and what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext

from hrdtracker.forms.observations import BEGINS, ENDS, ObservedAnswerForm, name_of
from hrdtracker.proceedings.annex import ObservedAccused
from hrdtracker.proceedings.checklists.questions import SPAN, AnswerKind, ChecklistQuestion
from hrdtracker.proceedings.reading.observations import (
    AskedQuestion,
    ObservationDetails,
)
from hrdtracker.web.shell.context import number, word
from hrdtracker.web.shell.people import say_letter
from hrdtracker.web.words.checklists import say_question, say_rights, say_short, say_sure
from hrdtracker.web.words.courts import say_term

ANSWERS = "observed_answer"
Typed = Mapping[UUID | None, str | None]
"""What was typed and refused, by whom or which case it is about."""


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen, with the id of its control."""

    id: str
    code: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class AnswerColumn:
    """Where a question is answered about one accused, or (without a mark) about the hearing."""

    mark: str
    about: str
    name: str
    choices: Sequence[Choice]
    hours: Sequence[tuple[str, str, str]]
    value: str


@dataclass(frozen=True)
class NoteField:
    """Where is written what was seen besides; `whose` names the case, where there are several."""

    name: str
    value: str
    whose: str


@dataclass(frozen=True)
class QuestionView:
    """One question as it is answered; `said` sums its answers up, `same` answers for everybody."""

    id: str
    key: str
    number: str
    kind: str
    title: str
    words: str
    law: str
    rights: str
    sure: str
    source: str
    columns: Sequence[AnswerColumn]
    notes: Sequence[NoteField]
    same: Sequence[tuple[str, str]]
    said: str
    earlier: str
    is_answered: bool
    version: int
    faults: Sequence[str] = ()
    is_late: bool = False


def question_view(
    asked: AskedQuestion,
    form: ObservedAnswerForm | None = None,
    faults: Sequence[str] = (),
    *,
    is_late: bool = False,
) -> QuestionView:
    """Return a question as it stands, or with what was typed into a form that was refused."""
    question, answers = asked.question, form.answers(asked) if form else {}
    columns = [_column(asked, one, answers) for one in _whom(asked)]
    return QuestionView(
        f"q-{question.key}",
        question.key,
        number(question.number),
        question.answer,
        say_short(question),
        say_question(question),
        question.law,
        say_rights(question),
        say_sure(question),
        question.source,
        columns,
        _notes(asked, form.notes(asked) if form else {}),
        _same(question, len(columns)),
        say_answers(asked),
        _earlier(asked),
        asked.is_answered,
        asked.version,
        faults,
        is_late,
    )


def _whom(asked: AskedQuestion) -> Sequence[ObservedAccused | None]:
    return asked.accused if asked.question.is_of_each else (None,)


def _column(asked: AskedQuestion, one: ObservedAccused | None, typed: Typed) -> AnswerColumn:
    question, uid = asked.question, one.party.uid if one else None
    kept = asked.said(one.place) if one else asked.said()
    value = typed.get(uid, kept) or ""
    name = name_of("answer", uid)
    hours = value.partition(SPAN)
    return AnswerColumn(
        f"{say_letter(one.letter)}." if one else "",
        say_whom(one) if one else "",
        name,
        [
            Choice(f"{question.key}-{name}-{code}", code, say_term(ANSWERS, code), code == value)
            for code in question.choices
        ],
        [
            (name_of(BEGINS, uid), gettext("Begins"), hours[0]),
            (name_of(ENDS, uid), gettext("Ends"), hours[2]),
        ]
        if question.answer == AnswerKind.TIMES
        else [],
        value,
    )


def say_whom(one: ObservedAccused) -> str:
    """Return what tells an accused apart: sex and age, never the name."""
    age = number(one.person.age) if one.person.age is not None else ""
    return ", ".join(filter(None, (word(one.person.sex), age)))


def _notes(asked: AskedQuestion, typed: Typed) -> list[NoteField]:
    if not asked.question.is_of_each:
        return [NoteField("note", typed.get(None, asked.note()) or "", "")]
    are_several = len(asked.cases) > 1
    return [
        NoteField(
            name_of("note", case.uid),
            typed.get(case.uid, asked.note(case.scope_id)) or "",
            case.code if are_several else "",
        )
        for case in asked.cases
    ]


def _same(question: ChecklistQuestion, columns: int) -> list[tuple[str, str]]:
    """Return the answers that one tap gives for everybody: one that is no concern, and unknown."""
    if columns < 2 or not question.choices:
        return []
    plain = next(code for code in question.choices if not question.is_concern(code))
    return [
        (
            code,
            gettext("%(answer)s: all", answer=say_term(ANSWERS, code)),
        )
        for code in dict.fromkeys((plain, "unknown"))
    ]


def say_answer(question: ChecklistQuestion, value: str | None) -> str:
    """Return an answer in the reader’s words."""
    if not value:
        return ""
    if question.choices:
        return say_term(ANSWERS, value)
    is_written = question.answer == AnswerKind.TEXT
    return value if is_written else number(value.replace(SPAN, "–"))


def say_answers(asked: AskedQuestion) -> str:
    """Return all answers to a question in a line: “Yes, partly, …”; one word where all agree."""
    said = [say_answer(asked.question, asked.said(place)) for place in asked.places]
    if not any(said):
        return _earlier(asked)
    if len(set(said)) == 1:
        return said[0]
    return ", ".join(one or "…" for one in said)


def _earlier(asked: AskedQuestion) -> str:
    if asked.earlier is None:
        return ""
    return say_answer(asked.question, asked.earlier.answer or asked.earlier.words)


def say_progress(details: ObservationDetails) -> str:
    """Return how many of the questions are answered; or that the observer was not let in."""
    if details.is_refused:
        return say_term(ANSWERS, "refused")
    return str(
        gettext(
            "%(done)s of %(all)s answered",
            done=number(details.answered),
            all=number(len(details.asked)),
        )
    )
