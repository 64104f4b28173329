"""That a proceeding is to concern a further case, in sentences for whoever confirms it."""

from typing import Any

from flask_babel import gettext, ngettext

from hrdtracker.accounts.model import Proposal
from hrdtracker.accounts.queries import OpenProposal
from hrdtracker.web.shell.context import number


def say_tie(line: OpenProposal) -> tuple[str, str]:
    """Return what it is called, and how many would learn of it; no case is named."""
    values: dict[str, Any] = dict(line.proposal.values)
    count = len(values["readers"])
    learn = ngettext(
        "%(count)s more colleague would read its number at the court, prosecutor, judges and "
        "hearings.",
        "%(count)s more colleagues would read its number at the court, prosecutor, judges and "
        "hearings.",
        count,
        count=number(count),
    )
    rest = gettext(
        "The people of a case are still seen only by those who open that case. Until you confirm "
        "it, nobody reads it who does not today."
    )
    return gettext("A proceeding is to concern a further case"), f"{learn} {rest}"


def say_tied(waits: Proposal | None) -> str:
    """Return what happened when a proceeding was tied to a further case."""
    if waits is None:
        return str(gettext("Saved."))
    return str(
        gettext(
            "It waits for a second person: those who read that case would read this proceeding. "
            "A director of this case decides."
        )
    )
