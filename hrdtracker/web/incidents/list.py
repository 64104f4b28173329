"""The list of incidents and its filters, which stand in the address; no name ever does."""

from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext

from hrdtracker.access.action import Action
from hrdtracker.access.actor import Actor
from hrdtracker.access.policy import could
from hrdtracker.cases.case_creation import offices_of_work
from hrdtracker.cases.queries import CaseFilter
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.page import Page
from hrdtracker.incidents import lists
from hrdtracker.incidents.model import IncidentStatus, ReviewKind
from hrdtracker.web.shell.context import locale, office_name, word
from hrdtracker.web.shell.filters import (
    NO,
    YES,
    FilterBar,
    FilterField,
    filter_bar,
    period_fields,
    pick,
    undated_field,
)
from hrdtracker.web.shell.page import show
from hrdtracker.web.words.incidents import IncidentLine, incident_line


@dataclass(frozen=True)
class IncidentsPage:
    """A page of the incidents that one may read, what narrows it, and how many have no date."""

    incidents: Page[IncidentLine]
    bar: FilterBar
    left_out: int
    undoes_imports: bool


def list_page(actor: Actor) -> Response:
    """Return the page of incidents that the address asks for."""
    offices = [(office.code, office_name(office)) for office in offices_of_work(actor)]
    statuses = [(str(status), word(status)) for status in IncidentStatus]
    kinds = [(str(kind), word(kind)) for kind in ReviewKind]
    bar = filter_bar(
        "incidents.index",
        type_field(),
        pick("area", gettext("Thematic area"), terms().choices("thematic_area", locale())),
        pick("status", gettext("Status"), statuses),
        province_field(),
        pick("office", gettext("Office"), offices),
        imported_field(),
        pick("review_kind", gettext("How it was reviewed"), kinds),
        *period_fields(),
        undated_field(),
    )
    criteria = case_filter(bar)
    page = lists.incidents(actor, criteria, request.args.get("page"))
    lines = page.with_rows([incident_line(row) for row in page.rows])
    left_out = lists.left_out(actor, criteria)
    undoes = could(actor, Action.IMPORT_UNDO)
    return show("incidents/index.html", IncidentsPage(lines, bar, left_out, undoes))


def type_field() -> FilterField:
    """Return the filter for what happened."""
    return pick("type", gettext("What happened"), terms().choices("incident_type", locale()))


def province_field() -> FilterField:
    """Return the filter for the province."""
    return pick("province", gettext("Province"), terms().choices("province", locale()))


def imported_field() -> FilterField:
    """Return the filter for where incidents come from: logged here, or imported."""
    origins = [(NO, gettext("Logged here")), (YES, gettext("Imported"))]
    return pick("imported", gettext("Where it comes from"), origins)


def case_filter(bar: FilterBar) -> CaseFilter:
    """Return what a list of cases, or of what is in them, is narrowed to."""
    start, end = bar.period()
    names = ("area", "type", "status", "province", "office", "review_kind")
    codes = {name: bar.chosen.get(name) for name in names}
    origin = bar.chosen.get("imported")
    return CaseFilter(
        **codes,
        owner=bar.uid("owner"),
        start=start,
        end=end,
        undated=bar.is_undated,
        author=bar.uid("author"),
        imported=origin == YES if origin else None,
    )
