"""What was done for somebody who is held, and what of it is not recorded, in the reader’s words."""

from flask_babel import gettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.when.say import say_length
from hrdtracker.custody.model import CustodyStep
from hrdtracker.custody.steps import TimeInCustody
from hrdtracker.web.shell.context import locale, say_told
from hrdtracker.web.shell.sentences import in_a_row, with_what


def say_done(time: TimeInCustody) -> list[str]:
    """Return what was done, when, and how we know."""
    return [
        in_a_row(
            with_what(_word(kind), say_told(step.happened, brief=True)),
            terms().label("how_known", step.known_by, locale()),
        )
        for kind in CustodyStep
        if (step := time.steps.get(kind))
    ]


def say_missing(time: TimeInCustody) -> str:
    """Return what is not recorded, besides that no lawyer was seen."""
    others = [
        _word(kind)
        for kind in CustodyStep
        if kind not in time.steps and kind != CustodyStep.LAWYER_SEEN
    ]
    return str(gettext("Not recorded: %(what)s", what=" · ".join(others))) if others else ""


def say_no_lawyer(time: TimeInCustody) -> str:
    """Return that no lawyer was seen, and how long that is."""
    if CustodyStep.LAWYER_SEEN in time.steps:
        return ""
    if time.arrived is None or time.arrived.earliest is None:
        return str(gettext("No lawyer seen yet, as far as is recorded"))
    length = say_length(clock.now() - time.arrived.earliest, locale())
    return str(gettext("No lawyer seen yet, %(length)s since arrival", length=length))


def _word(kind: CustodyStep) -> str:
    return terms().label("stay_step", kind, locale())
