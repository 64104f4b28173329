"""What an observer of a trial looks at: questions that are data, each with the right it tests."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).resolve().parent / "data" / "checklists"
FAIR_TRIAL = "fair_trial_1"
"""The name of the checklist in use, and its version: one that was answered stays as it is."""
HEADER = (
    "key",
    "part",
    "answer",
    "concern",
    "covenant",
    "law",
    "question_en",
    "question_km",
    "confidence",
)


class QuestionPart(StrEnum):
    """About what a question is asked: once a trial, once a hearing, or of each accused."""

    HEARING = "hearing"
    TRIAL = "trial"
    ACCUSED = "accused"
    APPEAL = "appeal"
    JUVENILE = "juvenile"


OF_EACH = frozenset({QuestionPart.ACCUSED, QuestionPart.JUVENILE})
"""The parts that are answered of each accused."""


class AnswerKind(StrEnum):
    """How a question is answered: by a choice, or in words."""

    YES_NO = "yes_no"
    PRESENCE = "presence"
    COUNSEL = "counsel"
    TIMES = "times"
    AGE = "age"
    TEXT = "text"


CHOICES: Mapping[AnswerKind, tuple[str, ...]] = MappingProxyType(
    {
        AnswerKind.YES_NO: ("yes", "partly", "no", "unknown", "not_applicable"),
        AnswerKind.PRESENCE: ("present", "absent_summoned", "absent_not_summoned", "unknown"),
        AnswerKind.COUNSEL: ("chosen", "appointed", "none", "unknown"),
    }
)
"""What can be answered; a kind that is missing here is answered in words."""


class BrokenChecklist(ValueError):
    """A checklist does not hold; the sentence says which line and why."""


@dataclass(frozen=True)
class Question:
    """One question in both languages, and the answers that put a right in question."""

    key: str
    part: QuestionPart
    answer: AnswerKind
    concern: frozenset[str]
    covenant: str
    law: str
    words: Mapping[str, str]
    confidence: str

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be answered; nothing where it is answered in words."""
        return CHOICES.get(self.answer, ())

    def is_concern(self, answer: str) -> bool:
        """Whether an answer proposes a right as in question; a person confirms it."""
        return answer in self.concern


@cache
def checklist(name: str = FAIR_TRIAL) -> tuple[Question, ...]:
    """Return the questions of a checklist in their order; raises BrokenChecklist."""
    return read_checklist((FOLDER / f"{name}.csv").read_text(encoding="utf-8"))


def read_checklist(text: str) -> tuple[Question, ...]:
    """Return the questions of a file; raises BrokenChecklist with the line that does not hold."""
    rows = csv.DictReader(io.StringIO(text))
    if tuple(rows.fieldnames or ()) != HEADER:
        raise BrokenChecklist(f"Line 1: the columns must be {','.join(HEADER)}.")
    questions = tuple(_question(number, row) for number, row in enumerate(rows, start=2))
    keys = [question.key for question in questions]
    for number, key in enumerate(keys, start=2):
        if keys.index(key) + 2 != number:
            raise BrokenChecklist(f"Line {number}: “{key}” stands twice.")
    return questions


def _question(number: int, row: Mapping[str, str]) -> Question:
    for reason in _reasons(row):
        raise BrokenChecklist(f"Line {number}: {reason}")
    return Question(
        row["key"],
        QuestionPart(row["part"]),
        AnswerKind(row["answer"]),
        frozenset(row["concern"].split()),
        row["covenant"],
        row["law"],
        MappingProxyType({"en": row["question_en"], "km": row["question_km"]}),
        row["confidence"],
    )


def _reasons(row: Mapping[str, str]) -> Iterator[str]:
    """Yield why a line does not hold."""
    for name in ("key", "question_en", "question_km", "confidence"):
        if not row[name]:
            yield f"{name} is empty."
    if row["part"] not in set(QuestionPart):
        yield f"there is no part “{row['part']}”."
    elif row["answer"] not in set(AnswerKind):
        yield f"there is no kind of answer “{row['answer']}”."
    elif unknown := set(row["concern"].split()) - set(CHOICES.get(AnswerKind(row["answer"]), ())):
        yield f"“{min(unknown)}” is no answer to it."
