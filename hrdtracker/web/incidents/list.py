"""The list of incidents and its filters, which stand in the address; no name ever does."""

from flask import render_template, request
from flask_babel import gettext

from hrdtracker.access.actor import Actor
from hrdtracker.accounts.display_names import as_choices
from hrdtracker.cases.queries import CaseFilter, choices
from hrdtracker.codelists.lookup import terms
from hrdtracker.incidents import queries
from hrdtracker.incidents.model import IncidentStatus
from hrdtracker.web.shell.context import locale, office_name, word
from hrdtracker.web.shell.filters import FilterBar, filter_bar, period_fields, pick


def list_page(actor: Actor) -> str:
    """Return the page of incidents that the address asks for."""
    offices, owners = choices(actor)
    bar = filter_bar(
        "incidents.index",
        pick("type", gettext("What happened"), terms().choices("incident_type", locale())),
        pick("area", gettext("Thematic area"), terms().choices("thematic_area", locale())),
        pick("status", gettext("Status"), [(str(each), word(each)) for each in IncidentStatus]),
        pick("province", gettext("Province"), terms().choices("province", locale())),
        pick("owner", gettext("Owner"), as_choices(owners)),
        pick("office", gettext("Office"), [(each.code, office_name(each)) for each in offices]),
        *period_fields(),
    )
    page = queries.incidents(actor, case_filter(bar), request.args.get("page"))
    return render_template(
        "incidents/index.html",
        page=page,
        rows=[(row, queries.occurred(row)) for row in page.rows],
        bar=bar,
    )


def case_filter(bar: FilterBar) -> CaseFilter:
    """Return what a list of cases, or of what is in them, is narrowed to."""
    start, end = bar.period()
    names = ("area", "type", "status", "province", "office")
    codes = {name: bar.chosen.get(name) for name in names}
    return CaseFilter(**codes, owner=bar.uid("owner"), start=start, end=end)
