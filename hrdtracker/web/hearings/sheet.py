"""The blank sheet for the gate: every question, a column for each accused, and no name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.proceedings.checklists.questions import OF_EACH, ChecklistQuestion, QuestionPart
from hrdtracker.proceedings.reading.hearings import hearing_line
from hrdtracker.proceedings.reading.observations import questions_in_use
from hrdtracker.web.shell import identity
from hrdtracker.web.shell.context import number
from hrdtracker.web.shell.page import show
from hrdtracker.web.shell.route_permission import needs
from hrdtracker.web.words.checklists import PARTS, say_question, say_rights
from hrdtracker.web.words.courts import say_term

bp = Blueprint("observation", __name__)
COLUMNS_MOST = 3
"""How many accused one sheet has room for; for more, another sheet is printed."""


@dataclass(frozen=True)
class SheetQuestion:
    """One question: its number, its words, and what may be ticked; nothing where words are due."""

    number: str
    words: str
    rights: str
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
    actor = identity.actor()
    line = hearing_line(actor, uid)
    version, asked = questions_in_use(actor, line.hearing)
    shown = min(max(line.accused, 1), COLUMNS_MOST)
    parts = [
        _part(part, shown, [each for each in asked if each.part == part and each.number])
        for part in dict.fromkeys(each.part for each in asked)
    ]
    page = SheetPage(uid, number(version), parts, max(line.accused - shown, 0))
    return show("hearings/sheet.html", page)


def _part(part: QuestionPart, accused: int, some: Sequence[ChecklistQuestion]) -> SheetPart:
    columns = [gettext("Answer")]
    if part in OF_EACH:
        columns = [gettext("Accused %(count)s", count=number(one + 1)) for one in range(accused)]
    return SheetPart(gettext(PARTS[part]), columns, [_question(each) for each in some])


def _question(question: ChecklistQuestion) -> SheetQuestion:
    answers = [say_term("observed_answer", one) for one in question.choices]
    return SheetQuestion(
        number(question.number), say_question(question), say_rights(question), answers
    )
