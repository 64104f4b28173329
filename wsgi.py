"""The application as a web server outside wants it: environment in, application out."""

import os

from click import ClickException

from config import Settings, SettingsUnusable
from hrdtracker.cli import closed
from hrdtracker.core.errors import DomainError

try:
    app = closed.for_server_outside(Settings.read(os.environ))
except (ClickException, DomainError, SettingsUnusable) as stopped:
    raise SystemExit(str(stopped)) from None
