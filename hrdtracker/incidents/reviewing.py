"""What waits for a reviewer, and what changed since that reviewer last decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, case, func, not_, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.audit.history import Change, changes_of, last_act
from hrdtracker.cases.model import Case
from hrdtracker.cases.queries import CaseFilter
from hrdtracker.core import clock
from hrdtracker.core.db import Instant, session
from hrdtracker.core.declarations import field_of
from hrdtracker.core.field import SUFFIX
from hrdtracker.core.page import AnySelect, ListPart
from hrdtracker.core.seal import ring, sealed_attributes
from hrdtracker.incidents.custody import stays_in
from hrdtracker.incidents.headcount import held_counts, held_in, held_since
from hrdtracker.incidents.lists import BESIDE, LISTED, ListedIncident, completed, narrowed
from hrdtracker.incidents.model import (
    IS_UNDATED,
    Incident,
    IncidentStatus,
    Involvement,
    Source,
    Violation,
)
from hrdtracker.people.model import PersonScope

WAITING_MOST = 100
UNSHOWN = {
    "recorded_by_id", "recorded_at", "submitted_at", "reviewed_at", "reviewed_by_id", "status",
    "occurred_zone", "began_zone", "ended_zone", "occurred_latest",
    "began_latest", "ended_latest", "occurred_precision", "began_precision", "ended_precision",
    "person_id", "assessed_at", "assessed_by_id", "returned_reason_sealed", "victim_id",
    "letter", "review_kind", "established", "finding", "right", "independent_sources",
    "confirmed_at", "confirmed_by_id",
}  # fmt: skip
"""Labelled columns that say nothing to a reviewer, or what the reviewer wrote."""
ALLEGED = "alleged_perpetrator_id"
"""Shown by the letter that stands for them in the case."""
NEVER_SHOWN = {"identity_sealed", "remarks_sealed"}
"""Who a source is never stands in a difference."""


A_WEEK_AGO = bindparam(
    "a_week_ago", callable_=lambda: clock.now() - timedelta(days=7), type_=Instant()
)
"""Found out anew at each use: what happened since may still be going on."""


@dataclass(frozen=True)
class Difference:
    """One thing that changed since the reader’s last decision; codes are not yet words."""

    at: datetime
    actor_uid: UUID
    table: str
    column: str
    before: Any
    after: Any


def waiting(actor: Actor) -> Sequence[ListedIncident]:
    """Return what comes first of all that waits and this reviewer may review; one statement.

    How many people each is about, and who wrote it, is left out: the first page does not say it.
    """
    return _listed(_in_order(_waiting(actor, CaseFilter())).limit(WAITING_MOST + 1))


def queue(
    actor: Actor, criteria: CaseFilter, skip: str | None
) -> tuple[Sequence[ListedIncident], ListPart]:
    """Return a part of what waits and this reviewer may review; two statements.

    An import of thousands hides no arrest of today: what was imported and happened more than a week
    ago comes last. Before that comes the most urgent, then where the most people are held, then
    where they are held longest, then what was sent first.
    """
    waits = _waiting(actor, criteria)
    numbers = waits.with_only_columns(Incident.id).subquery()
    total = session().scalar(select(func.count()).select_from(numbers)) or 0
    part = ListPart.at(skip, total)
    return completed(_listed(part.cut(_in_order(waits)))), part


def authors(actor: Actor) -> list[User]:
    """Return who recorded what waits for this reviewer, in the order of what they are called."""
    recorded = _waiting(actor, CaseFilter()).with_only_columns(Incident.recorded_by_id)
    users = list(session().scalars(select(User).where(User.id.in_(recorded))))
    ring().load(user.data_key_id for user in users)
    return sorted(users, key=lambda user: (user.display_name.casefold(), user.id))


def _waiting(actor: Actor, criteria: CaseFilter) -> AnySelect:
    query = policy.visible(actor, Action.INCIDENT_REVIEW, Incident)
    return narrowed(query, replace(criteria, status=IncidentStatus.SUBMITTED))


def _in_order(waits: AnySelect) -> AnySelect:
    """Return the query of what each incident is ordered by, and its number; in that order."""
    is_late_import = of_the_past()
    held = case((is_late_import, 0), else_=held_in())
    since = case((not_(is_late_import), held_since()))
    columns = (
        is_late_import.label("is_late_import"),
        Incident.urgency_rank.label("urgency_rank"),
        held.label("held"),
        since.label("held_since"),
        Incident.submitted_at.label("sent"),
        Incident.id.label("number"),
    )
    return waits.with_only_columns(*columns).order_by(*_order(columns))


def of_the_past() -> ColumnElement[bool]:
    """Return the condition that an incident was imported and happened more than a week ago."""
    is_recent = and_(not_(IS_UNDATED), Incident.occurred_sort > A_WEEK_AGO)
    return and_(Incident.origin.is_not(None), not_(is_recent))


def _order(columns: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    late_import, urgency, held, *times = columns
    return [late_import, urgency.desc(), held.desc(), *times]


def _listed(numbers: AnySelect) -> Sequence[ListedIncident]:
    """Return incidents, chosen and ordered by `_in_order`; not yet `completed`."""
    chosen = numbers.cte("chosen")
    counts = held_counts(Violation.incident_id.in_(select(chosen.c.number))).subquery()
    query = (
        select(
            *LISTED,
            *BESIDE,
            chosen.c.held,
            chosen.c.held_since,
            func.coalesce(counts.c.lapsed, 0),
            func.coalesce(counts.c.unknown, 0),
            counts.c.unheard_since,
        )
        .select_from(chosen)
        .join(Incident, Incident.id == chosen.c.number)
        .join(Case, Case.id == Incident.case_id)
        .join(User, User.id == Incident.recorded_by_id)
        .outerjoin(counts, counts.c.incident_id == chosen.c.number)
        .order_by(*_order(tuple(chosen.c)))
    )
    rows: Sequence[Any] = session().execute(query).all()
    return [ListedIncident(*row) for row in rows]


def differences(actor: Actor, incident: Incident) -> list[Difference]:
    """Return what changed in an incident since this reader last returned or reviewed it."""
    decided = (Action.INCIDENT_RETURN, Action.INCIDENT_REVIEW, Action.INCIDENT_ACCEPT_SAMPLED)
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
    return rows | {row.uid.hex: row for row in stays_in(incident)}


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
