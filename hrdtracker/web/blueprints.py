"""Every part of the pages, one line each."""

from hrdtracker.web import (
    accounts,
    admin,
    audit,
    case_access,
    case_work,
    cases,
    home,
    incident_facts,
    incidents,
    organisation,
    people,
    review,
    setup,
)
from hrdtracker.web.shell import views as shell

BLUEPRINTS = (
    shell.bp,
    setup.bp,
    accounts.bp,
    home.bp,
    incidents.bp,
    incident_facts.bp,
    review.bp,
    cases.bp,
    case_work.bp,
    case_access.bp,
    people.bp,
    admin.bp,
    organisation.bp,
    audit.bp,
)
