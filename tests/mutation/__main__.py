"""Takes each guard of the program away in turn, and says which of them no test misses."""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.mutation import reached
from tests.mutation.reading import ROOT, read_with_mutants
from tests.mutation.running import Runner
from tests.mutation.switch import NONE, SWITCH
from tests.mutation.verdicts import NOT_CAUGHT, NOT_REACHED, Verdicts

FOLDER = ROOT / "build" / "mutation"
WITHOUT_MUTANT = 20
"""How many tests are tried first with nothing wrong: a tool that breaks them catches everything."""


def main() -> int:
    """Note what the tests reach, then try every mutant on those that reach it."""
    asked = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    asked.add_argument("--only", nargs="*", default=[""], help="modules whose name begins so")
    asked.add_argument("--tests", nargs="*", default=["tests"], help="tests that may catch them")
    asked.add_argument("--again", action="store_true", help="only what is not known yet")
    asked.add_argument("--folder", type=Path, default=FOLDER, help="where map and verdicts lie")
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if not given.again:
        for kept in given.folder.glob("*.*"):
            kept.unlink()
    read_with_mutants()
    options = ["-p", "no:cacheprovider", "-p", "no:xdist", "--capture=sys"]
    with TemporaryDirectory(prefix="mutants-") as folder:
        files = ["--basetemp", str(Path(folder) / "files"), "-o", "tmp_path_retention_policy=none"]
        profile = "--hypothesis-profile=mutants"
        runner = Runner(lambda runner: work(runner, given))
        return int(pytest.main([*options, *files, profile, *given.tests], plugins=[runner]))


def work(runner: Runner, given: argparse.Namespace) -> None:
    """Do what was asked for, in the place of the tests."""
    runner.make_what_is_shared()
    known = record(runner, given.folder / "reach.json")
    check_that_nothing_fails(runner)
    mutate(runner, known, given)


def record(runner: Runner, path: Path) -> reached.Reached:
    """Write down what each test reaches that is not known yet."""
    known = reached.read(path)
    new = [name for name in runner.items if name not in known.seconds]
    for number, (test, seconds) in enumerate(runner.record(new)):
        known.add(test, seconds, SWITCH.differs, SWITCH)
        if number % 100 == 0:
            known.write(path)
    known.write(path)
    return known


def check_that_nothing_fails(runner: Runner) -> None:
    """Run some tests as a mutant does, with nothing wrong; raises RuntimeError where one fails."""
    some = list(runner.items)[:: max(1, len(runner.items) // WITHOUT_MUTANT)]
    fails = runner.catcher(NONE, some)
    if fails is not None:
        raise RuntimeError(f"{fails} fails although nothing is wrong")


def mutate(runner: Runner, known: reached.Reached, given: argparse.Namespace) -> None:
    """Try every mutant, and write down which test catches it."""
    tests = known.by_mutant()
    verdicts = Verdicts(given.folder / "verdicts.csv")
    for number in in_order(given.only):
        mutant = SWITCH.mutants[number]
        if given.again and verdicts.is_caught(mutant):
            continue
        began = time.perf_counter()
        some = tests.get(str(mutant), [])
        verdicts.add(mutant, verdict(runner, number, some, known))
        seconds = time.perf_counter() - began
        say(f"{seconds:5.1f} s, {len(some)}: {mutant}: {verdicts.of[mutant]}")
    say(verdicts.summary())


def in_order(only: list[str]) -> list[int]:
    """Return the mutants of the modules asked for, in the order in which these were."""
    numbers = range(len(SWITCH.mutants))
    chosen = (
        [number for number in numbers if SWITCH.mutants[number].module.startswith(name)]
        for name in only
    )
    return list(dict.fromkeys(number for some in chosen for number in some))


def verdict(runner: Runner, mutant: int, some: list[str], known: reached.Reached) -> str:
    """Return the test that catches a mutant, or why none does."""
    tests = runner.order(mutant, some, known)
    if not tests:
        return NOT_REACHED
    while tests:
        catcher = runner.catcher(mutant, tests)
        if catcher not in tests:
            return catcher or NOT_CAUGHT
        if runner.really_catches(mutant, catcher, alone=catcher == tests[0]):
            runner.learn(mutant, catcher)
            return catcher
        tests = tests[tests.index(catcher) + 1 :]
    return NOT_CAUGHT


def say(line: str) -> None:
    """Say a line where it is seen while tests run."""
    print(line, file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    sys.exit(main())
