"""Questions of a checklist in the reader’s words: whole and short, with the rights they test."""

from flask_babel import gettext

from hrdtracker.core.errors import N_
from hrdtracker.proceedings.checklists.book import RIGHTS
from hrdtracker.proceedings.checklists.questions import ChecklistQuestion, QuestionPart
from hrdtracker.web.shell.context import locale
from hrdtracker.web.words.courts import say_term

PARTS = {
    QuestionPart.HEARING: N_("The hearing"),
    QuestionPart.TRIAL: N_("The judgment"),
    QuestionPart.ACCUSED: N_("Each accused"),
    QuestionPart.APPEAL: N_("On appeal"),
    QuestionPart.JUVENILE: N_("Each accused who was under 18"),
}

SURE = {
    "verified": N_("read in the source"),
    "partly verified": N_("reported by a source"),
    "general knowledge": N_("general knowledge: have it read before you quote it"),
}
"""How sure we are of a question, as the lists say it."""


def say_question(question: ChecklistQuestion) -> str:
    """Return a question in the reader’s language."""
    return question.words[locale()]


def say_short(question: ChecklistQuestion) -> str:
    """Return what a question is about, in few words."""
    return question.short[locale()]


def say_rights(question: ChecklistQuestion) -> str:
    """Return the rights that a question tests; nothing where it tests none."""
    return ", ".join(say_term(RIGHTS, right) for right in question.rights)


def say_sure(question: ChecklistQuestion) -> str:
    """Return how sure it is that a question is asked rightly; an own list says it in own words."""
    known = SURE.get(question.confidence)
    return str(gettext(known)) if known else question.confidence
