"""The application as a web server outside wants it: environment in, application out."""

import os

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.cli.instance import check_mail, check_place, read_secret
from hrdtracker.cli.memory import forbid_dumps
from hrdtracker.cli.schema import check_isolation
from hrdtracker.core.keyfile import is_demo, unlock
from hrdtracker.jobs.thread import beside_until_exit

forbid_dumps()
settings = Settings.read(os.environ)
settings.check_url()
if settings.passphrase_file is None:
    raise SystemExit("HRDTRACKER_PASSPHRASE_FILE must name a file (mode 0600) with the passphrase")
check_place(settings)
if is_demo(settings.key_file):
    raise SystemExit(f"{settings.key_file} guards demo data only: start it with `hrdtracker demo`")
app = create_app(settings, unlock(settings.key_file, read_secret(settings.passphrase_file)))
check_isolation(app)
check_mail(settings)
beside_until_exit(app, settings)
