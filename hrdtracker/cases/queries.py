"""Cases as lists and pages show them; every query begins at what the actor may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlalchemy.orm import aliased

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Office, Scope, Sensitivity, User
from hrdtracker.accounts.assignments import NOT_LEFT, actors_of, colleagues
from hrdtracker.accounts.queries import offices
from hrdtracker.cases.model import Case, CaseArea, FollowUp, Task
from hrdtracker.core.db import session
from hrdtracker.core.page import EPOCH, AnySelect, Listing, Page, counted
from hrdtracker.core.seal import Compartment, DataKeyWrap, ring

Home = aliased(Scope)
"""A case’s scope under another name, so that the policy’s own conditions keep theirs."""


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases, or of what is in them, is narrowed to: codes, uids, two instants.

    Of a period, `undated` are those without a date that it leaves out. Who recorded what,
    whether it was imported and how it was reviewed narrows incidents alone.
    """

    area: str | None = None
    type: str | None = None
    status: str | None = None
    province: str | None = None
    office: str | None = None
    owner: UUID | None = None
    start: datetime | None = None
    end: datetime | None = None
    undated: bool = False
    author: UUID | None = None
    imported: bool | None = None
    review_kind: str | None = None

    @property
    def left_out(self) -> "CaseFilter | None":
        """What has no date and so is left out of the period; None where all periods are shown."""
        if self.start is None and self.end is None:
            return None
        return replace(self, start=None, end=None, undated=True)


DUE = (
    select(func.min(Task.due_on))
    .where(Task.scope_id == Case.scope_id, Task.done_at.is_(None))
    .correlate(Case)
    .scalar_subquery()
    .label("due_on")
)


PLANNED = (
    select(func.min(FollowUp.at))
    .where(
        FollowUp.scope_id == Case.scope_id,
        FollowUp.planned(),
    )
    .correlate(Case)
    .scalar_subquery()
    .label("planned_at")
)


class ListedCase(NamedTuple):
    """A case in a list, what is due and planned in it, whom it concerns, and its title’s key."""

    case: Case
    owner: User
    sensitivity: Sensitivity
    people: int
    due_on: date | None
    planned_at: datetime | None
    compartment: UUID
    kek_version: int
    wrapped: bytes | None


def cases(
    actor: Actor, chosen: CaseFilter, token: str | None, people: ColumnElement[int]
) -> Page[ListedCase]:
    """Return a page of the cases that the actor may read, the latest first; two statements.

    Given titles can be read, since the query brings their keys along. `people` counts whom a case
    concerns, which only its incidents tell.
    """
    query = narrowed(
        policy.visible(actor, Action.CASE_READ, Case)
        .outerjoin(Home, Home.id == Case.scope_id)
        .outerjoin(User, User.id == Home.owner_id)
        .outerjoin(
            DataKeyWrap,
            and_(
                DataKeyWrap.data_key_id == Case.data_key_id,
                DataKeyWrap.compartment_id == Home.compartment_id,
            ),
        )
        .outerjoin(Compartment, Compartment.id == DataKeyWrap.compartment_id)
        .with_only_columns(
            Case,
            User,
            Home.sensitivity,
            people,
            DUE,
            PLANNED,
            Compartment.uid,
            DataKeyWrap.kek_version,
            DataKeyWrap.wrapped,
        ),
        chosen,
    )
    page = Listing(query, Case.lead_at, Case.id, ListedCase).page(token)
    for row in page.rows:
        if Case.title.ciphertext(row.case) is not None and row.wrapped is not None:
            ring().accept(row.case.data_key_id, row.compartment, row.kek_version, row.wrapped)
    return page


def narrowed(query: AnySelect, chosen: CaseFilter) -> AnySelect:
    """Return a query of cases narrowed to a filter."""
    for column, value in (
        (Case.lead_type, chosen.type),
        (Case.status, chosen.status),
        (Case.lead_province, chosen.province),
    ):
        if value:
            query = query.where(column == value)
    if chosen.area:
        query = query.where(CaseArea.given_to(Case.id, chosen.area))
    if chosen.office:
        here = select(Scope.id).join(Office, Office.id == Scope.office_id)
        query = query.where(Case.scope_id.in_(here.where(Office.code == chosen.office)))
    if chosen.owner:
        owned = select(Scope.id).join(User, User.id == Scope.owner_id)
        query = query.where(Case.scope_id.in_(owned.where(User.uid == chosen.owner)))
    return query.where(*_dated(chosen))


def _dated(chosen: CaseFilter) -> Iterable[ColumnElement[bool]]:
    """Yield the conditions on the first date: without one, a case is in no period."""
    if chosen.undated:
        yield Case.lead_latest.is_(None)
    if chosen.start or chosen.end:
        yield Case.lead_latest.is_not(None)
    if chosen.start:
        yield Case.lead_latest > chosen.start
    if chosen.end:
        yield Case.lead_at < chosen.end


def left_out(actor: Actor, chosen: CaseFilter) -> int:
    """Return how many cases a period leaves out because no date is known; no statement without."""
    undated = chosen.left_out
    if undated is None:
        return 0
    query = narrowed(policy.visible(actor, Action.CASE_READ, Case), undated)
    return session().scalar(counted(query, Case.id)) or 0


def choices(actor: Actor) -> tuple[list[Office], list[User]]:
    """Return the offices and owners that a list can be narrowed to.

    Nobody, and nothing unsealed, for who works on no cases.
    """
    if not policy.could(actor, Action.CASE_READ):
        return [], []
    owners = colleagues(actor.organisation_id, Action.CASE_READ, states=NOT_LEFT)
    return offices(actor), owners


# Outlines ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outline:
    """All that an outline tells of a case."""

    code: str
    areas: tuple[str, ...]
    province: str | None
    status: str


def outlines(actor: Actor, chosen: CaseFilter, token: str | None) -> Page[Outline]:
    """Return a page of outlines, the latest opened first; the records themselves stay here.

    Only what an outline tells can narrow it, and the place of a page tells no date.
    """
    outlined = CaseFilter(area=chosen.area, status=chosen.status, province=chosen.province)
    query = narrowed(
        policy.visible(actor, Action.CASE_OUTLINE, Case).with_only_columns(
            Case.id, Case.code, Case.lead_province, Case.status
        ),
        outlined,
    )
    at = literal(EPOCH, type_=Case.lead_at.type)
    page = Listing(query, at, Case.id, lambda *columns: columns).page(token)
    areas = areas_of(case_id for case_id, *_ in page.rows)
    return page.with_rows(
        [
            Outline(code, areas.get(case_id, ()), province, status)
            for case_id, code, province, status in page.rows
        ]
    )


def areas_of(case_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the areas of cases by the case’s number; one statement."""
    query = select(CaseArea.case_id, CaseArea.area).where(CaseArea.case_id.in_(list(case_ids)))
    areas: dict[int, tuple[str, ...]] = {}
    for case_id, area in session().execute(query.order_by(CaseArea.area)):
        areas[case_id] = (*areas.get(case_id, ()), area)
    return areas


# Who can open a case -----------------------------------------------------------------------------


def readers(actor: Actor, case: Case) -> Sequence[User]:
    """Return the colleagues who can open a case now; a statement for each forty of them."""
    users = colleagues(actor.organisation_id, Action.CASE_READ)
    may = policy.who_may(list(actors_of(users).values()), Action.CASE_READ, case)
    return [user for user in users if user.id in may]


def codes_of(actor: Actor, scope_ids: Iterable[int | None]) -> dict[int, tuple[str, UUID]]:
    """Return code and uid of those of some cases that the actor may open, by their scope."""
    numbers = {number for number in scope_ids if number is not None}
    if not numbers:
        return {}
    may_open = policy.condition(actor, Action.CASE_READ, Case, of_few=True)
    query = select(Case.scope_id, Case.code, Case.uid).where(Case.scope_id.in_(numbers), may_open)
    return {scope_id: (code, uid) for scope_id, code, uid in session().execute(query)}


def is_normal(case: Case) -> bool:
    """Tell whether a case is open to all whose work it is: neither restricted nor secret."""
    return session().get_one(Scope, case.scope_id).sensitivity == Sensitivity.NORMAL
