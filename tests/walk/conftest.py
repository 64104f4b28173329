"""The demonstration on either engine, as the walk needs it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import Settings
from hrdtracker.cli.demo import command as demo
from tests.conftest import close, not_waiting
from tests.postgres import Cluster
from tests.walk.demonstration import PRESENT, Databases, Demonstration, Files

DEEP_POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.deep)


@pytest.fixture(scope="module", params=["sqlite", DEEP_POSTGRESQL])
def shown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    """Return the demonstration with everybody signed in."""
    folder: Path = tmp_path_factory.mktemp("walk") / "demo"
    if request.param == "postgresql":
        server: Cluster = request.getfixturevalue("cluster")
        server.drop(PRESENT)  # of an earlier module
        app, _ = demo.prepare(Settings(instance=folder, database_url=server.create(PRESENT)))
        made = Demonstration(not_waiting(app), folder, Databases(server))
    else:
        shutil.copytree(request.getfixturevalue("demo_folder"), folder)
        app, _ = demo.prepare(Settings(instance=folder))
        made = Demonstration(not_waiting(app), folder, Files(folder / "hrdtracker.db"))
    yield made
    with app.app_context():
        close(app)
    shutil.rmtree(folder)
