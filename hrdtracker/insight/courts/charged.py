"""Who was charged, under which article, in which area of work, when: each person once in a cell."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from hrdtracker.access.actor import Actor
from hrdtracker.cases.model import Case
from hrdtracker.core.db import session
from hrdtracker.insight.courts.counting import (
    WITHOUT_AREA,
    CourtFilter,
    areas_of,
    certainly_within,
    how_many,
    perhaps_within,
    visible,
)
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.model import Charge, ChargeOutcome, ChargeStep, Party

earliest = ChargeOutcome.decided.part(ChargeOutcome, "earliest")
latest = ChargeOutcome.decided.part(ChargeOutcome, "latest")
IN_WORDS = "words"
"""Stands for an article that no list has: it was said in words."""


class ChargeRow(NamedTuple):
    """A charge as one case has it: against whom, as what and when they were charged with it."""

    scope_id: int
    person_id: int | None
    unit: str | None
    article: str
    earliest: datetime | None
    latest: datetime | None
    areas: tuple[str, ...]
    province: str | None
    stay_id: None = None
    people: int = 1


@dataclass(frozen=True)
class ChargeFigures:
    """Who was charged within a time; `undated` may have been, but nobody knows the day."""

    rows: Sequence[ChargeRow]
    undated: Sequence[ChargeRow]

    @property
    def people(self) -> int:
        """How many people were charged."""
        return how_many(self.rows)

    def by_article(self) -> Mapping[str, Sequence[ChargeRow]]:
        """Return the charges by article; those under most people first."""
        return _by({row: (row.article,) for row in self.rows})

    def by_area(self) -> Mapping[str, Sequence[ChargeRow]]:
        """Return the charges by the areas of their cases; a case of two areas counts in both."""
        return _by({row: row.areas or (WITHOUT_AREA,) for row in self.rows})


def _by(codes: Mapping[ChargeRow, Collection[str]]) -> Mapping[str, Sequence[ChargeRow]]:
    found = defaultdict[str, list[ChargeRow]](list)
    for row, its in codes.items():
        for code in its:
            found[code].append(row)
    return dict(sorted(found.items(), key=_place))


def _place(item: tuple[str, Sequence[ChargeRow]]) -> tuple[bool, int, str]:
    """Return where a code stands: what is not known last, then under how many people."""
    code, rows = item
    return code in {IN_WORDS, WITHOUT_AREA}, -how_many(rows), code


def in_time(rows: Sequence[ChargeRow], start: datetime, end: datetime) -> Sequence[ChargeRow]:
    """Return the charges that were certainly brought within [start, end)."""
    return [row for row in rows if certainly_within(row.earliest, row.latest, start, end)]


def charge_figures(actor: Actor, chosen: CourtFilter) -> ChargeFigures:
    """Return who was charged, in the cases that the actor reads; two statements.

    A charge counts where and when it was first brought, whatever became of it. Companies and groups
    are left out.
    """
    query = (
        visible(actor, Charge, chosen)
        .join(Case, Case.scope_id == Charge.scope_id)
        .join(Party, Party.id == Charge.party_id)
        .join(Person, Person.id == Party.person_id)
        .join(ChargeOutcome, ChargeOutcome.charge_id == Charge.id)
        .where(ChargeOutcome.kind == ChargeStep.ADDED, Person.unit == CountingUnit.PERSON)
        .with_only_columns(
            Charge.scope_id,
            Party.person_id,
            Person.unit,
            Case.lead_province,
            ChargeOutcome.provision,
            earliest,
            latest,
        )
        .order_by(ChargeOutcome.id)
    )
    areas = areas_of(actor, Charge)
    rows = [_row(*row, areas) for row in session().execute(query)]
    span = chosen.start, chosen.end
    counted = [row for row in rows if certainly_within(row.earliest, row.latest, *span)]
    others = [row for row in rows if not certainly_within(row.earliest, row.latest, *span)]
    return ChargeFigures(
        counted, [row for row in others if perhaps_within(row.earliest, row.latest, *span)]
    )


def _row(*columns: Any) -> ChargeRow:
    scope_id, person_id, unit, province, article, start, end, areas = columns
    area = areas.get(scope_id, ())
    return ChargeRow(scope_id, person_id, unit, article or IN_WORDS, start, end, area, province)
