"""The figures as a table, beside what they should be at most."""

from collections.abc import Sequence

from bench import many
from bench.measure import Measurement, Plan, Result
from bench.workloads import GOALS, OF_CUSTODY, OF_FUND, Goal

HEADS = (
    *("workload", "as", "p50 ms", "goal", "p95 ms", "req/s at 8", "p95 at 8"),
    *("statements", "goal", "CPU ms", "KiB"),
)
MISSED = " !"


def table(one: Measurement, plan: Plan) -> str:
    """Return the table of one size; what misses its goal has an exclamation mark."""
    rows = [HEADS, *(_row(result) for result in one.results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = ["  ".join(_fit(row, widths)).rstrip() for row in rows]
    return "\n".join(
        (
            f"\n{one.incidents:,} incidents, {plan.engine}{_farther(plan.latency_ms)}",
            *lines,
            *_throughput(one, plan),
            f"not built: {', '.join(one.not_built)}",
            f"memory {one.memory_mib} MiB, at most {one.memory_most_mib} MiB",
            f"database {one.database_mib} MiB; server up in {one.start_s:.1f} s",
        )
    )


def _farther(latency_ms: float) -> str:
    return f", {latency_ms:g} ms more for a round trip" if latency_ms else ""


def _throughput(one: Measurement, plan: Plan) -> list[str]:
    goal = many.goal(plan.engine, plan.latency_ms)
    return [one.many.line(goal)] if one.many else []


def _fit(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    words = 2
    return [
        cell.ljust(width) if column < words else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def _row(result: Result) -> tuple[str, ...]:
    goal = {**GOALS, **OF_FUND, **OF_CUSTODY}.get(result.workload)
    return (
        result.workload,
        result.actor,
        _marked(result.p50_ms, goal.p50_ms if goal else None),
        _number(goal.p50_ms if goal else None),
        _number(result.p95_ms),
        _number(result.rps8),
        _number(result.p95_8_ms),
        _marked(result.statements, goal.statements if goal else None),
        _statements(goal),
        _number(result.cpu_ms),
        _number(result.bytes / 1024 if result.bytes else None),
    )


def _statements(goal: Goal | None) -> str:
    return _number(goal.statements if goal else None)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value}" if isinstance(value, int) else f"{value:.1f}"


def _marked(value: float | None, most: float | None) -> str:
    missed = value is not None and most is not None and value > most
    return _number(value) + (MISSED if missed else "")
