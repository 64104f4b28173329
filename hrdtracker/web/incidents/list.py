"""The list of incidents and its filters, which stand in the address; no name ever does."""

from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.cases.case_creation import offices_of_work
from hrdtracker.cases.queries import CaseFilter
from hrdtracker.codelists.lookup import terms
from hrdtracker.core.page import Page
from hrdtracker.incidents import queries
from hrdtracker.incidents.model import IncidentStatus
from hrdtracker.incidents.queries import ListedIncident
from hrdtracker.web.shell.context import locale, office_name, word
from hrdtracker.web.shell.filters import FilterBar, filter_bar, period_fields, pick
from hrdtracker.web.shell.page import show


@dataclass(frozen=True)
class IncidentsPage:
    """A page of the incidents that one may read, and what narrows it."""

    incidents: Page[ListedIncident]
    bar: FilterBar


def list_page(actor: Actor) -> Response:
    """Return the page of incidents that the address asks for."""
    offices = [(office.code, office_name(office)) for office in offices_of_work(actor)]
    bar = filter_bar(
        "incidents.index",
        pick("type", gettext("What happened"), terms().choices("incident_type", locale())),
        pick("area", gettext("Thematic area"), terms().choices("thematic_area", locale())),
        pick(
            "status", gettext("Status"), [(str(status), word(status)) for status in IncidentStatus]
        ),
        pick("province", gettext("Province"), terms().choices("province", locale())),
        pick("office", gettext("Office"), offices),
        *period_fields(),
    )
    incidents = queries.incidents(actor, case_filter(bar), request.args.get("page"))
    return show("incidents/index.html", IncidentsPage(incidents, bar))


def case_filter(bar: FilterBar) -> CaseFilter:
    """Return what a list of cases, or of what is in them, is narrowed to."""
    start, end = bar.period()
    names = ("area", "type", "status", "province", "office")
    codes = {name: bar.chosen.get(name) for name in names}
    return CaseFilter(**codes, owner=bar.uid("owner"), start=start, end=end)
