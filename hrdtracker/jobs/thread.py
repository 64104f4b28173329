"""A worker beside the pages, in a thread of the same process; or alone, in a process of its own."""

import atexit
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Thread

from flask import Flask

from config import Settings
from hrdtracker.authorised import flush_deferred
from hrdtracker.core.db import unit_of_work
from hrdtracker.jobs.handlers import HANDLERS, Handlers
from hrdtracker.jobs.setting import Outside
from hrdtracker.jobs.worker import Worker

PATIENCE_S = 20.0
"""How long the process waits at its end for the job at hand; else that is done again."""


def worker_of(app: Flask, settings: Settings, handlers: Handlers = HANDLERS) -> Worker:
    """Return a worker on the database of an application."""
    database = app.extensions["sqlalchemy"]

    @contextmanager
    def unit() -> Iterator[None]:
        with app.app_context():
            try:
                with unit_of_work(database.session()):
                    yield
                    flush_deferred()
            finally:
                database.session.remove()

    return Worker(unit, Outside.of(settings), handlers)


def beside(app: Flask, settings: Settings) -> AbstractContextManager[None]:
    """Have a worker beside whatever is done inside, unless the settings say it is elsewhere."""
    return _in_thread(worker_of(app, settings)) if settings.worker else nullcontext()


def beside_until_exit(app: Flask, settings: Settings) -> None:
    """Have a worker beside the pages of a server that is not ours, until its process ends."""
    running = beside(app, settings)
    running.__enter__()
    atexit.register(running.__exit__, None, None, None)


@contextmanager
def _in_thread(worker: Worker) -> Iterator[None]:
    thread = Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(PATIENCE_S)
