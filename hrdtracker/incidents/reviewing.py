"""What waits for a reviewer, and what changed since that reviewer last decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.audit.history import Change, changes_of, last_act
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.core.declarations import field_of
from hrdtracker.core.field import SUFFIX
from hrdtracker.core.seal import sealed_attributes
from hrdtracker.incidents.model import (
    Incident,
    IncidentStatus,
    Involvement,
    Source,
    Violation,
)
from hrdtracker.incidents.queries import LISTED
from hrdtracker.people.model import PersonScope

WAITING_MOST = 100
UNSHOWN = {
    "recorded_by_id", "recorded_at", "submitted_at", "reviewed_at", "reviewed_by_id", "status",
    "occurred_zone", "arrived_zone", "occurred_latest", "arrived_latest", "occurred_precision",
    "arrived_precision", "assessed_at", "assessed_by_id", "returned_reason_sealed", "victim_id",
    "letter", "established", "finding", "right", "independent_sources",
}  # fmt: skip
"""Labelled columns that say nothing to a reviewer, or what the reviewer wrote."""
ALLEGED = "alleged_perpetrator_id"
"""Shown by the letter that stands for them in the case."""
NEVER_SHOWN = {"identity_sealed", "remarks_sealed"}
"""Who a source is never stands in a difference."""


@dataclass(frozen=True)
class Difference:
    """One thing that changed since the reader’s last decision; codes are not yet words."""

    at: datetime
    actor_uid: UUID
    table: str
    column: str
    before: Any
    after: Any


def waiting(actor: Actor) -> Sequence[Any]:
    """Return what waits and this reviewer may review: the most urgent first, then the oldest."""
    query = (
        policy.visible(actor, Action.INCIDENT_REVIEW, Incident)
        .join(Case, Case.id == Incident.case_id)
        .with_only_columns(*LISTED, Incident.submitted_at)
        .where(Incident.status == IncidentStatus.SUBMITTED)
        .order_by(Incident.urgency_rank.desc(), Incident.submitted_at, Incident.id)
        .limit(WAITING_MOST + 1)
    )
    return session().execute(query).all()


def differences(actor: Actor, incident: Incident) -> list[Difference]:
    """Return what changed in an incident since this reader last returned or reviewed it."""
    decided = (Action.INCIDENT_RETURN, Action.INCIDENT_REVIEW)
    since = last_act(actor, decided, incident.uid)
    if not since:
        return []
    rows = _rows(incident)
    changes = [change for change in changes_of(incident.scope_id, since) if _speaks(change, rows)]
    named = any(change.column == ALLEGED for change in changes)
    letters = _letters(incident.scope_id) if named else {}
    return [_shown(change, rows[change.uid], letters) for change in changes]


def _rows(incident: Incident) -> dict[str, Any]:
    rows: dict[str, Any] = {incident.uid.hex: incident}
    for model in (Violation, Involvement, Source):
        query = select(model).where(model.incident_id == incident.id)
        rows |= {row.uid.hex: row for row in session().scalars(query)}
    return rows


def _speaks(change: Change, rows: dict[str, Any]) -> bool:
    field = field_of(change.table, change.column)
    return (
        change.uid in rows
        and bool(field and field.label)
        and change.column not in UNSHOWN | NEVER_SHOWN
        and change.before != change.after
    )


def _letters(scope_id: int) -> dict[int | None, str]:
    query = select(PersonScope.person_id, PersonScope.letter).where(
        PersonScope.scope_id == scope_id
    )
    return {row.person_id: row.letter for row in session().execute(query)}


def _shown(change: Change, row: Any, letters: Mapping[int | None, str]) -> Difference:
    sealed = sealed_attributes(type(row)).get(change.column)
    before, after = change.before, change.after
    if sealed is not None:
        before, after = sealed.open(row, before), sealed.open(row, after)
    if change.column == ALLEGED:
        before, after = letters.get(before), letters.get(after)
    column = change.column.removesuffix(SUFFIX)
    return Difference(change.at, change.actor_uid, change.table, column, before, after)
