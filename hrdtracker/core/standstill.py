"""Whether everything stands still: until somebody has said why the database is an older one."""

from collections.abc import Callable
from dataclasses import dataclass

from hrdtracker.core.db import session

Lasts = Callable[[], bool]


@dataclass
class Standstill:
    """One for each application: begun, it is on for as long as it `lasts`."""

    _known: object = None
    _lasts: Lasts | None = None

    def begin(self, known: object, lasts: Lasts) -> None:
        """Let everything stand still until `lasts` says no more."""
        self._known, self._lasts = known, lasts

    def known(self) -> object:
        """Return what is known elsewhere and not held here; None where nothing stands still now."""
        if self._lasts is not None and not self._lasts():
            self._known, self._lasts = None, None
        return self._known

    def is_on(self) -> bool:
        """Tell whether everything stands still now."""
        return self.known() is not None


def standstill() -> Standstill:
    """Return that of the present application."""
    present: Standstill = session().info["standstill"]
    return present
