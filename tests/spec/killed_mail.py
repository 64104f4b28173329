"""A worker that is killed at a mail: `FOLDER DATABASE_URL PORT MOMENT`."""

import sys
from datetime import datetime
from pathlib import Path

import time_machine

from config import MailSettings, Settings
from hrdtracker.app import create_app
from hrdtracker.core import keyfile
from hrdtracker.jobs.thread import worker_of
from tests.conftest import not_waiting

LOCAL = "127.0.0.1"


def main(folder: str, url: str, port: str, moment: str) -> None:
    """Do all that is due at a moment, mail to a receiver on this machine."""
    mail = MailSettings(LOCAL, int(port), "none", "daybook@example.org")
    settings = Settings(Path(folder), url, mail=mail)
    root = keyfile.RootKey(b"\x07" * keyfile.KEY_BYTES, demo=True)
    worker = worker_of(not_waiting(create_app(settings, root)), settings)
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        while worker.work_once():
            pass


if __name__ == "__main__":
    main(*sys.argv[1:])
