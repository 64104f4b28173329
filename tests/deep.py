"""How often a test repeats itself: as usual, or many more times in `make test-deep`."""

from hypothesis import settings

MANY = 1_000


def usual_or_deep(usual: int, deep: int) -> int:
    """Return the first count, or the second where the profile wants many inputs."""
    return deep if settings().max_examples >= MANY else usual
