"""Closing a case: nobody is released on paper whom the record still says is held."""

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.cases import service
from hrdtracker.cases.drafts import ClosingDraft
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Message, Refused
from hrdtracker.incidents.case_view import story
from hrdtracker.people.letters import Letters
from hrdtracker.people.model import PersonScope

STILL_HELD = N_("%(letters)s: still held, as far as is recorded. First say what became of them.")


def close_case(actor: Actor, case: Case, draft: ClosingDraft, version: int) -> None:
    """Close a case with its outcome and the reason; raises Refused, WrongStatus, Stale."""

    def check() -> None:
        outcome = terms().find("case_outcome", draft.outcome)
        if outcome is not None and outcome.extra.get("free"):
            _check_nobody_held(actor, case)

    service.close_case(actor, case, draft, version, check)


def _check_nobody_held(actor: Actor, case: Case) -> None:
    held = story(actor, case).held
    if not held:
        return
    query = select(PersonScope.letter).where(
        PersonScope.scope_id == case.scope_id, PersonScope.person_id.in_(held)
    )
    letters = sorted(session().scalars(query), key=lambda letter: (len(letter), letter))
    raise Refused({"outcome": Message(STILL_HELD, {"letters": Letters(letters)})})
