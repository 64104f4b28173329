"""Every part of the pages, one line each."""

from hrdtracker.web import accounts, home
from hrdtracker.web.shell import views as shell

BLUEPRINTS = (shell.bp, accounts.bp, home.bp)
