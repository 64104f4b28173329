"""The list of cases and the outlines, with filters that stand in the address; no name does."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import as_choices
from hrdtracker.cases import queries
from hrdtracker.cases.model import CaseStatus
from hrdtracker.codelists.lookup import terms
from hrdtracker.core import clock
from hrdtracker.incidents.case_view import cases
from hrdtracker.web.incidents.list import case_filter
from hrdtracker.web.shell.context import locale, office_name, word, zone
from hrdtracker.web.shell.filters import FilterField, filter_bar, period_fields, pick
from hrdtracker.web.words.cases import case_title, due


def list_page(actor: Actor) -> str:
    """Return the page of cases that the address asks for."""
    offices, owners = queries.choices(actor)
    bar = filter_bar(
        "cases.index",
        *_about(),
        pick("type", gettext("What happened"), terms().choices("incident_type", locale())),
        pick("owner", gettext("Owner"), as_choices(owners)),
        pick("office", gettext("Office"), [(each.code, office_name(each)) for each in offices]),
        *period_fields(),
    )
    page = cases(actor, case_filter(bar), request.args.get("page"))
    return render_template(
        "cases/index.html",
        page=page,
        rows=[(row, case_title(row.Case), _next(row)) for row in page.rows],
        bar=bar,
    )


def outlines_page(actor: Actor) -> str:
    """Return the page of outlines that the address asks for."""
    bar = filter_bar("cases.outlines", *_about())
    page = queries.outlines(actor, case_filter(bar), request.args.get("page"))
    return render_template("cases/outlines.html", page=page, bar=bar)


def _about() -> tuple[FilterField, ...]:
    """Return the filters of what an outline tells, too."""
    return (
        pick("area", gettext("Thematic area"), terms().choices("thematic_area", locale())),
        pick("status", gettext("Status"), [(str(each), word(each)) for each in CaseStatus]),
        pick("province", gettext("Province"), terms().choices("province", locale())),
    )


def _next(row: Any) -> dict[str, str] | None:
    """Return what comes next in a case: what is due, planned, or to be looked at again."""
    planned = clock.day_of(row.planned_at, zone()) if row.planned_at else None
    look = row.Case.next_look_on if row.Case.status != CaseStatus.CLOSED else None
    days = [day for day in (row.due_on, planned, look) if day is not None]
    if not days:
        return None
    said = due(min(days))
    return {"kind": said.kind, "word": said.word}
