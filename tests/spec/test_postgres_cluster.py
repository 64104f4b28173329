"""The PostgreSQL server of the tests is a real one, set as ours are, and leaves nothing behind."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from tests.postgres import Cluster

CRASHING_OWNER = """
import os, signal
from tests.postgres import Cluster
cluster = Cluster()
cluster.start()
print(cluster.folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    started = Cluster()
    started.start()
    yield started
    started.stop()


def ask(address: str, question: str) -> str:
    """Return the one value that answers `question` in the database at `address`."""
    engine = create_engine(address, poolclass=NullPool)
    with engine.connect() as connection:
        return str(connection.exec_driver_sql(question).scalar_one())


def connect(address: str) -> psycopg.Connection:
    """Open a plain connection to the database at `address`."""
    parts = make_url(address)
    return psycopg.connect(host=str(parts.query["host"]), user="postgres", dbname=parts.database)


def goes_away(folder: Path) -> bool:
    """Wait up to 5 s for `folder` to be gone."""
    deadline = time.monotonic() + 5
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not folder.exists()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server_encoding", "UTF8"),
        ("lc_ctype", "C.UTF-8"),
        ("timezone", "Asia/Phnom_Penh"),
        ("listen_addresses", ""),
    ],
)
def test_the_server_is_set_like_ours(cluster: Cluster, setting: str, value: str) -> None:
    assert ask(cluster.url("postgres"), f"SHOW {setting}") == value


def test_khmer_text_comes_back_as_it_went_in(cluster: Cluster) -> None:
    assert ask(cluster.url("postgres"), "SELECT char_length('ភ្នំពេញ') || 'ភ្នំពេញ'") == "7ភ្នំពេញ"


def test_a_copied_database_holds_what_its_template_held_and_is_separate(cluster: Cluster) -> None:
    template = cluster.create("template")
    with connect(template) as connection:
        connection.execute("CREATE TABLE word AS SELECT 'first' AS said")

    with connect(cluster.create("copy", template="template")) as connection:
        connection.execute("UPDATE word SET said = 'second'")

    assert ask(cluster.url("copy"), "SELECT said FROM word") == "second"
    assert ask(template, "SELECT said FROM word") == "first"


def test_a_dropped_database_is_gone_even_if_somebody_is_connected(cluster: Cluster) -> None:
    with connect(cluster.create("dropped")):
        cluster.drop("dropped")

    assert (
        ask(cluster.url("postgres"), "SELECT count(*) FROM pg_database WHERE datname = 'dropped'")
        == "0"
    )


def test_a_stopped_server_is_gone_with_its_folder() -> None:
    cluster = Cluster()
    cluster.start()
    address, folder = cluster.url("postgres"), cluster.folder

    cluster.stop()

    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        connect(address)


def test_a_server_does_not_outlive_tests_that_are_killed() -> None:
    killed = subprocess.run(
        [sys.executable, "-c", CRASHING_OWNER],
        cwd=Path(__file__).parents[2],
        check=False,
        capture_output=True,
        text=True,
    )
    folder = Path(killed.stdout.strip())

    assert folder.name.startswith("hrd-pg-")
    assert goes_away(folder)
