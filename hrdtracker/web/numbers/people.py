"""Whom a number counts: a line each, by the codes and letters of their cases, never by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from flask import request

from hrdtracker.access.actor import Actor
from hrdtracker.core.page import ListPart
from hrdtracker.custody.states import Confirmation
from hrdtracker.insight.courts.charged import charge_figures
from hrdtracker.insight.courts.counting import CourtFilter, Whose, by_whom, heads_of
from hrdtracker.insight.courts.detained import DetentionState, detention_figures
from hrdtracker.insight.courts.held import held_figures
from hrdtracker.insight.courts.people import PersonCounted, people_behind
from hrdtracker.web.numbers.choosing import ARTICLE, OF, Figure, chosen_of, people_bar
from hrdtracker.web.shell.filters import FilterBar
from hrdtracker.web.shell.paging import Paging, paging
from hrdtracker.web.words.numbers import (
    say_charge_rows,
    say_detention,
    say_held_row,
    say_over_row,
)

HEARD = {
    Figure.FRESH: Confirmation.FRESH,
    Figure.LAPSED: Confirmation.LAPSED,
    Figure.UNHEARD: Confirmation.UNKNOWN,
}


@dataclass(frozen=True)
class CountedRows:
    """One line: the rows of one person, group or detention, and what it says of them."""

    rows: Sequence[Whose]
    say: Callable[[], str]


@dataclass(frozen=True)
class CountedLine:
    """Somebody whom a number counts: their cases, how many they are, what is counted of them."""

    person: PersonCounted
    what: str


@dataclass(frozen=True)
class CountedPeoplePage:
    """A part of those whom a number counts; `detentions` where it is no number of people."""

    people: int
    detentions: bool
    lines: Sequence[CountedLine]
    paging: Paging | None
    bar: FilterBar


def people_page(actor: Actor) -> CountedPeoplePage:
    """Return the page of those whom the number counts that the address names."""
    bar = people_bar(actor)
    what = Figure(bar.chosen.get(OF, Figure.HELD))
    groups = _groups(actor, what, bar)
    part = ListPart.at(request.args.get("skip"), len(groups))
    shown = groups[part.begin : part.last]
    people = people_behind(actor, [group.rows for group in shown])
    detentions = what in {Figure.ENDED, Figure.RUNNING, Figure.UNKNOWN}
    return CountedPeoplePage(
        len(groups) if detentions else sum(heads_of(group.rows) for group in groups),
        detentions,
        [CountedLine(one, group.say()) for one, group in zip(people, shown, strict=True)],
        paging(part, bar.endpoint, **bar.chosen),
        bar,
    )


def _groups(actor: Actor, what: Figure, bar: FilterBar) -> list[CountedRows]:
    chosen = chosen_of(bar)
    if what == Figure.CHARGED:
        return _charged(actor, chosen, bar)
    if what in {Figure.ENDED, Figure.RUNNING, Figure.UNKNOWN}:
        return _detained(actor, chosen, DetentionState(what), bar)
    return _held(actor, chosen, what)


def _held(actor: Actor, chosen: CourtFilter, what: Figure) -> list[CountedRows]:
    figures = held_figures(actor, chosen)
    if what == Figure.OVER:
        over = by_whom(figures.over_rows).values()
        return [CountedRows(some, partial(say_over_row, some[0])) for some in over]
    rows = figures.heard(HEARD[what]) if what in HEARD else figures.rows
    return [CountedRows(some, partial(say_held_row, some[0])) for some in by_whom(rows).values()]


def _charged(actor: Actor, chosen: CourtFilter, bar: FilterBar) -> list[CountedRows]:
    figures = charge_figures(actor, chosen)
    rows = figures.undated if bar.is_undated else figures.rows
    article = bar.chosen.get(ARTICLE)
    if article:
        rows = [row for row in rows if row.article == article]
    return [CountedRows(some, partial(say_charge_rows, some)) for some in by_whom(rows).values()]


def _detained(
    actor: Actor, chosen: CourtFilter, state: DetentionState, bar: FilterBar
) -> list[CountedRows]:
    figures = detention_figures(actor, chosen)
    found = figures.undated if bar.is_undated else figures.of(state)
    return [CountedRows(one.rows, partial(say_detention, one)) for one in found]
