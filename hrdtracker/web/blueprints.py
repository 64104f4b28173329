"""Every part of the pages, one line each."""

from hrdtracker.web import accounts, home, incident_facts, incidents, review
from hrdtracker.web.shell import views as shell

BLUEPRINTS = (shell.bp, accounts.bp, home.bp, incidents.bp, incident_facts.bp, review.bp)
