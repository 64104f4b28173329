"""A guard as the tests know it: how to take it away, and what holds only as long as it stands."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from hrdtracker.core.db import unit_of_work
from tests import make
from tests.security.visits import Visits
from tests.security.world import World

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Here:
    """What a probe needs: the application, its browsers, and who and what there is."""

    app: Flask
    visits: Visits
    world: World


@dataclass(frozen=True)
class Guard:
    """A guard: how to take it away, and what holds only as long as it stands."""

    name: str
    take_away: Callable[[Patch], object]
    probe: Callable[[Here], None]

    def __str__(self) -> str:
        return self.name


@contextmanager
def unit(here: Here) -> Iterator[None]:
    """Open a unit of work, and leave nothing of it."""
    with here.app.app_context(), unit_of_work(make.open_session(here.app)) as opened:
        yield
        opened.rollback()


def refuses(kind: type[Exception], act: Callable[[], object]) -> None:
    """Assert that `act` is refused so; a guard that is gone makes this fail."""
    try:
        act()
    except kind:
        return
    except Exception as other:
        raise AssertionError(f"refused otherwise: {type(other).__name__}") from other
    raise AssertionError("not refused")


def put(where: Any, name: str, instead: Any) -> Callable[[Patch], object]:
    """Return how to put something else in the place of a guard."""
    return lambda patch: patch.setattr(where, name, instead)
