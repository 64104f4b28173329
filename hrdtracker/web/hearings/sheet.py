"""The blank sheet for the gate: every question, a column for each accused, and no name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.proceedings.checklists import FAIR_TRIAL, OF_EACH, Question, QuestionPart, checklist
from hrdtracker.proceedings.reading.hearings import hearing_line
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.checklists import ANSWERS, PARTS, say_question

bp = Blueprint("observation", __name__)
COLUMNS_MOST = 4
"""How many accused one sheet has room for; for more, another sheet is printed."""


@dataclass(frozen=True)
class SheetQuestion:
    """One question: its number, its words, and what may be ticked; nothing where words are due."""

    number: str
    words: str
    covenant: str
    answers: Sequence[str]


@dataclass(frozen=True)
class SheetPart:
    """The questions of one part, with the columns in which they are answered."""

    title: str
    columns: Sequence[str]
    questions: Sequence[SheetQuestion]


@dataclass(frozen=True)
class SheetPage:
    """A blank sheet: its version, its parts, and how many accused have no column on it."""

    hearing: UUID
    version: str
    parts: Sequence[SheetPart]
    others: int


@bp.get("/hearings/<uuid:uid>/sheet")
@needs(Action.PROCEEDING_READ)
def sheet(uid: UUID) -> Response:
    """Show the sheet to be printed for a hearing; nothing of the case stands on it."""
    accused = hearing_line(identity.actor(), uid).accused
    shown = min(max(accused, 1), COLUMNS_MOST)
    numbered = list(enumerate(checklist(), start=1))
    parts = [
        _part(part, shown, [one for one in numbered if one[1].part == part])
        for part in QuestionPart
    ]
    page = SheetPage(uid, number(FAIR_TRIAL.rpartition("_")[2]), parts, max(accused - shown, 0))
    return show("hearings/sheet.html", page)


def _part(part: QuestionPart, accused: int, some: Sequence[tuple[int, Question]]) -> SheetPart:
    columns = [gettext("Answer")]
    if part in OF_EACH:
        columns = [gettext("Accused %(count)s", count=number(one + 1)) for one in range(accused)]
    return SheetPart(gettext(PARTS[part]), columns, [_question(*one) for one in some])


def _question(place: int, question: Question) -> SheetQuestion:
    answers = [gettext(ANSWERS[one]) for one in question.choices]
    return SheetQuestion(number(place), say_question(question), question.covenant, answers)
