"""What figures are narrowed to, when something certainly was, and how nobody is counted twice."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import ColumnElement, select

from hrdtracker.access import policy
from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Scope, Sensitivity
from hrdtracker.cases.model import Case, CaseArea
from hrdtracker.cases.queries import CaseFilter, narrowed
from hrdtracker.core.db import session
from hrdtracker.core.page import AnySelect
from hrdtracker.people.model import CountingUnit

Row = TypeVar("Row", bound="Whose")
WITHOUT_AREA = "none"
"""Chosen as an area: the cases of which nobody said one."""


@dataclass(frozen=True)
class CourtFilter:
    """What figures are narrowed to: from an instant to another, codes of area, province, office.

    `for_outside` leaves secret cases out: whoever is told outside reads none of them.
    """

    start: datetime | None = None
    end: datetime | None = None
    area: str | None = None
    province: str | None = None
    office: str | None = None
    for_outside: bool = False

    @property
    def of_cases(self) -> CaseFilter | None:
        """What narrows the cases; None where all count."""
        area = None if self.area == WITHOUT_AREA else self.area
        chosen = CaseFilter(area=area, province=self.province, office=self.office)
        return chosen if self.area or chosen != CaseFilter() else None


def visible(actor: Actor, model: type[Any], chosen: CourtFilter) -> AnySelect:
    """Return the query of records of cases that the actor reads, narrowed to what was chosen."""
    query: AnySelect = policy.visible(actor, Action.CASE_READ, model)
    if chosen.for_outside:
        told = select(Scope.id).where(Scope.sensitivity != Sensitivity.SECRET)
        query = query.where(model.scope_id.in_(told))
    if chosen.of_cases is None:
        return query
    cases = narrowed(select(Case.scope_id), chosen.of_cases)
    if chosen.area == WITHOUT_AREA:
        cases = cases.where(Case.id.not_in(select(CaseArea.case_id)))
    return query.where(model.scope_id.in_(cases))


class Whose(Protocol):
    """Somebody, some of a group, or somebody unnamed, as one case has them."""

    @property
    def scope_id(self) -> int:
        """In which case."""

    @property
    def person_id(self) -> int | None:
        """Who; None for somebody whom nobody named."""

    @property
    def unit(self) -> str | None:
        """Whether it is one person or a group."""

    @property
    def stay_id(self) -> int | None:
        """Where they are: what tells the unnamed apart."""

    @property
    def people(self) -> int:
        """How many they are."""


def whose(row: Whose) -> tuple[str, int | None]:
    """Return who it is, in whichever case: what counts once."""
    return ("person", row.person_id) if row.person_id is not None else ("stay", row.stay_id)


def by_whom(rows: Iterable[Row]) -> Mapping[tuple[str, int | None], list[Row]]:
    """Return the rows of each person or group."""
    found = defaultdict[tuple[str, int | None], list[Row]](list)
    for row in rows:
        found[whose(row)].append(row)
    return found


def heads_of(rows: Iterable[Whose]) -> int:
    """Return how many people the rows of one person, or of one group, are.

    One person is one. Of a group each part counts, once: the most that any one case says.
    """
    parts = Counter[int]()
    for row in rows:
        if row.unit == CountingUnit.PERSON:
            return 1
        parts[row.scope_id] += row.people
    return max(parts.values(), default=0)


def how_many(rows: Iterable[Whose]) -> int:
    """Return how many people rows are; whoever stands in two cases counts once."""
    return sum(heads_of(some) for some in by_whom(rows).values())


def certainly_within(
    earliest: datetime | None, latest: datetime | None, start: datetime | None, end: datetime | None
) -> bool:
    """Tell whether what was within [earliest, latest) certainly was within [start, end)."""
    if earliest is None or latest is None:
        return False
    return (start is None or earliest >= start) and (end is None or latest <= end)


def perhaps_within(
    earliest: datetime | None, latest: datetime | None, start: datetime | None, end: datetime | None
) -> bool:
    """Tell whether it may have been within [start, end): what has no date may have been."""
    if earliest is None or latest is None:
        return True
    return (start is None or latest > start) and (end is None or earliest < end)


def areas_of(actor: Actor, of: type[Any]) -> Mapping[int, tuple[str, ...]]:
    """Return by scope the areas of the cases that have records of a kind; one statement."""
    may: ColumnElement[bool] = policy.condition(actor, Action.CASE_READ, Case)
    query = (
        select(Case.scope_id, CaseArea.area)
        .join(CaseArea, CaseArea.case_id == Case.id)
        .where(may, Case.scope_id.in_(select(of.scope_id)))
        .order_by(CaseArea.area)
    )
    found: dict[int, tuple[str, ...]] = {}
    for scope_id, area in session().execute(query):
        found[scope_id] = (*found.get(scope_id, ()), area)
    return found
