"""Rights in question by right, court and year, and the hearings that each number counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from hrdtracker.access.actor import Actor
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.page import ListPart
from hrdtracker.insight.courts.rights import RightsFigures, hearings_of, rights_figures
from hrdtracker.proceedings.reading.confirmed_rights import ConfirmedRight
from hrdtracker.proceedings.reading.hearings import HearingLine, hearing_lines
from hrdtracker.web.numbers.choosing import (
    COURT,
    NO_COURT,
    RIGHT,
    chosen_of,
    hearings_bar,
    opens_hearings,
)
from hrdtracker.web.numbers.lines import PERCENT, Cell, NumberLine
from hrdtracker.web.shell.context import locale, number
from hrdtracker.web.shell.filters import FilterBar
from hrdtracker.web.shell.paging import Paging, paging
from hrdtracker.web.shell.sentences import in_a_row
from hrdtracker.web.words.hearings import hearing_words, say_day_of
from hrdtracker.web.words.numbers import say_in_question


@dataclass(frozen=True)
class RightLine:
    """A right at one court in one year: at how many hearings, of how many people."""

    right: str
    court: str
    year: str
    hearings: Cell
    people: int


@dataclass(frozen=True)
class RightsPart:
    """Rights in question: drawn by right, and as a table by court and year."""

    lines: Sequence[NumberLine]
    table: Sequence[RightLine]


@dataclass(frozen=True)
class CountedHearing:
    """A hearing in a line: the court, the day and what it was."""

    what: str
    url: str
    meta: str


@dataclass(frozen=True)
class CountedHearingsPage:
    """The hearings at which something was found in question, a part of them."""

    count: int
    lines: Sequence[CountedHearing]
    paging: Paging | None
    bar: FilterBar


def rights_part(figures: RightsFigures, bar: FilterBar) -> RightsPart:
    """Return which rights were in question, that of most hearings first."""
    counts = {right: hearings_of(some) for right, some in figures.by_right().items()}
    most = max(counts.values(), default=1)
    lines = [
        NumberLine(
            what=_right(right),
            people=count,
            said=say_in_question(_right(right), count),
            url=opens_hearings(bar, right),
            percent=round(PERCENT * count / most, 1),
            is_unknown=False,
            cells=(),
        )
        for right, count in counts.items()
    ]
    return RightsPart(lines, [_line(one, bar) for one in figures.counted])


def _line(one: ConfirmedRight, bar: FilterBar) -> RightLine:
    cell = {COURT: one.court or NO_COURT}
    if one.year:
        cell |= {"from": f"{one.year}-01-01", "to": f"{one.year}-12-31"}
    return RightLine(
        _right(one.right),
        terms().label("court", one.court, locale()),
        number(str(one.year)) if one.year else "",
        Cell(one.hearings, opens_hearings(bar, one.right, **cell)),
        one.people,
    )


def _right(code: str) -> str:
    return terms().label("fair_trial_right", code, locale())


def hearings_page(actor: Actor) -> CountedHearingsPage:
    """Return the page of hearings that the number counts which the address names."""
    bar = hearings_bar(actor)
    right, court = bar.chosen.get(RIGHT), bar.chosen.get(COURT)
    answers = rights_figures(actor, chosen_of(bar)).answers
    found = {
        each.hearing.id: each.hearing
        for each in answers
        if right in {None, each.right} and court in {None, each.hearing.court or NO_COURT}
    }
    part = ListPart.at(request.args.get("skip"), len(found))
    shown = list(found.values())[part.begin : part.last]
    return CountedHearingsPage(
        len(found),
        [_hearing(line) for line in hearing_lines(actor, shown)],
        paging(part, bar.endpoint, **bar.chosen),
        bar,
    )


def _hearing(line: HearingLine) -> CountedHearing:
    words = hearing_words(line)
    return CountedHearing(words.what, words.url, in_a_row(say_day_of(line), words.meta))
