"""What is done to a case as a whole: changed, closed, reopened."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.cases.drafts import CaseDraft, ClosingDraft
from hrdtracker.cases.model import Case, CaseArea
from hrdtracker.cases.workflow import CASE
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, Refused


def fetch(actor: Actor, uid: UUID, action: Action = Action.CASE_READ) -> Case:
    """Return a case that the actor may read; raises NotFound."""
    return policy.fetch(actor, action, Case, uid)


def edit_case(actor: Actor, case: Case, draft: CaseDraft, version: int) -> None:
    """Change the title, the areas, and when to look at the case again; raises Stale."""
    _check_areas(draft.areas)
    with authorised(actor, Action.CASE_EDIT, on=case, version=version) as signature:
        if case.closed_at is not None and not draft.areas:
            raise Refused({"areas": N_("A closed case keeps at least one area.")})
        case.title = draft.title
        case.next_look_on = draft.next_look_on
        set_areas(case, draft.areas)
        session().flush()
        if signature.changes:
            case.changed_at = clock.now()


def close_case(
    actor: Actor,
    case: Case,
    draft: ClosingDraft,
    version: int,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Close a case with its outcome and the reason; raises WrongStatus, Stale.

    `check` looks at what stands against it once nobody else changes the case, and may raise.
    """
    _check_areas(draft.areas)
    check_terms({"outcome": ("case_outcome", draft.outcome)})
    with authorised(actor, Action.CASE_CLOSE, on=case, version=version):
        check()
        CASE.take(case, Action.CASE_CLOSE)
        case.closed_at = case.changed_at = clock.now()
        case.outcome, case.closing_reason = draft.outcome, draft.reason.strip()
        set_areas(case, draft.areas)


def reopen_case(actor: Actor, case: Case, version: int) -> None:
    """Open a closed case again; how it had ended stays on the trail."""
    with authorised(actor, Action.CASE_REOPEN, on=case, version=version):
        CASE.take(case, Action.CASE_REOPEN)
        case.closed_at = case.outcome = case.closing_reason = None
        case.changed_at = clock.now()


def set_areas(case: Case, areas: frozenset[str]) -> None:
    """Bring the areas of a case in line with `areas`. Inside an open door."""
    query = select(CaseArea).where(CaseArea.case_id == case.id)
    present = {row.area: row for row in session().scalars(query)}
    for area in present.keys() - areas:
        session().delete(present[area])
    session().add_all(CaseArea(case_id=case.id, area=area) for area in areas - present.keys())


def _check_areas(areas: frozenset[str]) -> None:
    check_terms({f"areas.{area}": ("thematic_area", area) for area in areas})
