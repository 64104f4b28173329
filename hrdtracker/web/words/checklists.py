"""Questions of a checklist and their answers in the reader’s words."""

from hrdtracker.core.errors import N_
from hrdtracker.proceedings.checklists import Question, QuestionPart
from hrdtracker.web.shell.context import locale

ANSWERS = {
    "yes": N_("Yes"),
    "partly": N_("Partly"),
    "no": N_("No"),
    "unknown": N_("Not known"),
    "not_applicable": N_("Does not apply"),
    "present": N_("There"),
    "absent_summoned": N_("Not there, summoned"),
    "absent_not_summoned": N_("Not there, not summoned"),
    "chosen": N_("A lawyer of their choice"),
    "appointed": N_("A lawyer who was appointed"),
    "none": N_("No lawyer"),
}
PARTS = {
    QuestionPart.HEARING: N_("The hearing"),
    QuestionPart.TRIAL: N_("The judgment"),
    QuestionPart.ACCUSED: N_("Each accused"),
    QuestionPart.APPEAL: N_("On appeal"),
    QuestionPart.JUVENILE: N_("Each accused who was under 18"),
}


def say_question(question: Question) -> str:
    """Return a question in the reader’s language, else in English."""
    return question.words.get(locale(), question.words["en"])
