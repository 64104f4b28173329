"""Every guard is taken away in turn, and a test misses it; else why not is written down."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.reading import ROOT, every_mutant
from tests.mutation.sites import NAME, instrumented
from tests.mutation.switch import NONE, Mutant, Switch
from tests.mutation.verdicts import Verdicts

EXPLAINED = Path(__file__).with_name("survivors.csv")
"""Each mutant that no test catches, and why it does no harm, as somebody reviewed it."""
GUARDED = """
def pay(amount, left, ready):
    if amount > left or not ready:
        raise ValueError
    return [each for each in (amount,) if each != 3]
"""


def explained() -> dict[Mutant, str]:
    with EXPLAINED.open(encoding="utf-8", newline="") as file:
        return {Mutant(*row[:3]): row[3] for row in list(csv.reader(file))[1:]}


def test_a_mutant_that_is_explained_is_one_of_the_program_as_it_is() -> None:
    assert {str(mutant) for mutant in set(explained()) - set(every_mutant())} == set()
    assert [str(mutant) for mutant, why in explained().items() if len(why) < len("no harm")] == []


@pytest.mark.parametrize(
    ("change", "given", "answer"),
    [
        ("", (2, 1, True), None),
        ("raise ValueError: gone", (2, 1, True), [2]),
        ("if amount > left or not ready: always", (1, 1, True), None),
        ("if amount > left or not ready: never", (2, 1, True), [2]),
        ("amount > left or not ready: without amount > left", (2, 1, True), [2]),
        ("amount > left or not ready: without not ready", (1, 1, False), [1]),
        ("for … if each != 3: always", (3, 3, True), [3]),
        ("for … if each != 3: never", (1, 1, True), []),
    ],
)
def test_one_guard_is_gone_and_nothing_else_differs(
    change: str, given: tuple[int, int, bool], answer: list[int] | None
) -> None:
    switch = Switch()
    place: dict[str, object] = {NAME: switch}
    exec(compile(instrumented(GUARDED, "guarded", switch), "guarded", "exec"), place)  # noqa: S102
    numbers = {mutant.change: number for number, mutant in enumerate(switch.mutants)}
    assert len(numbers) == 7
    switch.active = numbers[change] if change else NONE
    assert _tried(place["pay"], given) == answer
    assert not change or numbers[change] in switch.differs


def _tried(pay: object, given: tuple[int, int, bool]) -> list[int] | None:
    try:
        return pay(*given)  # type: ignore[operator,no-any-return]
    except ValueError:
        return None


@pytest.mark.deep
def test_no_guard_is_gone_but_a_test_fails_or_its_reason_is_written(tmp_path: Path) -> None:
    tool = [sys.executable, "-m", "tests.mutation", "--folder", str(tmp_path)]
    subprocess.run(tool, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    verdicts = Verdicts(tmp_path / "verdicts.csv")
    assert set(verdicts.of) == set(every_mutant())
    assert {str(mutant) for mutant in verdicts.survivors() - set(explained())} == set()
