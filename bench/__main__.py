"""Measure the speed: `python -m bench 10000 100000 --rounds 3`."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from bench import intake
from bench.engines import ENGINES, POSTGRESQL, SQLITE
from bench.instances import empty
from bench.latency import at_distance
from bench.measure import Measurement, Plan, measure
from bench.process import machine
from bench.table import table
from hrdtracker.app import ROOT

LATEST = ROOT / "bench" / "results" / "latest.json"
SIZE = 10_000
LEAST = 1_000


def main() -> None:
    """Measure the sizes asked for, print a table beside the goals, and keep the figures."""
    asked = arguments()
    only = tuple(asked.only.split(",")) if asked.only else ()
    plan = Plan(asked.rounds, only, asked.seconds, asked.engine, asked.latency)
    here = {**machine(), "at": datetime.now(UTC).isoformat(timespec="seconds")}
    found = []
    for size in asked.incidents or [SIZE]:
        say(f"{size:,} incidents:")
        found.append(measure(size, plan, say))
        print(table(found[-1], plan), flush=True)
    keep(here, plan, found, [*_imports(plan)])


def say(text: str) -> None:
    """Show how far it is."""
    print(text, file=sys.stderr, flush=True)


def _imports(plan: Plan) -> Iterator[intake.Measured]:
    """Measure the import, unless only other workloads are asked for."""
    if not plan.wants(intake.WORKLOAD):
        return
    for rows in intake.ROWS:
        with empty(plan.engine) as fresh, at_distance(fresh, plan.latency_ms) as settings:
            one = intake.measure(settings, rows)
        print(one.line(), flush=True)
        yield one


def keep(
    here: dict[str, str | int],
    plan: Plan,
    found: list[Measurement],
    imports: list[intake.Measured],
) -> None:
    """Write the figures and the machine to bench/results/latest.json."""
    LATEST.parent.mkdir(exist_ok=True)
    whole = {
        "machine": here,
        "engine": plan.engine,
        "latency_ms": plan.latency_ms,
        "results": [
            *(asdict(result) for one in found for result in one.results),
            *(asdict(one.result()) for one in imports),
            *({"incidents": one.incidents, **asdict(one.many)} for one in found if one.many),
        ],
        "sizes": [
            {name: value for name, value in asdict(one).items() if name not in {"results", "many"}}
            for one in found
        ],
    }
    LATEST.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")
    say(f"Kept in {LATEST.relative_to(ROOT)}.")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("incidents", nargs="*", type=_size, help="how many; 10000 unless said")
    parser.add_argument("--rounds", type=int, default=1, help="of which the medians are kept")
    parser.add_argument("--only", default="", help="workloads, with commas between")
    parser.add_argument("--seconds", type=float, default=8.0, help="of eight requests at once")
    parser.add_argument("--engine", choices=ENGINES, default=SQLITE, help="the database")
    parser.add_argument(
        "--latency", type=float, default=0.0, metavar="MS", help="more for a round trip to it"
    )
    asked = parser.parse_args(given)
    if asked.latency and asked.engine != POSTGRESQL:
        parser.error("--latency is of --engine postgresql")
    return asked


def _size(text: str) -> int:
    number = int(text)
    if number < LEAST:
        raise argparse.ArgumentTypeError(f"at least {LEAST:,}")
    return number


if __name__ == "__main__":
    main()
