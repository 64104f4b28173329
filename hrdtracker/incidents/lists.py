"""Incidents as lists show them: narrowed, in order, and with what tells a row from the next."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Scope, User
from hrdtracker.cases.model import Case, CaseArea
from hrdtracker.cases.queries import CaseFilter
from hrdtracker.core.db import PREPARED, session
from hrdtracker.core.page import AnySelect, Listing, Page, counted
from hrdtracker.core.seal import ring
from hrdtracker.core.when.columns import overlaps
from hrdtracker.core.when.model import When
from hrdtracker.custody.states import HeldCount
from hrdtracker.incidents.headcount import has_groups, sizes_of, victims_in
from hrdtracker.incidents.model import (
    IS_UNDATED,
    Incident,
)
from hrdtracker.people.sizes import Count, Size

LISTED = (
    Incident.uid,
    Incident.type,
    Incident.status,
    Incident.urgency,
    Incident.province,
    *Incident.occurred.columns(Incident),
    Case.code,
    Case.uid.label("case_uid"),
)
BESIDE = (
    Incident.district,
    Incident.commune,
    Incident.submitted_at,
    Incident.recorded_at,
    Incident.origin.is_not(None).label("is_imported"),
    Incident.review_kind,
    User,
    Incident.id,
    victims_in().label("victims"),
    has_groups().label("has_groups"),
)
"""What else tells the incidents of a list apart: where exactly, how many people, who wrote it."""


class ListedIncident(NamedTuple):
    """An incident as a list shows it: the columns in `LISTED`, and those in `BESIDE`."""

    uid: UUID
    type: str
    status: str
    urgency: str
    province: str | None
    occurred_earliest: datetime | None
    occurred_latest: datetime | None
    occurred_precision: str
    occurred_zone: str
    code: str
    case_uid: UUID
    district: str | None
    commune: str | None
    submitted_at: datetime | None
    recorded_at: datetime
    is_imported: bool
    review_kind: str | None
    author: User
    id: int
    victims: int
    has_groups: bool
    held: int = 0
    held_since: datetime | None = None
    """How many people are held and since when: for a list that is ordered by it."""
    lapsed: int = 0
    unknown: int = 0
    unheard_since: datetime | None = None
    """For how many of them the word is no longer good, and since when nobody was heard of them."""
    size: Size = Size()
    """How many people, families and groups it was done to: of rows that are `completed`."""

    @property
    def held_count(self) -> HeldCount:
        """How many are held, by how good the word is."""
        fresh = self.held - self.lapsed - self.unknown
        return HeldCount(fresh, self.lapsed, self.unknown, self.unheard_since)

    @property
    def occurred(self) -> When:
        """The date, without its sealed words."""
        return occurred(self)


def incidents(actor: Actor, criteria: CaseFilter, token: str | None) -> Page[ListedIncident]:
    """Return a page of the incidents that the actor may read, the latest first."""
    page = _listing(actor, criteria).page(token)
    return page.with_rows(completed(page.rows))


def completed(rows: Iterable[ListedIncident]) -> list[ListedIncident]:
    """Return the rows of a list with how many each is about, and with names that can be read.

    One statement more where somebody is told as a group.
    """
    listed = list(rows)
    groups = [row.id for row in listed if row.has_groups]
    sizes = sizes_of(groups) if groups else {}
    ring().load({row.author.data_key_id for row in listed})
    return [
        row._replace(size=sizes.get(row.id) or Size(people=Count(row.victims))) for row in listed
    ]


def left_out(actor: Actor, criteria: CaseFilter) -> int:
    """Return how many incidents a period leaves out because no date is known."""
    undated = criteria.left_out
    if undated is None:
        return 0
    matching = narrowed(policy.visible(actor, Action.INCIDENT_READ, Incident), undated)
    return session().scalar(counted(matching, Incident.id)) or 0


@lru_cache(maxsize=PREPARED)
def _listing(actor: Actor, criteria: CaseFilter) -> Listing[ListedIncident]:
    matching = narrowed(policy.visible(actor, Action.INCIDENT_READ, Incident), criteria)
    shown = (
        select(*LISTED, *BESIDE)
        .select_from(Incident)
        .join(Case, Case.id == Incident.case_id)
        .join(User, User.id == Incident.recorded_by_id)
    )
    return Listing(matching, Incident.occurred_sort, Incident.id, ListedIncident, shown)


def narrowed(query: AnySelect, criteria: CaseFilter) -> AnySelect:
    """Return a query of incidents narrowed to a filter."""
    for column, value in (
        (Incident.type, criteria.type),
        (Incident.status, criteria.status),
        (Incident.province, criteria.province),
        (Incident.review_kind, criteria.review_kind),
    ):
        if value:
            query = query.where(column == value)
    if criteria.area:
        query = query.where(CaseArea.given_to(Incident.case_id, criteria.area))
    if criteria.office:
        offices = select(Scope.id).join(Office, Office.id == Scope.office_id)
        query = query.where(Incident.scope_id.in_(offices.where(Office.code == criteria.office)))
    if criteria.author:
        recorded = select(User.id).where(User.uid == criteria.author)
        query = query.where(Incident.recorded_by_id == recorded.scalar_subquery())
    if criteria.imported is not None:
        is_imported = Incident.origin.is_not(None)
        query = query.where(is_imported if criteria.imported else ~is_imported)
    return query.where(*_dated(criteria))


def _dated(criteria: CaseFilter) -> Iterable[ColumnElement[bool]]:
    """Yield the conditions on the date."""
    if criteria.undated:
        yield IS_UNDATED
    if criteria.start or criteria.end:
        yield overlaps(Incident, "occurred", criteria.start, criteria.end)


def occurred(row: Any) -> When:
    """Return the date of a listed row, without its sealed words."""
    when = Incident.occurred.plain(row)
    assert when is not None  # noqa: S101 - the date of an incident is required
    return when
