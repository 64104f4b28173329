"""What figures are narrowed to, as the address says it, and which number one asks to open."""

from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import gettext, pgettext

from hrdtracker.access.actor import Actor
from hrdtracker.cases.queries import choices
from hrdtracker.codelists.lookup import terms
from hrdtracker.insight.courts.charged import IN_WORDS
from hrdtracker.insight.courts.counting import WITHOUT_AREA, CourtFilter
from hrdtracker.web.incidents.list import province_field
from hrdtracker.web.shell.context import locale, office_name
from hrdtracker.web.shell.filters import (
    UNDATED,
    YES,
    FilterBar,
    FilterField,
    filter_bar,
    period_fields,
    pick,
)
from hrdtracker.web.words.numbers import say_area, say_article

OF, ARTICLE, RIGHT, COURT = "of", "article", "right", "court"
NO_COURT = "none"
"""Chosen as a court: the hearings of which nobody said one."""


class Figure(StrEnum):
    """A number that can be opened."""

    HELD = "held"
    FRESH = "fresh"
    LAPSED = "lapsed"
    UNHEARD = "unheard"
    OVER = "over"
    CHARGED = "charged"
    ENDED = "ended"
    RUNNING = "running"
    UNKNOWN = "unknown"


def figures_bar(actor: Actor) -> FilterBar:
    """Return what figures are narrowed by."""
    return filter_bar("numbers.index", *_narrowing(actor))


def hearings_bar(actor: Actor) -> FilterBar:
    """Return what a list of hearings at which a right was in question is narrowed by."""
    rights = terms().choices("fair_trial_right", locale())
    courts = [*terms().choices("court", locale()), (NO_COURT, gettext("Court not known"))]
    return filter_bar(
        "numbers.hearings",
        pick(RIGHT, gettext("Right"), rights),
        pick(COURT, gettext("Court"), courts),
        *_narrowing(actor),
    )


def people_bar(actor: Actor) -> FilterBar:
    """Return what a list of those whom a number counts is narrowed by: which number, first."""
    articles = [*terms().choices("provision", locale()), (IN_WORDS, say_article(IN_WORDS))]
    dates = [(YES, gettext("No day known, or only roughly"))]
    return filter_bar(
        "numbers.people",
        pick(OF, gettext("Who"), _numbers(), gettext("Held now")),
        pick(ARTICLE, gettext("Article"), articles),
        *_narrowing(actor),
        pick(UNDATED, gettext("Date"), dates),
    )


def _narrowing(actor: Actor) -> tuple[FilterField, ...]:
    areas = [*terms().choices("thematic_area", locale()), (WITHOUT_AREA, say_area(WITHOUT_AREA))]
    offices, _ = choices(actor)
    return (
        pick("area", gettext("Thematic area"), areas),
        province_field(),
        pick("office", gettext("Office"), [(row.code, office_name(row)) for row in offices]),
        *period_fields(),
    )


def _numbers() -> list[tuple[str, str]]:
    return [
        (Figure.HELD, gettext("Held now")),
        (Figure.FRESH, gettext("Held, confirmed within a day")),
        (Figure.LAPSED, gettext("Held, last confirmed within a week")),
        (Figure.UNHEARD, gettext("Held on record, nothing heard for a week")),
        (Figure.OVER, gettext("Held over a limit that a lawyer reviewed")),
        (Figure.CHARGED, pgettext("figure", "Charged")),
        (Figure.ENDED, gettext("Detained before trial, ended")),
        (Figure.RUNNING, gettext("Detained before trial, goes on")),
        (Figure.UNKNOWN, gettext("Detained before trial, nobody knows how long")),
    ]


def chosen_of(bar: FilterBar) -> CourtFilter:
    """Return what the filters say, as figures understand it."""
    chosen, (start, end) = bar.chosen, bar.period()
    return CourtFilter(start, end, chosen.get("area"), chosen.get("province"), chosen.get("office"))


def opens_hearings(bar: FilterBar, right: str, **cell: Any) -> str:
    """Return the address of the hearings at which a right was in question."""
    return url_for("numbers.hearings", **{**bar.chosen, RIGHT: right, **cell})


def opens(bar: FilterBar, what: Figure, **cell: Any) -> str:
    """Return the address of those whom a number counts."""
    return url_for("numbers.people", **{**bar.chosen, OF: what.value, **cell})
