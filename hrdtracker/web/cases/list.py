"""The list of cases and the outlines, with filters that stand in the address; no name does."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.access.model import Sensitivity
from hrdtracker.accounts.display_names import as_choices
from hrdtracker.cases import queries
from hrdtracker.cases.model import Case, CaseStatus
from hrdtracker.cases.queries import ListedCase, Outline
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.core.page import Page
from hrdtracker.incidents.case_view import cases, sizes
from hrdtracker.people.sizes import Size
from hrdtracker.web.incidents.list import case_filter, province_field, type_field
from hrdtracker.web.shell.context import locale, office_name, word, zone
from hrdtracker.web.shell.filters import (
    FilterBar,
    FilterField,
    filter_bar,
    period_fields,
    pick,
    undated_field,
)
from hrdtracker.web.shell.people import say_count
from hrdtracker.web.words.cases import Due, case_title, composed_title, due


@dataclass(frozen=True)
class CaseLine:
    """A case as the list says it: what it is called, what comes next, whom it concerns.

    Where it was given a title, `about` says what, where and when beneath it.
    """

    case: Case
    title: str
    about: str
    sensitivity: Sensitivity
    next: Due | None
    people: str
    owner: str


@dataclass(frozen=True)
class CasesPage:
    """A page of the cases that one may read, what narrows it, and how many have no date."""

    cases: Page[CaseLine]
    bar: FilterBar
    left_out: int


@dataclass(frozen=True)
class OutlinesPage:
    """A page of the outlines that one may see, and what narrows it."""

    outlines: Page[Outline]
    bar: FilterBar


def cases_page(actor: Actor) -> CasesPage:
    """Return the page of cases that the address asks for."""
    offices, owners = queries.choices(actor)
    bar = filter_bar(
        "cases.index",
        *_about(),
        type_field(),
        pick("owner", gettext("Owner"), as_choices(owners)),
        pick(
            "office", gettext("Office"), [(office.code, office_name(office)) for office in offices]
        ),
        *period_fields(),
        undated_field(),
    )
    criteria = case_filter(bar)
    page = cases(actor, criteria, request.args.get("page"))
    size = sizes(actor, page.rows)
    lines = page.with_rows([_line(row, size[row.case.scope_id]) for row in page.rows])
    return CasesPage(lines, bar, queries.left_out(actor, criteria))


def outlines_page(actor: Actor) -> OutlinesPage:
    """Return the page of outlines that the address asks for."""
    bar = filter_bar("cases.outlines", *_about())
    return OutlinesPage(queries.outlines(actor, case_filter(bar), request.args.get("page")), bar)


def _about() -> tuple[FilterField, ...]:
    """Return the filters of what an outline tells, too."""
    return (
        pick("area", gettext("Thematic area"), terms().choices("thematic_area", locale())),
        pick("status", gettext("Status"), [(str(status), word(status)) for status in CaseStatus]),
        province_field(),
    )


def _line(row: ListedCase, size: Size) -> CaseLine:
    title, composed = case_title(row.case), composed_title(row.case)
    return CaseLine(
        case=row.case,
        title=title,
        about=composed if title != composed else "",
        sensitivity=row.sensitivity,
        next=_next(row),
        people=say_count(size),
        owner=row.owner.display_name,
    )


def _next(row: ListedCase) -> Due | None:
    """Return what comes next in a case: what is due, planned, or to be looked at again."""
    planned = clock.day_of(row.planned_at, zone()) if row.planned_at else None
    look = row.case.next_look_on if row.case.status != CaseStatus.CLOSED else None
    days = [day for day in (row.due_on, planned, look) if day is not None]
    return due(min(days)) if days else None
