"""A database that begins empty, for the tests that migrate it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.core import keyfile
from tests.conftest import close
from tests.postgres import Cluster


@pytest.fixture
def empty(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest, root: keyfile.RootKey
) -> Iterator[Flask]:
    """Return the application, in its context, on a database without any table."""
    url = ""
    if engine == "postgresql":
        server: Cluster = request.getfixturevalue("cluster")
        server.drop("empty")
        url = server.create("empty")
    app = create_app(Settings(instance=tmp_path, database_url=url), root)
    with app.app_context():
        yield app
        close(app)
