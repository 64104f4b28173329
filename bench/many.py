"""Many at once: sixteen people log incidents through two servers of the same database."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import cycle
from statistics import median
from types import MappingProxyType

from flask import Flask
from sqlalchemy import select

from bench.client import Browser, p95
from bench.engines import POSTGRESQL
from bench.process import Server
from bench.workloads import COOKIE, Asks, creating
from hrdtracker.access.actor import Actor
from hrdtracker.access.model import User
from hrdtracker.accounts import sessions
from hrdtracker.accounts.assignments import actor_of
from hrdtracker.core.db import session, unit_of_work

WORKLOAD = "create_many"
WRITERS, SERVERS = 16, 2
GOALS: Mapping[float, float] = MappingProxyType({0.0: 60.0, 2.4: 35.0})
"""How many a second there should be on PostgreSQL, by the milliseconds of a round trip to it."""


@dataclass(frozen=True)
class Writer:
    """Somebody who logs incidents, and their session."""

    actor: Actor
    token: str


@dataclass(frozen=True)
class Throughput:
    """How many incidents were logged in a second, and what one took."""

    writers: int
    per_second: float
    p50_ms: float
    p95_ms: float
    errors: int
    cpu_ms: float
    """Of one incident, in all servers together."""
    workload: str = WORKLOAD

    def line(self, goal: float | None) -> str:
        """Return it as a line for a reader, beside what it should be at least."""
        beside = f" (goal {goal:.1f})" if goal else ""
        missed = " !" if goal and self.per_second < goal else ""
        return (
            f"{WORKLOAD} {self.writers} writers, {SERVERS} servers  "
            f"{self.per_second:.1f} a second{beside}{missed}  "
            f"p50 {self.p50_ms:.0f} ms  p95 {self.p95_ms:.0f} ms  "
            f"CPU {self.cpu_ms:.1f} ms  errors {self.errors}"
        )


def goal(engine: str, latency_ms: float) -> float | None:
    """Return how many a second there should be, where that was agreed."""
    return GOALS.get(latency_ms) if engine == POSTGRESQL else None


def sign_in(app: Flask) -> list[Writer]:
    """Begin a session for each of sixteen monitors."""
    database = app.extensions["sqlalchemy"]
    with app.app_context():
        with unit_of_work(database.session()):
            everybody = session().scalars(select(User).order_by(User.id))
            users = [user for user in everybody if user.login.startswith("monitor.")][:WRITERS]
            writers = [Writer(actor_of(user), sessions.begin(user, "Bench")) for user in users]
        database.session.remove()
        database.engine.dispose()
    return writers


def measure(servers: Sequence[Server], writers: Sequence[Writer], seconds: float) -> Throughput:
    """Let each writer log one incident after the other for so many seconds."""
    desks = [_desk(server, writer) for server, writer in zip(cycle(servers), writers, strict=False)]
    used, began = sum(server.cpu_s() for server in servers), time.monotonic()
    with ThreadPoolExecutor(len(desks)) as pool:
        logs = [*pool.map(lambda desk: _keep_logging(desk, began + seconds), desks)]
    took, cpu_s = time.monotonic() - began, sum(server.cpu_s() for server in servers) - used
    times = [took_ms for log, _ in logs for took_ms in log]
    assert times, "nothing was logged"
    return Throughput(
        writers=len(writers),
        per_second=round(len(times) / took, 2),
        p50_ms=round(median(times), 2),
        p95_ms=round(p95(times), 2),
        errors=sum(errors for _, errors in logs),
        cpu_ms=round(cpu_s * 1000 / len(times), 2),
    )


def medians(rounds: Sequence[Throughput]) -> Throughput:
    """Return the median of each figure over the rounds, and all errors."""
    figures = ("per_second", "p50_ms", "p95_ms", "cpu_ms")
    middle = {name: median(getattr(each, name) for each in rounds) for name in figures}
    return replace(rounds[0], **middle, errors=sum(each.errors for each in rounds))


def _desk(server: Server, writer: Writer) -> tuple[Browser, Asks]:
    """Return a browser that has logged one incident already, and what it logs next."""
    browser = Browser(server.port, {COOKIE: writer.token})
    asks = creating(browser, writer.actor)
    asks().done_by(browser)
    return browser, asks


def _keep_logging(desk: tuple[Browser, Asks], ends: float) -> tuple[list[float], int]:
    """Return what each incident took, in milliseconds, and how many were not logged."""
    (browser, asks), times, errors = desk, [], 0
    while time.monotonic() < ends:
        try:
            times.append(asks().done_by(browser).took_ms)
        except (AssertionError, OSError):
            errors += 1
    return times, errors
