"""On what terms somebody was released on bail, said of the stay that ended so."""

from uuid import UUID

from sqlalchemy import select

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.authorised import authorised
from hrdtracker.cases.model import Case
from hrdtracker.codelists.lookup import check_terms
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.errors import N_, NotFound, Stale, WrongStatus
from hrdtracker.core.seal import ring
from hrdtracker.custody.drafts import BailDraft
from hrdtracker.custody.model import Bail, Stay, StayStanding

ON_BAIL = "released_on_bail"
"""How a stay ended of which bail is said."""
NOT_ON_BAIL = N_("This did not end with a release on bail.")
NONE_YET = 0
"""The version of a bail of which nothing is recorded."""


def bail_of(case: Case, uid: UUID) -> tuple[Stay, Bail | None]:
    """Return a stay of a case with its bail; raises NotFound, WrongStatus where it is no bail."""
    query = (
        select(Stay, Bail)
        .outerjoin(Bail, Bail.stay_id == Stay.id)
        .where(
            Stay.uid == uid,
            Stay.scope_id == case.scope_id,
            Stay.standing == StayStanding.TOLD,
        )
    )
    found = session().execute(query).one_or_none()
    if found is None:
        raise NotFound
    stay, bail = found
    if stay.end_kind != ON_BAIL:
        raise WrongStatus(NOT_ON_BAIL)
    ring().load([stay.data_key_id])
    return stay, bail


def bails_in(scope_id: int) -> dict[int, Bail]:
    """Return the terms of every release on bail in a case, by the number of its stay."""
    rows = session().scalars(select(Bail).where(Bail.scope_id == scope_id))
    return {row.stay_id: row for row in rows}


def record_bail(actor: Actor, case: Case, uid: UUID, draft: BailDraft, version: int) -> Bail:
    """Say on what terms somebody was released; said again, it is corrected. Raises Stale."""
    check_terms(
        {"paid_by": ("bail_payer", draft.paid_by), "known_by": ("how_known", draft.known_by)}
    )
    with authorised(actor, Action.CASE_EXTEND, on=case):
        stay, before = bail_of(case, uid)
        if (before.version if before else NONE_YET) != version:
            raise Stale
        row = before or Bail(
            scope_id=stay.scope_id,
            data_key_id=stay.data_key_id,
            stay_id=stay.id,
            recorded_by_id=actor.id,
            recorded_at=clock.now(),
        )
        row.amount = draft.bail.amount if draft.bail else None
        row.currency = draft.bail.currency if draft.bail else None
        row.paid_by, row.known_by = draft.paid_by, draft.known_by
        row.conditions = draft.conditions
        session().add(row)
        case.changed_at = clock.now()
    return row
