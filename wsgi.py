"""The application as a web server outside wants it: environment in, application out."""

import os

from click import ClickException

from config import Settings, SettingsUnusable
from hrdtracker.cli import instance
from hrdtracker.core.errors import DomainError
from hrdtracker.jobs.thread import beside_until_exit

try:
    settings = Settings.read(os.environ)
    app = instance.served(settings)
except (ClickException, DomainError, SettingsUnusable) as stopped:
    raise SystemExit(str(stopped)) from None
beside_until_exit(app, settings)
