"""What a mutated program asks at each of its guards: is this the one that is gone now?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, false, true

NONE = -1


@dataclass(frozen=True)
class Mutant:
    """One guard of the program, and what is wrong with it in the mutant."""

    module: str
    function: str
    change: str

    def __str__(self) -> str:
        return f"{self.module}: {self.function}: {self.change}"


@dataclass
class Switch:
    """Every mutant of the modules read so far; at most one of them is on.

    Whatever it is asked, it notes the mutants with which the answer would have been another one:
    a test in which nothing is noted of a mutant cannot catch it.
    """

    mutants: list[Mutant] = field(default_factory=list)
    active: int = NONE
    differs: set[int] = field(default_factory=set)

    def stays(self, mutant: int) -> bool:
        """Tell whether a statement is to be done."""
        self.differs.add(mutant)
        return self.active != mutant

    def condition(self, always: int, never: int, value: Any) -> Any:
        """Return what a condition says; in a mutant, yes or no."""
        in_sql = isinstance(value, ColumnElement)
        self.differs |= {always, never} if in_sql else {never if value else always}
        if self.active == always:
            return true() if in_sql else True
        if self.active == never:
            return false() if in_sql else False
        return value

    def part(self, mutant: int, neutral: bool, value: Any) -> Any:  # noqa: FBT001
        """Return a part of `and` or `or`; in a mutant, the one that changes nothing."""
        if bool(value) != neutral:
            self.differs.add(mutant)
        return neutral if self.active == mutant else value

    def clause(self, mutant: int, neutral: bool, value: Any) -> Any:  # noqa: FBT001
        """Return a condition of a statement; in a mutant, the one that changes nothing."""
        self.differs.add(mutant)
        if self.active == mutant:
            return true() if neutral else false()
        return value

    def clauses(self, mutant: int, values: Iterable[Any]) -> Iterable[Any]:
        """Return several conditions of a statement; in a mutant, none."""
        some = tuple(values)
        if some:
            self.differs.add(mutant)
        return () if self.active == mutant else some

    def given(self, mutant: int, value: Any) -> Any:
        """Return what the door is given; in a mutant, nothing."""
        if value is not None:
            self.differs.add(mutant)
        return None if self.active == mutant else value


SWITCH = Switch()
