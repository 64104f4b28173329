"""What every test may ask for: a database with the cast in it, on both engines, and a browser."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from playwright.sync_api import Playwright, sync_playwright
from sqlalchemy import event

from config import Settings
from hrdtracker.app import create_app
from hrdtracker.backups.copying import Machine
from hrdtracker.cli.demo import command as demo
from hrdtracker.core import keyfile
from hrdtracker.core.collector import leave_what_stays
from hrdtracker.core.db import unit_of_work
from hrdtracker.core.seal import Vault
from hrdtracker.jobs.backup import machine_of
from tests import memory
from tests.hashing import real_hashing
from tests.make import Cast, make_cast, open_session
from tests.no_network import no_network
from tests.postgres import Cluster

settings.register_profile(
    "default", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("deep", settings.get_profile("default"), max_examples=2000)
settings.register_profile("mutants", settings.get_profile("default"), database=None)
settings.load_profile("default")

ENGINES = ("sqlite", "postgresql")
TEMPLATE, COPY = "template_with_cast", "copy"
__all__ = ["no_network", "real_hashing"]


def pytest_configure() -> None:
    """Let the files of tests lie where a copy of the database costs little."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory.room())


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave alone what stays until the end: tests and their modules.

    There are a million objects, and it would walk through them again and again.
    """
    leave_what_stays()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that needs a database on both engines, or on those that it names."""
    if "engine" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("engines")
        metafunc.parametrize("engine", mark.args if mark else ENGINES, scope="session")


@pytest.fixture(scope="session")
def root() -> keyfile.RootKey:
    """Return the root key of all test databases."""
    return keyfile.RootKey(b"\x07" * keyfile.KEY_BYTES, demo=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Run a real PostgreSQL for this process of tests."""
    server = Cluster()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Run the driver of the browser: one for a process, which is all that it allows."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demonstration, once for all processes of tests; its folder is there to be copied.

    It is made where another was begun and interrupted: that one has its tables and nobody in them.
    """
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = base / "demo"
    with base.joinpath("demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / demo.ACCOUNTS).exists():
            settings = Settings(instance=made)
            begun = create_app(
                settings, keyfile.create(settings.key_file, keyfile.DEMO_PASSPHRASE, demo=True)
            )
            with begun.app_context():
                flask_migrate.upgrade()
                close(begun)
            app, _ = demo.prepare(settings)
            with app.app_context():
                close(app)
    return made


@pytest.fixture(scope="session")
def template(
    engine: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    root: keyfile.RootKey,
) -> tuple[Settings, Cast]:
    """Make, once an engine, the migrated database with the cast that each test gets a copy of."""
    folder = tmp_path_factory.mktemp(engine)
    url = ""
    if engine == "postgresql":
        url = request.getfixturevalue("cluster").create(TEMPLATE)
    given = Settings(instance=folder, database_url=url)
    app = create_app(given, root)
    with app.app_context():
        flask_migrate.upgrade()
        with unit_of_work(open_session(app)):
            cast = make_cast()
        close(app)
    return given, cast


@pytest.fixture(scope="session")
def application(
    engine: str,
    template: tuple[Settings, Cast],
    tmp_path_factory: pytest.TempPathFactory,
    root: keyfile.RootKey,
) -> tuple[Settings, Flask]:
    """Return the settings of every test’s copy of the database, and the application of them all."""
    made, _ = template
    given = replace(made, instance=tmp_path_factory.mktemp("instance"))
    if engine == "postgresql":
        given = replace(given, database_url=made.database_url.replace(TEMPLATE, COPY))
    return given, not_waiting(create_app(given, root))


@pytest.fixture
def given(
    engine: str,
    template: tuple[Settings, Cast],
    application: tuple[Settings, Flask],
    request: pytest.FixtureRequest,
) -> Iterator[Settings]:
    """Return the settings of a fresh copy of the template database; it lies where the last did."""
    (made, _), (here, _) = template, application
    if engine == "postgresql":
        server: Cluster = request.getfixturevalue("cluster")
        server.create(COPY, TEMPLATE)
        yield here
        server.drop(COPY)
    else:
        shutil.copy(made.instance / "hrdtracker.db", here.instance / "hrdtracker.db")
        yield here
    shutil.rmtree(here.instance)
    here.instance.mkdir()


@pytest.fixture
def app(given: Settings, application: tuple[Settings, Flask]) -> Iterator[Flask]:
    """Return the application on a fresh copy of the database, to which it connects anew."""
    _, made = application
    yield made
    with made.app_context():
        close(made)


@pytest.fixture
def pages(application: tuple[Settings, Flask]) -> Flask:
    """Return the application without a database: what a stranger sees asks none."""
    return application[1]


@pytest.fixture
def cast(template: tuple[Settings, Cast]) -> Cast:
    """Return the people, offices and organisation that every test database begins with."""
    return template[1]


@pytest.fixture
def unit(app: Flask) -> Iterator[None]:
    """Open a unit of work, as a request or a command would."""
    with app.app_context(), unit_of_work(open_session(app)) as opened:
        opened.info["terms_version"] = 1  # as a request knows it, so that terms are read once
        yield


@pytest.fixture
def machine(given: Settings, app: Flask, root: keyfile.RootKey) -> Machine:
    """Return what a backup of the test database is made of; its key file is a demo’s."""
    keyfile._write(given.key_file, root, keyfile.DEMO_PASSPHRASE, exclusive=True)
    return machine_of(given, Vault(root))


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Return a folder for backups."""
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def not_waiting(app: Flask) -> Flask:
    """Let commits of an application return before the disk has them: its files last one test."""

    def set_up(connection: Any, _record: object) -> None:
        if "sqlcipher" in type(connection).__module__:
            connection.execute("PRAGMA synchronous=OFF")

    with app.app_context():
        event.listen(app.extensions["sqlalchemy"].engine, "connect", set_up)
    return app


def close(app: Flask) -> None:
    """Let go of every connection of an application."""
    database = app.extensions["sqlalchemy"]
    database.session.remove()
    database.engine.dispose()
