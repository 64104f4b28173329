"""The application as a web server outside wants it: environment in, application out."""

import os

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.core.keyfile import unlock

settings = Settings.read(os.environ)
if settings.passphrase_file is None:
    raise SystemExit("HRDTRACKER_PASSPHRASE_FILE must name a file (mode 0600) with the passphrase")
app = create_app(
    settings, unlock(settings.key_file, settings.passphrase_file.read_text().rstrip("\n"))
)
