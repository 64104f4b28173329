"""Which test catches each mutant, kept as they are found."""

import csv
from collections import Counter
from pathlib import Path

from tests.mutation.switch import Mutant

NOT_CAUGHT, NOT_REACHED = "no test fails", "no test reaches it"


class Verdicts:
    """The verdict on each mutant that was tried: the test that catches it, or why none does."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.of: dict[Mutant, str] = {}
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                self.of = {Mutant(*row[:3]): row[3] for row in csv.reader(file)}

    def add(self, mutant: Mutant, verdict: str) -> None:
        """Keep a verdict, on the disk as well: a run that is stopped goes on."""
        self.of[mutant] = verdict
        with self._path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                (m.module, m.function, m.change, said) for m, said in self.of.items()
            )

    def is_caught(self, mutant: Mutant) -> bool:
        """Tell whether a test catches a mutant."""
        return self.of.get(mutant, NOT_CAUGHT) not in {NOT_CAUGHT, NOT_REACHED}

    def survivors(self) -> set[Mutant]:
        """Return the mutants that no test catches."""
        return {mutant for mutant in self.of if not self.is_caught(mutant)}

    def summary(self) -> str:
        """Return how many mutants each part of the program has, and how many are caught."""
        every: Counter[str] = Counter()
        caught: Counter[str] = Counter()
        for mutant in self.of:
            for part in (mutant.module.split(".")[1], "all"):
                every[part] += 1
                caught[part] += self.is_caught(mutant)
        return "\n".join(
            f"{part:12} {count:5} {caught[part]:5} {caught[part] / count:6.1%}"
            for part, count in sorted(every.items())
        )
