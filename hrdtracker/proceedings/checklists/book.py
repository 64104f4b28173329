"""Which checklist is in use, and what each version asks."""

from sqlalchemy import select

from hrdtracker.codelists.lookup import terms
from hrdtracker.core.db import session
from hrdtracker.proceedings.checklists.model import Checklist
from hrdtracker.proceedings.checklists.questions import ChecklistQuestion, read_checklist

RIGHTS = "fair_trial_right"
"""The list of the rights that a question can test."""


def checklist_in_use(organisation_id: int) -> Checklist | None:
    """Return the last checklist that was loaded; None before the first."""
    query = select(Checklist).where(Checklist.organisation_id == organisation_id)
    return session().scalar(query.order_by(Checklist.number.desc()).limit(1))


def known_rights() -> frozenset[str]:
    """Return the codes of every right there is, also of those that nobody chooses any more."""
    return frozenset(word.code for word in terms().every(RIGHTS))


def questions_of(checklist: Checklist) -> tuple[ChecklistQuestion, ...]:
    """Return the questions of a checklist in their order; read once a process."""
    return read_checklist(checklist.lines, known_rights())
