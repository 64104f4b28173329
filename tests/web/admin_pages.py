"""What the tests of the administrators' pages share: a look at what a page left behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from hrdtracker.core.db import unit_of_work
from tests import make


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    """Look at the database as a command would."""
    with app.app_context(), unit_of_work(make.open_session(app)):
        yield
