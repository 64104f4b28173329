"""A checklist is a file: each question with the right it tests, and which answer is a concern."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from hrdtracker.core.errors import N_, Refused

HEADER = (
    "key",
    "part",
    "answer",
    "concern",
    "rights",
    "law",
    "short_en",
    "short_km",
    "question_en",
    "question_km",
    "source",
    "confidence",
)
FILLED = ("key", "short_en", "short_km", "question_en", "question_km", "source", "confidence")
KEY = re.compile(r"[a-z0-9_]{1,40}")
CELL_MOST = 600
LINES_MOST = 200


class QuestionPart(StrEnum):
    """About what a question is asked: once a hearing, once a trial, or of each accused."""

    HEARING = "hearing"
    TRIAL = "trial"
    ACCUSED = "accused"
    APPEAL = "appeal"
    JUVENILE = "juvenile"


OF_EACH = frozenset({QuestionPart.ACCUSED, QuestionPart.JUVENILE})
"""The parts that are answered of each accused."""


class AnswerKind(StrEnum):
    """How a question is answered: by a choice, by two hours, an age, or in words.

    `ENTRY` asks whether the observer was let in: who was not answers nothing else.
    """

    ENTRY = "entry"
    YES_NO = "yes_no"
    PRESENCE = "presence"
    COUNSEL = "counsel"
    TIMES = "times"
    AGE = "age"
    TEXT = "text"


CHOICES: Mapping[AnswerKind, tuple[str, ...]] = MappingProxyType(
    {
        AnswerKind.ENTRY: ("allowed", "refused"),
        AnswerKind.YES_NO: ("yes", "partly", "no", "unknown", "not_applicable"),
        AnswerKind.PRESENCE: ("present", "absent_summoned", "absent_not_summoned", "unknown"),
        AnswerKind.COUNSEL: ("chosen", "appointed", "none", "unknown"),
    }
)
"""What can be chosen, of the list `observed_answer`; a kind that is missing is written."""
REFUSED_ENTRY = "refused"
"""The answer of who was not let in; no other question offers it."""
HOURS = re.compile(r"(\d\d?)[:.](\d\d)")
SPAN = "-"
OLDEST = 120
NOT_OFFERED = N_("Choose one of the answers.")
NO_HOUR = N_("Write hours as 08:30, and the end after the beginning.")
NO_AGE = N_("Write an age in whole years.")


class BrokenChecklist(ValueError):
    """A checklist does not hold; the sentences say which lines and why."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class ChecklistQuestion:
    """One question in both languages, and the answers that put its rights in question.

    `number` is its place in the list, from 1; the one about the way in has 0.
    """

    number: int
    key: str
    part: QuestionPart
    answer: AnswerKind
    concern: frozenset[str]
    rights: tuple[str, ...]
    law: str
    short: Mapping[str, str]
    words: Mapping[str, str]
    source: str
    confidence: str

    @property
    def choices(self) -> tuple[str, ...]:
        """What can be chosen; nothing where the answer is written."""
        return CHOICES.get(self.answer, ())

    @property
    def is_of_each(self) -> bool:
        """Whether it is answered of each accused."""
        return self.part in OF_EACH

    def is_concern(self, answer: str | None) -> bool:
        """Tell whether an answer proposes its rights as in question; a person confirms it."""
        return answer in self.concern

    def read(self, said: str) -> str:
        """Return an answer as it is kept; raises Refused beside `answer` where it is none."""
        if self.choices:
            return _must(said if said in self.choices else None, NOT_OFFERED)
        if self.answer == AnswerKind.TIMES:
            return _must(_hours(said), NO_HOUR)
        if self.answer == AnswerKind.AGE:
            return _must(_age(said), NO_AGE)
        return said


def _must(read: str | None, otherwise: str) -> str:
    if read is None:
        raise Refused({"answer": otherwise})
    return read


def _hours(said: str) -> str | None:
    """Return “8.30-” as “08:30-”: a beginning, an end, or both; None where it is neither."""
    first, dash, last = (part.strip() for part in said.partition(SPAN))
    hours = [_hour(part) for part in (first, last)]
    if not dash or None in hours or not any(hours) or (all(hours) and hours[0] > hours[1]):  # type: ignore[operator] # neither is None
        return None
    return f"{hours[0]}{SPAN}{hours[1]}"


def _hour(said: str) -> str | None:
    if not said:
        return ""
    found = HOURS.fullmatch(said)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return f"{int(found[1]):02}:{int(found[2]):02}"


def _age(said: str) -> str | None:
    return str(int(said)) if said.isdecimal() and len(said) < 4 and int(said) <= OLDEST else None


@lru_cache(maxsize=64)
def read_checklist(text: str, rights: frozenset[str]) -> tuple[ChecklistQuestion, ...]:
    """Return the questions of a file in their order; `rights` are the codes that it may name.

    Raises BrokenChecklist with every fault, each with its line.
    """
    rows = _rows(text)
    faults = [f"Line {number}: {fault}." for number, row in rows for fault in _faults(row, rights)]
    faults += _of_the_whole([row for _, row in rows])
    if faults:
        raise BrokenChecklist(faults)
    questions, number = [], 0
    for _, row in rows:
        number += row["answer"] != AnswerKind.ENTRY
        questions.append(_question(number, row))
    return tuple(questions)


def _rows(text: str) -> list[tuple[int, Mapping[str, str]]]:
    """Return each line with its number; raises BrokenChecklist where the file is none of ours."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    found: list[tuple[int, Mapping[str, str]]] = []
    try:
        if tuple(next(reader, ())) != HEADER:
            raise BrokenChecklist([f"Line 1: the columns must be {','.join(HEADER)}."])
        for cells in reader:
            number = reader.line_num
            if len(cells) != len(HEADER):
                raise BrokenChecklist(
                    [f"Line {number}: there are {len(cells)} columns, not {len(HEADER)}."]
                )
            found.append((number, dict(zip(HEADER, map(str.strip, cells), strict=True))))
    except csv.Error as error:
        raise BrokenChecklist([f"Line {reader.line_num}: {error}."]) from None
    return found


def _faults(row: Mapping[str, str], rights: Collection[str]) -> Iterator[str]:
    """Yield why a line does not hold."""
    yield from (f"{name} is empty" for name in FILLED if not row[name])
    yield from (f"{name} is too long" for name, cell in row.items() if len(cell) > CELL_MOST)
    if row["key"] and not KEY.fullmatch(row["key"]):
        yield f"the key “{row['key']}” is not 1 to 40 of a to z, 0 to 9 and _"
    if row["part"] not in set(QuestionPart):
        yield f"there is no part “{row['part']}”"
    yield from (
        f"there is no right “{right}”" for right in row["rights"].split() if right not in rights
    )
    if row["answer"] not in set(AnswerKind):
        yield f"there is no kind of answer “{row['answer']}”"
        return
    offered = CHOICES.get(AnswerKind(row["answer"]), ())
    yield from (
        f"“{one}” is no answer to it" for one in row["concern"].split() if one not in offered
    )
    if offered and set(offered) <= set(row["concern"].split()):
        yield "one answer must be no concern"
    if row["concern"] and not row["rights"]:
        yield "an answer that is a concern needs a right"
    if row["answer"] == AnswerKind.ENTRY and row["part"] != QuestionPart.HEARING:
        yield "whether one was let in is asked of the hearing"


def _of_the_whole(rows: Sequence[Mapping[str, str]]) -> Iterator[str]:
    """Yield what is wrong with a list as a whole."""
    keys = [row["key"] for row in rows]
    yield from (f"“{key}” stands twice." for key in sorted(set(keys)) if keys.count(key) > 1)
    entries = sum(row["answer"] == AnswerKind.ENTRY for row in rows)
    if entries != 1 or len(rows) < 2:
        yield "One line must ask whether the observer was let in, and others what they saw."
    if len(rows) > LINES_MOST:
        yield f"There are more than {LINES_MOST} lines."


def _question(number: int, row: Mapping[str, str]) -> ChecklistQuestion:
    is_entry = row["answer"] == AnswerKind.ENTRY
    return ChecklistQuestion(
        0 if is_entry else number,
        row["key"],
        QuestionPart(row["part"]),
        AnswerKind(row["answer"]),
        frozenset(row["concern"].split()),
        tuple(row["rights"].split()),
        row["law"],
        MappingProxyType({"en": row["short_en"], "km": row["short_km"]}),
        MappingProxyType({"en": row["question_en"], "km": row["question_km"]}),
        row["source"],
        row["confidence"],
    )
