"""A worker beside the pages, in a thread of the same process; or alone, in a process of its own."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

from flask import Flask

from hrdtracker.authorised import flush_deferred
from hrdtracker.core.db import unit_of_work
from hrdtracker.jobs.setting import Outside
from hrdtracker.jobs.worker import Worker

PATIENCE_S = 20.0
"""How long the process waits at its end for the job at hand; else that is done again."""


def worker_of(app: Flask, outside: Outside) -> Worker:
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

    return Worker(unit, outside)


@contextmanager
def working(app: Flask, outside: Outside) -> Iterator[None]:
    """Have a worker beside whatever is done inside; it ends with it."""
    worker = worker_of(app, outside)
    thread = Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(PATIENCE_S)


def work_until_exit(app: Flask, outside: Outside) -> None:
    """Have a worker beside the pages of a server that is not ours, until its process ends."""
    beside = working(app, outside)
    beside.__enter__()
    atexit.register(beside.__exit__, None, None, None)
