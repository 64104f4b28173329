"""How long people are detained before trial: what has ended, what goes on, what nobody knows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import NamedTuple

from sqlalchemy import select

from hrdtracker.access.actor import Actor
from hrdtracker.core import clock
from hrdtracker.core.db import session
from hrdtracker.core.when.model import DAY
from hrdtracker.custody.model import Stay, StayStanding
from hrdtracker.custody.states import is_held
from hrdtracker.insight.courts.counting import (
    CourtFilter,
    by_whom,
    certainly_within,
    perhaps_within,
    visible,
)
from hrdtracker.people.model import CountingUnit, Person
from hrdtracker.proceedings.model import LegalTitle, TitleKind

ROUGHLY = timedelta(days=31)
"""A day that is known no better than to the month says nothing of a length."""


class DetentionState(StrEnum):
    """What is known of the length of a detention."""

    ENDED = "ended"
    RUNNING = "running"
    UNKNOWN = "unknown"


class TitleRow(NamedTuple):
    """A ground of detention before trial, as one case says it."""

    scope_id: int
    person_id: int
    unit: str
    began_earliest: datetime | None
    began_latest: datetime | None
    has_ended: bool
    ended_earliest: datetime | None
    ended_latest: datetime | None
    stay_id: None = None
    people: int = 1


@dataclass(frozen=True)
class Detention:
    """One detention of one person before trial, whichever cases and proceedings say it.

    `days` are counted from the first day to the last that its dates allow first; of what goes on,
    until now; None where that is not known.
    """

    rows: Sequence[TitleRow]
    state: DetentionState
    days: int | None

    @property
    def began(self) -> tuple[datetime | None, datetime | None]:
        """When it began, at the earliest and at the latest."""
        return self.rows[0].began_earliest, self.rows[0].began_latest


@dataclass(frozen=True)
class Spread:
    """How long some detentions are, in days: the middle one, the shortest and the longest."""

    count: int
    middle: int
    shortest: int
    longest: int


@dataclass(frozen=True)
class DetentionFigures:
    """Detentions that began within a time; `undated` may have, but nobody knows."""

    detentions: Sequence[Detention]
    undated: Sequence[Detention]

    def of(self, state: DetentionState) -> Sequence[Detention]:
        """Return those of which so much is known."""
        return [one for one in self.detentions if one.state == state]

    def spread(self, state: DetentionState) -> Spread | None:
        """Return how long they are; None where there are none."""
        days = [one.days for one in self.of(state) if one.days is not None]
        return Spread(len(days), round(median(days)), min(days), max(days)) if days else None


def detention_figures(actor: Actor, chosen: CourtFilter) -> DetentionFigures:
    """Return how long people were detained before trial, in the cases the actor reads.

    Three statements. Groups are left out: a ground of detention is of one person.
    """
    began, ended = LegalTitle.began.part, LegalTitle.ended.part
    query = (
        visible(actor, LegalTitle, chosen)
        .join(Person, Person.id == LegalTitle.person_id)
        .where(LegalTitle.kind == TitleKind.PRETRIAL_DETENTION, Person.unit == CountingUnit.PERSON)
        .with_only_columns(
            LegalTitle.scope_id,
            LegalTitle.person_id,
            Person.unit,
            began(LegalTitle, "earliest"),
            began(LegalTitle, "latest"),
            ended(LegalTitle, "precision").is_not(None),
            ended(LegalTitle, "earliest"),
            ended(LegalTitle, "latest"),
        )
        .order_by(LegalTitle.id)
    )
    rows = [TitleRow(*row) for row in session().execute(query)]
    free = _at_liberty(actor, chosen)
    every = [
        one
        for some in by_whom(rows).values()
        for one in detentions_of(some, is_free=some[0].person_id in free)
    ]
    counted = [one for one in every if _began_within(one, chosen)]
    others = [one for one in every if not _began_within(one, chosen)]
    span = chosen.start, chosen.end
    return DetentionFigures(counted, [one for one in others if perhaps_within(*one.began, *span)])


def _began_within(one: Detention, chosen: CourtFilter) -> bool:
    if chosen.start is None and chosen.end is None:
        return True
    return certainly_within(*one.began, chosen.start, chosen.end)


def _at_liberty(actor: Actor, chosen: CourtFilter) -> Collection[int | None]:
    """Return the people of whom it is said where they are, and nowhere that they are held."""
    told = visible(actor, Stay, chosen).where(Stay.standing == StayStanding.TOLD)
    detained = select(LegalTitle.person_id).where(LegalTitle.kind == TitleKind.PRETRIAL_DETENTION)
    whom = told.where(Stay.person_id.in_(detained)).with_only_columns(Stay.person_id, is_held())
    held = dict[int | None, bool]()
    for person_id, is_now_held in session().execute(whom):
        held[person_id] = held.get(person_id, False) or bool(is_now_held)
    return {person_id for person_id, is_now_held in held.items() if not is_now_held}


def detentions_of(rows: Sequence[TitleRow], *, is_free: bool) -> list[Detention]:
    """Return the detentions of one person: what overlaps, or follows within a day, is one.

    What has no end goes on, but for somebody who is held nowhere: then its end is not known, and it
    is part of a detention of that day whose end is. Without any day it is one of unknown length,
    unless the person has another.
    """
    spans = sorted(_span(row, is_free=is_free) for row in rows if _is_dated(row))
    if not spans:
        return [Detention(rows, DetentionState.UNKNOWN, None)]
    groups = [[spans[0]]]
    for span in spans[1:]:
        last = max(one.end for one in groups[-1])
        if span.begin - last <= DAY:
            groups[-1].append(span)
        else:
            groups.append([span])
    return [_measured(group) for group in groups]


class _Span(NamedTuple):
    """From when until when one case says that somebody was detained; a point, if nobody knows."""

    begin: datetime
    end: datetime
    runs: bool
    row: TitleRow


def _span(row: TitleRow, *, is_free: bool) -> _Span:
    begin = row.began_earliest or clock.now()
    runs = not row.has_ended and not is_free
    known = row.ended_earliest if _is_known(row.ended_earliest, row.ended_latest) else None
    end = clock.now() if runs else known or begin
    return _Span(begin, max(begin, end), runs, row)


def _is_dated(row: TitleRow) -> bool:
    return _is_known(row.began_earliest, row.began_latest)


def _is_known(earliest: datetime | None, latest: datetime | None) -> bool:
    return earliest is not None and latest is not None and latest - earliest <= ROUGHLY


def _measured(spans: Sequence[_Span]) -> Detention:
    """Return one detention with what is known of its length."""
    rows = [span.row for span in spans]
    begin, end = spans[0].begin, max(span.end for span in spans)
    if any(span.runs for span in spans):
        return Detention(rows, DetentionState.RUNNING, (end - begin) // DAY)
    if all(span.end == span.begin for span in spans):
        return Detention(rows, DetentionState.UNKNOWN, None)
    return Detention(rows, DetentionState.ENDED, (end - begin) // DAY)
