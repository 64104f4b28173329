"""What was done for somebody who is held, and what of it is not recorded, in the reader’s words."""

from flask_babel import gettext

from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.money import Money
from hrdtracker.core.when.say import say_length
from hrdtracker.custody.model import Bail, CustodyStep
from hrdtracker.custody.steps import TimeInCustody
from hrdtracker.web.shell.context import locale, number, say_told
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


def say_bail(bail: Bail | None) -> list[str]:
    """Return on what terms somebody was released: the sum, who paid it, the conditions."""
    if bail is None:
        return []
    money = number(Money(bail.amount, bail.currency)) if bail.amount and bail.currency else ""
    paid = terms().label("bail_payer", bail.paid_by, locale())
    known = terms().label("how_known", bail.known_by, locale())
    sums = gettext("Bail: %(sum)s", sum=in_a_row(money, paid)) if money or paid else ""
    return [str(part) for part in (sums, bail.conditions, known) if part]


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
