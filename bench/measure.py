"""Measures one size: every workload as every user, the empty page, and the bare SQL of the list."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import event

from bench import many
from bench.client import (
    AT_ONCE_SECONDS,
    REQUESTS,
    WARM_UPS,
    Ask,
    Browser,
    Timed,
    eight_at_once,
    one_after_another,
    p95,
)
from bench.engines import POSTGRESQL, SQLITE
from bench.fund import whole_lives
from bench.instances import copy_of
from bench.latency import at_distance
from bench.load import application
from bench.process import Server, running
from bench.server import NOT_COUNTED
from bench.workloads import NOT_BUILT, OPENED, Asks, Measured, prepare, workloads
from config import Settings
from hrdtracker.cases.queries import CaseFilter
from hrdtracker.core.db import unit_of_work
from hrdtracker.incidents import lists

NOBODY, EVERYBODY, HELLO, BARE = "nobody", "all it takes", "hello", "sql_list_first"
SIZE = {
    SQLITE: "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    POSTGRESQL: "SELECT pg_database_size(current_database())",
}


@dataclass(frozen=True)
class Plan:
    """What is asked for: how many rounds, which workloads (all where none is named), how long."""

    rounds: int = 1
    only: tuple[str, ...] = ()
    at_once_s: float = AT_ONCE_SECONDS
    engine: str = SQLITE
    latency_ms: float = 0.0
    """How much longer a round trip to PostgreSQL is to take."""

    def wants(self, workload: str) -> bool:
        """Tell whether a workload is asked for."""
        return not self.only or workload in self.only


@dataclass(frozen=True)
class Result:
    """What one workload cost one user, as the medians of the rounds."""

    workload: str
    incidents: int
    actor: str
    p50_ms: float
    p95_ms: float
    rps8: float | None = None
    p50_8_ms: float | None = None
    p95_8_ms: float | None = None
    statements: int | None = None
    cpu_ms: float | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class Measurement:
    """Everything about one size."""

    incidents: int
    results: tuple[Result, ...]
    not_built: tuple[str, ...]
    memory_mib: int
    memory_most_mib: int
    database_mib: int
    start_s: float
    many: many.Throughput | None


def measure(incidents: int, plan: Plan, say: Callable[[str], None]) -> Measurement:
    """Measure a copy of the instance with so many incidents."""
    with copy_of(incidents, plan.engine) as copy, at_distance(copy, plan.latency_ms) as settings:
        app = application(settings)
        people, team = prepare(app)
        results = [_bare_list(app, incidents, each) for each in people if each.records]
        with running(None) as empty, running(settings) as server:
            stage = _stage(app, server, empty, people)
            stage.asks["fund", EVERYBODY] = Browser(server.port), whole_lives(server.port, team)
            rounds = [_round(stage, plan, say) for _ in range(plan.rounds)]
            memory, most = server.memory_mib()
            throughput = _many(app, settings, server, plan)
        results += _medians(incidents, rounds)
        built = {name for name, _ in stage.asks}
        return Measurement(
            incidents=incidents,
            results=tuple(results),
            not_built=(*NOT_BUILT, *(name for name in OPENED if name not in built)),
            memory_mib=memory,
            memory_most_mib=most,
            database_mib=_size_mib(app),
            start_s=server.start_s,
            many=throughput,
        )


Timing = tuple[Timed, Timed, float]
Round = dict[tuple[str, str], Timing]
"""By workload and user: one after another, eight at once, processor time a request."""


@dataclass(frozen=True)
class Stage:
    """What a round needs: the two servers, and what each user asks for."""

    server: Server
    empty: Server
    asks: dict[tuple[str, str], tuple[Browser, Asks]]


def _stage(app: Flask, server: Server, empty: Server, people: Sequence[Measured]) -> Stage:
    asks: dict[tuple[str, str], tuple[Browser, Asks]] = {}
    for someone in people:
        browser = Browser(server.port)
        for name, ask in workloads(app, browser, someone).items():
            asks[name, someone.who] = browser, ask
    order = {name: place for place, name in enumerate(dict.fromkeys(name for name, _ in asks))}
    return Stage(server, empty, dict(sorted(asks.items(), key=lambda item: order[item[0][0]])))


def _round(stage: Stage, plan: Plan, say: Callable[[str], None]) -> Round:
    """Measure each workload once as each user, the empty page first; what adds records is last."""
    found: Round = {}
    if plan.wants(HELLO):
        browser = Browser(stage.empty.port)
        found[HELLO, NOBODY] = _one(stage.empty, browser, lambda: Ask("/"), plan)
    for (name, who), (browser, asks) in stage.asks.items():
        if plan.wants(name):
            say(f"  {name}, {who}")
            found[name, who] = _one(stage.server, browser, asks, plan)
    return found


def _one(server: Server, browser: Browser, asks: Asks, plan: Plan) -> Timing:
    used = server.cpu_s()
    alone = one_after_another(browser, asks)
    cpu_ms = (server.cpu_s() - used) * 1000 / (len(alone.times_ms) + WARM_UPS)
    return alone, eight_at_once(browser, asks, plan.at_once_s), cpu_ms


def _medians(incidents: int, rounds: Sequence[Round]) -> list[Result]:
    """Return, for each workload and user, the median of each figure over the rounds."""
    return [_result(incidents, *key, [one[key] for one in rounds]) for key in (rounds[0] or ())]


def _result(incidents: int, name: str, who: str, timings: Sequence[Timing]) -> Result:
    def middle(figure: Callable[[Timing], float]) -> float:
        return round(median(figure(timing) for timing in timings), 2)

    return Result(
        workload=name,
        incidents=incidents,
        actor=who,
        p50_ms=middle(lambda timing: median(timing[0].times_ms)),
        p95_ms=middle(lambda timing: p95(timing[0].times_ms)),
        rps8=middle(lambda timing: len(timing[1].times_ms) / timing[1].seconds),
        p50_8_ms=middle(lambda timing: median(timing[1].times_ms)),
        p95_8_ms=middle(lambda timing: p95(timing[1].times_ms)),
        statements=max(max(timing[0].statements) for timing in timings),
        cpu_ms=middle(lambda timing: timing[2]),
        bytes=max(timing[0].size for timing in timings),
    )


def _many(app: Flask, settings: Settings, server: Server, plan: Plan) -> many.Throughput | None:
    """Measure many writers at two servers, unless only other workloads are asked for."""
    if not plan.wants(many.WORKLOAD):
        return None
    writers = many.sign_in(app)
    with running(settings) as second:
        pair = server, second
        rounds = [many.measure(pair, writers, plan.at_once_s) for _ in range(plan.rounds)]
    return many.medians(rounds)


def _size_mib(app: Flask) -> int:
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        connection = engine.raw_connection()
        cursor = connection.cursor()
        cursor.execute(SIZE[engine.dialect.name])
        size: int = cursor.fetchone()[0]
        connection.close()
        engine.dispose()
    return size >> 20


# The same list without any page around it --------------------------------------------------------


def _bare_list(app: Flask, incidents: int, someone: Measured) -> Result:
    """Time the statements of the list's first page alone, on a connection of the driver."""
    database = app.extensions["sqlalchemy"]
    with app.app_context():
        statements = _statements_of_list(database, someone)
        connection = database.engine.raw_connection()
        cursor, times = connection.cursor(), []
        for _ in range(WARM_UPS + REQUESTS):
            began = time.perf_counter()
            for statement, values in statements:
                cursor.execute(statement, values)
                cursor.fetchall()
            times.append((time.perf_counter() - began) * 1000)
        connection.close()
        database.engine.dispose()
    kept = times[WARM_UPS:]
    return Result(
        workload=BARE,
        incidents=incidents,
        actor=someone.who,
        p50_ms=round(median(kept), 2),
        p95_ms=round(p95(kept), 2),
        statements=len(statements),
    )


def _statements_of_list(database: Any, someone: Measured) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.startswith(NOT_COUNTED):
            found.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    with unit_of_work(database.session()):
        lists.incidents(someone.actor, CaseFilter(), None)
    database.session.remove()
    event.remove(database.engine, "before_cursor_execute", note)
    return found
