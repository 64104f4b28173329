"""Closing a case: nobody is released on paper whom the record still says is held."""

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.cases import service
from hrdtracker.cases.drafts import ClosingDraft
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.custody.states import Confirmation, confirmation, says_held
from hrdtracker.incidents.case_view import story
from hrdtracker.people.letters import Letters
from hrdtracker.people.model import PersonScope

REFUSALS = {
    Confirmation.FRESH: N_("%(letters)s: still held. First say what became of them."),
    Confirmation.LAPSED: N_(
        "%(letters)s: recorded as held, and not heard of for a day. First say what became of them."
    ),
    Confirmation.UNKNOWN: N_(
        "%(letters)s: recorded as held, outcome unknown. First say what became of them."
    ),
}
"""Why nobody is released on paper, as good as the weakest word that one of them is held."""


def close_case(actor: Actor, case: Case, draft: ClosingDraft, version: int) -> None:
    """Close a case with its outcome and the reason; raises Refused, WrongStatus, Stale."""

    def check() -> None:
        outcome = terms().find("case_outcome", draft.outcome)
        if outcome is not None and outcome.extra.get("free"):
            _check_nobody_held(actor, case)

    service.close_case(actor, case, draft, version, check)


def _check_nobody_held(actor: Actor, case: Case) -> None:
    history, now = story(actor, case), clock.now()
    held = history.held
    if not held:
        return
    stays = (stay for number in held for stay in history.fates[number].stays if says_held(stay))
    weakest = max(confirmation(stay.confirmed_at, now) for stay in stays)
    query = select(PersonScope.letter).where(
        PersonScope.scope_id == case.scope_id, PersonScope.person_id.in_(held)
    )
    letters = Letters(session().scalars(query))
    raise Refused({"outcome": Message(REFUSALS[weakest], {"letters": letters})})
