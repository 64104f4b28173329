"""Measure the speed: `python -m bench 10000 100000 --rounds 3`."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import intake
from bench.measure import Measurement, Plan, measure
from bench.process import machine
from bench.table import table
from hrdtracker.app import ROOT

LATEST = ROOT / "bench" / "results" / "latest.json"
SIZE = 10_000
LEAST = 1_000


def main() -> None:
    """Measure the sizes asked for, print a table beside the goals, and keep the figures."""
    asked = _arguments()
    plan = Plan(asked.rounds, tuple(asked.only.split(",")) if asked.only else (), asked.seconds)
    here = {**machine(), "at": datetime.now(UTC).isoformat(timespec="seconds")}
    found = []
    for size in asked.incidents or [SIZE]:
        say(f"{size:,} incidents:")
        found.append(measure(size, plan, say))
        print(table(found[-1]), flush=True)
    keep(here, found, [*_imports(asked.only)])


def say(text: str) -> None:
    """Show how far it is."""
    print(text, file=sys.stderr, flush=True)


def _imports(only: str) -> Iterator[intake.Measured]:
    """Measure the import, unless only other workloads are asked for."""
    if only and intake.WORKLOAD not in only.split(","):
        return
    for rows in intake.ROWS:
        with TemporaryDirectory() as folder:
            one = intake.measure(Path(folder), rows)
        print(one.line(), flush=True)
        yield one


def keep(
    here: dict[str, str | int], found: list[Measurement], imports: list[intake.Measured]
) -> None:
    """Write the figures and the machine to bench/results/latest.json."""
    LATEST.parent.mkdir(exist_ok=True)
    whole = {
        "machine": here,
        "results": [
            *(asdict(result) for one in found for result in one.results),
            *(asdict(one.result()) for one in imports),
        ],
        "sizes": [
            {name: value for name, value in asdict(one).items() if name != "results"}
            for one in found
        ],
    }
    LATEST.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")
    say(f"Kept in {LATEST.relative_to(ROOT)}.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("incidents", nargs="*", type=_size, help="how many; 10000 unless said")
    parser.add_argument("--rounds", type=int, default=1, help="of which the medians are kept")
    parser.add_argument("--only", default="", help="workloads, with commas between")
    parser.add_argument("--seconds", type=float, default=8.0, help="of eight requests at once")
    return parser.parse_args()


def _size(text: str) -> int:
    number = int(text)
    if number < LEAST:
        raise argparse.ArgumentTypeError(f"at least {LEAST:,}")
    return number


if __name__ == "__main__":
    main()
