"""One row as the trail tells it: what it held after every act that changed it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Same = Callable[[str, Any, Any], bool]
"""Tells whether two values of a column are one, however they are written."""


class ToldRow:
    """The columns of a row, as its differences say one after the other.

    Two acts of one transaction may stand on the trail the inner one first: a change whose
    "before" is not there yet waits for it. One that waits to the end follows a change of which
    the trail does not know.
    """

    def __init__(self, defaults: Mapping[str, Any], same: Same) -> None:
        self._defaults, self._same = defaults, same
        self._columns: dict[str, Any] = {}
        self._waiting: dict[str, list[tuple[Any, Any]]] = {}
        self.exists = False
        self._is_removed = False

    def add(self, kind: str, columns: Mapping[str, tuple[Any, Any]]) -> None:
        """Take in the next difference: added +, changed ~, deleted -, or = as a table held it."""
        if kind == "-":
            self._columns, self._waiting = {}, {}
            self._is_removed, self.exists = not self.exists, False
        elif kind == "+":
            self._columns = {name: after for name, (_, after) in columns.items()}
            self.exists, self._is_removed = not self._is_removed, False
            for name in list(self._waiting):
                self._take_waiting(name)
        elif kind == "=":
            self.exists = True
            for name, (_, after) in columns.items():
                self._columns[name] = after
                self._waiting.pop(name, None)
        else:
            for name, change in columns.items():
                self._waiting.setdefault(name, []).append(change)
                if self.exists:
                    self._take_waiting(name)

    def values(self) -> Mapping[str, Any]:
        """Return what the columns must hold now, as far as anything is said of them."""
        if not self._waiting:
            return self._columns
        return {**self._columns, **{name: self._waiting[name][-1][1] for name in self._waiting}}

    def unexplained(self) -> Iterator[tuple[str, Any, Any, Any]]:
        """Yield the columns that changed past the trail and then by an act: what the trail said,
        what that act had found, and what it made of it."""
        for name, changes in self._waiting.items():
            said = self._columns.get(name, self._defaults.get(name))
            yield name, said, changes[0][0], changes[-1][1]

    def _take_waiting(self, name: str) -> None:
        """Let the changes that wait follow one another, as far as they do."""
        waiting = self._waiting[name]
        while waiting:
            present = self._columns.get(name, self._defaults.get(name))
            place = next(
                (at for at, (before, _) in enumerate(waiting) if self._same(name, before, present)),
                None,
            )
            if place is None:
                return
            self._columns[name] = waiting.pop(place)[1]
        del self._waiting[name]
