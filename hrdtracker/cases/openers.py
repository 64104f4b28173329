"""Who can open a case: no act leaves one to nobody, or to a single person without a way in."""

from collections.abc import Mapping
from typing import Any

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.model import Block, Grant, Scope, Sensitivity
from hrdtracker.accounts.assignments import candidates
from hrdtracker.authorised import before_closing, written_in_cases
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused

ENOUGH = 2
GRADES = tuple(Sensitivity)
"""From the least to the most sensitive."""
TOO_FEW = N_(
    "Then one person alone, or nobody, could open this case, and nobody could let others in. "
    "Let another colleague in first."
)


def openers(scope: Scope) -> set[int]:
    """Return the numbers of those at work who can open a case now; asked of the policy."""
    able = candidates(scope.organisation_id, Action.CASE_READ)
    return policy.who_may(able, Action.CASE_READ, scope)


def can_be_recovered(scope: Scope) -> bool:
    """Tell whether two people at work could let a director into a case that nobody opens."""
    able = candidates(scope.organisation_id, Action.CASE_RECOVER)
    directors = policy.who_may(able, Action.CASE_RECOVER, scope)
    confirming = candidates(scope.organisation_id, Action.PROPOSAL_CONFIRM)
    seconds = {actor.id for actor in confirming if actor.seconds_anything}
    return any(seconds - {director} for director in directors)


def is_narrower(grade: str, than: str) -> bool:
    """Tell whether a case of this sensitivity is for fewer people."""
    return GRADES.index(Sensitivity(grade)) > GRADES.index(Sensitivity(than))


@before_closing
def nobody_makes_a_case_vanish(_rows: list[object]) -> None:
    """Refuse an act after which a case that has begun could be opened by too few.

    What somebody does to an account is not asked: a lost one is locked at once.
    """
    for scope_id in {scope_id for scope_id, change in written_in_cases() if _narrows(change)}:
        scope = session().get_one(Scope, scope_id)
        if scope.begun_at is None or scope.withdrawn_at is not None:
            continue
        count = len(openers(scope))
        if count < ENOUGH and not (count and can_be_recovered(scope)):
            raise Refused({"": TOO_FEW})


def _narrows(change: Mapping[str, Any]) -> bool:
    """Tell whether what was written may take a case away from somebody."""
    table, kind, columns = change["table"], change["kind"], change["columns"]
    if table == Scope.__tablename__ and kind == "~":
        before, after = columns.get("sensitivity", (Sensitivity.NORMAL, Sensitivity.NORMAL))
        return "owner_id" in columns or is_narrower(after, before)
    return (table, kind) in {(Grant.__tablename__, "~"), (Block.__tablename__, "+")}
