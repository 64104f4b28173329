"""Passwords as the tests hash them: at little cost; and a machine that has no time for one more."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher

from hrdtracker.accounts import passwords


@pytest.fixture(scope="session", autouse=True)
def real_hashing() -> Iterator[tuple[PasswordHasher, str]]:
    """Let passwords be hashed at little cost; return what hashes them in earnest, and nobody’s."""
    real, cheap = passwords._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    nobodys = passwords.NOBODYS
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", cheap)
        patch.setattr(passwords, "NOBODYS", cheap.hash(b"nobody"))
        yield real, nobodys


@contextmanager
def busy_machine() -> Iterator[None]:
    """Let as many passwords be in the making as the machine can bear: the next one waits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "WAIT_S", 0.01)
        places = [passwords._places.acquire(timeout=1) for _ in range(passwords.HASHED_AT_ONCE)]
        assert all(places)
        try:
            yield
        finally:
            for _ in places:
                passwords._places.release()
