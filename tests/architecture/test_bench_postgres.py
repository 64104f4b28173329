"""The benchmark on PostgreSQL: the same rows as on SQLite, kept and copied, and a longer way."""

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, make_url, select

from bench import __main__ as command
from bench import instances, many
from bench.engines import POSTGRESQL, SQLITE
from bench.latency import at_distance
from bench.load import application
from config import Settings
from hrdtracker.core.db import session, unit_of_work
from hrdtracker.tables import TABLES
from tests.conftest import close
from tests.postgres import Cluster

INCIDENTS = 40
LATENCY_MS = 20.0
SENT_AT_ONCE = 8192
"""Bytes that PostgreSQL sends at once: if each waited for the last, a long answer took 4 s."""


@pytest.fixture
def far(cluster: Cluster, tmp_path: Path) -> Iterator[psycopg.Connection]:
    """A connection to a server that is 20 ms away."""
    near = Settings(instance=tmp_path, database_url=cluster.url("postgres"))
    with at_distance(near, LATENCY_MS) as settings:
        host = str(make_url(settings.database_url).query["host"])
        with psycopg.connect(host=host, user="postgres", autocommit=True) as connection:
            yield connection


@pytest.mark.deep  # it fills an instance twice
@pytest.mark.usefixtures("cluster")  # which skips the test where there is no PostgreSQL
def test_the_same_rows_are_loaded_on_both_engines_once_and_then_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instances, "KEPT", tmp_path)
    rows, _ = _loaded(SQLITE)
    assert rows["incident"] == INCIDENTS
    assert _loaded(POSTGRESQL) == (rows, [])
    monkeypatch.setattr(instances, "fill", None)
    assert _loaded(POSTGRESQL) == (rows, [])


def _loaded(engine: str) -> tuple[dict[str, int], list[str]]:
    """Return how many rows each table has, and those whose next number is taken already."""
    with instances.copy_of(INCIDENTS, engine) as settings:
        app = application(settings)
        with app.app_context():
            with unit_of_work(app.extensions["sqlalchemy"].session()):
                rows = {
                    table.name: session().scalar(select(func.count()).select_from(table)) or 0
                    for table in TABLES
                }
                taken = [*_taken()] if engine == POSTGRESQL else []
            close(app)
    return rows, taken


def _taken() -> Iterator[str]:
    for table in TABLES:
        name = func.pg_get_serial_sequence(table.name, "id")
        if "id" in table.c and (sequence := session().scalar(select(name))):
            last = session().scalar(select(func.max(table.c.id))) or 0
            if session().scalars(select(func.nextval(sequence))).one() <= last:
                yield table.name


def test_a_longer_way_delays_each_round_trip(far: psycopg.Connection) -> None:
    began = time.perf_counter()
    for _ in range(5):
        far.execute("SELECT 1")
    assert (time.perf_counter() - began) * 1000 >= 5 * LATENCY_MS


def test_a_longer_way_is_no_narrower_and_keeps_the_order(far: psycopg.Connection) -> None:
    query = "SELECT string_agg(number::text, ',') FROM generate_series(1, 500000) AS number"
    began = time.perf_counter()
    row = far.execute(query).fetchone()
    assert row == (",".join(map(str, range(1, 500_001))),)
    pieces = len(row[0]) / SENT_AT_ONCE
    assert (time.perf_counter() - began) * 1000 < pieces * LATENCY_MS / 2


def test_a_longer_way_is_one_to_postgresql() -> None:
    asked = command.arguments(["--engine", POSTGRESQL, "--latency", "2.4"])
    assert (asked.engine, asked.latency) == (POSTGRESQL, 2.4)
    assert command.arguments([]).engine == SQLITE
    with pytest.raises(SystemExit):
        command.arguments(["--latency", "2.4"])


def test_what_many_writers_lose_is_counted_and_what_misses_its_goal_is_marked() -> None:
    one = many.Throughput(16, 70.0, 200.0, 300.0, 1, 20.0)
    other = many.Throughput(16, 50.0, 220.0, 500.0, 2, 22.0)
    both = many.medians([one, other])
    assert (both.per_second, both.p95_ms, both.errors) == (60.0, 400.0, 3)
    assert many.goal(POSTGRESQL, 0.0) == 60.0
    assert many.goal(SQLITE, 0.0) is None
    assert "60.0 a second (goal 60.0)  p50" in both.line(60.0)
    assert "50.0 a second (goal 60.0) !" in other.line(60.0)
