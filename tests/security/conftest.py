"""What the tests of the law share: the world, made once an engine, and copies of it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.core import keyfile
from hrdtracker.core.db import unit_of_work
from tests.conftest import TEMPLATE, close, not_waiting
from tests.make import Cast, open_session
from tests.postgres import Cluster
from tests.security.world import World, build_world


@dataclass(frozen=True)
class Made:
    """A database with the world in it."""

    settings: Settings
    world: World


@pytest.fixture(scope="session")
def world_template(
    engine: str,
    template: tuple[Settings, Cast],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    root: keyfile.RootKey,
) -> Made:
    """Make, once an engine, the database with the world."""
    made, _ = template
    given = replace(made, instance=tmp_path_factory.mktemp(f"world_{engine}"))
    if engine == "postgresql":
        server: Cluster = request.getfixturevalue("cluster")
        given = replace(given, database_url=server.create("world", TEMPLATE))
    else:
        shutil.copy(made.instance / "hrdtracker.db", given.instance)
    app = create_app(given, root)
    with app.app_context():
        with unit_of_work(open_session(app)):
            world = build_world()
        close(app)
    return Made(given, world)


@pytest.fixture(scope="module")
def world_app(
    engine: str,
    world_template: Made,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    root: keyfile.RootKey,
) -> Iterator[Flask]:
    """Return the application on a copy of the world that one module of tests shares."""
    made = world_template.settings
    folder: Path = tmp_path_factory.mktemp("world_copy")
    given = replace(made, instance=folder)
    if engine == "postgresql":
        server: Cluster = request.getfixturevalue("cluster")
        server.drop("world_copy")
        given = replace(given, database_url=server.create("world_copy", "world"))
    else:
        shutil.copy(made.instance / "hrdtracker.db", folder)
    app = not_waiting(create_app(given, root))
    yield app
    with app.app_context():
        close(app)


@pytest.fixture
def world(world_template: Made) -> World:
    """Return who and what there is in the world."""
    return world_template.world


@pytest.fixture
def world_unit(world_app: Flask) -> Iterator[None]:
    """Open a unit of work on the module's copy of the world; what is left uncommitted goes."""
    with world_app.app_context():
        opened = open_session(world_app)
        with unit_of_work(opened):
            yield
        opened.rollback()
