"""What a channel hands over about an observation: answers to a question, what is in question."""

from dataclasses import dataclass
from uuid import UUID

from hrdtracker.core.errors import Message
from hrdtracker.core.text import TEXT_MOST, check, unfit


@dataclass(frozen=True)
class Answered:
    """What was answered: about one accused, or without a party about the hearing; None: nothing."""

    answer: str | None
    party: UUID | None = None


@dataclass(frozen=True)
class Noted:
    """What was seen besides: about the accused of one case, or without one about the hearing."""

    note: str | None
    case: UUID | None = None


@dataclass(frozen=True)
class AnswerDraft:
    """All that was said to one question; what is not mentioned stays as it is.

    `version` is that of the answers which the person saw.
    """

    question: str
    version: int
    answers: tuple[Answered, ...] = ()
    notes: tuple[Noted, ...] = ()

    def __post_init__(self) -> None:
        reasons: dict[str, Message | str] = {}
        for each in self.answers:
            reasons |= unfit({"answer": each.answer}, TEXT_MOST)
        for noted in self.notes:
            reasons |= unfit({"note": noted.note}, TEXT_MOST)
        check(reasons)


@dataclass(frozen=True)
class RightDraft:
    """Whether the right that an answer puts in question is in question, as a person says.

    `version` is that of the answer which the person saw.
    """

    answer: UUID
    version: int
    in_question: bool
