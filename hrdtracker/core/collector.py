"""Python’s search for cycles, kept out of the way of what stays and of what makes no cycle."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 50_000
"""How many new objects are made before those no longer used are looked for: a page makes 20,000."""


def leave_what_stays() -> None:
    """Never look again through what is here now, and seldom through what comes."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)


@contextmanager
def without_collector() -> Iterator[None]:
    """Let Python look for no cycles meanwhile: among a million values it takes half of the time."""
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()
