"""A process whose workers are killed at random moments: `FOLDER DATABASE_URL KILLS LOG`.

Each is a child that is forked before any connection is open, does jobs, and gets SIGKILL. It is six
minutes later for the next one, so that what the last one held is free again.
"""

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import time_machine
from flask import Flask

from config import Settings
from hrdtracker.access.model import User
from hrdtracker.app import create_app
from hrdtracker.core import clock, keyfile
from hrdtracker.core.db import session
from hrdtracker.jobs.handlers import HANDLERS
from hrdtracker.jobs.setting import Setting
from hrdtracker.jobs.thread import worker_of
from hrdtracker.notices.kinds import NoticeKind
from hrdtracker.notices.model import Notice
from hrdtracker.outbox.leases import Lease
from tests.conftest import not_waiting

LATER = timedelta(minutes=6)
LONGEST_S = 0.12


def main(folder: str, url: str, kills: str, log: str) -> None:
    """Kill so many workers, then let one do what is left."""
    settings = Settings(Path(folder), url)
    root = keyfile.RootKey(b"\x07" * keyfile.KEY_BYTES, demo=True)
    app = not_waiting(create_app(settings, root))  # a kill is no power cut
    begin = clock.now()
    for number in range(int(kills)):
        child = os.fork()
        if not child:
            with time_machine.travel(begin + LATER * number):
                _work(app, settings, Path(log))
            os._exit(0)
        time.sleep(random.uniform(0.01, LONGEST_S))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    for number in range(int(kills), int(kills) + 2):
        with time_machine.travel(begin + LATER * number):
            _work(app, settings, Path(log))


def _work(app: Flask, settings: Settings, log: Path) -> None:
    def handle(_setting: Setting, lease: Lease) -> Callable[[], None] | None:
        if lease.about is None:  # what is due each night
            return None
        with log.open("ab", buffering=0) as file:
            file.write(f"{lease.about}\n".encode())
        return lambda: _note(lease)

    worker = worker_of(app, settings, dict.fromkeys(HANDLERS, handle))
    while worker.work_once():
        pass


def _note(lease: Lease) -> None:
    user_id, moment = session().query(User.id).limit(1).scalar(), clock.now()
    values = {"user_id": user_id, "kind": NoticeKind.MAIL_FAILS, "made_at": moment}
    session().add(Notice(about_table="job", about_uid=lease.about, **values))


if __name__ == "__main__":
    main(*sys.argv[1:])
