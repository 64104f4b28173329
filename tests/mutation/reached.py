"""The map of which test reaches which mutant, kept between runs by the names of both."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutation.switch import Switch

ANY = 50
"""What hardly any test does without."""


@dataclass
class Reached:
    """How long each test took, and the mutants that would have given it another answer."""

    seconds: dict[str, float] = field(default_factory=dict)
    mutants: dict[str, list[str]] = field(default_factory=dict)

    def add(self, test: str, seconds: float, differs: set[int], switch: Switch) -> None:
        """Take up what a test reached."""
        self.seconds[test] = round(seconds, 3)
        self.mutants[test] = sorted(str(switch.mutants[number]) for number in differs)

    def cost(self, test: str) -> float:
        """Return how much a test costs and how little it is about: the less, the sooner."""
        return self.seconds[test] * (ANY + self.size(test))

    def size(self, test: str) -> int:
        """Return how many mutants a test reaches."""
        return len(self.mutants[test])

    def kind(self, test: str) -> tuple[str, int]:
        """Return what tests that do the same with other values have in common, mostly."""
        return test.partition("::")[0], self.size(test)

    def by_mutant(self) -> dict[str, list[str]]:
        """Return for each mutant the tests that may catch it."""
        tests: dict[str, list[str]] = {}
        for test, mutants in self.mutants.items():
            for mutant in mutants:
                tests.setdefault(mutant, []).append(test)
        return tests

    def write(self, path: Path) -> None:
        """Keep the map; each mutant is named once."""
        numbers: dict[str, int] = {}
        tests = {
            test: [self.seconds[test], *(numbers.setdefault(name, len(numbers)) for name in some)]
            for test, some in self.mutants.items()
        }
        path.write_text(json.dumps({"mutants": list(numbers), "tests": tests}), "utf-8")


def read(path: Path) -> Reached:
    """Return the map that was kept; an empty one where there is none."""
    if not path.exists():
        return Reached()
    kept = json.loads(path.read_text("utf-8"))
    names = kept["mutants"]
    return Reached(
        {test: row[0] for test, row in kept["tests"].items()},
        {test: [names[number] for number in row[1:]] for test, row in kept["tests"].items()},
    )
